"""The synthetic cohort without any database: persons, their journal, and the truth behind it."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from pathways.demo import intensive, names
from pathways.demo import parameters as p
from pathways.demo.accompaniment import accompany
from pathways.demo.apprenticeship import apprentice
from pathways.demo.case import Case, Truth, workday
from pathways.demo.jobs import work
from pathways.demo.journal import SATURDAY, Declared, Journal, StepPlan
from pathways.demo.profile import Profile, draw, pick
from pathways.demo.redundancy import secure
from pathways.demo.region import PEAK, Body, Region, found
from pathways.demo.training import take_course
from pathways.workflows.entry import Entry

LAST_ENTRY_AGE = 25
"""A mission locale takes nobody in who has reached this age: little time would be left before the 26th birthday."""
_SEASON = {8: 2.0, 9: 8.0, 10: 3.0, 11: 1.5}
"""When apprenticeship contracts are signed, against 0.5 in the other months [A]."""


@dataclass(slots=True)
class DemoPerson:
    """One person of the cohort. ``declared`` is in the order of recording; ids of entries are made of index and rank
    (``journal.RANKS``).
    """

    index: int
    profile: Profile
    steps: list[StepPlan]
    declared: list[Declared]
    truth: Truth

    @property
    def entries(self) -> list[Entry]:
        """What was recorded by the as-of day, as the workflow reads it."""
        return [each.entry for each in self.declared]


class Cohort:
    """The persons of one region, each drawn from the seed and their index alone: any of them, in any order."""

    def __init__(
        self,
        persons: int,
        seed: int,
        as_of: date,
        *,
        entrance: str | None = None,
        foreseen: int = p.FORESEEN_DAYS,
        scenarios: Collection[str] = (),
    ) -> None:
        self.persons, self.seed, self.as_of = persons, seed, as_of
        self.region: Region = found(persons, seed, as_of, scenarios)
        self.until = as_of - timedelta(1)
        self.foreseen = self.until + timedelta(foreseen)
        self._only = entrance
        length = int(p.WINDOW_MONTHS * p.MONTH)
        days = (self.until - timedelta(n) for n in range(length))
        self._days = [day for day in days if day.weekday() < SATURDAY]
        peak = p.PEAK if PEAK in scenarios else p.AUTUMN
        autumn = [peak if day.month in (9, 10, 11) else 1.0 for day in self._days]
        season = [_SEASON.get(day.month, 0.5) for day in self._days]
        self._autumn, self._season = list(accumulate(autumn)), list(accumulate(season))

    def __iter__(self) -> Iterator[DemoPerson]:
        return (self.person(index) for index in range(self.persons))

    def person(self, index: int) -> DemoPerson:
        """The person of that index and everything that happened to them."""
        chance = Random(f"{self.seed}:{index}")
        profile, truth = self._newcomer(chance, index)
        case = Case(chance, self.region, profile, Journal(chance, self.until), truth, self.until, self.foreseen)
        _enter(case)
        return DemoPerson(index, profile, case.journal.steps, case.journal.declared(index), truth)

    def _newcomer(self, chance: Random, index: int) -> tuple[Profile, Truth]:
        if index and not self._only and chance.random() < p.DUPLICATES:
            return self._twin(chance, index)
        entrance = self._only or pick(chance, p.ENTRANCES.items())
        days = self._season if entrance == "apprentice" else self._autumn
        arrival = self._days[bisect(days, chance.random() * days[-1])]
        profile = self._draw(chance, index, entrance, arrival)
        return profile, Truth(entrance, arrival, wrong_phone=profile.wrong_phone)

    def _draw(self, chance: Random, index: int, entrance: str, arrival: date) -> Profile:
        mission = chance.choices(range(len(self.region.missions)), self.region.mission_weights)[0]
        return draw(chance, index, entrance, arrival, self.region.missions[mission][1], mission)

    def _twin(self, chance: Random, index: int) -> tuple[Profile, Truth]:
        """The person before, entered a second time by somebody else, with a slip of the pen."""
        profile, truth = self._newcomer(Random(f"{self.seed}:{index - 1}"), index - 1)
        profile.index, profile.public_id = (
            index,
            draw(chance, index, "youth", truth.arrival, self.region.missions[0][1], 0).public_id,
        )
        if chance.random() < p.TYPO_IN_FAMILY_NAME:
            profile.family_name = names.misspelt(chance, profile.family_name)
        elif chance.random() < p.TYPO_IN_GIVEN_NAME:
            profile.given_name = names.misspelt(chance, profile.given_name)
        else:
            profile.born += timedelta(chance.choice((-10, -1, 1, 9)))
        original = truth.duplicate_of if truth.duplicate_of is not None else index - 1
        arrival = min(self._days[0], workday(truth.arrival + timedelta(chance.randint(15, 200))))
        young = profile.age_on(arrival) < LAST_ENTRY_AGE
        entrance = "youth" if young and truth.entrance != "youth" else "trainee"
        return profile, Truth(entrance, arrival, duplicate_of=original, wrong_phone=profile.wrong_phone)


def _enter(case: Case) -> None:
    """Through one of the doors."""
    truth, region, chance = case.truth, case.region, case.chance
    mission = region.missions[case.profile.mission][0]
    agency = region.agencies[case.profile.mission % len(region.agencies)]
    if truth.entrance == "youth":
        _first_contact(case, mission)
    elif truth.entrance == "redundant":
        secure(case, agency, truth.arrival)
    elif truth.entrance == "trainee":
        user = case.follower(agency)
        on = truth.arrival
        case.state_identity(on, agency, user)
        taken = take_course(case, agency, user, on)
        if taken.entered and not taken.left and chance.random() < p.AFTER_TRAINING[0][1] and taken.on < case.foreseen:
            work(case, agency, user, workday(taken.on + case.between(5, 60)))
    else:
        _apprentice(case)


def _first_contact(case: Case, mission: Body) -> None:
    ways = [way for way in p.FIRST_CONTACT if way[0] != "cej" or intensive.is_offered()]
    way = pick(case.chance, ways)
    if way == "cej":
        intensive.engage(case, mission, case.truth.arrival)
    else:
        accompany(case, mission, case.truth.arrival, further=way != "nothing")


def _apprentice(case: Case) -> None:
    what = case.profile.apprenticeship
    assert what is not None
    on = case.truth.arrival
    turned = apprentice(case, what, on)
    first = case.journal.steps[0].lead
    # The CFA is known from its first step on: it states who the person is, before the rest.
    case.state_identity(on, first, None)
    if turned is not None and turned <= case.foreseen and case.profile.age_on(turned) < LAST_ENTRY_AGE:
        accompany(case, case.region.missions[case.profile.mission][0], turned, first=False)


def cohort(
    n: int, seed: int, as_of: date, *, entrance: str | None = None, scenarios: Collection[str] = ()
) -> Iterator[DemoPerson]:
    """``n`` persons as known on the evening before ``as_of``: nothing of them lies in the future.

    ``entrance`` keeps one door only: ``youth``, ``apprentice``, ``redundant`` or ``trainee``; ``scenarios`` adds what
    ``region.SCENARIOS`` lists.
    """
    return iter(Cohort(n, seed, as_of, entrance=entrance, scenarios=scenarios))
