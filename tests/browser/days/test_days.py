"""Ten days of work, each at a desk and on a phone: what people do with the pages, from the first to the last gesture."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from pathways.demo.accounts import ADMINISTRATOR, COORDINATOR, COUNSELLOR, FRANCE_TRAVAIL, MANAGER, TRAINER
from tests.browser.days.conftest import AUTUMN
from tests.house_rules.source import ROOT as PROJECT
from tests.scene import iso

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    # A browser that leaves while a file is sent leaves it open for the collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def said(page, text) -> None:
    """The page says that it was done."""
    page.get_by_role("status").get_by_text(text).first.wait_for()


def undo(page) -> None:
    """Think again, by keyboard: the page moves to where it was left, and what moves under the pointer is missed."""
    page.wait_for_load_state()
    with page.expect_navigation():
        page.get_by_role("button", name="Annuler").first.press("Enter")


def find(visitor, name: str) -> None:
    """From the list to somebody's page."""
    visitor.go("/structure?q=" + name.partition(" ")[0])
    visitor.page.get_by_role("link", name=re.compile(name)).first.click()
    visitor.page.get_by_role("heading", level=1).wait_for()


def test_a_counsellor_treats_the_first_alert_of_the_morning_in_three_clicks_and_thinks_again(somebody):
    visitor = somebody(COUNSELLOR)
    page = visitor.page
    expect(page.get_by_role("heading", name="À traiter", level=1)).to_be_visible()
    visitor.picture("a-traiter")

    page.get_by_role("link", name=re.compile("Noter un contact avec")).first.click()
    page.get_by_text("Contact eu", exact=True).click()
    visitor.picture("suivi")
    page.get_by_role("button", name="Enregistrer").click()

    undo(page)
    said(page, re.compile("annulée"))
    assert visitor.faults == []


def test_the_keyboard_alone_goes_from_the_list_to_a_follow_up(somebody):
    visitor = somebody(COUNSELLOR)
    page = visitor.page

    page.wait_for_load_state()  # the keys are listened to once the scripts are there
    page.keyboard.press("j")
    page.keyboard.press("c")
    page.get_by_role("heading", name="Noter un contact").wait_for()

    assert "/suivi" in page.url
    assert visitor.faults == []


def test_a_counsellor_opens_a_record_sees_who_resembles_and_begins_a_pacea(somebody, site):
    visitor = somebody(COUNSELLOR)
    page = visitor.page
    visitor.go("/personnes/nouvelle")
    page.get_by_label("Nom", exact=True).fill("Benali")
    page.get_by_label("Prénom").fill("Lina")
    page.get_by_label("Date de naissance").fill("2005-12-14")
    page.locator("[data-likes]").get_by_role("link", name=re.compile("Benali")).first.wait_for()
    visitor.picture("nouvelle-personne")

    page.get_by_label("Nom", exact=True).fill("Castel")
    page.get_by_label("Prénom").fill("Jeanne" if site.width > 600 else "Maude")
    page.get_by_label("Date de naissance").fill("2006-02-11")
    page.get_by_role("button", name=re.compile("Ouvrir la fiche|Créer quand même")).click()
    page.get_by_role("heading", name=re.compile("Castel")).wait_for()
    page.get_by_role("link", name="Ouvrir un dispositif").first.click()
    visitor.picture("ouvrir")
    page.locator("#dispositif-PACEA").get_by_role("link").first.click()
    visitor.send(page.get_by_role("button", name=re.compile("Enregistrer|Voir ce que cela change")).last)
    if page.get_by_role("button", name="Confirmer et enregistrer").is_visible():
        page.get_by_role("button", name="Confirmer et enregistrer").click()

    expect(page.get_by_role("heading", name="PACEA").first).to_be_visible()
    assert visitor.faults == []


def test_a_prescription_reaches_the_training_body_which_admits_and_the_counsellor_sees_it(somebody):
    visitor = somebody(COUNSELLOR)
    page = visitor.page
    find(visitor, "Kaci Rayan")
    page.get_by_role("link", name="Prescrire").first.click()
    page.locator("#dispositif-PRF_VISA_METIERS").get_by_role("link").first.click()
    body = page.get_by_label(re.compile("Organisme de formation|Organisme")).first
    if body.evaluate("node => node.tagName") == "SELECT":
        body.select_option(label=next(text for text in body.locator("option").all_inner_texts() if "Atelier des savoirs" in text))
    visitor.picture("prescrire")
    visitor.send(page.get_by_role("button", name=re.compile("Enregistrer|Voir ce que cela change")).last)
    if page.get_by_role("button", name="Confirmer et enregistrer").is_visible():
        page.get_by_role("button", name="Confirmer et enregistrer").click()
    page.get_by_role("heading", name=re.compile("Kaci")).wait_for()

    trainer = somebody(TRAINER)
    trainer.go("/positionnements")
    trainer.page.get_by_label(re.compile("Kaci")).first.check()
    trainer.page.get_by_text("Admis", exact=True).click()
    trainer.page.get_by_label("Début prévu").fill(iso(-7))
    trainer.picture("positionnements")
    trainer.page.get_by_role("button", name="Enregistrer la réponse").click()
    said(trainer.page, re.compile("Kaci|réponse|admis"))

    page.reload()
    expect(page.get_by_text("Admis", exact=True).first).to_be_visible()
    assert visitor.faults == trainer.faults == []


def test_a_week_of_fifteen_trainees_is_entered_from_the_keyboard_and_taken_back(somebody, site):
    visitor = somebody(TRAINER)
    page = visitor.page
    page.get_by_role("link", name=AUTUMN, exact=True).click()
    page.get_by_role("link", name=re.compile("Présence|semaine")).first.click()
    page.get_by_role("link", name="Semaine précédente").click()
    page.get_by_role("button", name="Tout le monde présent").click()
    if site.width > 600:
        page.locator("[role=gridcell]").first.focus()
        for key in ("a", "a", "ArrowDown", "e"):
            page.keyboard.press(key)
    visitor.picture("presence")
    page.get_by_role("button", name="Enregistrer la feuille").click()
    said(page, re.compile("15|feuille"))

    undo(page)
    said(page, re.compile("annulée"))
    assert visitor.faults == []


def test_a_risk_is_flagged_the_counsellor_answers_and_the_body_sees_what_became_of_it(somebody):
    trainer = somebody(TRAINER)
    page = trainer.page
    page.get_by_role("link", name=AUTUMN, exact=True).click()
    page.get_by_role("link", name=re.compile("Signaler")).first.click()
    page.get_by_text("Organisation personnelle").click()
    trainer.picture("signaler")
    page.get_by_role("button", name="Signaler", exact=True).click()
    page.get_by_role("button", name="Annuler").wait_for()

    visitor = somebody(COUNSELLOR)
    first = visitor.page.locator("[data-row]").filter(has_text="signalé").first
    first.wait_for()
    first.get_by_role("link", name=re.compile("Noter un contact")).click()
    visitor.page.get_by_text("Contact eu", exact=True).click()
    visitor.page.wait_for_load_state()
    box = visitor.page.get_by_label(re.compile("Signalement")).first
    if box.count():
        box.check()
    visitor.page.get_by_role("button", name="Enregistrer").click()

    trainer.go("/signalements")
    trainer.picture("signalements")
    expect(trainer.page.get_by_text(re.compile("Échange avec la personne")).first).to_be_visible()
    assert visitor.faults == trainer.faults == []


def test_a_manager_looks_at_the_team_and_gives_three_alerts_to_somebody_else(somebody):
    visitor = somebody(MANAGER)
    page = visitor.page
    page.get_by_role("heading", name="Équipe", level=1).wait_for()
    visitor.picture("equipe")
    visitor.go("/equipe/alertes")
    for box in page.get_by_role("checkbox", name=re.compile("Choisir l’alerte")).all()[:3]:
        box.check()
    page.get_by_label("À qui").select_option(label="Hélène Gautier")
    page.get_by_label(re.compile("Motif|Pourquoi")).first.select_option(index=1)
    visitor.picture("equipe-alertes")
    page.get_by_role("button", name="Confier 3 alertes").click()
    said(page, re.compile("3 alertes"))

    visitor.go("/equipe/attendus")
    visitor.picture("equipe-attendus")
    assert visitor.faults == []


def test_an_administrator_invites_somebody_who_joins_and_changes_a_threshold(somebody, browser, site):
    visitor = somebody(ADMINISTRATOR)
    page = visitor.page
    visitor.picture("membres")
    page.get_by_role("link", name="Inviter quelqu’un").click()
    page.get_by_label(re.compile("Adresse")).fill(f"nouvelle{site.width}@exemple.fr")
    page.get_by_text("Conseiller", exact=True).click()
    page.get_by_role("button", name="Préparer le lien").click()
    link = page.locator("input[readonly]").first.input_value()
    visitor.picture("invitation")

    guest = browser.new_context(viewport={"width": site.width, "height": 900}, locale="fr-FR")
    joining = guest.new_page()
    joining.goto(site.address + "/invitation" + link.partition("/invitation")[2])
    joining.get_by_label(re.compile("nom", re.IGNORECASE)).first.fill("Nora Petit")
    for box in joining.locator("input[type=password]").all():
        box.fill("quatre mots bien choisis")
    joining.locator("main form button").last.click()
    joining.locator("details.menu").wait_for()
    guest.close()

    visitor.go("/seuils/")
    visitor.picture("seuils")
    page.locator("summary", has_text="Contact").click()
    page.get_by_role("link", name=re.compile("^Changer")).first.click()
    visitor.picture("seuil")
    expect(page.get_by_role("button", name="Voir l’effet aujourd’hui")).to_be_visible()
    assert visitor.faults == []


def test_a_mistake_is_corrected_with_its_effect_shown_and_a_contradiction_is_settled(somebody):
    visitor = somebody(COUNSELLOR)
    page = visitor.page
    find(visitor, "Kaci Rayan")
    visitor.picture("personne")
    page.get_by_role("link", name=re.compile("Corriger.*Rendez-vous")).first.click()
    page.get_by_text("Présent", exact=True).first.click()
    page.get_by_text("Mauvais résultat", exact=True).click()
    page.get_by_role("button", name="Voir ce que cela change").last.click()
    page.get_by_role("button", name="Confirmer la correction").wait_for()
    visitor.picture("corriger")
    page.get_by_role("button", name="Confirmer la correction").click()
    page.get_by_text("Corrigé le").first.wait_for()

    find(visitor, "Vidal Sacha")
    page.get_by_role("link", name="Comparer et régler").first.click()
    visitor.picture("discordance")
    page.locator("#garder").locator("xpath=..").get_by_role("radio").first.check()
    page.get_by_role("button", name="Garder les deux").click()
    page.get_by_role("heading", name=re.compile("Vidal")).wait_for()
    assert visitor.faults == []


def test_two_records_of_one_person_are_joined_and_parted_again(somebody):
    visitor = somebody(COUNSELLOR)
    page = visitor.page
    visitor.go("/doublons/")
    visitor.picture("doublons")
    page.get_by_role("link", name=re.compile("^Comparer")).first.click()
    visitor.picture("comparer")
    visitor.send(page.get_by_role("button", name="Réunir les deux fiches"))
    if page.get_by_role("alert").count():
        page.get_by_role("checkbox").last.check()
        page.get_by_role("button", name="Réunir les deux fiches").click()
    page.get_by_role("heading", name=re.compile("Benal")).wait_for()

    page.get_by_role("link", name=re.compile("[Ss]éparer|[Dd]éfaire|réunie")).first.click()
    page.locator("main form button").last.click()
    page.get_by_role("heading", name=re.compile("Benal|fiches|personnes")).first.wait_for()
    assert visitor.faults == []


def test_a_session_is_noted_once_for_twelve_persons(somebody):
    visitor = somebody(COUNSELLOR)
    page = visitor.page
    visitor.go("/accompagnements")
    for box in page.locator("main tbody input[type=checkbox]").all()[:12]:
        box.check()
    page.get_by_role("button", name=re.compile("[Ss]éance collective")).first.click()
    page.get_by_label("Séance", exact=True).select_option(index=1)
    visitor.picture("seance")
    page.get_by_role("button", name="Enregistrer la séance").click()

    said(page, re.compile("12"))
    assert visitor.faults == []


def test_a_centre_gives_its_file_tries_it_and_imports_the_good_rows(somebody, tmp_path):
    visitor = somebody(COORDINATOR)
    page = visitor.page
    good = json.loads((PROJECT / "docs/examples/dossiers-apprenants.json").read_text(encoding="utf-8"))
    file = tmp_path / "envoi.json"
    file.write_text(json.dumps(good), encoding="utf-8")
    visitor.go("/fichiers-recus/")
    page.get_by_label(re.compile("Fichier")).set_input_files(file)
    page.get_by_role("button", name="Essayer").click()
    page.get_by_text("rien n’a été écrit").wait_for()
    visitor.picture("fichier-essai")

    page.get_by_label(re.compile("Fichier")).set_input_files(file)
    page.get_by_role("button", name="Importer ce fichier").click()
    page.get_by_role("heading", name="envoi.json").wait_for()
    visitor.picture("fichier")
    assert visitor.faults == []


def test_a_counsellor_of_france_travail_finds_the_same_gestures(somebody):
    visitor = somebody(FRANCE_TRAVAIL)
    page = visitor.page
    visitor.go("/accompagnements")
    page.get_by_role("link", name=re.compile("Noter un contact avec")).first.click()
    page.get_by_text("Pas joint", exact=True).click()
    page.get_by_role("button", name="Enregistrer").click()

    page.get_by_role("button", name="Annuler").wait_for()
    assert visitor.faults == []
