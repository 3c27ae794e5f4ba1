"""Two organisations contradict each other: seen side by side, asked about, answered, and settled."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.models import Enrolment, JournalEntry, LinkRole, Role, Signal
from pathways.operations.recording import record_event
from tests.factories import LinkFactory, OrganisationFactory, days_ago
from tests.scene import Scene, Told, account
from tests.views.conftest import submit, token

VISA = "PRF_VISA_METIERS"


@pytest.fixture
def scene(client):
    ml = OrganisationFactory(town="Mission locale de Nantes")
    body = OrganisationFactory(training_body=True, town="Formation et Avenir")
    return Scene(
        ml,
        body,
        account(ml, "Claire Moreau", "claire@exemple.fr"),
        account(body, "Karim Benali", "karim@exemple.fr", Role.FORMATEUR_REFERENT),
    )


@pytest.fixture
def yanis(scene):
    """The mission locale cancelled a course in which the body declares that he is present."""
    told = Told(scene, "Yanis", "Benali", date(2005, 9, 14), sex="M").pacea(100).training(VISA, 20)
    record_event(
        person_id=told.person.id,
        type="cancelled",
        occurred_on=days_ago(5),
        data={"reason": "PROJET_CHANGE"},
        organisation_id=scene.ml.id,
        enrolment_id=scene.steps["Yanis", VISA],
    )
    return told


def discordance():
    """The open one: its id and the day it showed."""
    open_one = sa.select(Signal.id, Signal.shown_on).where(Signal.rule == "discordance", Signal.closed_on.is_(None))
    return db.session().execute(open_one).first()


def address(told, signal) -> str:
    return f"/personnes/{told.person.public_id}/discordances/{signal.id}"


def entry(kind: str) -> int:
    newest = sa.select(JournalEntry.id).where(JournalEntry.type == kind).order_by(JournalEntry.id.desc())
    return db.session().scalars(newest).first()


def page_of(client, told) -> str:
    return client.get(f"/personnes/{told.person.public_id}").text


def test_both_declarations_stand_side_by_side_with_who_and_when(scene, yanis, sign_in):
    client = sign_in(scene.counsellor)
    url = address(yanis, discordance())
    assert url in page_of(client, yanis)

    text = client.get(url).text

    for said in ("Annulation", "Entrée en formation", "Formation et Avenir", "Mission locale de Nantes", "Changement de projet"):
        assert said in text, said
    assert "Corriger ma saisie" in text
    assert "Demander à Formation et Avenir de vérifier" in text.replace("\u00a0", " ")


def test_keeping_both_closes_the_signal_moves_nothing_and_tells_the_other_how(scene, yanis, sign_in):
    client, found = sign_in(scene.counsellor), discordance()
    before = db.session().get(Enrolment, yanis.scene.steps["Yanis", VISA]).state

    answer = submit(client, address(yanis, found), reason="verifie_organisme", note="Il y est bien.")

    assert answer.status_code == 303, answer.text
    assert discordance() is None
    assert db.session().get(Enrolment, yanis.scene.steps["Yanis", VISA]).state == before
    assert client.get(address(yanis, found)).status_code == 404
    theirs = page_of(sign_in(scene.trainer), yanis)
    assert "Mission locale de Nantes a réglé une discordance" in theirs
    assert "Vérifié avec l’autre organisme" in theirs
    assert "Il y est bien." not in theirs


def test_a_reason_is_needed_to_keep_both(scene, yanis, sign_in):
    answer = submit(sign_in(scene.counsellor), address(yanis, discordance()), note="")

    assert answer.status_code == 422
    assert "Choisissez un motif." in answer.text
    assert discordance() is not None


def test_the_other_organisation_is_asked_and_says_that_its_entry_is_right(scene, yanis, sign_in):
    client, found = sign_in(scene.counsellor), discordance()
    assert submit(client, address(yanis, found), entry=entry("entered"), doubt="date").status_code == 303
    assert "sans réponse pour l’instant" in client.get(address(yanis, found)).text

    client = sign_in(scene.trainer)
    page = client.get(f"/personnes/{yanis.person.public_id}")
    assert "Mission locale de Nantes demande de vérifier une saisie" in page.text
    confirm = f"/personnes/{yanis.person.public_id}/saisies/{entry('entered')}/confirmer"
    assert client.post(confirm, data={"csrf_token": token(page)}).status_code == 303
    assert "demande de vérifier une saisie" not in page_of(client, yanis)

    assert "Saisie confirmée par l’organisme le" in sign_in(scene.counsellor).get(address(yanis, found)).text


def test_a_request_ends_when_the_entry_is_taken_back(scene, yanis, sign_in):
    client = sign_in(scene.counsellor)
    submit(client, address(yanis, discordance()), entry=entry("entered"), doubt="date")
    yanis.tell(0, "risk_flag", {"dimension": "sante", "level": 1}, step=VISA, by=scene.body)
    client = sign_in(scene.trainer)
    url = f"/personnes/{yanis.person.public_id}/saisies/{entry('entered')}/annuler"
    page = client.get(url)
    version = page.text.split('name="version" value="')[1].split('"')[0]

    assert client.post(url, data={"csrf_token": token(page), "version": version, "reason": "doublon"}).status_code == 303

    assert "demande de vérifier une saisie" not in page_of(client, yanis)


def test_an_entry_of_another_discordance_is_not_asked_about(scene, yanis, sign_in):
    answer = submit(sign_in(scene.counsellor), address(yanis, discordance()), entry=entry("contact") or 1, doubt="date")

    assert answer.status_code == 404


def test_a_body_that_follows_no_accompaniment_settles_nothing(scene, yanis, sign_in):
    answer = submit(sign_in(scene.trainer), address(yanis, discordance()), reason="les_deux_exactes")

    assert answer.status_code == 422
    assert discordance() is not None


def test_another_signal_or_anothers_person_is_not_found(scene, yanis, sign_in):
    stranger = OrganisationFactory()
    LinkFactory(organisation=stranger, role=LinkRole.REFERENT)
    found = discordance()

    assert sign_in(account(stranger, "Ali", "ali@exemple.fr")).get(address(yanis, found)).status_code == 404
    assert sign_in(scene.counsellor).get(f"/personnes/{yanis.person.public_id}/discordances/0").status_code == 404


def test_an_answer_that_nobody_waits_for_is_not_recorded(scene, yanis, sign_in):
    client = sign_in(scene.trainer)
    page = client.get(f"/personnes/{yanis.person.public_id}")
    before = db.session().scalar(sa.select(sa.func.count(JournalEntry.id)))

    client.post(
        f"/personnes/{yanis.person.public_id}/saisies/{entry('entered')}/confirmer", data={"csrf_token": token(page)}
    )

    assert "Personne ne demande de vérifier cette saisie" in page_of(client, yanis)
    assert db.session().scalar(sa.select(sa.func.count(JournalEntry.id))) == before
    assert clock.today() >= found_on()


def found_on() -> date:
    return discordance().shown_on
