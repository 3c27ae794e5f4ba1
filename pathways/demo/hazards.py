"""Weekly risks of rupture that give back the published shares, whatever the mix of persons and states.

The published hazards are averages over everybody still there. Persons differ (log-risk) and change state, and those at risk leave
first: the base of each week is set so that the average over those who are left is the published one. Pure arithmetic on a
fixed grid
of log-risks: nothing here depends on a seed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import product
from math import exp
from statistics import NormalDist

from pathways.demo import parameters as p

WEEK_MONTHS = 7 / p.MONTH
GRID = 0.1
HIDDEN = NormalDist(0, (p.BODY_SPREAD**2 + p.FRAILTY_SPREAD**2) ** 0.5)
Weights = Mapping[float, float]


def weekly(pieces: Sequence[tuple[float, float]], weeks: int) -> list[float]:
    """Expected ruptures per week from hazards per month, piece by piece: (until month, hazard)."""
    found = []
    for week in range(weeks):
        months = (week + 0.5) * WEEK_MONTHS
        hazard = next((value for until, value in pieces if months < until), pieces[-1][1])
        found.append(1 - exp(-hazard * WEEK_MONTHS))
    return found


def multipliers() -> tuple[float, ...]:
    """What each engagement state does to the hazard."""
    return tuple(p.WITHOUT_WARNING + (1 - p.WITHOUT_WARNING) * state for state in p.MODULATION)


def moved(shares: Sequence[float], pull: float) -> tuple[float, float, float]:
    """The shares of the three states a week later."""
    engaged, fragile, disengaged = shares
    falls, gives_up = p.TO_FRAGILE * pull, p.TO_DISENGAGED * pull
    return (
        engaged * (1 - falls) + fragile * p.TO_ENGAGED,
        engaged * falls + fragile * (1 - p.TO_ENGAGED - gives_up) + disengaged * p.BACK_TO_FRAGILE,
        fragile * gives_up + disengaged * (1 - p.BACK_TO_FRAGILE),
    )


def levelled(targets: Sequence[float], risks: Weights) -> list[float]:
    """The base of each week for which the average of those still there is the target of that week.

    ``risks``: log-risk → share of the population.
    """
    factor = multipliers()
    people = [(exp(risk), exp(p.PULL * risk), weight) for risk, weight in risks.items()]
    states = [(weight * (1 - p.STARTS_FRAGILE), weight * p.STARTS_FRAGILE, 0.0) for _, _, weight in people]
    bases = []
    for target in targets:
        alive = sum(map(sum, states))
        exposed = sum(
            risk * sum(share * by for share, by in zip(shares, factor, strict=True))
            for (risk, _, _), shares in zip(people, states, strict=True)
        )
        base = target * alive / exposed
        bases.append(base)
        states = [
            moved([share * max(0.0, 1 - base * risk * by) for share, by in zip(shares, factor, strict=True)], pull)
            for (risk, pull, _), shares in zip(people, states, strict=True)
        ]
    return bases


def with_hidden(static: Weights) -> dict[float, float]:
    """Known log-risks spread by what nobody knows, the body's effect and the person's frailty, on a grid."""
    spread: dict[float, float] = {}
    for step in range(-20, 21):
        hidden = step * GRID
        share = HIDDEN.cdf(hidden + GRID / 2) - HIDDEN.cdf(hidden - GRID / 2)
        for risk, weight in static.items():
            at = round((risk + hidden) / GRID) * GRID
            spread[at] = spread.get(at, 0.0) + weight * share
    return spread


def mixed(*factors: Iterable[tuple[float, float]]) -> dict[float, float]:
    """Log-risks of independent covariates, each a list of (log-ratio, share)."""
    found: dict[float, float] = {}
    for chosen in product(*(list(factor) for factor in factors)):
        risk, weight = sum(each[0] for each in chosen), 1.0
        for _, share in chosen:
            weight *= share
        found[risk] = found.get(risk, 0.0) + weight
    return found


@cache
def base_of(kind: str) -> tuple[float, ...]:
    """Weekly bases of one kind of step: ``apprenticeship``, ``training:adult`` …, ``pacea``, ``cej``, ``csp``, ``job``."""
    from pathways.demo.profile import apprentice_risks, general_risks, training_risks

    if kind == "apprenticeship":
        return tuple(
            levelled([p.SIGNED_AGAIN * target for target in weekly(p.APPRENTICE_HAZARD, 160)], with_hidden(apprentice_risks()))
        )
    if kind.startswith("training:"):
        targets = weekly(((99.0, p.TRAINING_HAZARD[kind.partition(":")[2]]),), 80)
        # The doubled risk of the first weeks comes out of the rest: over an average course the share is the published one.
        length = 18
        rest = length / (length + p.TRAINING_START_WEEKS * (p.TRAINING_START_RATIO - 1))
        shaped = [
            target * rest * (p.TRAINING_START_RATIO if week < p.TRAINING_START_WEEKS else 1)
            for week, target in enumerate(targets)
        ]
        return tuple(levelled(shaped, with_hidden(training_risks())))
    monthly = {
        "pacea": ((99.0, p.PACEA_RUPTURE),),
        "job": ((99.0, p.JOB_BREAK),),
        "cej": p.CEJ_RUPTURE,
        "csp": tuple((until, hazard * p.CSP_RUPTURE_SHARE) for until, hazard in p.CSP_EXIT),
    }[kind]
    return tuple(levelled(weekly(monthly, 120), with_hidden(general_risks())))
