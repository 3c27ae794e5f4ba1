"""The hidden life of one step: engagement week by week, and the rupture, if any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp, log
from random import Random

from pathways.demo import parameters as p
from pathways.demo.hazards import multipliers
from pathways.demo.profile import pick

_FACTOR = multipliers()


@dataclass(slots=True)
class Life:
    """A step from its first day. ``states``: one a week. ``last_day``: last presence or contact; ``formal_on``: the date of
    the rupture.
    """

    start: date
    states: list[int]
    formal_on: date | None = None
    last_day: date | None = None
    motive: str | None = None

    def stays(self) -> None:
        """Something else came first: there is no rupture."""
        self.formal_on = self.last_day = self.motive = None

    def state(self, day: date) -> int:
        """Engagement on that day; gone after the last day."""
        if self.last_day is not None and day > self.last_day:
            return p.GONE
        week = (day - self.start).days // 7
        return self.states[min(week, len(self.states) - 1)] if self.states and week >= 0 else p.ENGAGED


def live(
    chance: Random,
    start: date,
    weeks: int,
    bases: Sequence[float],
    risk: float,
    *,
    since_week: int = 0,
    away: p.Delay = p.EXIT_TO_FORMAL,
    fragile: bool = False,
) -> Life:
    """The life of at most ``weeks`` weeks of a step for somebody of that log-risk, until its rupture or its end.

    ``since_week``: weeks of the step already passed; ``away``: from the last presence to the formal date; ``fragile``: begins so.
    """
    random = chance.random
    times, pull = exp(risk), exp(p.PULL * risk)
    hazards = [times * factor for factor in _FACTOR]
    falls, gives_up = p.TO_FRAGILE * pull, p.TO_DISENGAGED * pull
    state = p.FRAGILE if random() < p.STARTS_FRAGILE or fragile else p.ENGAGED
    states: list[int] = []
    last = len(bases) - 1
    for week in range(weeks):
        states.append(state)
        if random() < bases[min(since_week + week, last)] * hazards[state]:
            return Life(start, states, *_rupture(chance, start + timedelta(7 * week), start, state, away))
        draw = random()
        if state == p.ENGAGED:
            state = p.FRAGILE if draw < falls else state
        elif state == p.FRAGILE:
            state = p.ENGAGED if draw < p.TO_ENGAGED else p.DISENGAGED if draw < p.TO_ENGAGED + gives_up else state
        elif draw < p.BACK_TO_FRAGILE:
            state = p.FRAGILE
    return Life(start, states)


def _rupture(chance: Random, monday: date, start: date, state: int, away: p.Delay) -> tuple[date, date, str]:
    """The formal day, in the seven days from ``monday``, the last day there, and why."""
    formal = monday + timedelta(chance.randrange(7))
    last_day = max(start, formal - timedelta(1 + days_later(chance, away)))
    sudden = chance.random() < p.WITHOUT_WARNING / _FACTOR[state]
    return max(formal, last_day + timedelta(1)), last_day, pick(chance, p.MOTIVES_SUDDEN if sudden else p.MOTIVES_ANNOUNCED)


def days_later(chance: Random, delay: p.Delay) -> int:
    """Whole days, log-normal, at most a year."""
    return min(365, int(exp(log(delay.median) + delay.spread * chance.gauss(0, 1)) + 0.5))
