"""The screens in a real browser: what a counsellor does in the morning, with a mouse, a keyboard and a phone."""

from __future__ import annotations

import os

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from pathways import db
from pathways.models import Alert, Enrolment, Role
from tests.browser.conftest import NARROW, SCREENS
from tests.factories import AlertFactory
from tests.scene import account

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    # A browser that leaves while a file is sent leaves it open for the collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

WIDTHS = (1400, 390)


def step_of(site, name: str, scheme: str = "PACEA") -> str:
    """The public id of a step of the scene."""
    with db.as_system():
        found = db.session().scalar(sa.select(Enrolment.public_id).where(Enrolment.id == site.scene.steps[name, scheme]))
        db.remove()
    return str(found)


def alert_address(site) -> str:
    """The card of an open alert about Yanis."""
    person = site.scene.persons["Yanis"]
    with db.as_system():
        open_one = sa.select(Alert.public_id).where(Alert.person_id == person.id, Alert.closed_on.is_(None))
        found = db.session().scalar(open_one.limit(1))
        if found is None:
            found = AlertFactory(person=person, organisation=site.scene.ml, owner=site.scene.counsellor).public_id
        db.remove()
    return f"/personnes/{person.public_id}/alertes/{found}"


def addresses(site) -> dict[str, str]:
    """Every kind of page a counsellor meets."""
    person = f"/personnes/{site.scene.persons['Yanis'].public_id}"
    step = step_of(site, "Yanis")
    return {
        "list": "/accompagnements",
        "structure": "/structure?tri=nom",
        "nobody found": "/accompagnements?q=zzz",
        "person": person,
        "contact": f"{person}/declarer/contact?etape={step}",
        "phase": f"{person}/declarer/phase_started?etape={step}",
        "attendance": f"{person}/declarer/attendance?etape={step}",
        "open to somebody": f"{person}/dispositifs-possibles/",
        "numbers": f"{person}/identifiants/",
        "passages": "/passages-de-relais",
        "follow-ups": "/suivis",
        "obligation": "/obligation-de-formation",
        "incidents": "/incidents",
        "new incident": "/incidents/nouveau",
        "new obstacle": f"{person}/freins/nouveau",
        "table": "/suivis/tableau",
        "alert": alert_address(site),
        "pause": f"{alert_address(site)}/pause",
        "why no alert": f"{person}/pourquoi-pas-d-alerte",
        "later": "/a-traiter?vue=plus-tard",
        "absences": "/absences",
        "notifications": "/notifications",
        "what I receive": "/notifications/choix",
        "requests": "/demandes",
        "rights": f"{person}/droits",
        "looks": f"{person}/consultations",
        "seek": "/trouver",
        "former": "/anciens-accompagnements",
        "ending": "/fiches-a-terme",
        "sessions": "/compte/sessions",
        "who sees what": "/qui-voit-quoi",
        "organisation": "/organisme",
        "not found": "/nulle-part",
    }


def test_a_refusal_is_read_out_and_keeps_what_was_typed(visit, site):
    visitor = visit()
    page = visitor.page
    visitor.sign_in(site.scene.counsellor.email)
    visitor.go(f"/personnes/{site.scene.persons['Yanis'].public_id}/declarer/resumed?etape={step_of(site, 'Yanis')}")

    page.get_by_role("button", name="Enregistrer").click()

    refusal = page.get_by_role("alert")
    assert "L’étape est à l’état" in refusal.inner_text()
    expect(refusal).to_be_focused()


def test_the_keyboard_is_enough(visit, site):
    visitor = visit()
    page = visitor.page
    visitor.sign_in(site.scene.counsellor.email)
    visitor.go("/accompagnements")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Aller au contenu"
    page.keyboard.press("/")
    page.keyboard.type("oeuvrard")
    page.keyboard.press("Enter")
    page.wait_for_url("**/accompagnements?q=oeuvrard")
    page.get_by_role("link", name="Œuvrard Noël").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Œuvrard Noël").wait_for()
    page.wait_for_load_state()  # the keys are listened to once the scripts are there
    page.locator("summary", has_text="Claire Moreau").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Se déconnecter")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Se déconnecter")).not_to_be_visible()


def test_signing_out_closes_the_records(visit, site):
    visitor = visit()
    page = visitor.page
    visitor.sign_in(site.scene.counsellor.email)

    page.locator("summary", has_text="Claire Moreau").click()
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url("**/connexion")
    visitor.go("/accompagnements")

    assert "/connexion" in page.url


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_has_an_accessibility_fault_nor_scrolls_sideways(visit, site, width):
    visitor = visit(width)
    page = visitor.page
    found = {}
    visitor.go("/connexion")
    found["sign-in"] = faults(page)
    visitor.sign_in(site.scene.counsellor.email)
    for name, address in addresses(site).items():
        visitor.go(address)
        for summary in page.locator("main summary:visible").all():
            summary.click()
        found[name] = faults(page)

    assert {name: told for name, told in found.items() if told} == {}
    assert [fault for fault in visitor.faults if "404" not in fault] == []


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_of_a_head_has_an_accessibility_fault_nor_scrolls_sideways(visit, site, width):
    with db.as_system():
        head = account(site.scene.ml, "Hélène Roux", f"helene.{width}@exemple.fr", Role.RESPONSABLE_STRUCTURE)
        db.remove()
    visitor, found = visit(width), {}
    visitor.sign_in(head.email)
    for address in ("/equipe/revue", "/equipe/revue/alertes", "/equipe/revue/ruptures", "/equipe/revue-du-stock", "/equite",
                    "/consultations", "/conservation", "/seuils/regles"):  # fmt: skip
        visitor.go(address)
        visitor.picture(address.strip("/").replace("/", "-"))
        found[address] = faults(visitor.page)

    assert {name: told for name, told in found.items() if told} == {}
    assert visitor.faults == []


def faults(page) -> list[str]:
    """What axe finds, and any width beyond the screen, once the page has its style sheets."""
    page.wait_for_load_state()
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    told = [f"{wide} px too wide"] if wide > 0 else []
    # On a narrow screen, what depends on the width: the rest is looked at on a wide one.
    asked = {"resultTypes": ["violations"]}
    if page.viewport_size["width"] < NARROW:
        asked["runOnly"] = {"type": "rule", "values": ["scrollable-region-focusable", "region", "link-name", "label"]}
    for violation in Axe().run(page, options=asked).response["violations"]:
        told += [f"{violation['id']}: {node['target']} {node['failureSummary'][:160]}" for node in violation["nodes"][:3]]
    return told


@pytest.mark.skipif(
    "PATHWAYS_SCREENS" not in os.environ, reason="pictures for docs/screens are taken on demand: PATHWAYS_SCREENS=1"
)
@pytest.mark.parametrize(("width", "suffix"), [(1400, ""), (390, "-telephone")])
def test_pictures_for_the_documentation(visit, site, width, suffix):
    visitor = visit(width)
    page = visitor.page
    SCREENS.mkdir(parents=True, exist_ok=True)

    def picture(name: str, height: int = 900) -> None:
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=SCREENS / f"{name}{suffix}.png")

    where = addresses(site)
    visitor.go("/connexion")
    picture("connexion", 700)
    visitor.sign_in(site.scene.counsellor.email)
    picture("accompagnements", 1000)
    visitor.go(where["person"])
    picture("personne", 1300)
    visitor.go(where["person"] + f"/etapes/{step_of(site, 'Yanis')}/dispositif")
    picture("place", 1000)
    visitor.go(where["alert"])
    picture("alerte", 1000)
    visitor.go(where["open to somebody"])
    picture("dispositifs-possibles", 1300)
    visitor.go(where["contact"])
    picture("declarer")
    visitor.go(where["person"] + f"/declarer/resumed?etape={step_of(site, 'Yanis')}")
    page.get_by_role("button", name="Enregistrer").click()
    picture("refus", 700)
