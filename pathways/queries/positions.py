"""Positionings: who was prescribed to the body, and waits for its answer."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pathways import db
from pathways.models import Enrolment, Link, LinkRole, Organisation, Person, User
from pathways.queries.groups import runs
from pathways.sharing.groups import Group
from pathways.sharing.visibility import Reader, readable, visible_to
from pathways.workflows.states import State

_PRESCRIBER = aliased(Organisation)
_LINK = aliased(Link)

MOST = 200
WAITING, LISTED, EXPECTED = "a-repondre", "liste-attente", "admis"
STATES = {WAITING: State.PRESCRIBED, LISTED: State.WAITLISTED, EXPECTED: State.ADMITTED}
"""What the tabs of the page show."""


@dataclass(frozen=True, slots=True)
class Position:
    """One step that waits. ``since``: the day of its state; ``prescribed_by``: who of the prescriber."""

    enrolment_id: int
    step: uuid.UUID
    person_id: int
    public_id: uuid.UUID
    family_name: str
    given_name: str
    birth_date: date | None
    commune: str | None
    phone: str | None
    scheme: str
    state: str
    since: date
    planned_start: date | None
    planned_end: date | None
    prescriber: str | None
    prescriber_phone: str | None
    prescribed_by: str | None

    def waited(self, today: date) -> int:
        return (today - self.since).days


def positions(reader: Reader, tab: str) -> list[Position]:
    """Those of a tab: who has waited longest comes first; the admitted by the day they begin."""
    order = [Enrolment.planned_start.nulls_last()] if tab == EXPECTED else [Enrolment.state_since]
    query = _positions(reader).where(Enrolment.state == STATES[tab])
    rows = db.session().execute(query.order_by(*order, Person.sort_key, Enrolment.id).limit(MOST))
    return [Position(*row) for row in rows]


def chosen(reader: Reader, steps: Iterable[uuid.UUID]) -> list[Position]:
    """These steps, of those that wait."""
    query = _positions(reader).where(Enrolment.public_id.in_(list(steps)), Enrolment.state.in_(STATES.values()))
    return [Position(*row) for row in db.session().execute(query.order_by(Person.sort_key, Enrolment.id))]


def counts(reader: Reader) -> dict[str, int]:
    """How many each tab holds."""
    rows = db.session().execute(
        sa.select(Enrolment.state, sa.func.count())
        .join(Person, Person.id == Enrolment.person_id)
        .where(*_mine(reader), Enrolment.state.in_(STATES.values()))
        .group_by(Enrolment.state)
    )
    found = {row[0]: row[1] for row in rows}
    return {tab: found.get(str(state), 0) for tab, state in STATES.items()}


def _mine(reader: Reader) -> list[Any]:
    return [
        runs(reader),
        Enrolment.closed_on.is_(None),
        Person.merged_into.is_(None),
        visible_to(reader, Enrolment.person_id),
    ]


def _positions(reader: Reader) -> sa.Select[Any]:
    by = (
        sa.select(User.name)
        .join(_LINK, _LINK.user_id == User.id)
        .where(
            _LINK.person_id == Enrolment.person_id,
            _LINK.organisation_id == Enrolment.prescriber_id,
            sa.or_(_LINK.enrolment_id == Enrolment.id, _LINK.role == LinkRole.REFERENT),
        )
        .order_by((_LINK.enrolment_id == Enrolment.id).desc().nulls_last(), _LINK.ended_on.is_(None).desc(), _LINK.id.desc())
        .limit(1)
        .correlate(Enrolment)
        .scalar_subquery()
    )
    columns = (
        Enrolment.id,
        Enrolment.public_id,
        Person.id,
        Person.public_id,
        Person.family_name,
        Person.given_name,
        Person.birth_date,
        Person.commune,
        readable(reader, Group.CONTACT, Person.phone).label("phone"),
        Enrolment.scheme,
        Enrolment.state,
        Enrolment.state_since,
        Enrolment.planned_start,
        Enrolment.planned_end,
        _PRESCRIBER.name,
        _PRESCRIBER.phone,
        by,
    )
    query = sa.select(*columns).select_from(Enrolment).join(Person, Person.id == Enrolment.person_id)
    return query.outerjoin(_PRESCRIBER, _PRESCRIBER.id == Enrolment.prescriber_id).where(*_mine(reader))
