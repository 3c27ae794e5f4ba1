"""Appointments one had planned and has not said anything of since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pathways import db
from pathways.models import Enrolment, JournalEntry, Link, Person
from pathways.queries.entries import is_planned, stands
from pathways.sharing.visibility import Reader, not_ended, visible_to

_LINK = aliased(Link)
_ANSWER = aliased(JournalEntry)

MOST = 10
"""How many are shown; the others are counted."""
LOOKS_BACK = timedelta(days=60)
"""Older than that, an appointment without result is history rather than this morning's work."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A planned appointment whose day has passed without result. ``entry``: the planned one."""

    entry: int
    on: date
    person_id: int
    person: str
    family_name: str
    given_name: str
    scheme: str


def unanswered_appointments(reader: Reader) -> tuple[list[Unanswered], int]:
    """The latest appointments of mine, or of the persons I am named for, that wait for a result; and how many there are."""
    rows = db.session().execute(_waiting(reader)).all()
    shown = [
        Unanswered(row.id, row.occurred_on, row.person_id, str(row.public_id), row.family_name, row.given_name, row.scheme)
        for row in rows[:MOST]
    ]
    return shown, rows[0].waiting if rows else 0


def planned_appointment(entry_id: int, person_id: int, reader: Reader) -> tuple[date, int | None] | None:
    """The day and the step of an appointment my organisation planned with that person; None when it is not one."""
    row = (
        db.session()
        .execute(
            sa.select(JournalEntry.occurred_on, JournalEntry.enrolment_id).where(
                JournalEntry.id == entry_id,
                JournalEntry.person_id == person_id,
                JournalEntry.organisation_id == reader.organisation_id,
                visible_to(reader, JournalEntry.person_id),
                is_planned(JournalEntry),
            )
        )
        .first()
    )
    return (row[0], row[1]) if row else None


def _waiting(reader: Reader) -> Any:
    answered = sa.exists().where(
        _ANSWER.person_id == JournalEntry.person_id,
        _ANSWER.occurred_on == JournalEntry.occurred_on,
        _ANSWER.enrolment_id == JournalEntry.enrolment_id,
        _ANSWER.organisation_id == JournalEntry.organisation_id,
        _ANSWER.type == "appointment",
        sa.not_(is_planned(_ANSWER)),
        stands(_ANSWER),
    )
    mine = sa.select(_LINK.person_id).where(
        _LINK.organisation_id == reader.organisation_id, _LINK.user_id == reader.user_id, not_ended(_LINK, reader)
    )
    return (
        sa.select(
            JournalEntry.id,
            JournalEntry.occurred_on,
            JournalEntry.person_id,
            Person.public_id,
            Person.family_name,
            Person.given_name,
            Enrolment.scheme,
            sa.func.count().over().label("waiting"),
        )
        .join(Person, Person.id == JournalEntry.person_id)
        .join(Enrolment, Enrolment.id == JournalEntry.enrolment_id)
        .where(
            JournalEntry.person_id.in_(mine),
            JournalEntry.organisation_id == reader.organisation_id,
            visible_to(reader, JournalEntry.person_id),
            Person.merged_into.is_(None),
            JournalEntry.occurred_on < reader.today,
            JournalEntry.occurred_on >= reader.today - LOOKS_BACK,
            is_planned(JournalEntry),
            stands(JournalEntry),
            ~answered,
        )
        .order_by(JournalEntry.occurred_on.desc(), JournalEntry.id.desc())
        .limit(MOST)
    )
