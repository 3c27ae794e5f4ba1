"""The persons one accompanies: who needs what, in a number of queries that does not depend on how many they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import array

from pathways import db
from pathways.models import Enrolment, JournalEntry, Kind, Link, Membership, Organisation, Person, Signal, User
from pathways.queries.caseload_criteria import (
    BY_LAST_CONTACT,
    BY_NAME,
    BY_NEXT_DATE,
    BY_URGENCY,
    FAR,
    GROUPS,
    HORIZON,
    MINE,
    NEVER,
    TEAM,
    Filters,
    criteria,
    last_contact,
    mine,
    next_appointment,
    next_date,
    own_or_any,
)
from pathways.queries.entries import is_act, stands
from pathways.queries.paging import Key, asked_backwards, ordering, page, paged, read_day
from pathways.queries.signals import SignalRow, open_signals
from pathways.queries.steps import StepRow, steps_of
from pathways.sharing.naming import LEVEL_RANKS
from pathways.sharing.visibility import Reader, not_ended, signals_visible_to, still_open, visible_to

__all__ = ["BY_LAST_CONTACT", "BY_NAME", "BY_NEXT_DATE", "BY_URGENCY", "GROUPS", "MINE", "TEAM", "Filters", "caseload"]

PAGE = 25
NAME = (Key("sort_key", str), Key("id", int))
ORDERS: Mapping[str, tuple[Key, ...]] = {
    BY_URGENCY: (Key("rank", int, descending=True), *NAME),
    BY_NAME: NAME,
    BY_LAST_CONTACT: (Key("contact_on", read_day), *NAME),
    BY_NEXT_DATE: (Key("next_on", read_day), *NAME),
}


@dataclass(frozen=True, slots=True)
class Act:
    """The last thing somebody did for the person. ``by``: a colleague's name, another body's, or nobody known."""

    event: str
    on: date
    by: str


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
    last_act: Act | None
    signal: SignalRow | None
    signals: int
    next_on: date | None
    next_what: str


@dataclass(frozen=True, slots=True)
class Caseload:
    """One page of the list. ``counts``: persons of the scope by the level of their worst signal ("" for none).

    ``found``: persons the filters find, the level included.
    """

    rows: list[CaseloadRow]
    mine: int
    team: int
    counts: Mapping[str, int] = field(default_factory=dict)
    found: int = 0
    before: str = ""
    after: str = ""

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Choice:
    """A colleague or an organisation one may filter by."""

    public_id: str
    name: str


def caseload(reader: Reader, filters: Filters) -> Caseload:
    """The page that ``filters`` asks for, for this reader."""
    keys = ORDERS[filters.order]
    rows = db.session().execute(_page(_scope(reader, filters), filters, keys)).all()
    counts = {int(rank): number for rank, number in (rows[0].counts or {}).items()}
    shown = page([row for row in rows if row.id is not None], keys, filters.at, PAGE)
    by_level = {level: counts.get(rank, 0) for level, rank in LEVEL_RANKS.items()} | {"": counts.get(-1, 0)}
    found = by_level[filters.level] if filters.level else sum(by_level.values())
    sizes = _sizes(reader)
    return Caseload(_rows(shown.rows, reader), *sizes, by_level, found, shown.before, shown.after)


def anybody_is_mine(reader: Reader) -> bool:
    """Whether the reader is named for at least one person."""
    return bool(db.session().scalar(sa.select(sa.exists(sa.select(Person.id).where(mine(reader, Person.id))))))


def team_members(reader: Reader) -> list[Choice]:
    """Those of the reader's organisation somebody may be named for, by name."""
    rows = db.session().execute(
        sa.select(User.public_id, User.name)
        .where(
            User.id.in_(
                sa.select(Membership.user_id).where(
                    Membership.organisation_id == reader.organisation_id,
                    sa.or_(Membership.ended_on.is_(None), Membership.ended_on >= reader.today),
                )
            )
        )
        .order_by(User.name, User.id)
    )
    return [Choice(str(row[0]), row[1]) for row in rows]


def operators(reader: Reader) -> list[Choice]:
    """The other bodies that run or lead an open step of somebody the reader sees, by name; employers are too many to list."""
    bodies = sa.func.unnest(array([Enrolment.lead_organisation_id, Enrolment.operator_id]))
    of_open_steps = sa.select(bodies).where(Enrolment.closed_on.is_(None), visible_to(reader, Enrolment.person_id))
    others = sa.and_(Organisation.id != reader.organisation_id, Organisation.kind != Kind.EMPLOYEUR)
    rows = db.session().execute(
        sa.select(Organisation.public_id, Organisation.name)
        .where(others, Organisation.id.in_(of_open_steps))
        .order_by(Organisation.name, Organisation.id)
    )
    return [Choice(str(row[0]), row[1]) for row in rows]


# --- which persons, in which order -------------------------------------------------------------------------------------

_RANK = sa.case(LEVEL_RANKS, value=Signal.level, else_=0)


def _scope(reader: Reader, filters: Filters) -> sa.CTE:
    """Everybody in reach of the filters but the level, with the rank of their worst signal (-1 for none)."""
    reach, seen = (mine, [visible_to(reader, Person.id)]) if filters.scope == MINE else (visible_to, [])
    worst = (
        sa.select(Signal.person_id, sa.func.max(_RANK).label("rank"))
        .where(Signal.closed_on.is_(None), reach(reader, Signal.person_id), signals_visible_to(reader))
        .group_by(Signal.person_id)
        .subquery("worst")
    )
    query = (
        sa.select(Person.id, Person.sort_key, sa.func.coalesce(worst.c.rank, -1).label("rank"), *_order_columns(reader, filters))
        .outerjoin_from(Person, worst, worst.c.person_id == Person.id)
        .where(
            Person.merged_into.is_(None), reach(reader, Person.id), *seen, *criteria(reader, filters)
        )
    )
    return query.cte("scope").prefix_with("MATERIALIZED")


def _order_columns(reader: Reader, filters: Filters) -> list[sa.ColumnElement[Any]]:
    """What the order needs beyond name and rank: looked up for everybody in the scope, so only when asked for."""
    if filters.order == BY_LAST_CONTACT:
        return [sa.func.coalesce(last_contact(reader), NEVER).label("contact_on")]
    if filters.order == BY_NEXT_DATE:
        return [sa.func.coalesce(next_date(reader), FAR).label("next_on")]
    return []


def _page(scope: sa.CTE, filters: Filters, keys: Sequence[Key]) -> sa.Select[Any]:
    """Positions of the page, beside one row more than a page, to know whether there is another.

    At least one row comes back, so that the counts do.
    """
    ranks = sa.select(scope.c.rank, sa.func.count().label("number")).group_by(scope.c.rank).subquery("ranks")
    text = sa.cast(ranks.c.rank, sa.Text)
    counts = sa.select(sa.func.jsonb_object_agg(text, ranks.c.number).label("counts")).subquery("counts")
    wanted = sa.select(scope)
    if filters.level in LEVEL_RANKS:
        wanted = wanted.where(scope.c.rank == LEVEL_RANKS[filters.level])
    here = paged(wanted, scope, keys, filters.at, PAGE).subquery("page")
    direction = "<" if asked_backwards(filters.at, keys) else ">"
    return sa.select(counts.c.counts, here).outerjoin_from(counts, here, sa.true()).order_by(*ordering(here, keys, direction))


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
    steps, signals, acts = steps_of(ids, reader), open_signals(ids, reader), _last_acts(ids, reader)
    persons = {row.id: row for row in db.session().execute(_persons(ids, reader))}
    return [
        _row(persons[id_], steps.get(id_, []), signals.get(id_, []), acts.get(id_), reader.today)
        for id_ in ids
        if id_ in persons
    ]


def _persons(ids: Sequence[int], reader: Reader) -> sa.Select[Any]:
    return sa.select(
        Person.id,
        Person.public_id,
        Person.family_name,
        Person.given_name,
        Person.birth_date,
        Person.commune,
        last_contact(reader).label("contact_on"),
        next_appointment(reader).label("appointment_on"),
    ).where(Person.id.in_(ids), visible_to(reader, Person.id))


def _row(
    row: sa.Row[Any], steps: Sequence[StepRow], signals: Sequence[SignalRow], act: Act | None, today: date
) -> CaseloadRow:
    ahead = [each for step in steps for each in step.dates_to_come(today) if each[0] - today <= HORIZON]
    if row.appointment_on:
        ahead.append((row.appointment_on, "appointment"))
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
        row.contact_on,
        act,
        signals[0] if signals else None,
        len(signals),
        next_on,
        what,
    )


def _last_acts(ids: Sequence[int], reader: Reader) -> Mapping[int, Act]:
    """The latest thing done for each person, and by whom: a colleague is named, another body is."""
    latest = (
        sa.select(JournalEntry.type, JournalEntry.occurred_on, JournalEntry.organisation_id, JournalEntry.user_id)
        .where(
            JournalEntry.person_id == Person.id,
            own_or_any(reader),
            is_act(JournalEntry),
            stands(),
            JournalEntry.occurred_on <= reader.today,
        )
        .order_by(JournalEntry.occurred_on.desc(), JournalEntry.id.desc())
        .limit(1)
        .lateral("latest")
    )
    own = latest.c.organisation_id == reader.organisation_id
    by = sa.case((sa.and_(own, User.name.is_not(None)), User.name), else_=Organisation.name)
    rows = db.session().execute(
        sa.select(Person.id, latest.c.type, latest.c.occurred_on, by)
        .join_from(Person, latest, sa.true())
        .join(Organisation, Organisation.id == latest.c.organisation_id)
        .outerjoin(User, User.id == latest.c.user_id)
        .where(Person.id.in_(ids), visible_to(reader, Person.id))
    )
    return {id_: Act(event, on, who) for id_, event, on, who in rows}
