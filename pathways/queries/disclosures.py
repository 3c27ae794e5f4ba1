"""Who looked at whom: on a person's record, and over an organisation, day by day."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from pathways import clock, db
from pathways.models import Disclosure, Membership, Organisation, PersonChange, User
from pathways.sharing.groups import Bond
from pathways.sharing.matrix import Group
from pathways.sharing.visibility import Reader, visible_to

PAGE = 100
WEEK = 7
_THERE = sa.func.timezone(sa.literal_column(f"'{clock.PARIS}'"), Disclosure.at)
DAY = sa.cast(_THERE, sa.Date)
HOUR = sa.func.extract("hour", _THERE)
COLUMN_GROUPS: Mapping[str, Group] = {"phone": Group.CONTACT, "email": Group.CONTACT, "rqth_until": Group.HEALTH}
"""Columns of an identity that are of another group of the matrix."""


@dataclass(frozen=True, slots=True)
class Look:
    """One day's looks of one reader at somebody. ``reader``: the name, for readers of one's own organisation alone; of others
    the ``roles`` are told.
    """

    on: date
    organisation: str
    reader: str | None
    roles: tuple[str, ...]
    own: bool
    times: int
    groups: tuple[Group, ...]
    pages: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IdentityChange:
    """What changed of an identity, when and by whose organisation: (column, before, after), as far as the reader may see it."""

    on: date
    organisation: str | None
    columns: tuple[tuple[str, Any, Any], ...]


@dataclass(frozen=True, slots=True)
class DayOfReader:
    """One day's looks of one reader of the organisation, at how many persons, and on which pages."""

    on: date
    reader: str | None
    persons: int
    times: int
    pages: tuple[str, ...]


def looks_at(
    person_id: int,
    reader: Reader,
    before: date | None = None,
    *,
    organisation: uuid.UUID | None = None,
    group: Group | None = None,
) -> tuple[list[Look], date | None]:
    """Who looked at that person, newest first, a line for a day and a reader; and the day before which older ones lie.

    Whole days, ``PAGE`` lines or so: a day is never cut in two. ``organisation``, ``group``: only looks of it, of data of it.
    """
    own = Disclosure.organisation_id == reader.organisation_id
    query = (
        sa.select(
            DAY.label("on"),
            Organisation.name.label("organisation"),
            sa.case((own, User.name)).label("reader"),
            own.label("own"),
            Disclosure.user_id,
            _roles().label("roles"),
            sa.func.count().label("times"),
            sa.func.string_agg(sa.func.array_to_string(Disclosure.groups, ","), ",").label("letters"),
            sa.func.array_agg(Disclosure.what.distinct()).label("pages"),
            sa.func.array_agg(Disclosure.reason.distinct()).label("reasons"),
        )
        .join(Organisation, Organisation.id == Disclosure.organisation_id)
        .outerjoin(User, User.id == Disclosure.user_id)
        .where(Disclosure.person_id == person_id, visible_to(reader, Disclosure.person_id))
        .group_by(sa.text("1, 2, 3, 4"), Disclosure.user_id, Disclosure.organisation_id)
        .order_by(sa.text("1 desc, 4 desc, 2, 3"), Disclosure.user_id)
        .limit(PAGE + 1)
    )
    if before is not None:
        query = query.where(before > DAY)
    if organisation is not None:
        query = query.where(Organisation.public_id == organisation)
    if group is not None:
        query = query.where(Disclosure.groups.contains([group.value]))
    looks = [_look(row) for row in db.session().execute(query)]
    if len(looks) <= PAGE:
        return looks, None
    whole = [each for each in looks if each.on > looks[-1].on] or looks
    return whole, whole[-1].on


def readers_of(person_id: int, reader: Reader) -> list[tuple[uuid.UUID, str]]:
    """The organisations that ever looked at that person: number and name."""
    looked = sa.select(Disclosure.organisation_id).where(
        Disclosure.person_id == person_id, visible_to(reader, Disclosure.person_id)
    )
    rows = db.session().execute(
        sa.select(Organisation.public_id, Organisation.name).where(Organisation.id.in_(looked)).order_by(Organisation.name)
    )
    return [(row.public_id, row.name) for row in rows]


def _roles() -> sa.ScalarSelect[Any]:
    """What the reader is, or was last, in the organisation."""
    return (
        sa.select(sa.func.array_agg(Membership.role.distinct()))
        .where(
            Membership.user_id == Disclosure.user_id,
            Membership.organisation_id == Disclosure.organisation_id,
        )
        .correlate(Disclosure)
        .scalar_subquery()
    )


def _look(row: sa.Row[Any]) -> Look:
    letters = set((row.letters or "").split(","))
    return Look(
        row.on,
        row.organisation,
        row.reader,
        tuple(sorted(str(each) for each in row.roles or ())),
        row.own,
        row.times,
        tuple(group for group in Group if group.value in letters),
        tuple(row.pages),
        tuple(each for each in row.reasons if each),
    )


def changes_of(person_id: int, reader: Reader, bond: Bond) -> list[IdentityChange]:
    """What changed of an identity, newest first, and by whom; nothing of the groups that the reader's bond does not open."""
    rows = db.session().execute(
        sa.select(PersonChange.at, Organisation.name, PersonChange.before, PersonChange.after)
        .outerjoin(Organisation, Organisation.id == PersonChange.organisation_id)
        .where(PersonChange.person_id == person_id, visible_to(reader, PersonChange.person_id))
        .order_by(PersonChange.at.desc(), PersonChange.id.desc())
        .limit(PAGE)
    )
    changes = []
    for row in rows:
        shown = [column for column in sorted(row.after) if bond.reads(COLUMN_GROUPS.get(column, Group.IDENTITY))]
        columns = tuple((column, row.before.get(column), row.after[column]) for column in shown)
        if columns:
            changes.append(IdentityChange(clock.paris_day(row.at), row.name, columns))
    return changes


def days_of_readers(organisation_id: int, before: date) -> tuple[list[DayOfReader], date | None]:
    """The looks of this organisation in the week before that day, newest first; and the day to ask for the week before."""
    first = before - timedelta(days=WEEK)
    own = Disclosure.organisation_id == organisation_id
    rows = db.session().execute(
        sa.select(
            DAY.label("on"),
            User.name.label("reader"),
            sa.func.count(Disclosure.person_id.distinct()).label("persons"),
            sa.func.count().label("times"),
            sa.func.array_agg(Disclosure.what.distinct()).label("pages"),
        )
        .outerjoin(User, User.id == Disclosure.user_id)
        .where(
            own,
            # On the column itself besides, which has an index.
            Disclosure.at >= clock.noon(first - timedelta(days=1)),
            Disclosure.at <= clock.noon(before),
            first <= DAY,
            before > DAY,
        )
        .group_by(sa.text("1, 2"), Disclosure.user_id)
        .order_by(sa.text("1 desc, 3 desc, 2"), Disclosure.user_id)
    )
    days = [DayOfReader(row.on, row.reader, row.persons, row.times, tuple(row.pages)) for row in rows]
    earlier = db.session().scalar(sa.select(sa.exists().where(own, Disclosure.at <= clock.noon(first), first > DAY)))
    return days, first if earlier else None
