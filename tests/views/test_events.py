"""Declaring from a page: what is offered, the effect shown before, correcting, taking back and putting back."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.models import Enrolment, JournalEntry, Link, LinkRole, Role
from tests.factories import LinkFactory, OrganisationFactory
from tests.scene import Scene, Told, account
from tests.views.conftest import submit, token

VISA = "PRF_VISA_METIERS"


@pytest.fixture
def scene(client):
    ml = OrganisationFactory(town="Mission locale de Nantes", commune="44109")
    body = OrganisationFactory(training_body=True, town="Formation et Avenir", commune="44109")
    return Scene(
        ml,
        body,
        account(ml, "Claire Moreau", "claire@exemple.fr"),
        account(body, "Karim Benali", "karim@exemple.fr", Role.FORMATEUR_REFERENT),
    )


@pytest.fixture
def yanis(scene):
    """In PACEA at the mission locale, in training at the body, with an obstacle without action."""
    return (
        Told(scene, "Yanis", "Benali", date(2005, 9, 14), sex="M")
        .pacea(100)
        .tell(50, "contact", {"channel": "phone", "note": "Cherche dans la logistique."})
        .tell(45, "obstacle", {"theme": "logement", "severity": "bloquant"})
        .training(VISA, 20)
        .until_today()
    )


def page_of(client, told) -> str:
    answer = client.get(f"/personnes/{told.person.public_id}")
    assert answer.status_code == 200, answer.text
    return answer.text


def address(told, rest: str) -> str:
    return f"/personnes/{told.person.public_id}/{rest}"


def declare(told, event: str, scheme: str = "PACEA") -> str:
    step = db.session().get(Enrolment, told.scene.steps[told.name, scheme])
    return address(told, f"declarer/{event}?etape={step.public_id}")


def last_entry(kind: str) -> int:
    query = sa.select(JournalEntry.id).where(JournalEntry.type == kind).order_by(JournalEntry.id.desc())
    return db.session().scalars(query).first()


def today() -> str:
    return clock.today().isoformat()


def shown_version(page) -> str:
    return re.search(r'name="version" value="(\d+)"', page.text)[1]


def confirm(client, url: str, page, **fields):
    """Presses the button of a page that shows an effect."""
    return client.post(url, data=fields | {"csrf_token": token(page), "version": shown_version(page)})


def count() -> int:
    return db.session().scalar(sa.select(sa.func.count(JournalEntry.id)))


# --- opening -----------------------------------------------------------------------------------------------------------


def test_schemes_are_offered_by_family_with_what_they_are_and_the_others_with_why(scene, yanis, sign_in):
    text = sign_in(scene.counsellor).get(address(yanis, "ouvrir")).text

    assert "PACEA et CEJ ne se tiennent pas ensemble" in text
    assert "Déclarez d’abord la sortie du premier." in text
    assert "Prépa Sanitaire et social" in text
    assert "PACEA est déjà ouvert depuis" in text
    assert "declarer/prescribed?dispositif=PRF_VISA_METIERS" in text


def test_a_search_keeps_what_it_names_and_says_how_many_it_hides(scene, yanis, sign_in):
    text = sign_in(scene.counsellor).get(address(yanis, "ouvrir?q=metiers+formation")).text

    assert "Visa Métiers" in text
    assert "Service civique" not in text
    assert "autres dispositifs hors de cette recherche" in text


def test_prescribing_offers_courses_only(scene, yanis, sign_in):
    text = sign_in(scene.counsellor).get(address(yanis, "ouvrir?acte=prescribed")).text

    assert "Visa Métiers" in text
    assert "declarer/engagement_signed" not in text


def test_a_body_is_prescribed_to_by_its_name_and_finds_the_person(scene, sign_in):
    told = Told(scene, "Maëlys", "Guérin", date(2006, 5, 3)).pacea(60)
    url = address(told, f"declarer/prescribed?dispositif={VISA}")
    client = sign_in(scene.counsellor)
    assert "Formation et Avenir" in client.get(url).text, "of the same département"

    answer = submit(client, url, occurred_on=today(), d_to=str(scene.body.public_id))

    assert answer.status_code == 303, answer.text
    assert "Formation et Avenir" in page_of(client, told)
    link = sa.select(Link.role).where(Link.person_id == told.person.id, Link.organisation_id == scene.body.id)
    assert db.session().scalars(link).all() == [LinkRole.OPERATOR]
    assert "Maëlys" in page_of(sign_in(scene.trainer), told)


def test_an_organisation_is_looked_for_by_name_without_recording_anything(scene, sign_in):
    told = Told(scene, "Maëlys", "Guérin", date(2006, 5, 3)).pacea(60)
    far = OrganisationFactory(training_body=True, town="École du Maine", commune="72181")
    url = address(told, f"declarer/prescribed?dispositif={VISA}")
    client, before = sign_in(scene.counsellor), count()
    assert "École du Maine" not in client.get(url).text

    answer = submit(client, url, occurred_on=today(), d_to_search="ecole du", d_hours="300", look="d_to")

    assert answer.status_code == 200
    assert f'value="{far.public_id}"' in answer.text
    assert 'value="300"' in answer.text, "what was typed stays"
    assert count() == before


def test_suggestions_come_with_what_is_typed(scene, yanis, sign_in):
    found = sign_in(scene.counsellor).get(address(yanis, "organismes?acte=prescribed&champ=d_to&q=avenir")).json

    assert [row["label"] for row in found["rows"]] == ["Formation et Avenir (Nantes)"]


@pytest.mark.parametrize("rest", ["acte=contact&champ=d_note", "acte=inconnu&champ=d_to", "acte=prescribed&champ=d_hours"])
def test_only_a_detail_that_names_an_organisation_has_suggestions(scene, yanis, sign_in, rest):
    assert sign_in(scene.counsellor).get(address(yanis, f"organismes?{rest}")).status_code == 404


def test_an_organisation_made_up_is_refused_beside_its_field(scene, yanis, sign_in):
    answer = submit(
        sign_in(scene.counsellor), declare(yanis, "transfer_requested"), occurred_on=today(), d_to="somewhere"
    )

    assert answer.status_code == 422
    assert "Choisissez un organisme de la liste." in answer.text


def test_an_employer_may_be_anybody_and_is_recognised_by_its_name(scene, yanis, sign_in):
    bakery = OrganisationFactory(employer=True, town="Boulangerie Martin")
    client = sign_in(scene.counsellor)
    url = address(yanis, "declarer/work_contract_signed?dispositif=EMPLOI")

    for name in ("boulangerie martin", "Garage du Port"):
        assert submit(client, url, occurred_on=today(), d_start=today(), d_employer=name).status_code == 303

    kept = [entry.payload["employer"] for entry in db.session().scalars(
        sa.select(JournalEntry).where(JournalEntry.type == "work_contract_signed").order_by(JournalEntry.id)
    )]
    assert kept == [bakery.id, "Garage du Port"]
    assert "Boulangerie Martin" in page_of(client, yanis)


def test_a_certification_is_a_number_of_the_register(scene, yanis, sign_in):
    client = sign_in(scene.trainer)
    url = declare(yanis, "admitted", VISA)
    assert "RNCP37948" in client.get(url).text

    answer = submit(client, url, occurred_on=today(), d_certification="CAP cuisine")

    assert answer.status_code == 422
    assert "Écrivez le numéro comme RNCP37948" in answer.text


def test_a_colleague_is_chosen_from_a_list_oneself_first(scene, yanis, sign_in):
    text = sign_in(scene.counsellor).get(declare(yanis, "referent_named")).text

    assert re.search(r"<option selected value=\"[0-9a-f-]+\">Claire Moreau", text)


def test_what_the_rules_give_stands_in_the_form(scene, yanis, sign_in):
    text = sign_in(scene.counsellor).get(declare(yanis, "phase_reviewed")).text

    assert re.search(r'name="d_n"[^>]*value="1"', text)


# --- the effect before -------------------------------------------------------------------------------------------------


def test_closing_shows_what_it_changes_and_records_once_confirmed(scene, yanis, sign_in):
    client, url, before = sign_in(scene.counsellor), declare(yanis, "closed"), count()

    page = submit(client, url, occurred_on=today(), d_outcome="DEMENAGEMENT")

    assert page.status_code == 200
    assert "Voici ce que cela change" in page.text
    assert "Frein bloquant sans action</strong> disparaît" in page.text
    assert count() == before
    assert confirm(client, url, page, occurred_on=today(), d_outcome="DEMENAGEMENT").status_code == 303
    assert db.session().get(Enrolment, yanis.scene.steps["Yanis", "PACEA"]).state == "closed"


def test_one_may_go_back_from_the_effect_to_the_form(scene, yanis, sign_in):
    client, url = sign_in(scene.counsellor), declare(yanis, "closed")
    page = submit(client, url, occurred_on=today(), d_outcome="DEMENAGEMENT")

    again = client.post(url, data={"csrf_token": token(page), "occurred_on": today(), "d_outcome": "DEMENAGEMENT", "change": "1"})

    assert again.status_code == 200
    assert "Voir ce que cela change" in again.text
    assert re.search(r'selected value="DEMENAGEMENT"', again.text)


def test_when_somebody_declared_meanwhile_the_new_effect_is_shown_and_nothing_recorded(scene, yanis, sign_in):
    client, url = sign_in(scene.counsellor), declare(yanis, "closed")
    page = submit(client, url, occurred_on=today(), d_outcome="DEMENAGEMENT")
    yanis.tell(0, "obstacle_action", {"theme": "logement"})
    before = count()

    late = confirm(client, url, page, occurred_on=today(), d_outcome="DEMENAGEMENT")

    assert late.status_code == 409
    assert "Le dossier vient de changer" in late.text
    assert "Frein bloquant sans action" not in late.text
    assert count() == before
    assert confirm(client, url, late, occurred_on=today(), d_outcome="DEMENAGEMENT").status_code == 303


def test_a_contact_is_recorded_at_once_and_may_be_undone(scene, yanis, sign_in):
    client = sign_in(scene.counsellor)

    assert submit(client, declare(yanis, "contact"), occurred_on=today(), d_channel="phone").status_code == 303
    page = client.get(address(yanis, ""). rstrip("/"))
    undo = re.search(r'name="token" value="([^"]+)"', page.text)[1]
    client.post("/annuler/", data={"csrf_token": token(page), "token": undo})

    assert "Annulé aussitôt saisi" in page_of(client, yanis)


def test_a_body_sees_the_effect_on_its_own_step_alone(scene, yanis, sign_in):
    page = submit(sign_in(scene.trainer), declare(yanis, "dropped", VISA), occurred_on=today(), d_outcome="ABANDON")

    assert "Visa Métiers" in page.text
    assert "Sortie anticipée</strong> apparaît" in page.text
    assert "PACEA" not in page.text
    assert "Sans solution" not in page.text


def test_results_that_make_no_sense_for_an_exit_are_not_offered(scene, yanis, sign_in):
    text = sign_in(scene.counsellor).get(declare(yanis, "closed")).text

    assert 'value="DEMENAGEMENT"' in text
    assert 'value="NON_CERTIFIE"' not in text


# --- transfers ---------------------------------------------------------------------------------------------------------


def test_a_transfer_waits_on_the_page_of_the_organisation_it_is_asked_of(scene, yanis, sign_in):
    there = OrganisationFactory(town="Mission locale d’Angers")
    colleague = account(there, "Lou Martin", "lou@exemple.fr")
    client, url = sign_in(scene.counsellor), declare(yanis, "transfer_requested")
    fields = {"occurred_on": today(), "d_to": str(there.public_id), "d_reason": "DEMENAGEMENT"}
    page = submit(client, url, look="d_to", d_to_search="angers")
    page = submit(client, url, **fields)
    assert confirm(client, url, page, **fields).status_code == 303
    assert "Un transfert attend votre réponse" not in page_of(client, yanis)

    client = sign_in(colleague)
    assert "Un transfert attend votre réponse" in page_of(client, yanis)
    url = declare(yanis, "transfer_accepted")
    page = submit(client, url, occurred_on=today())
    assert "Mission locale de Nantes devient Mission locale d’Angers" in page.text.replace("\u00a0", " ")
    assert confirm(client, url, page, occurred_on=today()).status_code == 303

    assert db.session().get(Enrolment, yanis.scene.steps["Yanis", "PACEA"]).lead_organisation_id == there.id


# --- correcting, taking back, putting back -----------------------------------------------------------------------------


def test_ones_own_entry_is_corrected_and_both_stay_readable(scene, yanis, sign_in):
    client, url = sign_in(scene.counsellor), address(yanis, f"saisies/{last_entry('obstacle')}/corriger")
    assert re.search(r'(checked|selected)[^>]*value="bloquant"', client.get(url).text)
    fields = {
        "occurred_on": (clock.today() - timedelta(days=45)).isoformat(),
        "d_theme": "logement",
        "d_severity": "genant",
        "reason": "mauvais_resultat",
    }

    page = submit(client, url, **fields)
    assert "Frein bloquant sans action</strong> disparaît" in page.text
    assert confirm(client, url, page, **fields).status_code == 303

    text = page_of(client, yanis)
    assert "Corrigé le" in text
    assert "Mauvais résultat" in text
    assert "Corrige une saisie précédente" in text
    assert "Bloquant" in text
    assert "Gênant" in text
    assert "Frein bloquant noté le" not in text


def test_a_correction_asks_why(scene, yanis, sign_in):
    url = address(yanis, f"saisies/{last_entry('obstacle')}/corriger")

    answer = submit(sign_in(scene.counsellor), url, occurred_on=today(), d_theme="logement", d_severity="genant")

    assert answer.status_code == 422
    assert "Choisissez un motif." in answer.text


def test_ones_own_entry_is_taken_back_with_a_reason_stays_struck_out_and_may_come_back(scene, yanis, sign_in):
    client, url = sign_in(scene.counsellor), address(yanis, f"saisies/{last_entry('obstacle')}/annuler")
    page = client.get(url)
    assert "Frein bloquant sans action</strong> disparaît" in page.text

    assert confirm(client, url, page).status_code == 422, "no reason"
    assert confirm(client, url, page, reason="mauvaise_personne").status_code == 303
    text = page_of(client, yanis)
    assert "entry-retracted" in text
    assert "Saisie sur la mauvaise personne" in text
    assert "Frein bloquant noté le" not in text, "its signal is gone"

    url = url.replace("annuler", "retablir")
    assert url in text
    assert confirm(client, url, client.get(url), reason="autre").status_code == 303
    assert "Frein bloquant noté le" in page_of(client, yanis)


def test_an_entry_is_taken_back_once(scene, yanis, sign_in):
    client, url = sign_in(scene.counsellor), address(yanis, f"saisies/{last_entry('obstacle')}/annuler")
    confirm(client, url, client.get(url), reason="doublon")

    assert "déjà annulée" in client.get(url).text


def test_what_changed_since_the_effect_was_shown_is_shown_anew(scene, yanis, sign_in):
    client, url = sign_in(scene.counsellor), address(yanis, f"saisies/{last_entry('obstacle')}/annuler")
    page = client.get(url)
    yanis.tell(0, "contact", {"channel": "sms"})

    answer = confirm(client, url, page, reason="doublon")

    assert answer.status_code == 409
    assert "Le dossier vient de changer" in answer.text


@pytest.mark.parametrize("act", ["annuler", "corriger", "retablir"])
def test_anothers_entry_is_not_ours_to_take_back(scene, yanis, sign_in, act):
    assert sign_in(scene.counsellor).get(address(yanis, f"saisies/{last_entry('entered')}/{act}")).status_code == 404


def test_nothing_is_written_by_looking(scene, yanis, sign_in):
    client, before = sign_in(scene.counsellor), count()
    for rest in ("annuler", "corriger"):
        client.get(address(yanis, f"saisies/{last_entry('obstacle')}/{rest}"))
    client.get(declare(yanis, "closed"))

    assert count() == before


def test_an_organisation_that_lost_sight_of_somebody_declares_nothing_about_them(scene, yanis, sign_in):
    stranger = OrganisationFactory()
    LinkFactory(organisation=stranger)

    assert sign_in(account(stranger, "Ali", "ali@exemple.fr")).get(address(yanis, "ouvrir")).status_code == 404
