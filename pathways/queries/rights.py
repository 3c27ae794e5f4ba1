"""What was told to the person, what they asked for, and what waits for an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from pathways import db
from pathways.models import InformationGiven, JournalEntry, Organisation, Person, RightsRequest
from pathways.queries.entries import stands
from pathways.sharing.information import VERSION
from pathways.sharing.visibility import Reader, visible_to
from pathways.workflows.dates import add_months

PAGE = 200


@dataclass(frozen=True, slots=True)
class Information:
    """The last sheet given by the reader's organisation. ``is_current``: in the version in force."""

    given_on: date
    version: str
    easy: bool
    channel: str

    @property
    def is_current(self) -> bool:
        return self.version == VERSION


@dataclass(frozen=True, slots=True)
class Request:
    """A request, and by when it has to be answered. ``said`` and ``answer`` for the organisation that received it alone."""

    public_id: str
    person: str
    name: str
    kind: str
    said: str
    received_on: date
    due_on: date
    organisation: str
    own: bool
    granted: bool | None
    answered_on: date | None
    answer: str
    person_id: int


def information_given(person_id: int, reader: Reader) -> Information | None:
    row = db.session().execute(
        sa.select(InformationGiven.given_on, InformationGiven.version, InformationGiven.easy, InformationGiven.channel)
        .where(
            InformationGiven.person_id == person_id, InformationGiven.organisation_id == reader.organisation_id,
            visible_to(reader, InformationGiven.person_id),
        )
        .order_by(InformationGiven.given_on.desc(), InformationGiven.id.desc())
        .limit(1)
    ).first()
    return Information(row.given_on, row.version, row.easy, row.channel.value) if row else None


def requests_of(person_id: int, reader: Reader) -> list[Request]:
    """Every request of that person, the waiting ones first."""
    return _requests(reader, RightsRequest.person_id == person_id)


def waiting_requests(reader: Reader) -> list[Request]:
    """What the reader's organisation has to answer, the most pressing first."""
    return _requests(reader, RightsRequest.organisation_id == reader.organisation_id, RightsRequest.answered_on.is_(None))


def objects(person_id: int, reader: Reader) -> date | None:
    """Since when the person objects to automatic signals; None when they do not."""
    last = (
        sa.select(JournalEntry.type, JournalEntry.occurred_on)
        .where(
            JournalEntry.person_id == person_id, JournalEntry.type.in_(("objection_stated", "objection_withdrawn")), stands(),
            visible_to(reader, JournalEntry.person_id),
        )
        .order_by(JournalEntry.occurred_on.desc(), JournalEntry.id.desc())
        .limit(1)
    )
    row = db.session().execute(last).first()
    return row.occurred_on if row and row.type == "objection_stated" else None


def _requests(reader: Reader, *asked: Any) -> list[Request]:
    own = RightsRequest.organisation_id == reader.organisation_id
    rows = db.session().execute(
        sa.select(
            RightsRequest, Person.public_id.label("person"), Person.family_name, Person.given_name, Organisation.name,
            own.label("own"),
        )
        .join(Person, Person.id == RightsRequest.person_id)
        .join(Organisation, Organisation.id == RightsRequest.organisation_id)
        .where(visible_to(reader, RightsRequest.person_id), *asked)
        .order_by(RightsRequest.answered_on.is_not(None), RightsRequest.received_on, RightsRequest.id)
        .limit(PAGE)
    )
    return [
        Request(
            str(asked.public_id), str(row.person), f"{row.family_name} {row.given_name}", asked.kind.value,
            asked.said if row.own else "", asked.received_on, add_months(asked.received_on, 1), row.name, row.own,
            asked.granted, asked.answered_on, asked.answer if row.own else "", asked.person_id,
        )
        for row in rows
        for asked in [row.RightsRequest]
    ]
