"""Passing somebody on, from one organisation's desk to the other's, at a desk and on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from pathways.demo.accounts import COUNSELLOR, FRANCE_TRAVAIL
from tests.browser.days.test_days import said
from tests.browser.test_screens import faults

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    # A browser that leaves while a file is sent leaves it open for the collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
AGENCY = "France Travail Nantes"


def readable(visitor, name: str) -> None:
    """A picture of the page; and anybody can read it, on this screen."""
    visitor.picture(name)
    assert faults(visitor.page) == []


def record_of(visitor, name: str) -> None:
    visitor.go(f"/personnes/{visitor.site.scene.persons[name].public_id}")
    visitor.page.get_by_role("heading", level=1).wait_for()


def hand_over(visitor, name: str) -> None:
    """From the record to the form of a hand-over."""
    page = visitor.page
    record_of(visitor, name)
    page.locator(".act-menu summary", has_text="Transmettre").first.click()
    page.get_by_role("link", name="Transmis", exact=True).first.click()
    page.get_by_role("heading", name="Transmis").wait_for()


def test_a_counsellor_hands_somebody_over_and_the_agency_receives_then_accepts(somebody):
    visitor = somebody(COUNSELLOR)
    page = visitor.page
    hand_over(visitor, "Bilal")
    expect(page.get_by_text("À transmettre avec la fiche")).to_be_visible()
    readable(visitor, "transmettre")
    page.get_by_label("À", exact=True).select_option(label=AGENCY)
    page.get_by_role("button", name="Voir ce que cela change").click()
    page.get_by_role("button", name="Confirmer et enregistrer").click()
    expect(page.get_by_text("Transmission en cours")).to_be_visible()
    readable(visitor, "transmission-en-cours")

    other = somebody(FRANCE_TRAVAIL)
    there = other.page
    other.go("/a-traiter")
    there.locator(".relay-strip").get_by_role("link", name="Répondre").click()
    mine = there.locator(".relay", has_text="Bilal")
    readable(other, "relais-recus")
    mine.get_by_role("button", name=re.compile("Confirmer la réception")).click()
    said(there, re.compile("Réception confirmée"))
    there.locator(".relay", has_text="Bilal").get_by_role("link", name=re.compile("Accepter")).click()
    readable(other, "relais-accepter")
    there.get_by_role("button", name="Accepter").click()
    said(there, re.compile("sous la responsabilité de votre organisme"))

    visitor.go("/passages-de-relais?onglet=envoyes")
    expect(page.locator(".relay", has_text="Bilal")).to_contain_text("Acceptée le")
    readable(visitor, "relais-envoyes")
    assert visitor.faults == other.faults == []


def test_an_agency_refuses_with_a_reason_and_thinks_again(somebody):
    visitor = somebody(COUNSELLOR)
    page = visitor.page
    hand_over(visitor, "Chloé")
    page.get_by_label("À", exact=True).select_option(label=AGENCY)
    page.get_by_role("button", name="Voir ce que cela change").click()
    page.get_by_role("button", name="Confirmer et enregistrer").click()

    other = somebody(FRANCE_TRAVAIL)
    there = other.page
    other.go("/passages-de-relais")
    there.locator(".relay", has_text="Chloé").get_by_role("link", name=re.compile("Refuser")).click()
    there.get_by_text("Hors du secteur").click()
    readable(other, "relais-refuser")
    there.get_by_role("button", name="Refuser").click()
    said(there, re.compile("Refus transmis"))

    record_of(visitor, "Chloé")
    expect(page.get_by_text("Transmission refusée", exact=True).first).to_be_visible()
    there.wait_for_load_state()
    there.get_by_role("button", name="Annuler").click()
    said(there, re.compile("annulée"))
    expect(there.locator(".relay", has_text="Chloé").get_by_role("link", name=re.compile("Accepter"))).to_be_visible()
    assert visitor.faults == other.faults == []
