"""What asks to be dealt with today: open alerts by person, in order of urgency, with whom to call and what they rest on.

The number of queries does not depend on how many persons there are.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from pathways import db
from pathways.models import Alert, Person, User
from pathways.models.person import fold
from pathways.queries.absences import away, stood_in_for
from pathways.queries.paging import Key, asked_backwards, ordering, page, paged, read_day
from pathways.queries.signals import SignalRow, open_signals
from pathways.queries.steps import StepRow, steps_of
from pathways.queries.whom_to_call import NOBODY, Fact, Partner, Partners, facts_of, partners_of
from pathways.sharing.groups import Group
from pathways.sharing.naming import LEVEL_RANKS
from pathways.sharing.visibility import Criterion, Reader, readable, visible_to
from pathways.workflows.alert_life import WORKED, Held

PAGE = 25
MINE, UNOWNED, ALL, LATER = "mine", "unowned", "all", "later"
"""Whose alerts: mine or those I answer for; the team's; everybody's; and mine that wait, held back or in pause."""
NO_DUE_DATE = date(9999, 12, 31)
TOLD_TO_THE_TEAM = 2


@dataclass(frozen=True, slots=True)
class WorkFilters:
    """What the address asks for: whose alerts, a name, the cursor of the page."""

    scope: str = MINE
    search: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """One open alert of a person: its reasons, the facts they rest on, and whom to call about it."""

    public_id: uuid.UUID
    family: str
    level: str
    opened_on: date
    due_on: date | None
    version: int
    owner_id: int | None
    owner: str | None
    state: str
    said: bool
    """Somebody raised it by hand."""
    waits: str | None
    """Why it was held back; None for what was shown."""
    waits_until: date | None
    signals: list[SignalRow]
    evidence: list[Fact]
    step: StepRow | None
    partner: Partner | None
    fresh_on: date | None
    """Last day the partner recorded something on the step."""


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One person, and everything that is asked about them."""

    id: int
    public_id: str
    family_name: str
    given_name: str
    birth_date: date | None
    commune: str | None
    phone: str | None
    step: StepRow | None
    alerts: list[Asked]

    @property
    def level(self) -> str:
        return max((alert.level for alert in self.alerts), key=lambda level: LEVEL_RANKS[level])

    @property
    def due_on(self) -> date | None:
        return min((alert.due_on for alert in self.alerts if alert.due_on), default=None)


@dataclass(frozen=True, slots=True)
class Worklist:
    """One page. ``counts``: persons by whose alerts they have; ``total``: persons the filters find."""

    rows: list[WorkRow]
    counts: Mapping[str, int] = field(default_factory=dict)
    total: int = 0
    before: str = ""
    after: str = ""


KEYS = (
    Key("said", int, descending=True),
    Key("rank", int, descending=True),
    Key("due_on", read_day),
    Key("opened_on", read_day),
    Key("sort_key", str),
    Key("id", int),
)


def worklist(reader: Reader, filters: WorkFilters) -> Worklist:
    """The page that ``filters`` asks for: raised by somebody first, then by level, then by the day it is due."""
    asked = _asked(reader)
    counts = _counts(asked)
    persons = _persons(asked, reader, filters)
    here = paged(sa.select(persons), persons, KEYS, filters.at, PAGE).subquery("page")
    total = sa.select(sa.func.count().label("total")).select_from(persons).subquery("total")
    direction = "<" if asked_backwards(filters.at, KEYS) else ">"
    query = (
        sa.select(counts, total, here)
        .join_from(counts, total, sa.true())
        .outerjoin(here, sa.true())
        .order_by(*ordering(here, KEYS, direction))
    )
    found = db.session().execute(query).all()
    first = found[0]
    shown = page([row for row in found if row.id is not None], KEYS, filters.at, PAGE)
    sizes = {MINE: first.mine, UNOWNED: first.unowned, ALL: first.everybody, LATER: first.later}
    return Worklist(_rows(shown.rows, reader, filters), sizes, first.total, shown.before, shown.after)


def anything_to_treat(reader: Reader) -> bool:
    """Whether an alert of mine, or of my organisation and of nobody, is open."""
    wanted = sa.select(Alert.id).where(*_open(reader), SHOWN, sa.or_(_of(MINE, reader), _of(UNOWNED, reader)))
    return bool(db.session().scalar(sa.select(sa.exists(wanted))))


# --- which persons, in which order -------------------------------------------------------------------------------------

_RANK = sa.case(LEVEL_RANKS, value=Alert.level, else_=0)


SHOWN = Alert.state.in_(WORKED)
"""In front of somebody today: neither held back nor in pause."""


def _open(reader: Reader) -> list[Criterion]:
    """Alerts my organisation is asked to act on, but for those that were there when detection began."""
    return [
        Alert.closed_on.is_(None),
        Alert.organisation_id == reader.organisation_id,
        visible_to(reader, Alert.person_id),
        Alert.held_for.is_distinct_from(Held.REVIEW),
    ]


def _of(scope: str, reader: Reader) -> Criterion:
    """Mine: in my name, or in the name of somebody away whom I stand in for. The team's: nobody's, those of somebody away
    without a delegate, and those that have waited too long.
    """
    if scope in (MINE, LATER) and reader.user_id is None:
        return sa.false()
    if scope in (MINE, LATER):
        return sa.or_(Alert.owner_id == reader.user_id, Alert.owner_id.in_(stood_in_for(reader)))
    if scope == UNOWNED:
        return sa.or_(Alert.owner_id.is_(None), Alert.escalated >= TOLD_TO_THE_TEAM, Alert.owner_id.in_(away(reader)))
    return sa.true()


def _asked(reader: Reader) -> sa.CTE:
    """Every open alert of the organisation."""
    return (
        sa.select(
            Alert.person_id,
            _RANK.label("rank"),
            sa.func.coalesce(Alert.due_on, NO_DUE_DATE).label("due_on"),
            Alert.opened_on,
            Alert.raised_by.label("said"),
            SHOWN.label("shown"),
            _of(MINE, reader).label("mine"),
            _of(UNOWNED, reader).label("unowned"),
        )
        .where(*_open(reader))
        .cte("asked")
        .prefix_with("MATERIALIZED")
    )


def _counts(asked: sa.CTE) -> sa.Subquery:
    persons = sa.func.count(sa.distinct(asked.c.person_id))
    return sa.select(
        persons.filter(asked.c.shown, asked.c.mine).label("mine"),
        persons.filter(asked.c.shown, asked.c.unowned).label("unowned"),
        persons.filter(asked.c.shown).label("everybody"),
        persons.filter(~asked.c.shown, asked.c.mine).label("later"),
    ).subquery("counts")


def _persons(asked: sa.CTE, reader: Reader, filters: WorkFilters) -> sa.CTE:
    """One row a person: as urgent as the most urgent of their alerts in the scope."""
    wanted = {MINE: asked.c.mine, LATER: asked.c.mine, UNOWNED: asked.c.unowned}.get(filters.scope, sa.true())
    shown = ~asked.c.shown if filters.scope == LATER else asked.c.shown
    worst = (
        sa.select(
            asked.c.person_id,
            sa.func.max(asked.c.said).label("said"),
            sa.func.max(asked.c.rank).label("rank"),
            sa.func.min(asked.c.due_on).label("due_on"),
            sa.func.min(asked.c.opened_on).label("opened_on"),
        )
        .where(wanted, shown)
        .group_by(asked.c.person_id)
        .subquery("worst")
    )
    query = sa.select(
        Person.id,
        Person.public_id,
        Person.family_name,
        Person.given_name,
        Person.birth_date,
        Person.commune,
        readable(reader, Group.CONTACT, Person.phone).label("phone"),
        Person.sort_key,
        worst.c.said,
        worst.c.rank,
        worst.c.due_on,
        worst.c.opened_on,
    ).join_from(worst, Person, Person.id == worst.c.person_id)
    for word in fold(filters.search).split():
        query = query.where(Person.search_key.contains(word, autoescape=True))
    return query.where(Person.merged_into.is_(None), visible_to(reader, Person.id)).cte("persons")


# --- what is shown of them ---------------------------------------------------------------------------------------------


def _rows(found: Sequence[sa.Row[Any]], reader: Reader, filters: WorkFilters) -> list[WorkRow]:
    ids = [row.id for row in found]
    if not ids:
        return []
    steps, signals = steps_of(ids, reader), open_signals(ids, reader)
    partners, facts = partners_of(ids, reader), facts_of(signals, steps, reader)
    alerts: dict[int, list[Asked]] = defaultdict(list)
    for row in db.session().execute(_alerts(ids, reader, filters)):
        alerts[row.person_id].append(
            _alert(row, steps.get(row.person_id, []), signals.get(row.person_id, []), partners, facts)
        )
    return [_row(row, steps.get(row.id, []), alerts.get(row.id, [])) for row in found if row.id in alerts]


def _alerts(ids: Sequence[int], reader: Reader, filters: WorkFilters) -> Any:
    return (
        sa.select(
            Alert.person_id,
            Alert.public_id,
            Alert.enrolment_id,
            sa.cast(Alert.family, sa.Text).label("family"),
            sa.cast(Alert.level, sa.Text).label("level"),
            Alert.opened_on,
            Alert.due_on,
            Alert.version,
            Alert.owner_id,
            User.name.label("owner"),
            sa.cast(Alert.state, sa.Text).label("state"),
            (Alert.raised_by > 0).label("said"),
            sa.cast(Alert.held_for, sa.Text).label("waits"),
            sa.func.coalesce(Alert.paused_until, Alert.held_until).label("waits_until"),
        )
        .outerjoin(User, User.id == Alert.owner_id)
        .where(Alert.person_id.in_(ids), *_open(reader), _of(filters.scope, reader), ~SHOWN if filters.scope == LATER else SHOWN)
        .order_by(Alert.raised_by.desc(), _RANK.desc(), sa.func.coalesce(Alert.due_on, NO_DUE_DATE), Alert.id)
    )


def _alert(
    row: sa.Row[Any],
    steps: Sequence[StepRow],
    signals: Sequence[SignalRow],
    partners: Partners,
    facts: Mapping[int, list[Fact]],
) -> Asked:
    step = next((each for each in steps if each.id == row.enrolment_id), None)
    about = [each for each in signals if (each.enrolment_id, each.family) == (row.enrolment_id, row.family)]
    partner = partners.get((row.person_id, row.enrolment_id)) or partners.get((row.person_id, None)) or NOBODY
    evidence = {(fact.on, fact.event, fact.organisation): fact for signal in about for fact in facts.get(signal.id, [])}
    return Asked(
        row.public_id,
        row.family,
        row.level,
        row.opened_on,
        row.due_on,
        row.version,
        row.owner_id,
        row.owner,
        row.state,
        row.said,
        row.waits,
        row.waits_until,
        about,
        sorted(evidence.values(), key=lambda fact: fact.on, reverse=True),
        step,
        partner.partner,
        partner.fresh_on,
    )


def _row(row: sa.Row[Any], steps: Sequence[StepRow], alerts: list[Asked]) -> WorkRow:
    mine = next((step for step in steps if step.own and step.is_open), None)
    return WorkRow(
        row.id,
        str(row.public_id),
        row.family_name,
        row.given_name,
        row.birth_date,
        row.commune,
        row.phone,
        mine or (steps[0] if steps else None),
        alerts,
    )
