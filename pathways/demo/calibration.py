"""The shares a cohort shows beside the published ones they were made from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from pathways.demo import parameters as p
from pathways.demo.case import Episode, Truth
from pathways.demo.population import Cohort

HALF_A_YEAR = 183
Filter = Callable[[Episode], bool]


@dataclass(frozen=True, slots=True)
class Line:
    """One figure: what is published, what the cohort shows (both in percent), on how many cases, and the standard error in
    points.

    ``is_target``: the figure is one the generator is judged by; the others are shown for information.
    """

    name: str
    target: float
    measured: float
    cases: int
    error: float
    is_target: bool = True

    @property
    def gap(self) -> float:
        return self.measured - self.target


def measure(persons: int, seed: int, as_of: date) -> Iterator[Line]:
    """Every figure, from one cohort of ``persons`` for each door."""
    for entrance, lines in (("apprentice", _apprentices), ("trainee", _trainees), ("redundant", _redundant), ("youth", _youth)):
        yield from lines([person.truth for person in Cohort(persons, seed, as_of, entrance=entrance, foreseen=900)])


def broken_by(episodes: Iterable[Episode], months: float, *, any_end: bool = False) -> tuple[float, int, float]:
    """Share in percent that ended by that month, by product limit: other ends and cuts leave the count. With cases and error.

    ``any_end`` counts every end; without, ruptures alone.
    """
    limit = int(months * p.MONTH)
    found = [((each.ended_on - each.started_on).days, each.is_rupture or (any_end and not each.is_cut)) for each in episodes]
    ends, leaves = Counter(days for days, counts in found if counts), Counter(days for days, _ in found)
    left, alive, variance = len(found), 1.0, 0.0
    for day in sorted(leaves):
        if day > limit or not left:
            break
        if ends[day]:
            alive *= 1 - ends[day] / left
            variance += ends[day] / (left * max(1, left - ends[day]))
        left -= leaves[day]
    return 100 * (1 - alive), len(found), 100 * alive * variance**0.5


def _line(name: str, target: float, figure: tuple[float, int, float], *, is_target: bool = True) -> Line:
    return Line(name, target, *figure, is_target)


def _share(part: int, whole: int) -> tuple[float, int, float]:
    share = part / whole if whole else 0.0
    return 100 * share, whole, 100 * (share * (1 - share) / whole) ** 0.5 if whole else 0.0


def _episodes(truths: Iterable[Truth], family: str) -> list[Episode]:
    return [each for truth in truths for each in truth.episodes if each.groups.get("family") == family]


def _apprentices(truths: list[Truth]) -> Iterator[Line]:
    contracts = _episodes(truths, "apprenticeship")
    for months, target in ((2.5, 9.3), (9, 21.0), (24, 30.0)):
        yield _line(f"apprenticeship, broken by month {months}", target, broken_by(contracts, months))
    groups: tuple[tuple[str, float, Filter], ...] = (
        ("CAP", 29.3, lambda each: each.groups["diploma"] == "CAP"),
        ("bac", 22.5, lambda each: each.groups["diploma"] == "bac"),
        ("mention complémentaire", 18.8, lambda each: each.groups["diploma"] == "MC"),
        ("secondary", 26.0, lambda each: each.groups["diploma"] != "higher"),
        ("higher", 18.0, lambda each: each.groups["diploma"] == "higher"),
        ("hotel and restaurant", 36.0, lambda each: each.groups["sector"] == "hotel"),
        ("hair and beauty", 30.0, lambda each: each.groups["sector"] == "hair"),
        ("food industry", 28.0, lambda each: each.groups["sector"] == "food"),
        ("trade and car repair", 25.0, lambda each: each.groups["sector"] == "trade"),
        ("construction", 20.0, lambda each: each.groups["sector"] == "construction"),
        ("employer under 5", 28.0, lambda each: each.groups["size"] == "small"),
        ("employer 250 and over", 16.5, lambda each: each.groups["size"] == "large"),
        ("age 15-17", 25.4, lambda each: each.groups["age"] == "15-17"),
        ("age 20-25", 18.0, lambda each: each.groups["age"] == "20+"),
    )
    for name, target, belongs in groups:
        yield _line(f"apprenticeship, month 9: {name}", target, broken_by(filter(belongs, contracts), 9))
    broken = [truth for truth in truths if truth.episodes and truth.episodes[0].is_rupture]
    back = sum(_is_back(_episodes([truth], "apprenticeship")) for truth in broken)
    yield _line("apprenticeship, back within 6 months of a break", 100 * p.BACK_IN_SIX_MONTHS, _share(back, len(broken)))


def _is_back(contracts: list[Episode]) -> bool:
    """A second contract within six months of the first one's break."""
    first = contracts[0].formal_on
    return first is not None and len(contracts) > 1 and (contracts[1].started_on - first).days <= HALF_A_YEAR


def _trainees(truths: list[Truth]) -> Iterator[Line]:
    courses = _episodes(truths, "training")
    young = [each for each in courses if each.groups["age"] == "young"]
    below = [each for each in young if each.groups["level"] == "below"]
    adult = [each for each in courses if each.groups["age"] == "adult"]
    for name, target, those in (("under 26", 12.0, young), ("under 26 below bac", 15.0, below), ("26 and over", 6.5, adult)):
        yield _line(f"training, left: {name}", target, _share(sum(each.is_rupture for each in those), len(those)))
    yield _line("training, left: all", 8.0, _share(sum(each.is_rupture for each in courses), len(courses)))
    motives = Counter(each.motive for each in courses if each.is_rupture)
    published = (
        ("health", 24),
        ("job", 22),
        ("unsuited", 19),
        ("relations", 13),
        ("money", 10),
        ("distance", 6),
        ("other_training", 6),
    )
    for motive, target in published:
        figure = _share(motives[motive], sum(motives.values()))
        yield _line(f"training, motive: {motive}", target, figure, is_target=False)


def _redundant(truths: list[Truth]) -> Iterator[Line]:
    csp = _episodes(truths, "csp")
    for months, target in ((4, 90.0), (8, 78.0), (11.95, 61.0)):
        gone, cases, error = broken_by(csp, months, any_end=True)
        yield Line(f"CSP, still in at month {months:.0f}", target, 100 - gone, cases, error)
    exits = [each for each in csp if each.how != "limit"]
    yield _line("CSP, ruptures among exits", 100 * p.CSP_RUPTURE_SHARE, _share(sum(e.is_rupture for e in exits), len(exits)))


def _youth(truths: list[Truth]) -> Iterator[Line]:
    pacea = _episodes(truths, "pacea")
    gone, cases, error = broken_by(pacea, 21, any_end=True)
    yield Line("PACEA, still in at month 21", 25.0, 100 - gone, cases, error)
    exits = [each for each in pacea if each.how != "limit"]
    yield from _intensive(_episodes(truths, "cej"))
    yield _line("PACEA, no-news closures among exits", 33.3, _share(sum(e.is_rupture for e in exits), len(exits)))


def _intensive(cej: list[Episode]) -> Iterator[Line]:
    """How CEJs end, and after how long."""
    if not cej:
        return
    for how, target in (("rupture", 16.0), ("solution", 36.0), ("term", 48.0)):
        yield _line(f"CEJ, end: {how}", target, _share(sum(each.how == how for each in cej), len(cej)))
    stay = sum((each.ended_on - each.started_on).days for each in cej) / len(cej) / p.MONTH
    yield Line("CEJ, mean stay in months", 6.9, stay, len(cej), 0.05)
