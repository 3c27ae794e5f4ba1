"""Opening, prescribing, correcting and settling in a real browser, on a wide screen and on a phone."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from pathways import db
from pathways.models import JournalEntry, Signal
from pathways.operations.recording import record_event
from tests.browser.test_screens import WIDTHS, faults, step_of
from tests.factories import OrganisationFactory, days_ago

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    # A browser that leaves while a file is sent leaves it open for the collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

VISA = "PRF_VISA_METIERS"


@pytest.fixture(scope="module")
def discordance(site) -> int:
    """The mission locale cancels a course in which the body declares somebody present."""
    with db.as_system():
        told = site.scene.persons["Théo"]
        if not db.session().scalar(sa.select(sa.func.count(Signal.id)).where(Signal.rule == "discordance")):
            record_event(
                person_id=told.id,
                type="cancelled",
                occurred_on=days_ago(5),
                data={"reason": "PROJET_CHANGE"},
                organisation_id=site.scene.ml.id,
                enrolment_id=site.scene.steps["Théo", VISA],
            )
        found = db.session().scalar(sa.select(Signal.id).where(Signal.rule == "discordance", Signal.closed_on.is_(None)))
        db.remove()
    return found


def own_entry(site, name: str, kind: str) -> int:
    with db.as_system():
        query = sa.select(JournalEntry.id).where(
            JournalEntry.person_id == site.scene.persons[name].id, JournalEntry.type == kind
        )
        found = db.session().scalar(query.order_by(JournalEntry.id.desc()).limit(1))
        db.remove()
    return found


def addresses(site, discordance) -> dict[str, str]:
    fatou, theo = (f"/personnes/{site.scene.persons[name].public_id}" for name in ("Fatou", "Théo"))
    obstacle, step = own_entry(site, "Fatou", "obstacle"), step_of(site, "Fatou")
    return {
        "person": fatou,
        "opening": f"{fatou}/ouvrir",
        "prescribing": f"{fatou}/declarer/prescribed?dispositif={VISA}",
        "transfer": f"{fatou}/declarer/transfer_requested?etape={step}",
        "closing": f"{fatou}/declarer/closed?etape={step}",
        "correcting": f"{fatou}/saisies/{obstacle}/corriger",
        "taking back": f"{fatou}/saisies/{obstacle}/annuler",
        "contradicted": theo,
        "discordance": f"{theo}/discordances/{discordance}",
    }


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_of_an_act_has_an_accessibility_fault_nor_scrolls_sideways(visit, site, discordance, width):
    visitor = visit(width)
    page = visitor.page
    visitor.sign_in(site.scene.counsellor.email)
    found = {}
    for name, address in addresses(site, discordance).items():
        visitor.go(address)
        for summary in page.locator("main summary").all():
            if summary.is_visible():
                summary.click()
        found[name] = faults(page)
    visitor.go(addresses(site, discordance)["closing"])
    page.get_by_label("Résultat").select_option("DEMENAGEMENT")
    page.get_by_role("button", name="Voir ce que cela change").click()
    page.get_by_role("heading", name="Voici ce que cela change").wait_for()
    found["effect"] = faults(page)

    assert {name: told for name, told in found.items() if told} == {}
    assert visitor.faults == []


def test_a_course_is_prescribed_in_three_clicks_to_a_body_found_by_its_name(visit, site):
    with db.as_system():
        OrganisationFactory(training_body=True, town="École du Maine", commune="72181")
        db.remove()
    visitor = visit()
    page = visitor.page
    visitor.sign_in(site.scene.counsellor.email)
    visitor.go(f"/personnes/{site.scene.persons['Ibrahima'].public_id}")

    page.get_by_role("link", name="Prescrire").click()
    page.get_by_role("link", name="Prescription : Visa Métiers").click()
    page.wait_for_load_state()
    page.get_by_label("Chercher un autre organisme par son nom").fill("ecole du m")
    page.get_by_text("La liste ci-dessus montre ce qui a été trouvé.").wait_for(timeout=20_000)
    expect(page.get_by_label("Organisme de formation").locator("option:checked")).to_contain_text("École du Maine")
    page.get_by_role("button", name="Enregistrer").click()

    page.get_by_role("status").get_by_text("« Prescription » est enregistré").wait_for()
    expect(page.get_by_text("École du Maine").first).to_be_visible()
    page.wait_for_load_state()
    page.get_by_role("button", name="Annuler").click()
    page.get_by_text("1 saisie annulée.").wait_for()
    assert visitor.faults == []


def test_the_schemes_are_filtered_while_one_types(visit, site):
    visitor = visit(width=390)
    page = visitor.page
    visitor.sign_in(site.scene.counsellor.email)
    visitor.go(f"/personnes/{site.scene.persons['Ibrahima'].public_id}/ouvrir")

    page.get_by_label("Chercher un dispositif").fill("metiers")

    shown = page.locator(".scheme:visible h3").all_inner_texts()
    assert "Visa Métiers" in shown
    assert "Service civique" not in shown


def test_of_an_obstacle_only_the_values_of_its_theme_are_offered_and_none_is_chosen(visit, site):
    visitor = visit()
    page = visitor.page
    visitor.sign_in(site.scene.counsellor.email)
    visitor.go(f"/personnes/{site.scene.persons['Ibrahima'].public_id}/freins/nouveau")
    page.wait_for_load_state()
    values = page.get_by_label("Précision")

    expect(values).to_have_value("")
    page.get_by_text("Mobilité", exact=True).click()
    expect(values).to_have_value("")
    offered = values.locator("option").all_inner_texts()
    assert len(offered) > 2
    assert all(label.startswith("Mobilité") for label in offered[1:])
    values.select_option(index=1)
    page.get_by_text("Logement", exact=True).click()
    expect(values).to_have_value("")
