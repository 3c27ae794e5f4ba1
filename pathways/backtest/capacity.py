"""Whom a team with so much time would have called, week after week: the ranking and the budget, on days gone by.

``budget``: persons called a week for a hundred followed. Somebody called is left alone for four weeks, and comes back only for
something that showed since: what a counsellor has dealt with does not take a second place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from pathways.backtest.walking import WEEK, Spell, Walked
from pathways.detection.budget import PRIOR

HORIZON = 4 * WEEK
"""A call is of use when a rupture would follow within it; nobody is called twice within it."""
SILENCE = "silence"
"""The plain rule everything is compared with: the longest without a sign of life first."""


@dataclass(frozen=True, slots=True)
class Call:
    """A person called on a Monday, and the rule that brought them."""

    person: int
    on: date
    rule: str


Rank = tuple[float, ...]
Candidate = tuple[Rank, str]
"""How much somebody presses, the highest first, and because of which rule."""


def chosen(walked: Sequence[Walked], scored: Sequence[date], budget: float, choice: str) -> list[Call]:
    """The calls of every week scored. ``choice``: the thresholds replayed, or `SILENCE`."""
    calls: list[Call] = []
    last: dict[int, date] = {}
    record = _Record(walked)
    carried = 0.0
    by_week = _by_week(walked)
    for week, monday in enumerate(scored):
        there = by_week[week]
        carried += budget * len(there) / 100
        record.learn(monday)
        ask = _silent(week) if choice == SILENCE else _pressing(choice, monday, record)
        waiting = []
        for each in there:
            before = last.get(each.person)
            if (before is None or monday - before >= HORIZON) and (found := ask(each, before)):
                waiting.append((found[0], -each.person, found[1]))
        waiting.sort(reverse=True)
        places = int(carried)
        for _rank, person, rule in waiting[:places]:
            last[-person] = monday
            call = Call(-person, monday, rule)
            calls.append(call)
            record.keep(call)
        # Time not used one week does not pile up: only the fraction of a call is carried over.
        carried -= places
    return calls


def _by_week(walked: Sequence[Walked]) -> dict[int, list[Walked]]:
    found: dict[int, list[Walked]] = defaultdict(list)
    for each in walked:
        for week in each.weeks:
            found[week].append(each)
    return found


Ask = Callable[[Walked, date | None], Candidate | None]


def _silent(week: int) -> Ask:
    def ask(each: Walked, _before: date | None) -> Candidate | None:
        return ((each.weeks[week],), SILENCE) if each.weeks[week] else None

    return ask


def _pressing(choice: str, monday: date, record: _Record) -> Ask:
    def ask(each: Walked, before: date | None) -> Candidate | None:
        """Raised by somebody, then level, then how often the rule was right so far, then age: as the week's budget ranks."""
        found = [
            (_rank(spell, record, monday), spell.rule)
            for spell in each.spells[choice]
            if spell.on <= monday < spell.until and (before is None or spell.on > before)
        ]
        return max(found, default=None)

    return ask


def _rank(spell: Spell, record: _Record, monday: date) -> Rank:
    return spell.raised_by, spell.level, record.precision(spell.rule), (monday - spell.on).days


class _Record:
    """How often each rule's calls came before a rupture, by what a Monday could know: calls whose horizon is over."""

    def __init__(self, walked: Sequence[Walked]) -> None:
        self._broke = {each.person: [rupture.formal_on for rupture in each.ruptures] for each in walked}
        self._calls: list[Call] = []
        self._read = 0
        self._right: dict[str, int] = defaultdict(int)
        self._all: dict[str, int] = defaultdict(int)

    def keep(self, call: Call) -> None:
        self._calls.append(call)

    def learn(self, monday: date) -> None:
        while self._read < len(self._calls) and self._calls[self._read].on + HORIZON <= monday:
            call = self._calls[self._read]
            self._right[call.rule] += followed_by(call.on, self._broke[call.person])
            self._all[call.rule] += 1
            self._read += 1

    def precision(self, rule: str) -> float:
        """Drawn towards that of all rules, as if each had begun with some calls of average use."""
        every = sum(self._all.values())
        mean = sum(self._right.values()) / every if every else 0.0
        return (self._right[rule] + PRIOR * mean) / (self._all[rule] + PRIOR)


def followed_by(day: date, broke: Sequence[date]) -> bool:
    """Whether a rupture came after ``day``, within the horizon."""
    return any(day < on <= day + HORIZON for on in broke)
