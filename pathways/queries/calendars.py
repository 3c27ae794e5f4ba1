"""The calendar of a step, or of a group, as its page shows and edits it; and the steps one may copy it from."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from pathways import db
from pathways.detection.reading import details, read_dossiers, read_kinds
from pathways.models import Enrolment, JournalEntry, Person
from pathways.queries.entries import stands
from pathways.sharing.visibility import Reader, own_step, visible_to
from pathways.workflows.calendars import LISTS, Calendar, calendar_of, statements
from pathways.workflows.dates import add_months, bank_holidays, days, monday_of
from pathways.workflows.deadlines import PROBATION_COMPANY_DAYS, PROBATION_OVER, company_day
from pathways.workflows.entry import Entry
from pathways.workflows.fold import pathway
from pathways.workflows.schemes import SCHEMES
from pathways.workflows.states import State

MOST_COPIES = 50
SEPTEMBER = 9
YEAR = 12
"""Months shown of a step whose end is not known."""


@dataclass(frozen=True, slots=True)
class Week:
    """One week of the year. ``holidays``: its bank holidays on a weekday, by name; ``off``: days of closure or leave in it."""

    monday: date
    at_cfa: bool
    holidays: list[tuple[date, str]]
    closed: int
    on_leave: int

    @property
    def friday(self) -> date:
        return self.monday + days(4)


@dataclass(frozen=True, slots=True)
class Shown:
    """A calendar with its lists laid out. Ranges are (first day, last day); ``half_days``: worked ones of the week, as codes."""

    calendar: Calendar
    alternates: bool
    cfa_weeks: list[date]
    closures: list[tuple[date, date]]
    leave: list[tuple[date, date]]
    half_days: frozenset[str]


@dataclass(frozen=True, slots=True)
class Effect:
    """What follows for the probation: the 45th day in the company, None while it cannot be known; ``applies`` to this step."""

    applies: bool
    reached: date | None
    over: bool


def shown(calendar: Calendar, today: date) -> Shown:
    """The parts of a calendar as they count today."""
    weeks = calendar.days_of("cfa_weeks")
    return Shown(
        calendar,
        bool(weeks) or calendar.part("cfa_weeks", today) is not None,
        weeks,
        ranges(calendar.days_of("closures")),
        ranges(calendar.days_of("leave")),
        calendar.half_days(today),
    )


def step_calendar(person_id: int, enrolment_id: int, today: date) -> tuple[Calendar, Effect]:
    """The calendar of one step, and what follows from it. The caller has made sure that the reader sees the step."""
    session = db.session()
    with db.as_system():
        (dossier,) = read_dossiers(session, [person_id], read_kinds(session, [person_id]), today, lock="none")
    step = pathway(dossier.entries, today, today).steps.get(enrolment_id)
    if step is None:
        return Calendar(), Effect(False, None, False)
    counted = any(clock.name == PROBATION_OVER for clock in step.scheme.workflow.clocks.get(State.PROBATION, ()))
    probation = counted and step.state in {State.PROBATION, State.IN_CONTRACT}
    reached = company_day(step, PROBATION_COMPANY_DAYS) if probation else None
    return calendar_of(step), Effect(probation, reached, reached is not None and reached < today)


def calendars(steps: Mapping[int, tuple[int, str]]) -> dict[int, Calendar]:
    """The calendar of each step, read at once. ``steps``: enrolment → (person, code of the scheme)."""
    rows = db.session().execute(
        sa.select(
            JournalEntry.enrolment_id,
            JournalEntry.type,
            JournalEntry.occurred_on,
            sa.cast(JournalEntry.payload, sa.Text),
            JournalEntry.id,
        ).where(
            JournalEntry.person_id.in_({person for person, _scheme in steps.values()}),
            JournalEntry.enrolment_id.in_(steps),
            JournalEntry.type.in_(("calendar_stated", "work_contract_started")),
            stands(),
        )
    )
    said: dict[int, list[Entry]] = {enrolment: [] for enrolment in steps}
    for enrolment, kind, on, content, id_ in rows:
        said[enrolment or 0].append(Entry(id_, kind, on, on, data=details(kind, content), number=id_))
    return {
        enrolment: Calendar(statements(entries), alternates=SCHEMES[steps[enrolment][1]].family.code == "contract")
        for enrolment, entries in said.items()
    }


def common(found: Sequence[Calendar], today: date) -> tuple[Calendar, bool]:
    """The calendar most of these share, by what it says today; and whether they all say the same."""
    if not found:
        return Calendar(), True
    keys = [_said(each, today) for each in found]
    most, number = Counter(keys).most_common(1)[0]
    return found[keys.index(most)], number == len(found)


def _said(calendar: Calendar, today: date) -> tuple[Any, ...]:
    """Leave is each person's own: it does not tell calendars of a group apart."""
    shared = (tuple(calendar.days_of(name)) for name in LISTS if name != "leave")
    return *shared, calendar.half_days(today), calendar.part("cfa_weeks", today) is None


def others(reader: Reader, scheme: str, but: int | None = None) -> list[tuple[str, str]]:
    """(public id, name) of own open steps of that scheme with a stated calendar, the latest first: what one may copy."""
    stated = sa.select(sa.func.max(JournalEntry.id)).where(
        JournalEntry.person_id == Enrolment.person_id,
        JournalEntry.enrolment_id == Enrolment.id,
        JournalEntry.type == "calendar_stated",
        stands(),
    )
    last = stated.scalar_subquery()
    rows = db.session().execute(
        sa.select(Enrolment.public_id, Person.family_name, Person.given_name)
        .join(Person, Person.id == Enrolment.person_id)
        .where(
            Enrolment.scheme == scheme,
            Enrolment.closed_on.is_(None),
            Enrolment.id != (but or 0),
            Person.merged_into.is_(None),
            visible_to(reader, Enrolment.person_id),
            own_step(reader, Enrolment),
            last.is_not(None),
        )
        .order_by(last.desc())
        .limit(MOST_COPIES)
    )
    return [(str(public_id), f"{family} {given}") for public_id, family, given in rows]


def other(reader: Reader, public_id: uuid.UUID) -> tuple[int, int, str] | None:
    """(enrolment, person, scheme) of a step of one's own to copy from; None for another's."""
    query = sa.select(Enrolment.id, Enrolment.person_id, Enrolment.scheme).where(
        Enrolment.public_id == public_id, visible_to(reader, Enrolment.person_id), own_step(reader, Enrolment)
    )
    row = db.session().execute(query).first()
    return (row[0], row[1], row[2]) if row else None


# --- the year ----------------------------------------------------------------------------------------------------------


def school_years(first: date, last: date | None) -> list[int]:
    """The school years a step meets, each by the year it begins in."""
    end = last or add_months(first, YEAR)
    return list(range(_school_year(first), _school_year(max(end, first)) + 1))


def weeks_of(of: Shown, year: int, first: date, last: date | None) -> list[Week]:
    """The weeks of a school year between the first and the last day of the step."""
    begins, ends = date(year, SEPTEMBER, 1), date(year + 1, SEPTEMBER, 1) - days(1)
    monday, until = monday_of(max(begins, first)), min(ends, last or ends)
    closed, away = _days(of.closures), _days(of.leave)
    at_cfa = set(of.cfa_weeks)
    found = []
    while monday <= until:
        week = [monday + days(n) for n in range(5)]
        named = [(day, bank_holidays(day.year)[day]) for day in week if day in bank_holidays(day.year)]
        found.append(Week(monday, monday in at_cfa, named, len(closed.intersection(week)), len(away.intersection(week))))
        monday += days(7)
    return found


def ranges(of: Iterable[date]) -> list[tuple[date, date]]:
    """Days in a row as (first, last); a weekend between two of them does not part them."""
    found: list[tuple[date, date]] = []
    for day in of:
        if found and _follows(found[-1][1], day):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def _follows(last: date, day: date) -> bool:
    gap = (day - last).days
    return gap == 1 or (gap <= 3 and all((last + days(n)).weekday() > 4 for n in range(1, gap)))  # noqa: PLR2004 -- a weekend


def _days(of: Iterable[tuple[date, date]]) -> set[date]:
    return {first + days(n) for first, last in of for n in range((last - first).days + 1)}


def _school_year(day: date) -> int:
    return day.year if day.month >= SEPTEMBER else day.year - 1

