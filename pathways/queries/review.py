"""What became of the alerts of a period: how many, how fast, how often for nothing, and whose hands are full.

A fixed number of statements, whatever the team. Every number is of the alerts one filter finds, and opens their list.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from pathways import db
from pathways.models import Alert, AlertState, Enrolment, Link, Organisation, Person, RuleReview, User
from pathways.queries.steering import NOBODY
from pathways.sharing.naming import LEVEL_RANKS
from pathways.sharing.territories import communes_in
from pathways.sharing.visibility import Criterion, Reader, not_ended, visible_to
from pathways.workflows.alert_life import DISMISSALS, OUTCOMES, WORKED, Held
from pathways.workflows.dates import is_working_day

PERIODS = {"4s": 28, "13s": 91, "52s": 364}
"""Days, by the name an address gives them."""
STAGES = ("computed", "shown", "acknowledged", "acted", "resolved", "dismissed", "expired", "open", "paused", "held")
AGES = (2, 5, 10, 20)
"""Days since it was shown: the upper ends of the classes, the last one open."""
RATE_FROM = 10
"""Closings below which a share says nothing."""
IRRELEVANT = "not_relevant"


@dataclass(frozen=True, slots=True)
class ReviewFilters:
    """What the address asks for: the days on which alerts opened, and which. ``body``: public id of who runs the step;
    ``territory``: code of the one the person lives in.
    """

    first: date
    last: date
    owner: str = ""
    scheme: str = ""
    family: str = ""
    rule: str = ""
    body: str = ""
    territory: str = ""
    stage: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Times:
    """Working days to a move, for one level: median, ninth decile, and of how many alerts."""

    level: str
    acknowledged: tuple[float, float] | None
    acted: tuple[float, float] | None
    closed: tuple[float, float] | None
    n: int


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule: alerts shown, closed by somebody, found irrelevant; and its review, when it is under one."""

    rule: str
    shown: int
    closed: int
    irrelevant: int
    justified: int
    review: uuid.UUID | None

    @property
    def override(self) -> int | None:
        """Percent of what was closed that was found irrelevant; None below ``RATE_FROM``."""
        return round(100 * self.irrelevant / self.closed) if self.closed >= RATE_FROM else None


@dataclass(frozen=True, slots=True)
class LoadRow:
    """What one colleague carries. ``next_week``: due, back from a pause or released within seven days, if nobody acts."""

    owner: str
    name: str
    persons: int
    shown: int
    open: int
    late: int
    held: int
    next_week: int


@dataclass(frozen=True, slots=True)
class Review:
    """The page."""

    funnel: Mapping[str, int]
    ages: list[tuple[str, str, list[int]]]
    """(owner's public id, their name, "" for nobody; open alerts by class of age)."""
    times: list[Times]
    rules: list[RuleRow]
    load: list[LoadRow]
    moving: int
    """Persons whose record the clock alone changes within a week: at most so many new signals."""


def review(reader: Reader, filters: ReviewFilters) -> Review:
    """Everything the page shows but the ruptures."""
    session = db.session()
    row = session.execute(_funnel(reader, filters)).one()
    funnel = {stage: getattr(row, stage) for stage in STAGES}
    times = [_times(row) for row in session.execute(_durations(reader, filters))]
    rules = [RuleRow(*row) for row in session.execute(_rules(reader, filters))]
    ages = [
        (str(row[0]) if row[0] else NOBODY, row[1] or "", list(row[2:])) for row in session.execute(_ages(reader, filters))
    ]
    load = [LoadRow(str(row[0]) if row[0] else NOBODY, row[1] or "", *row[2:]) for row in session.execute(_load(reader))]
    return Review(funnel, ages, times, rules, load, session.scalar(_moving(reader)) or 0)


def bodies(reader: Reader, filters: ReviewFilters) -> list[tuple[str, str]]:
    """(public id, name) of who runs the steps the alerts of the period are about."""
    query = (
        sa.select(Organisation.public_id, Organisation.name)
        .join(Enrolment, Enrolment.operator_id == Organisation.id)
        .join(Alert, Alert.enrolment_id == Enrolment.id)
        .where(*_of_the_period(reader, filters))
        .distinct()
        .order_by(Organisation.name)
    )
    return [(str(row[0]), row[1]) for row in db.session().execute(query)]


# --- which alerts ------------------------------------------------------------------------------------------------------

_IN_STAGE: Mapping[str, Criterion] = {
    "computed": sa.true(),
    "shown": Alert.shown_on.is_not(None),
    "acknowledged": Alert.acknowledged_on.is_not(None),
    "acted": Alert.acted_on.is_not(None),
    "resolved": Alert.state == AlertState.RESOLVED,
    "dismissed": Alert.state == AlertState.DISMISSED,
    "expired": sa.and_(Alert.state == AlertState.EXPIRED, Alert.shown_on.is_not(None)),
    "open": Alert.state.in_(WORKED),
    "paused": Alert.state == AlertState.PAUSED,
    "held": sa.and_(Alert.shown_on.is_(None), Alert.state.in_((AlertState.PROPOSED, AlertState.EXPIRED))),
}


def _of_the_period(reader: Reader, filters: ReviewFilters) -> list[Criterion]:
    return [
        Alert.organisation_id == reader.organisation_id,
        Alert.opened_on.between(filters.first, filters.last),
        visible_to(reader, Alert.person_id),
    ]


def criteria(reader: Reader, filters: ReviewFilters) -> list[Criterion]:
    """The alerts the filters find; those that were there when detection began are another list's."""
    asked = [*_of_the_period(reader, filters), Alert.held_for.is_distinct_from(Held.REVIEW)]
    if filters.owner == NOBODY:
        asked.append(Alert.owner_id.is_(None))
    elif filters.owner:
        asked.append(Alert.owner_id == sa.select(User.id).where(User.public_id == uuid.UUID(filters.owner)).scalar_subquery())
    if filters.family:
        asked.append(Alert.family == filters.family)
    if filters.rule:
        asked.append(Alert.rule == filters.rule)
    if filters.scheme or filters.body:
        steps = sa.select(Enrolment.id).where(*_of_steps(filters))
        asked.append(Alert.enrolment_id.in_(steps))
    if filters.territory:
        asked.append(Alert.person_id.in_(_living_in(filters.territory, reader)))
    if filters.stage:
        asked.append(_IN_STAGE[filters.stage])
    return asked


def of_ruptures(reader: Reader, filters: ReviewFilters) -> list[Criterion]:
    """The steps whose ruptures the filters are about."""
    asked = _of_steps(filters)
    if filters.territory:
        asked.append(Enrolment.person_id.in_(_living_in(filters.territory, reader)))
    return asked


def _living_in(territory: str, reader: Reader) -> Any:
    return sa.select(Person.id).where(Person.commune.in_(communes_in(territory, reader.today)))


def _of_steps(filters: ReviewFilters) -> list[Criterion]:
    asked: list[Criterion] = []
    if filters.scheme:
        asked.append(Enrolment.scheme == filters.scheme)
    if filters.body:
        body = sa.select(Organisation.id).where(Organisation.public_id == uuid.UUID(filters.body)).scalar_subquery()
        asked.append(Enrolment.operator_id == body)
    return asked


# --- numbers -----------------------------------------------------------------------------------------------------------


def _funnel(reader: Reader, filters: ReviewFilters) -> Any:
    number = sa.func.count()
    counted = (number.filter(within).label(stage) for stage, within in _IN_STAGE.items())
    return sa.select(*counted).where(*criteria(reader, filters))


def _durations(reader: Reader, filters: ReviewFilters) -> Any:
    """Working days between the day an alert was shown and each move. The calendar is a table of one row a day."""
    day, rank = filters.first, 0
    calendar: list[tuple[date, int]] = []
    while day <= reader.today:
        calendar.append((day, rank))
        day += timedelta(days=1)
        rank += is_working_day(day)
    of = sa.func.unnest(
        sa.cast([on for on, _n in calendar], sa.ARRAY(sa.Date)), sa.cast([n for _on, n in calendar], sa.ARRAY(sa.Integer))
    )
    names = ("shown", "acknowledged", "acted", "closed")
    shown, *moves = (of.table_valued("on", "n", name=name).render_derived() for name in names)
    after = [move.c.n - shown.c.n for move in moves]
    spread = [
        sa.func.percentile_cont(share).within_group(value.asc()) for value in after for share in (0.5, 0.9)
    ]
    query = sa.select(sa.cast(Alert.level, sa.Text).label("level"), sa.func.count().label("n"), *spread).join(
        shown, shown.c.on == Alert.shown_on
    )
    by = (Alert.acknowledged_on, Alert.acted_on, Alert.closed_on)
    for move, column in zip(moves, by, strict=True):
        query = query.outerjoin(move, move.c.on == column)
    rank_of = sa.case(LEVEL_RANKS, value=sa.cast(Alert.level, sa.Text), else_=0)
    return query.where(*criteria(reader, filters)).group_by(Alert.level).order_by(rank_of.desc())


def _times(row: Any) -> Times:
    level, n, *spread = row
    acknowledged, acted, closed = (
        None if low is None else (float(low), float(high)) for low, high in zip(spread[::2], spread[1::2], strict=True)
    )
    return Times(level, acknowledged, acted, closed, n)


def _rules(reader: Reader, filters: ReviewFilters) -> Any:
    number = sa.func.count()
    under = (
        sa.select(RuleReview.public_id)
        .where(
            RuleReview.organisation_id == reader.organisation_id,
            RuleReview.rule == Alert.rule,
            RuleReview.ended_at.is_(None),
        )
        .scalar_subquery()
    )
    return (
        sa.select(
            Alert.rule,
            number.filter(Alert.shown_on.is_not(None)).label("shown"),
            number.filter(Alert.outcome.in_((*OUTCOMES, *DISMISSALS))),
            number.filter(Alert.outcome == IRRELEVANT),
            number.filter(Alert.outcome.in_(tuple(OUTCOMES))),
            under,
        )
        .where(*criteria(reader, filters), ~Alert.corrected, Alert.rule != "")
        .group_by(Alert.rule)
        .order_by(sa.desc("shown"), Alert.rule)
    )


def _ages(reader: Reader, filters: ReviewFilters) -> Any:
    age = sa.literal(reader.today) - Alert.shown_on
    ends = [None, *AGES, None]
    classes = [
        sa.func.count().filter(*([age > low] if low is not None else []), *([age <= high] if high is not None else []))
        for low, high in pairwise(ends)
    ]
    return (
        sa.select(User.public_id, User.name, *classes)
        .select_from(Alert)
        .outerjoin(User, User.id == Alert.owner_id)
        .where(*criteria(reader, filters), Alert.state.in_(WORKED))
        .group_by(User.public_id, User.name)
        .order_by(User.name.nulls_last())
    )


def _load(reader: Reader) -> Any:
    """By owner, today: the same whatever the period, since it is about the days to come."""
    week = reader.today + timedelta(days=7)
    number, working = sa.func.count(), Alert.state.in_(WORKED)
    of_alerts = (
        sa.select(
            Alert.owner_id,
            number.filter(Alert.shown_on > reader.today - timedelta(days=7)).label("shown"),
            number.filter(working).label("open"),
            number.filter(working, Alert.due_on < reader.today).label("late"),
            number.filter(Alert.state == AlertState.PROPOSED).label("held"),
            number.filter(
                sa.or_(
                    sa.and_(working, Alert.due_on <= week),
                    sa.and_(Alert.state == AlertState.PAUSED, Alert.paused_until <= week),
                    sa.and_(Alert.state == AlertState.PROPOSED, Alert.held_until <= week),
                )
            ).label("next_week"),
        )
        .where(
            Alert.organisation_id == reader.organisation_id,
            visible_to(reader, Alert.person_id),
            Alert.closed_on.is_(None),
            Alert.held_for.is_distinct_from(Held.REVIEW),
        )
        .group_by(Alert.owner_id)
        .subquery("of_alerts")
    )
    followed = (
        sa.select(Link.user_id, sa.func.count(sa.distinct(Link.person_id)).label("persons"))
        .where(Link.organisation_id == reader.organisation_id, not_ended(Link, reader))
        .group_by(Link.user_id)
        .subquery("followed")
    )
    owner = sa.func.coalesce(of_alerts.c.owner_id, followed.c.user_id)
    same = sa.func.coalesce(of_alerts.c.owner_id, 0) == sa.func.coalesce(followed.c.user_id, 0)
    numbers = [sa.func.coalesce(of_alerts.c[name], 0) for name in ("shown", "open", "late", "held", "next_week")]
    both = of_alerts.join(followed, same, full=True)
    return (
        sa.select(User.public_id, User.name, sa.func.coalesce(followed.c.persons, 0), *numbers)
        .select_from(both)
        .outerjoin(User, User.id == owner)
        .order_by(sa.desc(sa.func.coalesce(of_alerts.c.open, 0)), User.name.nulls_last())
    )


def _moving(reader: Reader) -> Any:
    return sa.select(sa.func.count()).where(
        Person.next_on <= reader.today + timedelta(days=7), Person.merged_into.is_(None), visible_to(reader, Person.id)
    )


def weeks(reader: Reader, filters: ReviewFilters) -> list[tuple[date, int]]:
    """Alerts shown by week, oldest first: what the plot draws."""
    week = sa.cast(sa.func.date_trunc("week", Alert.shown_on), sa.Date)
    query = sa.select(week, sa.func.count()).where(*criteria(reader, filters), Alert.shown_on.is_not(None))
    counted: Mapping[date, int] = {row[0]: row[1] for row in db.session().execute(query.group_by(week))}
    first = filters.first - timedelta(days=filters.first.weekday())
    mondays: Sequence[date] = [first + timedelta(days=7 * n) for n in range((filters.last - first).days // 7 + 1)]
    return [(monday, counted.get(monday, 0)) for monday in mondays]
