"""What calls were worth, against the ruptures that really came: precision, recall, lead time, and how sure each figure is.

Definitions: a rupture counts when the person had come and it is formally dated in the period, later than a week after the step
began. It is caught when a call came before its effective day (the last presence or exchange), not more than half a year before,
and usefully when two weeks before. A call is right when a rupture is formally dated within four weeks after it; a person when
any rupture came later. Calls whose four weeks are not over yet are counted, and not judged.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import quantiles

from pathways.backtest.capacity import HORIZON, Call, followed_by
from pathways.backtest.walking import Walked
from pathways.workflows.dates import days
from pathways.workflows.ruptures import Rupture

USEFUL = 14
"""Days before the effective day from which there was time to do something."""
LOOKED_BACK = days(180)
"""How long before the effective day a call may have come and still be about that rupture."""
SETTLED = days(7)
"""A rupture earlier than this after the beginning is somebody who never really came."""
DRAWS, SURE = 400, 0.95
"""Times persons are drawn again for the intervals, and how sure these are."""
FEW = 4
"""Leads below which quartiles say nothing."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A share and its interval; ``of``: how many it is a share of. All None when that is 0."""

    value: float | None
    low: float | None
    high: float | None
    of: int


Quartiles = tuple[float, float, float]
"""First quartile, median, third quartile, in days."""


@dataclass(frozen=True, slots=True)
class Measure:
    """``per_100``: calls a week for a hundred persons followed. Leads in days, from the first call about each rupture caught."""

    calls: int
    per_100: float
    precision: Figure
    person_precision: Figure
    recall: Figure
    useful: Figure
    formal_recall: Figure
    lead: Quartiles | None
    formal_lead: Quartiles | None
    lead_interval: tuple[float, float] | None


@dataclass(slots=True)
class _Of:
    """One person's part in every sum."""

    judged: int = 0
    right: int = 0
    right_later: int = 0
    ruptures: int = 0
    caught: int = 0
    useful: int = 0
    caught_formally: int = 0
    leads: list[int] = field(default_factory=list)
    formal_leads: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Period:
    """Days judged, both included. ``until``: the last evening whose knowledge says what came."""

    first: date
    last: date
    until: date

    def holds(self, rupture: Rupture) -> bool:
        return self.first <= rupture.formal_on <= self.last and rupture.came and rupture.formal_on > rupture.began_on + SETTLED


def measured(calls: Iterable[Call], walked: Sequence[Walked], period: Period, person_weeks: int) -> Measure:
    """``calls``: all of them, those before the period included: they may be the first about a rupture of its first days."""
    by_person: dict[int, list[date]] = defaultdict(list)
    for call in calls:
        by_person[call.person].append(call.on)
    sums = [each for person in walked if (each := _of(person, by_person.get(person.person, []), period))]
    made = sum(period.first <= on <= period.last for called in by_person.values() for on in called)
    drawn = _draws(sums)
    leads = [lead for each in sums for lead in each.leads]
    return Measure(
        made,
        100 * made / person_weeks if person_weeks else 0.0,
        _figure(sums, drawn, lambda one: one.right, lambda one: one.judged),
        _figure(sums, drawn, lambda one: one.right_later, lambda one: one.judged),
        _figure(sums, drawn, lambda one: one.caught, lambda one: one.ruptures),
        _figure(sums, drawn, lambda one: one.useful, lambda one: one.ruptures),
        _figure(sums, drawn, lambda one: one.caught_formally, lambda one: one.ruptures),
        _quartiles(leads),
        _quartiles([lead for each in sums for lead in each.formal_leads]),
        _median_interval(sums, drawn) if len(leads) >= FEW else None,
    )


def _of(person: Walked, called: Sequence[date], period: Period) -> _Of | None:
    counted = [rupture for rupture in person.ruptures if period.holds(rupture)]
    broke = [rupture.formal_on for rupture in person.ruptures]
    found = _Of(ruptures=len(counted))
    for on in called:
        if period.first <= on <= period.last and on + HORIZON <= period.until:
            found.judged += 1
            found.right += followed_by(on, broke)
            found.right_later += any(on < day for day in broke)
    for rupture in counted:
        since = max(rupture.began_on, rupture.effective_on - LOOKED_BACK)
        before = [on for on in called if since <= on < rupture.formal_on]
        if before:
            found.caught_formally += 1
            found.formal_leads.append((rupture.formal_on - min(before)).days)
        if before and min(before) < rupture.effective_on:
            lead = (rupture.effective_on - min(before)).days
            found.caught += 1
            found.useful += lead >= USEFUL
            found.leads.append(lead)
    return found if called or counted else None


def _draws(sums: Sequence[_Of]) -> list[list[int]]:
    """Persons drawn again with replacement, by place: a person's calls stay together, as they are not independent."""
    drawn, places = random.Random(11), range(len(sums))
    return [drawn.choices(places, k=len(sums)) for _ in range(DRAWS)] if sums else []


Part = Callable[[_Of], int]


def _figure(sums: Sequence[_Of], drawn: Sequence[Sequence[int]], part: Part, whole: Part) -> Figure:
    parts, wholes = [part(each) for each in sums], [whole(each) for each in sums]
    total = sum(wholes)
    if not total:
        return Figure(None, None, None, 0)
    shares = []
    for places in drawn:
        of = sum(wholes[place] for place in places)
        if of:
            shares.append(sum(parts[place] for place in places) / of)
    low, high = _interval(shares)
    return Figure(sum(parts) / total, low, high, total)


def _interval(values: list[float]) -> tuple[float, float]:
    ranked, out = sorted(values), (1 - SURE) / 2
    return ranked[int(out * len(ranked))], ranked[min(int((1 - out) * len(ranked)), len(ranked) - 1)]


def _median_interval(sums: Sequence[_Of], drawn: Sequence[Sequence[int]]) -> tuple[float, float] | None:
    medians = []
    for places in drawn:
        leads = sorted(lead for place in places for lead in sums[place].leads)
        if leads:
            medians.append(float(leads[len(leads) // 2]))
    return _interval(medians) if medians else None


def _quartiles(leads: list[int]) -> Quartiles | None:
    if len(leads) < FEW:
        return None
    low, middle, high = quantiles(leads, n=4, method="inclusive")
    return low, middle, high


def raised(walked: Iterable[Walked], choice: str) -> Mapping[str, list[Call]]:
    """By rule, the calls it would have made alone and without a budget: one a person, until its four weeks are over."""
    found: dict[str, list[Call]] = defaultdict(list)
    for each in walked:
        last: dict[str, date] = {}
        for spell in sorted(each.spells[choice], key=lambda spell: spell.on):
            if spell.rule not in last or spell.on - last[spell.rule] >= HORIZON:
                last[spell.rule] = spell.on
                found[spell.rule].append(Call(each.person, spell.on, spell.rule))
    return found
