"""A session noted for several persons at once."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.errors import Refused
from pathways.models import JournalEntry
from pathways.operations.collective import MOST, Attendance, record_session
from tests.factories import EnrolmentFactory, LinkFactory, OrganisationFactory, UserFactory


@pytest.fixture
def ml(session, frozen_clock):
    return OrganisationFactory()


def expected(ml, status="seen"):
    step = EnrolmentFactory(lead=ml)
    LinkFactory(person_id=step.person_id, person=None, organisation=ml, enrolment_id=step.id)
    return Attendance(step.person_id, step.id, status)


def note(ml, attendances, **changed):
    given = {"kind": "atelier_cv", "on": clock.today(), "organisation_id": ml.id, "user_id": UserFactory().id}
    with db.acting_for(ml.id):
        return record_session(attendances, **(given | changed))


def test_each_person_gets_one_entry_of_the_same_session(ml, session):
    noted = note(ml, [expected(ml), expected(ml, "noshow")], note="Salle B")

    rows = session.scalars(sa.select(JournalEntry.payload).where(JournalEntry.id.in_(noted.entries.values()))).all()
    assert sorted(row["status"] for row in rows) == ["noshow", "seen"]
    assert {(row["session"], tuple(row["session_ref"]), row["note"]) for row in rows} == {
        ("atelier_cv", (noted.reference,), "Salle B")
    }


def test_who_cannot_be_noted_is_told_apart_and_the_others_are_kept(ml, session):
    elsewhere, mine = expected(OrganisationFactory()), expected(ml)
    wrong = Attendance(mine.person_id + 1, mine.enrolment_id, "seen")

    noted = note(ml, [elsewhere, wrong, mine])

    assert list(noted.entries) == [mine.person_id]
    assert set(noted.refused) == {elsewhere.person_id, wrong.person_id}
    assert session.scalar(sa.select(sa.func.count()).select_from(JournalEntry)) == 1


@pytest.mark.parametrize(
    ("number", "changed", "code"),
    [(0, {}, "session_size"), (MOST + 1, {}, "session_size"), (1, {"kind": "apéritif"}, "unknown_session")],
)
def test_a_session_of_nobody_of_too_many_or_of_no_known_kind_is_refused(ml, number, changed, code):
    with pytest.raises(Refused) as refused:
        note(ml, [Attendance(person, 1, "seen") for person in range(1, number + 1)], **changed)

    assert refused.value.codes == (code,)
