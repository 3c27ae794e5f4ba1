"""The readings of an organisation that a rule finds unusual, what was made of them, and records opened for an imminent danger."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from pathways import clock, db
from pathways.models import Disclosure, EmergencyAccess, JournalEntry, Link, Person, ReadingReview, User
from pathways.queries.disclosures import DAY, HOUR, PAGE
from pathways.sharing import unusual
from pathways.sharing.visibility import Reader, visible_to
from pathways.workflows.dates import bank_holidays

SUNDAY = 7


@dataclass(frozen=True, slots=True)
class Reading:
    """A day of one reader that one rule finds unusual, and the last verdict on it."""

    rule: unusual.Unusual
    user_id: int
    shown_id: uuid.UUID
    """Of the reader, for addresses and forms."""
    reader: str
    on: date
    count: int
    usual: int | None
    verdict: str | None
    persons: tuple[int, ...]
    """Some of those whose records were read, ``NAMED_AT_MOST`` at most."""


@dataclass(frozen=True, slots=True)
class Emergency:
    """A record opened for an imminent danger. The person by initials: the reading is examined, not the record."""

    on: date
    reader: str
    initials: str
    reason: str
    explanation: str


@dataclass(frozen=True, slots=True)
class Read:
    """Somebody whose record was read: by name for who sees them, by initials and the start of their number otherwise."""

    label: str
    public_id: uuid.UUID | None
    """Only of those shown by name."""


def people_read(person_ids: Iterable[int], reader: Reader | None) -> dict[int, Read]:
    """By internal id. ``reader``: who may read names, of the persons they see; None for somebody who reads nobody's record."""
    ids = set(person_ids)
    if not ids:
        return {}
    columns = (Person.id, Person.public_id, Person.given_name, Person.family_name)
    named = set()
    if reader is not None:
        seen = sa.select(Person.id).where(Person.id.in_(ids), Person.merged_into.is_(None), visible_to(reader, Person.id))
        named = set(db.session().scalars(seen))
    with db.as_system():
        rows = db.session().execute(sa.select(*columns).where(Person.id.in_(ids))).all()
    return {
        id_: Read(f"{given} {family}", public) if id_ in named else Read(f"{given[:1]}. {family[:1]}. ({str(public)[:8]})", None)
        for id_, public, given, family in rows
    }


def emergencies_waiting(organisation_id: int, today: date) -> int:
    """How many days of readers with an access for imminent danger nobody has examined yet."""
    day = sa.cast(sa.func.timezone(str(clock.PARIS), EmergencyAccess.opened_at), sa.Date)
    examined = sa.exists().where(
        ReadingReview.organisation_id == organisation_id,
        ReadingReview.user_id == EmergencyAccess.user_id,
        ReadingReview.on_day == day,
        ReadingReview.rule == unusual.EMERGENCY,
    )
    opened = sa.select(EmergencyAccess.user_id, day).distinct().where(
        EmergencyAccess.organisation_id == organisation_id,
        EmergencyAccess.opened_at >= clock.noon(today - timedelta(days=unusual.DAYS_BACK)),
        ~examined,
    )
    return db.session().scalar(sa.select(sa.func.count()).select_from(opened.subquery())) or 0


def emergencies(organisation_id: int, today: date) -> list[Emergency]:
    """Records opened by this organisation for an imminent danger, newest first."""
    rows = db.session().execute(
        sa.select(
            EmergencyAccess.opened_at, User.name, EmergencyAccess.reason, EmergencyAccess.explanation, EmergencyAccess.initials
        )
        .join(User, User.id == EmergencyAccess.user_id)
        .where(
            EmergencyAccess.organisation_id == organisation_id,
            EmergencyAccess.opened_at >= clock.noon(today - timedelta(days=unusual.DAYS_BACK)),
        )
        .order_by(EmergencyAccess.opened_at.desc())
    )
    return [Emergency(clock.paris_day(row.opened_at), row.name, row.initials, row.reason.value, row.explanation) for row in rows]


def unusual_readings(organisation_id: int, today: date) -> list[Reading]:
    """The days of this organisation's readers that a rule finds unusual, newest first; one statement a rule.

    Counted as the system: whether somebody was accompanied is a question about links that may have closed since.
    """
    first = today - timedelta(days=unusual.DAYS_BACK)
    with db.as_system():
        found = list(_unusual(organisation_id, first))
    places = {code: place for place, code in enumerate(unusual.RULES)}
    return sorted(found, key=lambda each: (-each.on.toordinal(), places[each.rule.code], each.reader))


def _unusual(organisation_id: int, first: date) -> Iterator[Reading]:
    verdicts = _verdicts(organisation_id, first)
    for code, query in _queries(organisation_id, first).items():
        for row in db.session().execute(query):
            verdict = verdicts.get((row.user_id, row.on, code))
            usual = getattr(row, "usual", None)
            yield Reading(
                unusual.RULES[code], row.user_id, row.shown_id, row.reader, row.on, row.persons, usual, verdict, tuple(row.some)
            )


def _verdicts(organisation_id: int, first: date) -> dict[tuple[int, date, str], str]:
    rows = db.session().execute(
        sa.select(ReadingReview.user_id, ReadingReview.on_day, ReadingReview.rule, ReadingReview.verdict)
        .where(ReadingReview.organisation_id == organisation_id, ReadingReview.on_day >= first)
        .order_by(ReadingReview.id)
    )
    return {(row.user_id, row.on_day, row.rule): row.verdict.value for row in rows}


def _queries(organisation_id: int, first: date) -> dict[str, Any]:
    """Rule → a query of (user, name, day, count)."""
    mine = (Disclosure.organisation_id == organisation_id, Disclosure.user_id.is_not(None))
    opened = (*mine, Disclosure.what.in_(unusual.OPENINGS))
    persons = sa.func.count(Disclosure.person_id.distinct())
    return {
        "emergency": _days(first, *mine, Disclosure.what == "seek.emergency"),
        "many": _beyond_habit(first, *opened),
        "namesake": _days(
            first, *opened,
            sa.exists().where(
                Person.id == Disclosure.person_id,
                sa.func.lower(Person.family_name) == sa.func.lower(sa.func.regexp_replace(User.name, r"^\S+\s+", "")),
            ),
        ),
        "outside": _days(first, *opened, *_no_business()).having(persons >= unusual.OUTSIDE_AT_LEAST),
        "after_end": _days(first, *opened, *_link_ended()),
        "searches": _days(first, *mine, Disclosure.what.in_(unusual.SEARCHES)).having(persons >= unusual.SEARCHES_AT_LEAST),
        "off_hours": _days(first, *opened, _off_hours(first)),
        "export": _days(first, *mine, Disclosure.what.like("%export%")).having(persons >= unusual.EXPORT_AT_LEAST),
    }


def _days(first: date, *asked: Any) -> Any:
    day = DAY.label("on")
    distinct = Disclosure.person_id.distinct()
    some = sa.func.array_agg(distinct, type_=ARRAY(sa.BigInteger))[1 : unusual.NAMED_AT_MOST]
    return (
        sa.select(
            Disclosure.user_id,
            User.public_id.label("shown_id"),
            User.name.label("reader"),
            day,
            sa.func.count(distinct).label("persons"),
            some.label("some"),
        )
        .join(User, User.id == Disclosure.user_id)
        .where(Disclosure.at >= clock.noon(first - timedelta(days=1)), first <= DAY, *asked)
        .group_by(Disclosure.user_id, User.public_id, User.name, day)
        .order_by(day.desc())
        .limit(PAGE)
    )


def _beyond_habit(first: date, *asked: Any) -> Any:
    """More records in a day than so many times one's own median day."""
    since = first - timedelta(days=unusual.USUAL_DAYS)
    counted = _days(since, *asked).order_by(None).limit(None).subquery("counted")
    habit = (
        sa.select(counted.c.user_id, sa.func.percentile_cont(0.5).within_group(counted.c.persons).label("usual"))
        .group_by(counted.c.user_id)
        .subquery("habit")
    )
    usual = sa.cast(habit.c.usual, sa.Integer)
    return (
        sa.select(*counted.c, usual.label("usual"))
        .join(habit, habit.c.user_id == counted.c.user_id)
        .where(
            counted.c.on >= first,
            counted.c.persons >= unusual.MANY_AT_LEAST,
            counted.c.persons >= unusual.MANY_TIMES * habit.c.usual,
        )
    )


def _no_business() -> Iterable[sa.ColumnElement[bool]]:
    """The reader is not named on a link with the person, and declared nothing about them within a week of the day."""
    yield ~sa.exists().where(Link.person_id == Disclosure.person_id, Link.user_id == Disclosure.user_id)
    yield ~sa.exists().where(
        JournalEntry.person_id == Disclosure.person_id,
        JournalEntry.user_id == Disclosure.user_id,
        JournalEntry.recorded_at.between(
            Disclosure.at - sa.text("interval '7 days'"), Disclosure.at + sa.text("interval '7 days'")
        ),
    )


def _link_ended() -> Iterable[sa.ColumnElement[bool]]:
    """The organisation did accompany the person; every link of it had ended more than the days of grace before."""
    links = (Link.person_id == Disclosure.person_id, Link.organisation_id == Disclosure.organisation_id)
    yield sa.exists().where(*links)
    yield ~sa.exists().where(*links, sa.or_(Link.ended_on.is_(None), Link.ended_on + unusual.AFTER_END_DAYS >= DAY))


def _off_hours(first: date) -> sa.ColumnElement[bool]:
    holidays = [day for year in (first.year, first.year + 1) for day in bank_holidays(year)]
    return sa.or_(
        HOUR >= unusual.NIGHT_FROM, HOUR < unusual.NIGHT_TO, sa.func.extract("isodow", DAY) == SUNDAY, DAY.in_(holidays)
    )
