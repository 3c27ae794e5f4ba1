"""The calendar of a step: on which half-days the person is expected, and where.

It is made of dated statements (`calendar_stated`), and of the calendar that came with the contract (`work_contract_started`).
Each part of it is settled apart: the latest statement that gives the part and covers the day counts. Nothing stated: Monday to
Friday but for bank holidays, at the body that runs the step; for a contract, nobody knows where.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pathways.workflows import attendance
from pathways.workflows.dates import ONE_DAY, SATURDAY, is_bank_holiday, monday_of
from pathways.workflows.entry import Entry

if TYPE_CHECKING:
    from pathways.workflows.fold import Step

AT_BODY, IN_COMPANY, UNKNOWN, OFF = "B", "C", "?", "-"
"""Where somebody is expected on a half-day: the body that runs the step, the company, one or the other, nowhere."""
ELSEWHERE = frozenset({IN_COMPANY, OFF})
"""The body has nothing to expect then: who is away is not absent."""

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HALVES = ("am", "pm")
HALF_DAYS = tuple(f"{day}_{half}" for day in WEEK for half in HALVES)
"""Codes of the half-days of a week; ``mon`` alone stands for both halves of a Monday."""
FULL_WEEK = frozenset(HALF_DAYS[: 2 * SATURDAY])
"""Full time: Monday to Friday."""

_DAYS_OFF = ("closures", "leave")
LISTS = ("cfa_weeks", *_DAYS_OFF)
WORKING_DAYS, HOLIDAYS = "working_days", "holidays"
PARTS = (*LISTS, WORKING_DAYS)
"""What a statement may give. ``cfa_weeks``: Mondays, the other weeks are in the company; ``closures``: days on which the body or
the company is closed; ``leave``: days of leave of the person; ``working_days``: half-days of the week that are worked.
"""


@dataclass(frozen=True, slots=True)
class Statement:
    """Some parts of a calendar by their names, from one day to another, both included; ``last`` None for no end."""

    first: date
    last: date | None
    parts: tuple[tuple[str, frozenset[Any]], ...]


class Calendar:
    """Statements in the order they were made. ``alternates``: a contract, where a week without calendar may be spent anywhere."""

    __slots__ = ("_by_part", "_days", "alternates", "is_known")

    def __init__(self, statements: Sequence[Statement] = (), *, alternates: bool = False) -> None:
        self.alternates = alternates
        self.is_known = bool(statements)
        self._by_part: dict[str, list[tuple[date, date, frozenset[Any]]]] = {}
        self._days: dict[date, str] = {}
        for each in reversed(statements):
            for name, values in each.parts:
                self._by_part.setdefault(name, []).append((each.first, each.last or date.max, values))

    def days_of(self, name: str) -> list[date]:
        """Every day of a part that is a list, as it counts now: named by some statement, and by none since taken out."""
        named = {day for _first, _last, values in self._by_part.get(name, ()) for day in values}
        return sorted(day for day in named if day in (self.part(name, day) or ()))

    def part(self, name: str, day: date) -> frozenset[Any] | None:
        """What is stated of this part for that day; None when nothing is."""
        for first, last, values in self._by_part.get(name, ()):
            if first <= day <= last:
                return values
        return None

    def half_days(self, day: date) -> frozenset[str]:
        """The half-days of the week that are worked by what is stated for ``day``, by their codes; full time when nothing is."""
        stated = self.part(WORKING_DAYS, day)
        if stated is None:
            return FULL_WEEK
        return frozenset(half for half in HALF_DAYS if half in stated or half.partition("_")[0] in stated)

    def scheduled(self, day: date) -> str:
        """Where the person is expected that morning and that afternoon: two of ``AT_BODY IN_COMPANY UNKNOWN OFF``.

        The one answer that absence rates, expected sheets and days in the company are counted from.
        """
        known = self._days.get(day)
        if known is None:
            known = self._days[day] = self._work_out(day)
        return known

    def days_in_company(self, first: date, last: date) -> Iterator[date]:
        """The days with a half-day in the company, up to ``last`` or the first day nobody can place."""
        day = first
        while day <= last:
            halves = self.scheduled(day)
            if UNKNOWN in halves:
                return
            if IN_COMPANY in halves:
                yield day
            day += ONE_DAY

    def weeks_at_body(self, first: date, last: date) -> Iterator[date]:
        """The Mondays of the weeks in which the body expects the person at least once between the two days."""
        seen, day = None, first
        while day <= last:
            if AT_BODY in self.scheduled(day) and (monday := monday_of(day)) != seen:
                seen = monday
                yield monday
            day += ONE_DAY

    def _work_out(self, day: date) -> str:
        if WORKING_DAYS in self._by_part:
            worked = _worked(self.part(WORKING_DAYS, day), day)
        else:
            worked = (UNKNOWN if day.weekday() < SATURDAY else OFF) * 2
        if worked == OFF * 2 or self._is_off(day):
            return OFF * 2
        at_cfa = self.part("cfa_weeks", day)
        if at_cfa is None:
            place = UNKNOWN if self.alternates else AT_BODY
        else:
            place = AT_BODY if monday_of(day) in at_cfa else IN_COMPANY
        return place * 2 if OFF not in worked else worked.replace(UNKNOWN, place)

    def _is_off(self, day: date) -> bool:
        holidays = self.part(HOLIDAYS, day) if HOLIDAYS in self._by_part else None
        if is_bank_holiday(day) if holidays is None else day in holidays:
            return True
        return any(name in self._by_part and day in (self.part(name, day) or ()) for name in _DAYS_OFF)


def _worked(stated: frozenset[str] | None, day: date) -> str:
    """The half-days worked on that day of the week, as ``UNKNOWN`` places."""
    if stated is None:
        return (UNKNOWN if day.weekday() < SATURDAY else OFF) * 2
    name = WEEK[day.weekday()]
    return "".join(UNKNOWN if name in stated or f"{name}_{half}" in stated else OFF for half in HALVES)


@lru_cache(maxsize=5_000)
def calendar(statements: tuple[Statement, ...], *, alternates: bool = False) -> Calendar:
    """The calendar these statements make, the same object for the same statements: those of one class work its days out once."""
    return Calendar(statements, alternates=alternates)


def calendar_of(step: "Step") -> Calendar:
    """The calendar of a folded step, kept with it until something more is declared."""
    depends_on = len(step.all("work_contract_started")), len(step.all("calendar_stated"))
    if step.calendar is None or step.calendar[0] != depends_on:
        entries = [*step.all("work_contract_started"), *step.all("calendar_stated")]
        step.calendar = depends_on, calendar(statements(entries), alternates=step.scheme.family.code == "contract")
    return step.calendar[1]


def statements(entries: Iterable[Entry]) -> tuple[Statement, ...]:
    """What entries state of a calendar, by their days; of one day the last recorded wins, as for half-days.

    The contract's own calendar comes first, and yields to every other.
    """
    entries = sorted(entries, key=lambda entry: (entry.occurred_on, entry.known_on, entry.number, entry.content))
    of_contract = [each for each in entries if each.type == "work_contract_started" and each.data.get("cfa_weeks") is not None]
    said = [_of_contract(each.data) for each in of_contract[-1:]]
    return (*said, *(stated(each.occurred_on, each.data) for each in entries if each.type == "calendar_stated"))


def stated(occurred_on: date, data: Mapping[str, Any]) -> Statement:
    """One entry as a statement: it counts from ``from``, else from the day it was declared."""
    return Statement(data.get("from") or occurred_on, data.get("until"), _parts(data, PARTS))


def _of_contract(data: Mapping[str, Any]) -> Statement:
    return Statement(date.min, None, _parts(data, ("cfa_weeks", HOLIDAYS)))


def _parts(data: Mapping[str, Any], names: Iterable[str]) -> tuple[tuple[str, frozenset[Any]], ...]:
    return tuple((name, frozenset(data[name])) for name in names if data.get(name) is not None)


def without_false_absences(expected: Calendar, codes: Mapping[date, str], missed: Iterable[date]) -> dict[date, str]:
    """The days of ``missed`` on which an absence is noted though nobody was expected: their codes, that absence left blank.

    Without a calendar a sheet is believed, whatever day it speaks of.
    """
    changed: dict[date, str] = {}
    if not expected.is_known:
        return changed
    for day in missed:
        halves = expected.scheduled(day)
        if halves[0] in ELSEWHERE or halves[1] in ELSEWHERE:
            kept = "".join(_believed(code, place) for code, place in zip(codes[day], halves, strict=True))
            if kept != codes[day]:
                changed[day] = kept
    return changed


def _believed(code: str, place: str) -> str:
    return attendance.BLANK if code == attendance.UNJUSTIFIED and place in ELSEWHERE else code
