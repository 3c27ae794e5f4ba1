"""The pages of the thresholds: what stands out, seeing the effect, choosing, going back."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.models import Role, Setting
from pathways.sharing.permissions import PERMISSIONS, Permission
from tests.factories import OrganisationFactory
from tests.scene import account, build
from tests.views.conftest import submit, token

WATCH = "/seuils/entry_delay.watch"


@pytest.fixture
def ml(client, asked_jobs):
    return OrganisationFactory()


@pytest.fixture
def yann(ml):
    return account(ml, "Yann Le Goff", "yann@exemple.fr", Role.ADMINISTRATEUR)


@pytest.mark.parametrize("role", list(Role))
def test_those_who_run_the_organisation_open_the_thresholds(sign_in, ml, role):
    client = sign_in(account(ml, "Quelqu’un", f"{role}@exemple.fr", role))
    expected = 200 if Permission.SETTING_ADMINISTER in PERMISSIONS[role] else 403

    assert {client.get(url).status_code for url in ("/seuils/", "/seuils/historique", WATCH)} == {expected}
    assert (expected == 200) is (role in {Role.ADMINISTRATEUR, Role.RESPONSABLE_STRUCTURE})


def test_a_value_is_chosen_seen_first_and_taken_back(sign_in, yann):
    client, today = sign_in(yann), clock.today().isoformat()
    assert "tous les seuils ont leur valeur par défaut" in client.get("/seuils/").text

    answer = submit(client, WATCH, value_1="20", valid_from=today, reason="Convenu en équipe", act="save")
    assert answer.status_code == 303
    page = client.get("/seuils/").text
    assert "20 jours" in page
    assert "par défaut : 30 jours" in page.replace("\u00a0", " ")
    assert "Convenu en équipe" in client.get("/seuils/historique").text

    assert submit(client, WATCH, valid_from=today, reason="Essai terminé", act="default").status_code == 303
    assert "tous les seuils" in client.get("/seuils/").text
    assert "retour à la valeur par défaut" in client.get("/seuils/historique").text


def test_a_planned_value_is_announced_and_withdrawn_with_one_button(sign_in, yann):
    client, day = sign_in(yann), (clock.today() + timedelta(days=10)).isoformat()
    submit(client, WATCH, value_1="20", valid_from=day, reason="À la rentrée", act="save")
    page = client.get("/seuils/")
    assert "À partir du" in page.text

    answer = client.post(f"{WATCH}/renoncer", data={"scheme": "", "valid_from": day, "csrf_token": token(page)})

    assert answer.status_code == 303
    assert "tous les seuils" in client.get("/seuils/").text
    assert "annulé avant d’entrer en vigueur" in client.get("/seuils/historique").text


def test_seeing_the_effect_changes_nothing_and_keeps_what_was_typed(sign_in, yann):
    client = sign_in(yann)
    answer = submit(client, WATCH, value_1="20", valid_from=clock.today().isoformat(), reason="Je réfléchis", act="preview")

    assert answer.status_code == 200
    assert "référent d’aucune étape" in answer.text
    assert "Je réfléchis" in answer.text
    assert db.session().scalars(sa.select(Setting.id)).all() == []


def test_the_effect_is_told_in_numbers_without_any_name(sign_in, client, asked_jobs):
    scene = build()
    client = sign_in(account(scene.ml, "Yann Kervella", "yann@exemple.fr", Role.ADMINISTRATEUR))
    url = "/seuils/contact_silence.days?dispositif=PACEA"

    answer = submit(client, url, value_1="7", valid_from=clock.today().isoformat(), act="preview")

    assert "s’ouvriraient" in answer.text
    assert "personnes dont vous êtes référent" in answer.text
    assert not any(person.family_name in answer.text for person in scene.persons.values())


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"value_1": "500"}, "entre 7 jours et 90 jours"),
        ({"value_1": "vingt"}, "Écrivez un nombre"),
        ({"value_1": ""}, "Indiquez une valeur"),
        ({"reason": ""}, "pourquoi"),
        ({"valid_from": "2020-01-01"}, "Ce jour est passé"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_stored(sign_in, yann, given, sentence):
    usual = {"value_1": "20", "valid_from": clock.today().isoformat(), "reason": "Convenu", "act": "save"}

    answer = submit(sign_in(yann), WATCH, **(usual | given))

    assert answer.status_code == 422
    assert sentence in answer.text
    assert db.session().scalars(sa.select(Setting.id)).all() == []


def test_a_setting_that_depends_on_the_scheme_leads_to_one(sign_in, yann):
    client = sign_in(yann)

    assert client.get("/seuils/contact_silence.days").location == "/seuils/contact_silence.days?dispositif=PACEA"
    assert "CEJ" in client.get("/seuils/contact_silence.days?dispositif=CEJ").text
    for wrong in ("/seuils/contact_silence.days?dispositif=XX", "/seuils/rien.days", "/seuils/rien.days/renoncer"):
        assert client.get(wrong).status_code in {404, 405}


def test_what_a_text_fixes_shows_its_source_and_no_form(sign_in, yann):
    client = sign_in(yann)
    page = client.get("/seuils/first_phase_overdue.months")

    assert "R5131-12" in page.text
    assert 'value="save"' not in page.text
    key = token(client.get(WATCH))
    given = {"value_1": "2", "valid_from": clock.today().isoformat(), "reason": "x", "act": "save", "csrf_token": key}
    assert "ne se change pas" in client.post("/seuils/first_phase_overdue.months", data=given).text
    assert db.session().scalars(sa.select(Setting.id)).all() == []


def test_several_numbers_and_yes_or_no_have_their_fields(sign_in, yann):
    client, usual = sign_in(yann), {"valid_from": clock.today().isoformat(), "reason": "Convenu", "act": "save"}

    assert submit(client, "/seuils/cap_approaching.days", value_1="90", value_2="45", **usual).status_code == 303
    hours = "/seuils/weekly_hours_low.followed?dispositif=CE_FT"
    assert submit(client, hours, value_1="1", **usual).status_code == 303

    page = client.get("/seuils/").text
    assert "90 jours puis 45 jours" in page
    assert 'type="radio"' in client.get(hours).text


def test_the_choices_of_another_organisation_do_not_show(sign_in, yann):
    other = account(OrganisationFactory(), "Autre", "autre@exemple.fr", Role.ADMINISTRATEUR)
    submit(sign_in(yann), WATCH, value_1="20", valid_from=clock.today().isoformat(), reason="Convenu", act="save")

    assert "tous les seuils" in sign_in(other).get("/seuils/").text
