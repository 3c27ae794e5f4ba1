"""One person while their pathway is being written: their chance, their journal, and the truth nobody else knows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from pathways.demo.engagement import Life
from pathways.demo.journal import SATURDAY, Follower, Journal, StepPlan
from pathways.demo.profile import Profile
from pathways.demo.region import Body, Region
from pathways.workflows.actors import Kind


@dataclass(slots=True)
class Episode:
    """What really happened in one step, known or not.

    ``formal_on`` and ``last_day`` are None without rupture; ``declared_on`` is None while nobody has recorded it.
    ``ended_on`` is the end
    of any kind, which may lie after the as-of day. ``groups``: what the published shares are broken down by.
    """

    step: int
    scheme: str
    started_on: date
    ended_on: date
    formal_on: date | None = None
    last_day: date | None = None
    declared_on: date | None = None
    motive: str | None = None
    how: str = ""
    is_cut: bool = False
    """The truth ends before the step does."""
    groups: dict[str, str] = field(default_factory=dict)

    @property
    def is_rupture(self) -> bool:
        return self.formal_on is not None


@dataclass(slots=True)
class Truth:
    """The hidden truth of one person."""

    entrance: str
    arrival: date
    episodes: list[Episode] = field(default_factory=list)
    duplicate_of: int | None = None
    wrong_phone: bool = False


@dataclass(slots=True)
class Case:
    """Everything the parts of the simulation share. ``until``: the last day anything can be known."""

    chance: Random
    region: Region
    profile: Profile
    journal: Journal
    truth: Truth
    until: date
    foreseen: date
    """No step is begun after this day: the truth ends there."""

    def follower(self, body: Body) -> int | None:
        """Somebody of the body to follow the person; nobody in particular where nobody has an account."""
        return self.chance.choice(body.staff) if body.staff else None

    def between(self, low: int, high: int) -> timedelta:
        return timedelta(self.chance.randint(low, high))

    def happens(self, share: float) -> bool:
        return self.chance.random() < share

    def episode(self, step: StepPlan, life: Life, ended_on: date, **groups: str) -> Episode:
        """Notes the truth of a step."""
        found = Episode(
            step.key, step.scheme, life.start, ended_on, life.formal_on, life.last_day, None, life.motive, groups=groups
        )
        self.truth.episodes.append(found)
        return found

    def state_identity(self, on: date, body: Body, user: int | None) -> None:
        """Who the person says they are, on the first day."""
        who = self.profile
        data = {
            "family_name": who.family_name,
            "given_name": who.given_name,
            "born": who.born,
            "sex": who.sex,
            "commune": who.commune,
            "level": who.level,
            "rqth_until": who.rqth_until,
            "qpv": who.qpv,
        }
        self.journal.identity(on, body, {name: value for name, value in data.items() if value is not None}, user)

    def link(self, step: StepPlan, body: Body, user: int | None, role: str, on: date) -> None:
        step.followers.append(Follower(body, user, role, on))


def workday(day: date) -> date:
    """That day, or the Monday after a weekend."""
    return day if day.weekday() < SATURDAY else day + timedelta(7 - day.weekday())


def is_accompanying(body: Body) -> bool:
    return body.kind in {Kind.MISSION_LOCALE, Kind.FRANCE_TRAVAIL}
