"""The figures of a replay as they are kept, compared and printed: plain data, without a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from pathways.backtest.capacity import SILENCE, chosen, followed_by
from pathways.backtest.measuring import Measure, Period, measured, raised
from pathways.backtest.walking import Walked

BUDGETS = (2, 5, 10)
"""Calls a week for a hundred persons followed."""
IN_FORCE, CHANGED = "in_force", "changed"
"""The thresholds as they were on each day, and with what was asked to be changed."""


@dataclass(frozen=True, slots=True)
class Report:
    """``at``: choice → budget → measure, the plain silence rule among the choices. ``rules``: choice → rule → measure."""

    period: Period
    persons: int
    person_weeks: int
    ruptures: int
    never_came: int
    base_rate: float
    at: dict[str, dict[str, Measure]]
    rules: dict[str, dict[str, Measure]]

    def kept(self) -> dict[str, Any]:
        """As JSON keeps it."""
        found = asdict(self)
        found["period"] = {name: day.isoformat() for name, day in found["period"].items()}
        return found


def report(walked: Sequence[Walked], scored: Sequence[date], period: Period, choices: Sequence[str]) -> Report:
    """``choices``: names of the thresholds replayed, those in force first."""
    inside = [week for week, monday in enumerate(scored) if period.first <= monday <= period.last]
    person_weeks = sum(week in each.weeks for each in walked for week in inside)
    counted = [rupture for each in walked for rupture in each.ruptures if period.holds(rupture)]
    gone = [
        rupture for each in walked for rupture in each.ruptures
        if period.first <= rupture.formal_on <= period.last and not rupture.came
    ]  # fmt: skip
    return Report(
        period,
        sum(any(week in each.weeks for week in inside) for each in walked),
        person_weeks,
        len(counted),
        len(gone),
        _base_rate(walked, scored, inside),
        {
            choice: {
                str(budget): measured(chosen(walked, scored, budget, choice), walked, period, person_weeks)
                for budget in BUDGETS
            }
            for choice in (*choices, SILENCE)
        },
        {
            choice: {
                rule: measured(calls, walked, period, person_weeks)
                for rule, calls in sorted(raised(walked, choice).items())
                if any(period.first <= call.on <= period.last for call in calls)
            }
            for choice in choices
        },
    )


def _base_rate(walked: Sequence[Walked], scored: Sequence[date], inside: Sequence[int]) -> float:
    """How often a rupture came within four weeks of a Monday, whoever one had called."""
    there = right = 0
    for each in walked:
        broke = [rupture.formal_on for rupture in each.ruptures]
        for week in inside:
            if week in each.weeks:
                there += 1
                right += followed_by(scored[week], broke)
    return right / there if there else 0.0
