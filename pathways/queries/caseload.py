"""The persons one accompanies: who needs what, in a number of queries that does not depend on how many they are."""

from __future__ import annotations

import base64
import binascii
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pathways import db
from pathways.models import JournalEntry, Link, Person, Signal
from pathways.models.person import fold
from pathways.queries.signals import SignalRow, open_signals
from pathways.queries.steps import StepRow, steps_of
from pathways.sharing.naming import LEVEL_RANKS
from pathways.sharing.visibility import Criterion, Reader, not_ended, signals_visible_to, still_open, visible_to

PAGE = 25
HORIZON = timedelta(days=183)
"""Further away, a date is no reason to open a record today."""
MINE, TEAM = "mine", "team"
BY_URGENCY, BY_NAME = "urgency", "name"


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address of the page asks for. ``level``: of the worst signal. ``after``: the cursor of the page before."""

    scope: str = MINE
    search: str = ""
    level: str = ""
    order: str = BY_URGENCY
    after: str = ""


@dataclass(frozen=True, slots=True)
class CaseloadRow:
    """One person of the list. ``signals``: how many are open; ``next_what``: a date of the step, or an appointment."""

    id: int
    public_id: str
    family_name: str
    given_name: str
    birth_date: date | None
    commune: str | None
    step: StepRow | None
    open_steps: int
    last_contact: date | None
    signal: SignalRow | None
    signals: int
    next_on: date | None
    next_what: str


@dataclass(frozen=True, slots=True)
class Caseload:
    """One page of the list. ``counts``: persons of the scope by the level of their worst signal ("" for none)."""

    rows: list[CaseloadRow]
    mine: int
    team: int
    counts: Mapping[str, int] = field(default_factory=dict)
    next_page: str = ""

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def caseload(reader: Reader, filters: Filters) -> Caseload:
    """The page that ``filters`` asks for, for this reader."""
    rows = db.session().execute(_page(_scope(reader, filters), filters)).all()
    counts = {int(rank): number for rank, number in (rows[0].counts or {}).items()}
    found = [row for row in rows if row.id is not None]
    shown = found[:PAGE]
    more = _cursor(shown[-1], filters) if len(found) > PAGE else ""
    mine, team = _sizes(reader)
    by_level = {level: counts.get(rank, 0) for level, rank in LEVEL_RANKS.items()} | {"": counts.get(-1, 0)}
    return Caseload(_rows(shown, reader), mine, team, by_level, more)


def anybody_is_mine(reader: Reader) -> bool:
    """Whether the reader is named for at least one person."""
    return bool(db.session().scalar(sa.select(sa.exists(sa.select(Person.id).where(_mine(reader, Person.id))))))


# --- which persons, in which order -------------------------------------------------------------------------------------

_RANK = sa.case(LEVEL_RANKS, value=Signal.level, else_=0)


def _scope(reader: Reader, filters: Filters) -> sa.CTE:
    """Everybody in reach of the filters but the level, with the rank of their worst signal (-1 for none)."""
    reach = _mine if filters.scope == MINE else visible_to
    worst = (
        sa.select(Signal.person_id, sa.func.max(_RANK).label("rank"))
        .where(Signal.closed_on.is_(None), reach(reader, Signal.person_id), signals_visible_to(reader))
        .group_by(Signal.person_id)
        .subquery("worst")
    )
    query = (
        sa.select(
            Person.id,
            Person.public_id,
            Person.family_name,
            Person.given_name,
            Person.birth_date,
            Person.commune,
            Person.sort_key,
            sa.func.coalesce(worst.c.rank, -1).label("rank"),
        )
        .outerjoin_from(Person, worst, worst.c.person_id == Person.id)
        .where(Person.merged_into.is_(None), visible_to(reader, Person.id), reach(reader, Person.id))
    )
    for word in fold(filters.search).split():
        query = query.where(Person.search_key.contains(word, autoescape=True))
    return query.cte("scope").prefix_with("MATERIALIZED")


def _mine(reader: Reader, person_id: Any) -> Criterion:
    """I am named in a link of my organisation with the person that holds today; those it ended for stay in the team's list."""
    if reader.user_id is None:
        return sa.false()
    link = aliased(Link)
    return sa.exists().where(
        link.person_id == person_id,
        link.user_id == reader.user_id,
        link.organisation_id == reader.organisation_id,
        not_ended(link, reader),
    )


def _page(scope: sa.CTE, filters: Filters) -> sa.Select[Any]:
    """Persons by level of their worst signal, beside one row more than a page, to know whether there is another.

    At least one row comes back, so that the counts do.
    """
    ranks = sa.select(scope.c.rank, sa.func.count().label("number")).group_by(scope.c.rank).subquery("ranks")
    text = sa.cast(ranks.c.rank, sa.Text)
    counts = sa.select(sa.func.jsonb_object_agg(text, ranks.c.number).label("counts")).subquery("counts")
    page = _ordered(sa.select(scope), scope, filters).limit(PAGE + 1).subquery("page")
    query = sa.select(counts.c.counts, page).outerjoin_from(counts, page, sa.true())
    return query.order_by(*_order(page, filters))


def _order(of: sa.FromClause, filters: Filters) -> tuple[Any, ...]:
    return (of.c.sort_key, of.c.id) if filters.order == BY_NAME else (of.c.rank.desc(), of.c.sort_key, of.c.id)


def _ordered(query: sa.Select[Any], scope: sa.CTE, filters: Filters) -> sa.Select[Any]:
    """Those of the level asked for, after the position the cursor names."""
    of, after = scope.c, _read_cursor(filters)
    if filters.level in LEVEL_RANKS:
        query = query.where(of.rank == LEVEL_RANKS[filters.level])
    if after:
        further = sa.tuple_(of.sort_key, of.id) > sa.tuple_(after["k"], after["i"])
        by_urgency = sa.or_(of.rank < after["r"], sa.and_(of.rank == after["r"], further))
        query = query.where(further if filters.order == BY_NAME else by_urgency)
    return query.order_by(*_order(scope, filters))


def _cursor(last: sa.Row[Any], filters: Filters) -> str:
    position = {"o": filters.order, "r": last.rank, "k": last.sort_key, "i": last.id}
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode().rstrip("=")


def _read_cursor(filters: Filters) -> dict[str, Any] | None:
    """The position a cursor names; None for none, for one of another order, and for one somebody made up."""
    text = filters.after
    try:
        position = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))) if text else {}
        wanted = {"o": filters.order, "r": int(position["r"]), "k": str(position["k"]), "i": int(position["i"])}
    except (binascii.Error, ValueError, KeyError, TypeError):
        return None
    return wanted if position.get("o") == filters.order else None


def _sizes(reader: Reader) -> tuple[int, int]:
    """How many persons I accompany, and my whole organisation: counted on the links, which are fewer and cheaper to see."""
    mine = sa.and_(Link.user_id == reader.user_id, not_ended(Link, reader)) if reader.user_id is not None else sa.false()
    persons = sa.distinct(Link.person_id)
    row = (
        db.session()
        .execute(
            sa.select(sa.func.count(persons).filter(mine), sa.func.count(persons)).where(
                Link.organisation_id == reader.organisation_id,
                still_open(Link, reader),
                Link.person_id.not_in(sa.select(Person.id).where(Person.merged_into.is_not(None))),
            )
        )
        .one()
    )
    return row[0], row[1]


# --- what is shown of them ---------------------------------------------------------------------------------------------


def _rows(found: Sequence[sa.Row[Any]], reader: Reader) -> list[CaseloadRow]:
    ids = [row.id for row in found]
    if not ids:
        return []
    steps, signals = steps_of(ids, reader), open_signals(ids, reader)
    contacts = _contacts(ids, reader)
    return [_row(row, steps.get(row.id, []), signals.get(row.id, []), *contacts[row.id], reader.today) for row in found]


def _row(
    row: sa.Row[Any], steps: list[StepRow], signals: list[SignalRow], last: date | None, appointment: date | None, today: date
) -> CaseloadRow:
    ahead = [each for step in steps for each in step.dates_to_come(today) if each[0] - today <= HORIZON]
    if appointment:
        ahead.append((appointment, "appointment"))
    next_on, what = min(ahead, default=(None, ""))
    return CaseloadRow(
        row.id,
        str(row.public_id),
        row.family_name,
        row.given_name,
        row.birth_date,
        row.commune,
        steps[0] if steps else None,
        sum(step.is_open for step in steps),
        last,
        signals[0] if signals else None,
        len(signals),
        next_on,
        what,
    )


def _contacts(ids: Sequence[int], reader: Reader) -> dict[int, tuple[date | None, date | None]]:
    """Last two-way contact, by any accompanying body, and next appointment, of each person."""
    spoken = sa.or_(
        JournalEntry.type == "contact",
        sa.and_(JournalEntry.type == "appointment", JournalEntry.payload["status"].astext == "seen"),
        sa.and_(JournalEntry.type == "contact_attempt", JournalEntry.payload["result"].astext == "reached"),
    )
    planned = sa.and_(JournalEntry.type == "appointment", JournalEntry.payload["status"].astext == "planned")
    of_person = [JournalEntry.person_id == Person.id, stands()]
    if not reader.accompanies:
        of_person.append(JournalEntry.organisation_id == reader.organisation_id)
    last = sa.select(sa.func.max(JournalEntry.occurred_on)).where(*of_person, spoken, JournalEntry.occurred_on <= reader.today)
    soon = sa.select(sa.func.min(JournalEntry.occurred_on)).where(*of_person, planned, JournalEntry.occurred_on >= reader.today)
    rows = db.session().execute(
        sa.select(Person.id, last.scalar_subquery(), soon.scalar_subquery()).where(
            Person.id.in_(ids), visible_to(reader, Person.id)
        )
    )
    found: dict[int, tuple[date | None, date | None]] = defaultdict(lambda: (None, None))
    found.update({person_id: (day, coming) for person_id, day, coming in rows})
    return found


def stands() -> Criterion:
    """The entry has not been retracted, or its retraction has been retracted in turn."""
    by, undone = aliased(JournalEntry), aliased(JournalEntry)
    return ~sa.exists().where(by.retracts == JournalEntry.id, ~sa.exists().where(undone.retracts == by.id))
