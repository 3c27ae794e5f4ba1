"""Attendance of trainees: a week as a grid, the last weeks in figures, and the weeks nobody has filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pathways import db
from pathways.detection.facts import StepFacts
from pathways.detection.reading import read_settings
from pathways.detection.rules.attendance import scheduled_hours
from pathways.detection.settings import Settings
from pathways.detection.sheets import read_attendance
from pathways.queries.groups import GroupRow, Trainee
from pathways.sharing.visibility import Reader
from pathways.workflows.attendance import BLANK
from pathways.workflows.calendars import AT_BODY, IN_COMPANY, OFF, UNKNOWN
from pathways.workflows.dates import ONE_DAY, SATURDAY, days, is_bank_holiday, monday_of
from pathways.workflows.week import Week

WEEKS_BACK = 6
"""How far back a week without sheet is asked for; older ones would hide this one."""
RATE = "absence_rate_high"
OUTSIDE, HOLIDAY, CLOSED, COMPANY = "outside", "holiday", "closed", "company"
"""Why nobody is expected at the body on a half-day."""


@dataclass(frozen=True, slots=True)
class GridRow:
    """One trainee's week. ``cells``: what counts now; ``before``: the week before; ``off``: why nobody is expected, or ""."""

    trainee: Trainee
    cells: tuple[str, ...]
    before: tuple[str, ...]
    off: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A group's week. ``weekend``: somebody has a code on it, so that it shows."""

    monday: date
    rows: list[GridRow]

    @property
    def weekend(self) -> bool:
        return any(cell != BLANK for row in self.rows for cell in row.cells[2 * SATURDAY :])

    @property
    def days(self) -> list[date]:
        return [self.monday + days(n) for n in range(7 if self.weekend else SATURDAY)]

    @property
    def is_recorded(self) -> bool:
        return any(cell != BLANK for row in self.rows for cell in row.cells)


@dataclass(frozen=True, slots=True)
class Presence:
    """The last weeks of one trainee: half-days missed without excuse, of those expected. ``last_on``: the last coded day."""

    last_on: date | None = None
    last_codes: str = ""
    missed: int = 0
    expected: int = 0
    too_much: bool = False
    """Beyond the threshold of the signal « absences fréquentes »."""

    @property
    def rate(self) -> float | None:
        return self.missed / self.expected if self.expected else None


@dataclass(frozen=True, slots=True)
class Missing:
    """A week of a group without sheet, for ``without`` of the ``size`` trainees it was expected of."""

    monday: date
    without: int
    size: int


def grid(trainees: Sequence[Trainee], monday: date, reader: Reader) -> Grid:
    """The week of these trainees."""
    facts = _facts(trainees, reader, monday - days(7), monday + days(6))
    rows = []
    for each in trainees:
        of_step = facts[each.enrolment_id]
        sheets = of_step.all("attendance")
        week, before = Week(sheets, monday), Week(sheets, monday - days(7))
        rows.append(GridRow(each, week.cells, before.cells, _off(each, of_step, monday)))
    return Grid(monday, rows)


def presence(trainees: Sequence[Trainee], reader: Reader) -> Mapping[int, Presence]:
    """Enrolment → the last complete weeks in figures: as many weeks, and the threshold, that the signal of absence rate uses."""
    session = db.session()
    settings = read_settings(session)
    facts = _facts(trainees, reader, monday_of(reader.today) - days(7 * 26), reader.today)
    return {each.enrolment_id: _presence(each, facts[each.enrolment_id], settings, reader) for each in trainees}


def missing_weeks(
    of_groups: Mapping[int, Sequence[Trainee]], groups: Sequence[GroupRow], reader: Reader
) -> dict[int, list[Missing]]:
    """Group → its weeks without sheet, the latest first, among the last complete ones and this one from its last day on."""
    this_week = monday_of(reader.today)
    last = this_week if reader.today.weekday() >= SATURDAY - 1 else this_week - days(7)
    first = last - days(7 * (WEEKS_BACK - 1))
    everybody = {each.enrolment_id: each for trainees in of_groups.values() for each in trainees}
    facts = _facts(list(everybody.values()), reader, first, last + days(6))
    found: dict[int, list[Missing]] = {}
    for group in groups:
        found[group.id] = []
        for n in range(WEEKS_BACK):
            monday = last - days(7 * n)
            expected = [each for each in of_groups.get(group.id, ()) if _is_expected(each, facts[each.enrolment_id], monday)]
            without = sum(not _has_a_code(facts[each.enrolment_id], monday) for each in expected)
            if without:
                found[group.id].append(Missing(monday, without, len(expected)))
    return found


def _facts(trainees: Sequence[Trainee], reader: Reader, first: date, last: date) -> dict[int, StepFacts]:
    steps = {each.enrolment_id: (each.person_id, each.scheme) for each in trainees}
    return read_attendance(db.session(), steps, first, last, reader.today)


def _presence(trainee: Trainee, facts: StepFacts, settings: Settings, reader: Reader) -> Presence:
    values = settings.values(trainee.scheme, reader.organisation_id, reader.today, reader.today)
    end = monday_of(reader.today)
    first = max(end - days(7 * values[f"{RATE}.weeks"]), _first_day(trainee, facts))
    missed = sum(count for day, count in facts.absences.items() if first <= day < end)
    # Two "hours" a day: the same reckoning as the signal's, in half-days.
    expected = round(scheduled_hours(facts, first, end, 2.0)) if first < end else 0
    last = next((day for day in reversed(facts.half_days) if facts.half_days[day].strip(BLANK)), None)
    too_much = bool(expected) and missed / expected > values[f"{RATE}.rate"]
    return Presence(last, facts.half_days[last] if last else "", missed, expected, too_much)


def _first_day(trainee: Trainee, facts: StepFacts) -> date:
    entered = facts.last("entered") or facts.last("work_contract_started")
    start = entered.occurred_on if entered else trainee.planned_start
    return max(filter(None, (start, trainee.joined_on)), default=date.min)


def _last_day(trainee: Trainee) -> date:
    return min(filter(None, (trainee.closed_on, trainee.left_on)), default=date.max)


def _is_expected(trainee: Trainee, facts: StepFacts, monday: date) -> bool:
    """The body expects the trainee at least once in that week, by their dates and their calendar."""
    if not trainee.is_present and trainee.closed_on is None:
        return False
    first, last = max(monday, _first_day(trainee, facts)), min(monday + days(6), _last_day(trainee))
    return next(facts.calendar.weeks_at_body(first, last), None) is not None


def _has_a_code(facts: StepFacts, monday: date) -> bool:
    codes = facts.step.half_days.codes
    return any(codes.get(monday + days(n), BLANK).strip(BLANK) for n in range(7))


def _off(trainee: Trainee, facts: StepFacts, monday: date) -> tuple[str, ...]:
    """For each half-day, why nobody is expected at the body; "" where somebody is, or may be."""
    first, last = _first_day(trainee, facts), _last_day(trainee)
    found: list[str] = []
    for n in range(7):
        day = monday + n * ONE_DAY
        if not first <= day <= last:
            found += [OUTSIDE] * 2
            continue
        for place in facts.calendar.scheduled(day):
            found.append(_why(place, day))
    return tuple(found)


def _why(place: str, day: date) -> str:
    if place in {AT_BODY, UNKNOWN}:
        return ""
    if place == IN_COMPANY:
        return COMPANY
    assert place == OFF
    return HOLIDAY if is_bank_holiday(day) else CLOSED
