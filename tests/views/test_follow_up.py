"""A follow-up on one screen, from a list, and back to the next person."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from pathways import clock
from pathways.models import Alert, JournalEntry
from tests.factories import (
    AlertFactory,
    EnrolmentFactory,
    LinkFactory,
    OrganisationFactory,
    PersonFactory,
    SignalFactory,
    days_ago,
)
from tests.scene import account
from tests.views.conftest import submit, token


@pytest.fixture
def followed(client, sign_in):
    """Somebody Claire accompanies, with an open alert about silence, and the page of their follow-up."""

    class Followed:
        def __init__(self):
            self.ml = OrganisationFactory()
            self.claire = account(self.ml, "Claire Moreau", "claire@exemple.fr")
            self.person = PersonFactory(family_name="Benali", given_name="Yanis")
            self.step = EnrolmentFactory(person=self.person, lead=self.ml)
            LinkFactory(person=self.person, organisation=self.ml, user=self.claire, enrolment_id=self.step.id)
            SignalFactory(person=self.person, enrolment_id=self.step.id, level="alert", about="x",
                          details={"since": "2026-01-02", "allowed": 45, "spoken": True})  # fmt: skip
            self.alert = AlertFactory(person=self.person, organisation=self.ml, owner=self.claire, enrolment_id=self.step.id)
            self.url = f"/personnes/{self.person.public_id}/suivi"
            self.from_list = f"{self.url}?alerte={self.alert.public_id}&retour=/a-traiter?vue%3Dtous"
            self.client = sign_in(self.claire)

        def send(self, url=None, **fields):
            usual = {"channel": "phone", "day": clock.today().isoformat(), "step": str(self.step.public_id), "outcome": ""}
            return submit(self.client, url or self.url, **(usual | fields))

    return Followed()


def entries(session, person):
    query = sa.select(JournalEntry.type, JournalEntry.occurred_on, JournalEntry.payload).order_by(JournalEntry.id)
    return [tuple(row) for row in session.execute(query.where(JournalEntry.person_id == person.id))]


@pytest.mark.parametrize(
    ("result", "event", "data"),
    [
        ("reached", "contact", {"channel": "phone"}),
        ("failed", "contact_attempt", {"channel": "phone", "result": "failed"}),
        ("seen", "appointment", {"status": "seen"}),
        ("noshow", "appointment", {"status": "noshow"}),
        ("excused", "appointment", {"status": "excused"}),
        ("revoked", "appointment", {"status": "revoked"}),
        ("to_complete", "appointment", {"status": "to_complete"}),
    ],
)
def test_each_result_is_one_entry_of_its_kind(followed, session, result, event, data):
    answer = followed.send(result=result)

    assert answer.status_code == 303, answer.text
    assert entries(session, followed.person) == [(event, clock.today(), data)]


def test_an_appointment_made_is_planned_on_its_day_and_needs_one(followed, session):
    refused = followed.send(result="booked")
    assert refused.status_code == 422
    assert "Indiquez plus bas le jour du rendez-vous pris." in refused.text

    followed.send(result="booked", next_day=days_ago(-7).isoformat(), note="Apporter le CV")

    assert entries(session, followed.person) == [("appointment", days_ago(-7), {"status": "planned", "note": "Apporter le CV"})]


def test_a_contact_and_the_next_appointment_are_noted_together(followed, session):
    followed.send(result="reached", next_day=days_ago(-7).isoformat(), note="Motivée")

    assert entries(session, followed.person) == [
        ("contact", clock.today(), {"channel": "phone", "note": "Motivée"}),
        ("appointment", days_ago(-7), {"status": "planned"}),
    ]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Choisissez ce qui s’est passé."),
        ({"result": "reached", "day": ""}, "Indiquez la date."),
        ({"result": "reached", "day": "2126-01-01"}, "La date est à venir"),
        ({"result": "reached", "next_day": "2020-01-01"}, "Un prochain rendez-vous est à venir"),
        ({"result": "failed", "channel": "office"}, "Pour une tentative, choisissez un autre canal"),
        ({"result": "reached", "step": "autre"}, "Choisissez une étape de la liste."),
    ],
)
def test_what_cannot_be_recorded_says_why_and_records_nothing(followed, session, fields, said):
    answer = followed.send(**fields)

    assert answer.status_code == 422
    assert said in answer.text
    assert entries(session, followed.person) == []


def test_the_alert_is_closed_in_the_same_gesture_with_its_own_outcome(followed, session):
    answer = followed.send(followed.from_list, result="reached", outcome="contact_reestablished", version="1")

    assert answer.status_code == 303, answer.text
    session.expire_all()
    stored = session.get(Alert, followed.alert.id)
    assert (stored.state, stored.outcome) == ("resolved", "contact_reestablished")


def test_an_alert_that_cannot_be_closed_records_nothing(followed, session):
    answer = followed.send(followed.from_list, result="reached", outcome="not_relevant", version="1", reason="")

    assert answer.status_code == 422
    assert "Indiquez un motif." in answer.text
    assert entries(session, followed.person) == []


def test_without_an_alert_nothing_is_offered_to_close(followed):
    assert "Clore l’alerte avec" not in followed.client.get(followed.url).text
    assert "Clore l’alerte avec" in followed.client.get(followed.from_list).text


def test_an_alert_closed_meanwhile_does_not_prevent_noting_the_contact(followed, session):
    put_away = "UPDATE alert SET state = 'dismissed', outcome = 'already_handled', closed_on = :on"
    session.execute(sa.text(put_away), {"on": clock.today()})

    assert followed.send(followed.from_list, result="reached").status_code == 303


def test_one_comes_back_to_the_list_at_the_next_person(followed):
    other = PersonFactory()

    answer = followed.send(f"{followed.from_list}&suivant={other.public_id}", result="reached")

    assert answer.location == f"/a-traiter?vue=tous#personne-{other.public_id}"


@pytest.mark.parametrize("address", ["https://ailleurs.example/", "//ailleurs.example", "javascript:alert(1)", "/\\ailleurs"])
def test_one_never_goes_back_to_another_site(followed, address):
    answer = followed.send(f"{followed.url}?retour={address}", result="reached")

    assert answer.location == f"/personnes/{followed.person.public_id}"


def test_undoing_takes_back_all_that_was_just_noted(followed, session):
    followed.send(result="reached", next_day=days_ago(-7).isoformat())
    page = followed.client.get(f"/personnes/{followed.person.public_id}")
    key = re.search(r'name="token" value="([^"]+)"', page.text).group(1)

    followed.client.post("/annuler/", data={"csrf_token": token(page), "token": key})

    kinds = [kind for kind, _on, _data in entries(session, followed.person)]
    assert kinds == ["contact", "appointment", "retracted", "retracted"]


def test_a_warning_of_the_body_is_answered_when_one_says_so(followed, session):
    body = OrganisationFactory(training_body=True)
    course = EnrolmentFactory(person=followed.person, lead=body, in_training=True)
    SignalFactory(person=followed.person, enrolment_id=course.id, rule="training_risk_flag", family="training_risk", about="m",
                  details={"dimension": "mobilite", "on": days_ago(2).isoformat()})  # fmt: skip

    followed.send(result="reached", resolves=["training_risk_flag"])

    assert entries(session, followed.person)[0][2] == {"channel": "phone", "resolves": ["training_risk_flag"]}


def test_the_accompaniment_one_answers_for_is_proposed_and_another_step_may_be_chosen(followed, session):
    body = OrganisationFactory(training_body=True)
    course = EnrolmentFactory(person=followed.person, lead=body, in_training=True, prescriber_id=followed.ml.id)
    page = followed.client.get(followed.url)
    offered = re.findall(r'<option[^>]*value="([0-9a-f-]{36})"', page.text)
    assert offered == [str(followed.step.public_id), str(course.public_id)]

    followed.send(result="reached", step=str(course.public_id))

    assert session.scalar(sa.select(JournalEntry.enrolment_id)) == course.id


def test_without_an_open_step_the_page_says_what_to_do(followed):
    stranger = PersonFactory()
    LinkFactory(person=stranger, organisation=followed.ml, user=followed.claire)

    assert "ouvrez-en une depuis sa fiche" in followed.client.get(f"/personnes/{stranger.public_id}/suivi").text


# after a rupture


@pytest.fixture
def broken(followed):
    """The alert is about a contract that broke."""
    SignalFactory(person=followed.person, enrolment_id=followed.step.id, rule="contract_broken", family="contract", about="r",
                  level="critical", details={"on": "2026-01-02", "reason": "ACCORD_COMMUN"})  # fmt: skip
    alert = AlertFactory(
        person=followed.person, organisation=followed.ml, owner=followed.claire, enrolment_id=followed.step.id, family="contract"
    )
    followed.url = f"{followed.url}?alerte={alert.public_id}"
    return followed


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (
            {"result": "reached", "after_rupture": "CHERCHE_CONTRAT", "themes": ["MOBILITE", "LOGEMENT"]},
            [("contact", {"channel": "phone", "result": "CHERCHE_CONTRAT", "themes": ["MOBILITE", "LOGEMENT"]})],
        ),
        (
            {"result": "failed", "after_rupture": "COORDONNEES_INCORRECTES"},
            [("contact_attempt", {"channel": "phone", "result": "failed", "after_rupture": "COORDONNEES_INCORRECTES"})],
        ),
        (
            {"result": "booked", "after_rupture": "RDV_PRIS", "next_day": "2099-03-20"},
            [("contact", {"channel": "phone", "result": "RDV_PRIS"}), ("appointment", {"status": "planned"})],
        ),
        ({"result": "reached", "after_rupture": ""}, [("contact", {"channel": "phone"})]),
    ],
)
def test_what_came_of_a_contact_after_a_rupture_is_noted_in_its_words(broken, session, sent, told):
    assert "Après la rupture" in broken.client.get(broken.url).text

    answer = broken.send(**sent)

    assert answer.status_code == 303, answer.text
    assert [(event, data) for event, _on, data in entries(session, broken.person)] == told


def test_nobody_reached_cannot_have_said_what_they_want(broken, session):
    answer = broken.send(result="failed", after_rupture="NOUVEAU_PROJET")

    assert (answer.status_code, entries(session, broken.person)) == (422, [])


def test_another_alert_asks_nothing_about_a_rupture(followed):
    assert "Après la rupture" not in followed.client.get(followed.from_list).text
