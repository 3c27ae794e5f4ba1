"""« Annuler » beside the word that something was recorded: by whoever recorded it, ten minutes long."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.models import JournalEntry, Role
from pathways.operations.recording import record_event
from pathways.views.undo import _serializer
from tests.factories import LinkFactory, OrganisationFactory, PersonFactory
from tests.scene import account
from tests.views.conftest import token


@pytest.fixture
def recorded(app, client, sign_in, frozen_clock):
    """A counsellor who has just recorded two contacts."""

    class Recorded:
        def __init__(self):
            self.ml = OrganisationFactory()
            self.claire = account(self.ml, "Claire Moreau", "claire@exemple.fr")
            self.client = sign_in(self.claire)
            self.entries = []
            for _ in range(2):
                person = PersonFactory()
                LinkFactory(person=person, organisation=self.ml, user=self.claire)
                with db.atomic():
                    self.entries.append(
                        record_event(
                            person_id=person.id,
                            type="identity_stated",
                            occurred_on=clock.today(),
                            data={"given_name": "Yanis"},
                            organisation_id=self.ml.id,
                            user_id=self.claire.id,
                        )
                    )
            self.at = clock.now().timestamp()

        def ask(self, **changed):
            by = [self.ml.id, self.claire.id]
            asked = {"entries": self.entries, "alert": None, "by": by, "back": "/accompagnements", "at": self.at}
            with app.test_request_context():
                signed = _serializer().dumps(asked | changed)
            page = self.client.get("/accompagnements")
            return self.client.post("/annuler/", data={"csrf_token": token(page), "token": signed})

    return Recorded()


def taken_back(session, entries):
    return session.scalar(sa.select(sa.func.count()).where(JournalEntry.retracts.in_(entries)))


def test_everything_of_one_gesture_is_taken_back_at_once(recorded, session):
    answer = recorded.ask()

    assert (answer.status_code, answer.location) == (303, "/accompagnements")
    assert taken_back(session, recorded.entries) == 2
    assert "2 saisies annulées" in recorded.client.get("/accompagnements").text


def test_asking_twice_takes_back_once(recorded, session):
    recorded.ask()
    recorded.ask()

    assert taken_back(session, recorded.entries) == 2


def test_after_ten_minutes_one_is_sent_to_the_record(recorded, session, frozen_clock):
    frozen_clock.advance(minutes=11)

    recorded.ask()

    assert taken_back(session, recorded.entries) == 0
    assert "trop tard" in recorded.client.get("/accompagnements").text


def test_somebody_elses_gesture_is_refused(recorded, session):
    recorded.ask(by=[recorded.ml.id, recorded.claire.id + 1])

    assert taken_back(session, recorded.entries) == 0


def test_an_invented_token_changes_nothing(recorded, session):
    page = recorded.client.get("/accompagnements")

    answer = recorded.client.post("/annuler/", data={"csrf_token": token(page), "token": "invented"})

    assert answer.status_code == 303
    assert taken_back(session, recorded.entries) == 0


def test_a_role_that_may_not_retract_may_not_undo(client, sign_in):
    administrator = account(OrganisationFactory(), "Yann", "yann@exemple.fr", Role.ADMINISTRATEUR)
    sign_in(administrator)

    answer = client.post("/annuler/", data={"csrf_token": token(client.get("/membres/"))})

    assert answer.status_code == 403
