"""One person walked through their days: the spells in which each rule asked for somebody, and what really came of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from pathways.detection.evaluation import Key
from pathways.detection.finding import Level
from pathways.detection.settings import Settings
from pathways.detection.timeline import Timeline, Visit
from pathways.workflows.dates import days, monday_of
from pathways.workflows.entry import Entry, standing
from pathways.workflows.fold import Folding
from pathways.workflows.ruptures import Rupture, last_sign_of_life, ruptures

WEEK = days(7)
WARM_UP = 12
"""Weeks scored before a period: a rupture of its first days may have been announced before it."""


class Spell(NamedTuple):
    """Evenings on which a signal asked for somebody: from ``on``, shown or risen to ``level``, to the day before ``until``."""

    rule: str
    raised_by: int
    level: int
    on: date
    until: date


@dataclass(frozen=True, slots=True)
class Choice:
    """Thresholds to replay with. ``only``: the rules they may change the answer of; empty: all of them."""

    name: str
    settings: Settings
    only: frozenset[str] = frozenset()


@dataclass(slots=True)
class Walked:
    """One person. ``weeks``: those scored in which a step was open, each with the days since the last sign of life known then.

    ``spells``: by name of the choice of thresholds. ``person`` is a number of this run, nobody's.
    """

    person: int
    weeks: dict[int, int] = field(default_factory=dict)
    ruptures: list[Rupture] = field(default_factory=list)
    spells: dict[str, list[Spell]] = field(default_factory=dict)


def mondays(first: date, last: date) -> list[date]:
    """The Mondays scored for a period: those of its weeks, and of the weeks before it in which an alert may have come."""
    found, day = [], monday_of(first) - WARM_UP * WEEK
    while day <= last:
        found.append(day)
        day += WEEK
    return found


def walk(person: int, entries: Sequence[Entry], choices: Sequence[Choice], scored: Sequence[date], until: date) -> Walked:
    """Walks a person to the last Monday scored, with each choice of thresholds; the first one asks every rule.

    ``until``: the evening whose knowledge says what really happened.
    """
    base, *others = choices
    told = standing(entries, until)
    walked = Walked(person, ruptures=ruptures(Folding(told).advance(until), told))
    seen = _Seen()
    walked.spells[base.name] = _spells(entries, base, scored[-1], seen)
    walked.weeks = _weeks(seen, told, scored)
    for choice in others:
        kept = [spell for spell in walked.spells[base.name] if choice.only and spell.rule not in choice.only]
        walked.spells[choice.name] = kept + _spells(entries, choice, scored[-1], None)
    return walked


class _Seen:
    """The evenings looked at, and whether a step was open on each."""

    def __init__(self) -> None:
        self.days: list[date] = []
        self.open: list[bool] = []

    def note(self, visit: Visit) -> None:
        self.days.append(visit.day)
        self.open.append(any(step.is_open for step in visit.pathway.steps.values()))

    def is_open(self, day: date) -> bool:
        """Between two evenings looked at, nothing changes."""
        place = bisect_right(self.days, day)
        return place > 0 and self.open[place - 1]

    @property
    def first(self) -> date | None:
        return next((day for day, is_open in zip(self.days, self.open, strict=True) if is_open), None)


def _spells(entries: Sequence[Entry], choice: Choice, until: date, seen: _Seen | None) -> list[Spell]:
    spells: list[Spell] = []
    held_now: dict[Key, Spell] = {}

    def look(visit: Visit) -> None:
        if seen is not None:
            seen.note(visit)
        held = visit.evaluation.held
        spells.extend(held_now.pop(key)._replace(until=visit.day) for key in [key for key in held_now if key not in held])
        for key, each in held.items():
            level, before = each.finding.level, held_now.get(key)
            if level < Level.WATCH or (before is not None and level <= before.level):
                continue
            if before is not None:
                spells.append(before._replace(until=visit.day))
            held_now[key] = Spell(key.rule, each.rule.raised_by, int(level), visit.day, date.max)

    Timeline(entries, choice.settings, only=choice.only).run_to(until, every=look)
    return spells + list(held_now.values())


def _weeks(seen: _Seen, told: Iterable[Entry], scored: Sequence[date]) -> dict[int, int]:
    """Week → days of silence, by what was known on its evening; since the first step where nothing else was ever seen."""
    began = seen.first
    if began is None:
        return {}
    signs = sorted((entry.known_on, day) for entry in told if (day := last_sign_of_life(entry)))
    found, place, last = {}, 0, began
    for week, monday in enumerate(scored):
        while place < len(signs) and signs[place][0] <= monday:
            last, place = max(last, signs[place][1]), place + 1
        if seen.is_open(monday):
            found[week] = max((monday - last).days, 0)
    return found
