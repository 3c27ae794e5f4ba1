"""The alerts of a team: how many, whose, by when; and the list each number opens. Constant in queries, whatever the team."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pathways import db
from pathways.models import Alert, AlertState, Enrolment, Link, Membership, Person, User
from pathways.queries.alerts import ACTING_ROLES
from pathways.queries.paging import Key, asked_backwards, ordering, page, paged, read_day
from pathways.queries.signals import SignalRow, open_signals
from pathways.sharing.naming import LEVEL_RANKS
from pathways.sharing.visibility import Criterion, Reader, not_ended, visible_to
from pathways.workflows.alert_life import WORKED, Held

PAGE = 50
MOST = 500
"""Alerts given to somebody else at once: what one can still answer for, and one short transaction."""
LATE, WEEK, LATER = "retard", "semaine", "plus_tard"
DUE = (LATE, WEEK, LATER)
NOBODY = "aucun"
AGES = (7, 30, 90)
NO_DUE_DATE = date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class AlertFilters:
    """What the address asks for. ``owner``: a user's public id, or ``NOBODY``; ``age``: opened so many days ago or more;
    ``review``: those that were there when detection began, apart from the day's work; ``state``: one of those in front of
    somebody, ``paused``, or ``held`` for those the week has no room for.
    """

    owner: str = ""
    due: str = ""
    level: str = ""
    family: str = ""
    scheme: str = ""
    age: int = 0
    review: bool = False
    state: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Mate:
    """Somebody of the team. ``member``: may still be given something; ``persons``: how many they follow by name."""

    user_id: int
    public_id: str
    name: str
    member: bool
    persons: int = 0
    late: int = 0
    week: int = 0
    later: int = 0
    review: int = 0
    held: int = 0
    paused: int = 0

    @property
    def total(self) -> int:
        return self.late + self.week + self.later


@dataclass(frozen=True, slots=True)
class Board:
    """The team by name, then the alerts of nobody. ``oldest``: since when an open alert has been there."""

    mates: list[Mate]
    nobody: Mate
    persons: int
    oldest: date | None

    def sum(self, what: str) -> int:
        return sum(getattr(each, what) for each in (*self.mates, self.nobody))

    @property
    def largest(self) -> int:
        return max([1, *(each.total for each in (*self.mates, self.nobody))])


@dataclass(frozen=True, slots=True)
class SteeredAlert:
    """One open alert of the list. ``signal``: the most serious thing it rests on, None once it holds no more."""

    id: int
    public_id: str
    version: int
    level: str
    family: str
    opened_on: date
    due_on: date | None
    owner: str | None
    scheme: str | None
    person_id: int
    person: str
    family_name: str
    given_name: str
    signal: SignalRow | None


@dataclass(frozen=True, slots=True)
class SteeredAlerts:
    """One page, and how many alerts the filters find in all."""

    rows: list[SteeredAlert]
    total: int
    before: str
    after: str


def board(reader: Reader) -> Board:
    """The counts of the team of the reader's organisation."""
    counts = {row.owner_id: row for row in db.session().execute(_counts(reader))}
    load: dict[int | None, int] = {row[0]: row[1] for row in db.session().execute(_load(reader))}
    known = [user for user in {*counts, *load} if user is not None]
    mates = [
        _mate(row.id, str(row.public_id), row.name, row.member, load, counts)
        for row in db.session().execute(_team(reader, known))
    ]
    nobody = _mate(None, NOBODY, "", False, {}, counts)
    oldest = min((row.oldest for row in counts.values() if row.oldest), default=None)
    return Board(mates, nobody, load.get(None, 0), oldest)


def team(reader: Reader) -> list[Mate]:
    """Who may be given an alert or a person today, by name."""
    rows = db.session().execute(_team(reader, ()))
    return [Mate(row.id, str(row.public_id), row.name, row.member) for row in rows if row.member]


def steered_alerts(reader: Reader, filters: AlertFilters, size: int = PAGE) -> SteeredAlerts:
    """The page of open alerts that ``filters`` asks for: the first due first."""
    found = _found(reader, filters)
    total = sa.select(sa.func.count().label("total")).select_from(found).subquery("total")
    here = paged(sa.select(found), found, KEYS, filters.at, size).subquery("page")
    direction = "<" if asked_backwards(filters.at, KEYS) else ">"
    query = sa.select(total, here).outerjoin_from(total, here, sa.true()).order_by(*ordering(here, KEYS, direction))
    rows = db.session().execute(query).all()
    shown = page([row for row in rows if row.id is not None], KEYS, filters.at, size)
    return SteeredAlerts(_rows(shown.rows, reader), rows[0].total, shown.before, shown.after)


def every_alert(reader: Reader, filters: AlertFilters) -> list[tuple[uuid.UUID, int]]:
    """(public id, version) of every alert the filters find, ``MOST`` and one more at most: what a change of all bears on."""
    found = _found(reader, filters)
    query = sa.select(found.c.public_id, found.c.version).order_by(*ordering(found, KEYS)).limit(MOST + 1)
    return [(row.public_id, row.version) for row in db.session().execute(query)]


KEYS = (Key("due", read_day), Key("rank", int, descending=True), Key("opened_on", read_day), Key("id", int))


REVIEW, HELD, PAUSED = "review", "held", "paused"
_STATES: Mapping[str, Criterion] = {
    REVIEW: Alert.held_for == Held.REVIEW,
    HELD: sa.and_(Alert.state == AlertState.PROPOSED, Alert.held_for != Held.REVIEW),
    **{str(state): Alert.state == state for state in (*WORKED, AlertState.PAUSED)},
}
"""What an open alert may be asked for by; without any, those in front of somebody."""
STATES = tuple(name for name in _STATES if name != REVIEW)


# --- what is counted ---------------------------------------------------------------------------------------------------


def _open(reader: Reader) -> list[Criterion]:
    """The open alerts the reader's organisation is asked to act on, of persons it sees."""
    return [Alert.closed_on.is_(None), Alert.organisation_id == reader.organisation_id, visible_to(reader, Alert.person_id)]


def _due(what: str, reader: Reader) -> Criterion:
    """Late from the day after it was due; without a day it is for later."""
    last = reader.today + timedelta(days=6)
    return {
        LATE: Alert.due_on < reader.today,
        WEEK: Alert.due_on.between(reader.today, last),
        LATER: sa.or_(Alert.due_on > last, Alert.due_on.is_(None)),
    }[what]


def _counts(reader: Reader) -> Any:
    new = Alert.state.in_(WORKED)
    number = sa.func.count()
    return (
        sa.select(
            Alert.owner_id,
            *(number.filter(new, _due(what, reader)).label(what) for what in DUE),
            number.filter(_STATES[REVIEW]).label("review"),
            number.filter(_STATES[HELD]).label("held"),
            number.filter(_STATES[PAUSED]).label("paused"),
            sa.func.min(Alert.opened_on).filter(new).label("oldest"),
        )
        .join(Person, Person.id == Alert.person_id)
        .where(*_open(reader), Person.merged_into.is_(None))
        .group_by(Alert.owner_id)
    )


def _load(reader: Reader) -> Any:
    """Persons by colleague named for them today; under None, those of nobody."""
    named = (
        sa.select(Link.person_id, Link.user_id)
        .join(Person, Person.id == Link.person_id)
        .where(Link.organisation_id == reader.organisation_id, not_ended(Link, reader), Person.merged_into.is_(None))
        .distinct()
        .subquery("named")
    )
    other = aliased(named)
    by_nobody = sa.and_(
        named.c.user_id.is_(None),
        sa.exists().where(other.c.person_id == named.c.person_id, other.c.user_id.is_not(None)),
    )
    return sa.select(named.c.user_id, sa.func.count(sa.distinct(named.c.person_id))).where(~by_nobody).group_by(named.c.user_id)


def _team(reader: Reader, known: Sequence[int]) -> Any:
    """Members who may act, and whoever still has something to their name."""
    member = sa.exists().where(
        Membership.user_id == User.id,
        Membership.organisation_id == reader.organisation_id,
        Membership.role.in_(ACTING_ROLES),
        Membership.started_on <= reader.today,
        sa.or_(Membership.ended_on.is_(None), Membership.ended_on >= reader.today),
        User.active,
    )
    return (
        sa.select(User.id, User.public_id, User.name, member.label("member"))
        .where(sa.or_(member, User.id.in_(known)))
        .order_by(User.name, User.id)
    )


def _mate(user_id: int | None, public_id: str, name: str, member: bool, load: Any, counts: Any) -> Mate:
    row = counts.get(user_id)
    numbers = [getattr(row, what) if row else 0 for what in (*DUE, "review", "held", "paused")]
    return Mate(user_id or 0, public_id, name, member, load.get(user_id, 0), *numbers)


# --- which alerts ------------------------------------------------------------------------------------------------------


def _found(reader: Reader, filters: AlertFilters) -> sa.CTE:
    query = (
        sa.select(
            Alert.id,
            Alert.public_id,
            Alert.version,
            Alert.person_id,
            Alert.enrolment_id,
            sa.cast(Alert.family, sa.Text).label("family"),
            sa.cast(Alert.level, sa.Text).label("level"),
            sa.case(LEVEL_RANKS, value=Alert.level, else_=0).label("rank"),
            sa.func.coalesce(Alert.due_on, NO_DUE_DATE).label("due"),
            Alert.due_on,
            Alert.opened_on,
            Alert.owner_id,
            Person.public_id.label("person"),
            Person.family_name,
            Person.given_name,
            Enrolment.scheme,
        )
        .join(Person, Person.id == Alert.person_id)
        .outerjoin(Enrolment, Enrolment.id == Alert.enrolment_id)
        .where(*_open(reader), Person.merged_into.is_(None), *_asked(reader, filters))
    )
    return query.cte("found").prefix_with("MATERIALIZED")


def _asked(reader: Reader, filters: AlertFilters) -> list[Criterion]:
    asked: list[Criterion] = [_STATES[REVIEW] if filters.review else _STATES.get(filters.state, Alert.state.in_(WORKED))]
    if filters.owner == NOBODY:
        asked.append(Alert.owner_id.is_(None))
    elif filters.owner:
        asked.append(Alert.owner_id == sa.select(User.id).where(User.public_id == uuid.UUID(filters.owner)).scalar_subquery())
    if filters.due:
        asked.append(_due(filters.due, reader))
    if filters.level:
        asked.append(Alert.level == filters.level)
    if filters.family:
        asked.append(Alert.family == filters.family)
    if filters.scheme:
        asked.append(Enrolment.scheme == filters.scheme)
    if filters.age:
        asked.append(Alert.opened_on <= reader.today - timedelta(days=filters.age))
    return asked


def _rows(found: Sequence[sa.Row[Any]], reader: Reader) -> list[SteeredAlert]:
    if not found:
        return []
    users = sa.select(User.id, User.name).where(User.id.in_({row.owner_id for row in found}))
    names = {row[0]: row[1] for row in db.session().execute(users)}
    worst: dict[tuple[int, int | None, str], SignalRow] = {}
    for person, signals in open_signals(list({row.person_id for row in found}), reader).items():
        for signal in signals:
            worst.setdefault((person, signal.enrolment_id, signal.family), signal)
    return [
        SteeredAlert(
            row.id, str(row.public_id), row.version, row.level, row.family, row.opened_on, row.due_on, names.get(row.owner_id),
            row.scheme, row.person_id, str(row.person), row.family_name, row.given_name,
            worst.get((row.person_id, row.enrolment_id, row.family)),
        )
        for row in found
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class FollowedPerson:
    """Somebody a colleague follows by name, in one step or in none. ``link``: what changes hands; ``scheme``: of the step."""

    link: int
    person_id: int
    person: str
    family_name: str
    given_name: str
    scheme: str | None
    since: date
    late: int


def followed_by(reader: Reader, user_id: int, after: str = "", size: int = PAGE) -> tuple[list[FollowedPerson], int, str, str]:
    """The links of a colleague that hold, by name: (one page, how many in all, cursor before, cursor after)."""
    of = (
        sa.select(
            Link.id, Link.person_id, Person.public_id, Person.family_name, Person.given_name, Person.sort_key,
            Enrolment.scheme, Link.started_on,
        )
        .join(Person, Person.id == Link.person_id)
        .outerjoin(Enrolment, Enrolment.id == Link.enrolment_id)
        .where(
            Link.organisation_id == reader.organisation_id,
            Link.user_id == user_id,
            Link.ended_on.is_(None),
            sa.or_(Enrolment.id.is_(None), Enrolment.closed_on.is_(None)),
            Person.merged_into.is_(None),
            visible_to(reader, Link.person_id),
        )
        .cte("followed")
    )  # fmt: skip
    keys = (Key("sort_key", str), Key("id", int))
    total = db.session().scalar(sa.select(sa.func.count()).select_from(of)) or 0
    shown = page(db.session().execute(paged(sa.select(of), of, keys, after, size)).all(), keys, after, size)
    late = _late([row.person_id for row in shown.rows], reader)
    rows = [
        FollowedPerson(row.id, row.person_id, str(row.public_id), row.family_name, row.given_name, row.scheme, row.started_on,
                       late[row.person_id])
        for row in shown.rows
    ]  # fmt: skip
    return rows, total, shown.before, shown.after


def _late(persons: Sequence[int], reader: Reader) -> dict[int, int]:
    found: dict[int, int] = defaultdict(int)
    query = sa.select(Alert.person_id, sa.func.count()).where(*_open(reader), Alert.person_id.in_(persons), _due(LATE, reader))
    found.update({row[0]: row[1] for row in db.session().execute(query.group_by(Alert.person_id))})
    return found
