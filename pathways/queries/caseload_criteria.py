"""What the lists of persons can be asked, each question as a criterion on the person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import aliased

from pathways.models import Enrolment, JournalEntry, Link, Organisation, Person, User
from pathways.models.person import fold
from pathways.queries.entries import is_act, is_planned, spoke, stands
from pathways.sharing.groups import Group
from pathways.sharing.territories import communes_in
from pathways.sharing.visibility import Criterion, Reader, not_ended, readable, steps_visible_to
from pathways.workflows.dates import MAJORITY, add_months
from pathways.workflows.schemes import SCHEMES

_LINK = aliased(Link)
_STEP, _FOUND = aliased(Enrolment), aliased(Enrolment)

MINE, TEAM = "mine", "team"
BY_URGENCY, BY_NAME, BY_LAST_CONTACT, BY_NEXT_DATE = "urgency", "name", "contact", "date"
RUNNING, WAITING, OVER = "en-cours", "en-attente", "termine"
GROUPS = (RUNNING, WAITING, OVER)
"""States of a step by what they mean for the person; the others are the states themselves."""
NEVER, FAR = date(1, 1, 1), date(9999, 12, 31)
"""What stands for no contact yet, and for no date to come, in an order."""
HORIZON = timedelta(days=183)
"""Further away, a date is no reason to open a record today."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address of the page asks for. ``level``: of the worst signal. ``at``: the cursor of the page.

    ``referent`` and ``operator``: public ids of a colleague and of an organisation; ``territory``: its code. ``idle``: days
    without action; ``soon``: days within which a date is to come. Empty, 0 or False: not asked.
    """

    scope: str = MINE
    search: str = ""
    level: str = ""
    order: str = BY_URGENCY
    scheme: str = ""
    state: str = ""
    referent: str = ""
    operator: str = ""
    idle: int = 0
    soon: int = 0
    no_appointment: bool = False
    disabled: bool = False
    minor: bool = False
    territory: str = ""
    at: str = ""


def criteria(reader: Reader, filters: Filters) -> Iterator[Criterion]:
    """Everything the filters ask of a person, but for the scope and the level."""
    for word in fold(filters.search).split():
        yield Person.search_key.contains(word, autoescape=True)
    if filters.scheme or filters.state:
        yield _in_a_step(reader, filters)
    if filters.referent:
        yield _followed_by(reader, filters.referent)
    if filters.operator:
        yield _run_by(reader, filters.operator)
    if filters.idle:
        since = reader.today - timedelta(days=filters.idle)
        yield ~_entry(reader, is_act, JournalEntry.occurred_on > since, JournalEntry.occurred_on <= reader.today)
    if filters.soon:
        yield _expects(reader, reader.today + timedelta(days=filters.soon))
    if filters.no_appointment:
        yield ~_entry(reader, is_planned, JournalEntry.occurred_on >= reader.today)
    yield from _of_the_identity(reader, filters)


def _of_the_identity(reader: Reader, filters: Filters) -> Iterator[Criterion]:
    if filters.disabled and reader.accompanies:
        yield readable(reader, Group.HEALTH, Person.rqth_until) >= reader.today
    if filters.minor:
        yield Person.birth_date > add_months(reader.today, -12 * MAJORITY)
    if filters.territory:
        yield Person.commune.in_(communes_in(filters.territory, reader.today))


def mine(reader: Reader, person_id: Any) -> Criterion:
    """I am named in a link of my organisation with the person that holds today; those it ended for stay in the team's list."""
    if reader.user_id is None:
        return sa.false()
    return sa.exists().where(
        _LINK.person_id == person_id,
        _LINK.user_id == reader.user_id,
        _LINK.organisation_id == reader.organisation_id,
        not_ended(_LINK, reader),
    )


def own_or_any(reader: Reader, entry: Any = JournalEntry) -> Criterion:
    """Bodies that accompany read everybody's contacts; the others their own."""
    return sa.true() if reader.accompanies else entry.organisation_id == reader.organisation_id


def last_contact(reader: Reader) -> sa.ScalarSelect[Any]:
    """The day of the last two-way contact with the person."""
    return (
        sa.select(JournalEntry.occurred_on)
        .where(
            JournalEntry.person_id == Person.id,
            own_or_any(reader),
            spoke(JournalEntry),
            stands(),
            JournalEntry.occurred_on <= reader.today,
        )
        .order_by(JournalEntry.occurred_on.desc())
        .limit(1)
        .scalar_subquery()
    )


def next_appointment(reader: Reader) -> sa.ScalarSelect[Any]:
    """The day of the next planned appointment."""
    return (
        sa.select(sa.func.min(JournalEntry.occurred_on))
        .where(
            JournalEntry.person_id == Person.id,
            own_or_any(reader),
            is_planned(JournalEntry),
            stands(),
            JournalEntry.occurred_on >= reader.today,
        )
        .scalar_subquery()
    )


def next_date(reader: Reader) -> sa.ColumnElement[Any]:
    """The next day that matters: a date of an open step within the horizon, or an appointment."""
    dates = array([_STEP.planned_start, _STEP.planned_end, _STEP.cap_on])
    of_steps = (
        sa.select(sa.func.unnest(dates).label("day"))
        .where(_STEP.person_id == Person.id, _STEP.closed_on.is_(None), steps_visible_to(reader, _STEP))
        .correlate(Person)
        .subquery("days")
    )
    soonest = sa.select(sa.func.min(of_steps.c.day)).where(of_steps.c.day.between(reader.today, reader.today + HORIZON))
    return sa.func.least(soonest.scalar_subquery(), next_appointment(reader))


def _in_a_step(reader: Reader, filters: Filters) -> Criterion:
    """A step in that scheme and in that state; without a state, an open one."""

    def step(*more: Any) -> Criterion:
        wanted = [criterion(_FOUND) for criterion in more]
        if filters.scheme:
            wanted.append(_FOUND.scheme == filters.scheme)
        return sa.exists().where(_FOUND.person_id == Person.id, steps_visible_to(reader, _FOUND), *wanted)

    def is_open(found: Any) -> Criterion:
        closed: Criterion = found.closed_on.is_(None)
        return closed

    if not filters.state:
        return step(is_open)
    if filters.state == RUNNING:
        return step(is_open, _running)
    if filters.state == WAITING:
        return step(is_open, lambda found: sa.not_(_running(found)))
    if filters.state == OVER:
        return sa.and_(step(lambda found: found.closed_on.is_not(None)), ~step(is_open))
    return step(lambda found: found.state == filters.state)


def _running(step: Any) -> Criterion:
    """The person is in the step, in the sense of its family."""
    families = {scheme.family.code: scheme.family for scheme in SCHEMES.values()}
    return sa.or_(
        *(
            sa.and_(
                step.scheme.in_([code for code, scheme in SCHEMES.items() if scheme.family is family]),
                step.state.in_([str(state) for state in family.active]),
            )
            for family in families.values()
            if family.active
        )
    )


def _followed_by(reader: Reader, referent: str) -> Criterion:
    user = sa.select(User.id).where(User.public_id == referent).scalar_subquery()
    return sa.exists().where(
        _LINK.person_id == Person.id,
        _LINK.organisation_id == reader.organisation_id,
        _LINK.user_id == user,
        not_ended(_LINK, reader),
    )


def _run_by(reader: Reader, operator: str) -> Criterion:
    """An open step is led or run by that organisation."""
    organisation = sa.select(Organisation.id).where(Organisation.public_id == operator).scalar_subquery()
    return sa.exists().where(
        _STEP.person_id == Person.id,
        _STEP.closed_on.is_(None),
        sa.or_(_STEP.lead_organisation_id == organisation, _STEP.operator_id == organisation),
        steps_visible_to(reader, _STEP),
    )


def _expects(reader: Reader, until: date) -> Criterion:
    dates = (_STEP.planned_start, _STEP.planned_end, _STEP.cap_on)
    of_a_step = sa.exists().where(
        _STEP.person_id == Person.id,
        _STEP.closed_on.is_(None),
        sa.or_(*(day.between(reader.today, until) for day in dates)),
        steps_visible_to(reader, _STEP),
    )
    return sa.or_(of_a_step, _entry(reader, is_planned, JournalEntry.occurred_on.between(reader.today, until)))


def _entry(reader: Reader, kind: Any, *more: Criterion) -> Criterion:
    return sa.exists().where(JournalEntry.person_id == Person.id, own_or_any(reader), kind(JournalEntry), stands(), *more)
