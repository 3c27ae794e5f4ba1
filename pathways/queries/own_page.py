"""What somebody reads of their own pathway: steps in plain words, appointments to come, who accompanies them. Never a signal.

Also who calls them back, and which organisations read something of them today; and, for the staff, the links that are locked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

import pathways.detection.rules  # noqa: F401 -- registers every rule
from pathways import clock, db
from pathways.detection.budget import DUE_IN
from pathways.detection.rule import RULES
from pathways.models import JournalEntry, Link, LinkRole, Organisation, OwnLink, Person, User, Visibility
from pathways.queries.emergency import Essential, essential
from pathways.queries.entries import is_planned, spoke, stands
from pathways.sharing.matrix import Place, place_of
from pathways.sharing.visibility import Reader, visible_to
from pathways.workflows.dates import add_working_days

_ANSWER, _SINCE = aliased(JournalEntry), aliased(JournalEntry)

MOST = 3
MOST_LOCKED = 50
ANSWERED_WITHIN = DUE_IN[max(RULES["help_asked"].levels)]
"""Working days to answer a call for help: those of the alert it raises."""


@dataclass(frozen=True, slots=True)
class Appointment:
    """One to come, and what the person answered last."""

    on: date
    organisation: str
    phone: str | None
    answer: str | None


@dataclass(frozen=True, slots=True)
class Body:
    """The organisation that made the link, as it is named to the person. ``dpo``: whom to write to about one's data."""

    name: str
    phone: str | None
    email: str | None
    dpo: str | None


@dataclass(frozen=True, slots=True)
class Call:
    """A call for help that nobody answered yet. ``due_on``: by when somebody usually calls back."""

    on: date
    due_on: date


@dataclass(frozen=True, slots=True)
class CallBack:
    """Who calls back after a call for help: the organisation, and the first name of whom it put in charge, if anybody."""

    body: Body
    first_name: str | None
    waiting: Call | None


@dataclass(frozen=True, slots=True)
class OwnPage:
    """Everything on it."""

    who: Essential
    appointments: list[Appointment]
    call_back: CallBack


@dataclass(frozen=True, slots=True)
class WhoReads:
    """An organisation that sees the person today, and the row of the matrix it reads by. ``until``: None while it accompanies."""

    organisation: str
    place: Place
    until: date | None


@dataclass(frozen=True, slots=True)
class LockedLink:
    """A link of the reader's organisation that wrong birth dates locked."""

    person_id: int
    person: str
    name: str
    at: datetime | None


def own_page(person_id: int, organisation_id: int, today: date) -> OwnPage:
    """Read as the system, for the person themselves."""
    last = (
        sa.select(_ANSWER.payload["answer"].astext)
        .where(
            _ANSWER.person_id == JournalEntry.person_id, _ANSWER.type == "appointment_answered",
            _ANSWER.payload["for"].astext == sa.cast(JournalEntry.occurred_on, sa.Text), stands(_ANSWER),
        )
        .order_by(_ANSWER.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    with db.as_system():
        rows = db.session().execute(
            sa.select(JournalEntry.occurred_on, Organisation.name, Organisation.phone, last)
            .join(Organisation, Organisation.id == JournalEntry.organisation_id)
            .where(
                JournalEntry.person_id == person_id, is_planned(JournalEntry), JournalEntry.occurred_on >= today,
                stands(JournalEntry),
            )
            .order_by(JournalEntry.occurred_on, JournalEntry.id)
            .limit(MOST)
        ).all()
        appointments = [Appointment(*row) for row in rows]
        return OwnPage(essential(person_id, today), appointments, call_back(person_id, organisation_id, today))


def body_of(organisation_id: int) -> Body:
    """How to reach the organisation, and its data protection officer."""
    columns = (Organisation.name, Organisation.phone, Organisation.email, Organisation.dpo_contact)
    return Body(*db.session().execute(sa.select(*columns).where(Organisation.id == organisation_id)).one())


def call_back(person_id: int, organisation_id: int, today: date) -> CallBack:
    """Who answers a call for help made on a link of that organisation. Read as the system, for the person themselves."""
    named = (
        sa.select(User.name)
        .join(Link, Link.user_id == User.id)
        .where(
            Link.person_id == person_id, Link.organisation_id == organisation_id, User.active,
            sa.or_(Link.ended_on.is_(None), Link.ended_on >= today),
        )
        .order_by(Link.role != LinkRole.REFERENT, Link.started_on.desc(), Link.id)
        .limit(1)
    )
    answered = sa.exists().where(
        _SINCE.person_id == JournalEntry.person_id, _SINCE.id > JournalEntry.id, spoke(_SINCE), stands(_SINCE)
    )
    last = (
        sa.select(JournalEntry.occurred_on)
        .where(
            JournalEntry.person_id == person_id, JournalEntry.organisation_id == organisation_id,
            JournalEntry.type == "help_asked", stands(), ~answered,
        )
        .order_by(JournalEntry.id.desc())
        .limit(1)
    )
    with db.as_system():
        session = db.session()
        name, asked = session.scalar(named), session.scalar(last)
        waiting = Call(asked, add_working_days(asked, ANSWERED_WITHIN)) if asked else None
        return CallBack(body_of(organisation_id), name.split()[0] if name else None, waiting)


def who_reads(person_id: int, today: date) -> list[WhoReads]:
    """The organisations that see the person today, the referent first. Read as the system, for the person themselves."""
    holds = sa.or_(Link.ended_on.is_(None), Link.ended_on >= today)
    mine = (Link.person_id == person_id, Link.organisation_id == Organisation.id)
    leads = sa.exists().where(*mine, holds, Link.role == LinkRole.REFERENT)
    stays = sa.exists().where(*mine, holds)
    with db.as_system():
        rows = db.session().execute(
            sa.select(Organisation.name, Organisation.kind, leads, stays, Visibility.until)
            .join(Visibility, Visibility.organisation_id == Organisation.id)
            .where(Visibility.person_id == person_id, Visibility.until >= today)
            .order_by(leads.desc(), stays.desc(), Organisation.name)
        )
        return [
            WhoReads(name, place_of(kind, leads=is_lead), None if still else until)
            for name, kind, is_lead, still, until in rows
        ]


def locked_at(reader: Reader, person_id: Any) -> sa.ScalarSelect[datetime | None]:
    """When wrong birth dates locked the link of the reader's organisation; none once there is another, or it would be over."""
    mine = (OwnLink.organisation_id == reader.organisation_id, OwnLink.person_id == person_id)
    return sa.select(sa.func.max(OwnLink.locked_at)).where(*mine, *_not_replaced()).scalar_subquery()


def locked_links(reader: Reader) -> list[LockedLink]:
    """The links of the reader's organisation that are locked, the latest first."""
    rows = db.session().execute(
        sa.select(Person.id, sa.cast(Person.public_id, sa.Text), Person.family_name, Person.given_name, OwnLink.locked_at)
        .join(Person, Person.id == OwnLink.person_id)
        .where(
            OwnLink.organisation_id == reader.organisation_id, OwnLink.locked_at.is_not(None), *_not_replaced(),
            visible_to(reader, OwnLink.person_id),
        )
        .order_by(OwnLink.locked_at.desc(), OwnLink.id)
        .limit(MOST_LOCKED)
    )
    return [LockedLink(id_, public, f"{family} {given}", at) for id_, public, family, given, at in rows]



def _not_replaced() -> tuple[sa.ColumnElement[bool], ...]:
    return (OwnLink.revoked_at.is_(None), OwnLink.until > clock.now())
