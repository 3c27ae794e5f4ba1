"""The page of the schemes open to somebody: who may read it, what it says, what one may answer there."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from pathways import db
from pathways.cli.eligible import command
from pathways.models import Disclosure, Enrolment, JournalEntry, Role
from tests.factories import LinkFactory, OrganisationFactory
from tests.scene import account, build
from tests.views.conftest import submit


def page_of(scene, name="Ibrahima"):
    return f"/personnes/{scene.persons[name].public_id}/dispositifs-possibles/"


def stated():
    query = sa.select(JournalEntry.payload).where(JournalEntry.type == "condition_stated").order_by(JournalEntry.id)
    return [row["condition"] for row in db.session().scalars(query)]


@pytest.fixture
def scene(client, frozen_clock):
    return build("Ibrahima", "Yanis")


@pytest.fixture
def page(scene, sign_in):
    return sign_in(scene.counsellor).get(page_of(scene))


def test_it_says_what_is_open_what_is_to_check_and_what_is_closed_with_why(page):
    assert page.status_code == 200
    assert "Ouverts" in page.text
    assert "À vérifier" in page.text
    assert "Garantie jeunes n’accepte plus d’entrées depuis le 28" in page.text
    assert "Proposez plutôt CEJ" in page.text
    text = page.text.replace("\u00a0", " ").replace("\u202f", " ")
    assert "Ne se tiennent pas avec PACEA, en cours depuis le 17 décembre 2025" in text
    assert "<li>CEJ" in page.text
    assert "PACEA est déjà ouvert depuis le" in page.text


def test_the_rules_of_another_day_may_be_asked_for(scene, sign_in):
    text = sign_in(scene.counsellor).get(page_of(scene) + "?jour=2020-01-06").text

    assert "règles du\xa06\xa0janvier\xa02020" in text
    assert "CEJ n’existe qu’à partir du" in text
    assert "Enregistrer les réponses" not in text, "answers are given about today"


def test_a_day_that_does_not_exist_is_said_and_today_is_shown(scene, sign_in):
    text = sign_in(scene.counsellor).get(page_of(scene) + "?jour=2020-13-06").text

    assert "Cette date n’existe pas" in text


def test_an_answer_moves_a_scheme_and_can_be_taken_back(scene, sign_in):
    client = sign_in(scene.counsellor)
    before = client.get(page_of(scene)).text

    answer = submit(client, page_of(scene), **{"condition-economic_redundancy": "non", "condition-job_seeker": "oui"})
    after = client.get(page_of(scene))

    assert answer.status_code == 303
    assert "2 réponses enregistrées." in after.text
    assert "Licenciement économique » " not in before
    assert re.search(r"CSP</strong>.*Licenciement économique", after.text, flags=re.DOTALL)
    assert sorted(stated()) == ["economic_redundancy", "job_seeker"]
    token = re.search(r'name="token" value="([^"]+)"', after.text)[1]
    form_token = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', after.text)[-1]
    client.post("/annuler/", data={"token": token, "csrf_token": form_token})
    assert "Déjà répondu" not in client.get(page_of(scene)).text


def test_an_answer_that_is_none_is_refused_and_nothing_is_written(scene, sign_in):
    answer = submit(sign_in(scene.counsellor), page_of(scene), **{"condition-economic_redundancy": "peut-être"})

    assert answer.status_code == 422
    assert stated() == []


def test_a_training_body_may_not_ask(scene, sign_in):
    assert sign_in(scene.trainer).get(page_of(scene, "Yanis")).status_code == 403


def test_somebody_one_does_not_accompany_is_not_found(scene, sign_in):
    stranger = account(OrganisationFactory(town="Autre mission"), "Zoé Autre", "zoe@exemple.fr", Role.CONSEILLER)

    assert sign_in(stranger).get(page_of(scene)).status_code == 404


def test_what_another_organisation_said_of_health_or_of_the_social_situation_is_not_read_here(scene, sign_in):
    france_travail = OrganisationFactory(france_travail=True, town="France Travail Rezé")
    adviser = account(france_travail, "Paul Roche", "paul.roche@exemple.fr")
    LinkFactory(person=scene.persons["Ibrahima"], organisation=france_travail, user=adviser, role="co_referent")
    submit(sign_in(scene.counsellor), page_of(scene),
           **{"condition-fit_for_work": "non", "condition-hard_access_to_durable_job": "non", "condition-student": "oui"})

    text = sign_in(adviser).get(page_of(scene)).text

    assert "Apte au travail » : <strong>" not in text
    assert "Déjà répondu" not in text


def test_the_look_is_logged(page):
    assert page.status_code == 200
    seen = db.session().scalars(sa.select(Disclosure.what)).all()
    assert "eligibility.show" in seen


def test_the_number_of_queries_does_not_grow_with_the_steps(scene, sign_in, counting):
    client = sign_in(scene.counsellor)
    with counting() as few:
        client.get(page_of(scene, "Ibrahima"))
    with counting() as many:
        client.get(page_of(scene, "Yanis"))

    assert len(many) == len(few)


# --- the command -----------------------------------------------------------------------------------------------------------


def ask(*arguments):
    return CliRunner().invoke(command, list(arguments), catch_exceptions=False)


def test_somebody_described_in_words_gets_the_same_answers():
    told = ask("--born", "1999-01-01", "--lacks", "economic_redundancy", "--on", "2026-03-02").output

    assert "Il faut avoir moins de 26 ans" in told
    assert "Une condition d’entrée n’est pas remplie" in told
    assert "Licenciement économique" in told
    assert "À demander" in told


def test_an_unknown_condition_is_named_with_what_to_do():
    answer = ask("--born", "1999-01-01", "--holds", "tall")

    assert answer.exit_code == 2
    assert "tall" in answer.output
    assert "--list" in answer.output


def test_nobody_named_is_said():
    assert ask().exit_code == 2


# --- on the forms --------------------------------------------------------------------------------------------------------


def test_the_form_that_opens_a_scheme_says_what_is_still_to_check_and_what_it_is_held_with(scene, sign_in):
    person = scene.persons["Ibrahima"].public_id
    text = sign_in(scene.counsellor).get(f"/personnes/{person}/declarer/work_contract_signed?dispositif=APPRENTISSAGE").text

    assert "Gardez-le ouvert le temps de la période d’essai" in text
    text = sign_in(scene.counsellor).get(f"/personnes/{person}/declarer/orientation_notified?dispositif=CE_FT").text
    assert "« Être inscrit à France Travail »" in text


def test_a_prolongation_offers_the_ways_its_rules_know(scene, sign_in):
    person, step = scene.persons["Ibrahima"], scene.steps["Ibrahima", "PACEA"]
    public = db.session().scalar(sa.select(Enrolment.public_id).where(Enrolment.id == step))

    text = sign_in(scene.counsellor).get(f"/personnes/{person.public_id}/declarer/prolongation_granted?etape={public}").text

    assert "Dans la limite de 24 mois consécutifs" in text
