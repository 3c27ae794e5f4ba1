"""The pages on schemes and signals in a real browser: read on a wide screen and on a telephone, searched while typing."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.test_screens import WIDTHS, faults, step_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    # A browser that leaves while a file is sent leaves it open for the collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

SCHEMES = ("PACEA", "APPRENTISSAGE", "PRF_VISA_METIERS", "PSAD", "GJ")


def addresses(site) -> list[str]:
    place = f"/personnes/{site.scene.persons['Yanis'].public_id}/etapes/{step_of(site, 'Yanis')}/dispositif"
    return ["/dispositifs/", "/dispositifs/?etat=fermes", *(f"/dispositifs/{code}" for code in SCHEMES), "/signaux/", place]


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_has_an_accessibility_fault_nor_scrolls_sideways(visit, site, width):
    visitor = visit(width)
    visitor.sign_in(site.scene.counsellor.email)
    found = {}
    for address in addresses(site):
        visitor.go(address)
        for summary in visitor.page.locator("main summary:visible").all():
            summary.click()
        found[address] = faults(visitor.page)

    assert {name: told for name, told in found.items() if told} == {}
    assert visitor.faults == []


@pytest.mark.parametrize("width", WIDTHS)
def test_one_drawing_is_shown_and_its_words_can_be_read(visit, site, width):
    visitor = visit(width)
    page = visitor.page
    visitor.sign_in(site.scene.counsellor.email)
    for code in SCHEMES:
        visitor.go(f"/dispositifs/{code}")
        shown = page.locator("svg.flow:visible")

        expect(shown).to_have_count(1)
        scale = shown.evaluate("drawing => drawing.getBoundingClientRect().width / drawing.viewBox.baseVal.width")
        assert scale > 0.85, f"{code}: letters of {12.5 * scale:.1f} px"


@pytest.mark.parametrize("width", WIDTHS)
def test_words_stay_inside_their_states(visit, site, width):
    visitor = visit(width)
    page = visitor.page
    visitor.sign_in(site.scene.counsellor.email)
    for code in SCHEMES:
        visitor.go(f"/dispositifs/{code}")
        beyond = page.locator("svg.flow:visible .flow-state").evaluate_all(
            """states => states.filter(state => {
                const box = state.querySelector("rect").getBoundingClientRect();
                return [...state.querySelectorAll("text")].some(text => {
                    const said = text.getBoundingClientRect();
                    const beside = said.left < box.left || said.right > box.right;
                    return beside || said.top < box.top - 1 || said.bottom > box.bottom + 1;
                });
            }).map(state => state.textContent)"""
        )
        assert beyond == [], code


def test_the_catalogue_is_searched_while_typing(visit, site):
    visitor = visit()
    page = visitor.page
    visitor.sign_in(site.scene.counsellor.email)
    visitor.go("/dispositifs/")
    page.wait_for_load_state()

    page.get_by_label("Chercher un dispositif").fill("decrocheurs")
    expect(page.locator(".scheme-card:visible")).to_have_count(1)
    expect(page.get_by_role("status")).to_have_text("1 dispositif")
    page.get_by_label("Chercher un dispositif").fill("zzz")
    expect(page.get_by_role("heading", name="Aucun dispositif ne correspond")).to_be_visible()
    page.get_by_label("Chercher un dispositif").fill("")
    expect(page.get_by_role("link", name="PACEA", exact=True)).to_be_visible()


def test_a_passage_of_the_list_is_lit_in_the_drawing(visit, site):
    visitor = visit()
    page = visitor.page
    visitor.sign_in(site.scene.counsellor.email)
    visitor.go("/dispositifs/PACEA")
    page.wait_for_load_state()

    page.locator("#passage-5").hover()
    expect(page.locator("svg.flow:visible .flow-arrow.flow-lit").first).to_be_attached()
    page.locator("svg.flow:visible .flow-number").first.click()
    expect(page.locator("#passage-1")).to_be_in_viewport()
