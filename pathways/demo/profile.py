"""Who a person is before anything happens to them, and what that does to their risk of a rupture."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import log
from random import Random

from pathways.demo import names, numbers
from pathways.demo import parameters as p
from pathways.demo.hazards import mixed
from pathways.demo.territory import Territory

Shares = Iterable[tuple[str, float]]
Ages = Iterable[tuple[int, int, float]]
ADULT, TWENTY, YOUNG_UNTIL = 18, 20, 26
PRESCRIBED_SHARE = 0.7
"""Courses that somebody else than the person asked for [A]."""


@dataclass(slots=True)
class Apprenticeship:
    """What the risk of an apprenticeship depends on."""

    diploma: str
    sector: str
    size: str


@dataclass(slots=True)
class Profile:
    """One fictitious person. ``frailty``: their own, hidden part of the log-risk. ``mission``: rank of their mission locale."""

    index: int
    public_id: str
    sex: str
    given_name: str
    family_name: str
    born: date
    commune: str
    level: str
    qpv: str | None
    rqth_until: date | None
    phone: str
    email: str | None
    foreign: bool
    no_transport: bool
    unstable_housing: bool
    childcare: bool
    far: bool
    frailty: float
    wrong_phone: bool
    mission: int
    apprenticeship: Apprenticeship | None = None

    def is_minor(self, day: date) -> bool:
        return self.age_on(day) < ADULT

    def age_on(self, day: date) -> int:
        return day.year - self.born.year - ((day.month, day.day) < (self.born.month, self.born.day))


def pick(chance: Random, shares: Shares) -> str:
    """One of the values, by its share."""
    values, weights = zip(*shares, strict=True)
    found: str = chance.choices(values, weights)[0]
    return found


def age_days(chance: Random, bands: Ages) -> int:
    """An age in days, from bands (from, below, share)."""
    bands = list(bands)
    low, high, _ = chance.choices(bands, [band[2] for band in bands])[0]
    return int(chance.uniform(low, high) * 365.2425)


def draw(chance: Random, index: int, entrance: str, arrival: date, territory: Territory, mission: int) -> Profile:
    """Somebody who comes through that door on that day."""
    apprenticeship = None
    if entrance == "apprentice":
        diploma = pick(chance, p.LEVEL_MIX)
        sector = pick(chance, p.SECTOR_MIX[diploma])
        apprenticeship = Apprenticeship(diploma, sector, pick(chance, p.SIZE_MIX[diploma]))
        age, level = age_days(chance, p.APPRENTICE_AGES[diploma]), p.APPRENTICE_LEVELS[diploma]
        women = 0.85 if sector == "hair" else p.APPRENTICE_WOMEN[diploma]
    elif entrance == "youth":
        age, level, women = age_days(chance, p.PACEA_AGES), pick(chance, p.YOUTH_LEVELS), p.WOMEN_SHARE
    else:
        ages = ((20, 26, 0.25), (26, 50, 0.60), (50, 61, 0.15)) if entrance == "trainee" else ((25, 45, 0.6), (45, 61, 0.4))
        age, women = age_days(chance, ages), p.WOMEN_SHARE
        level = pick(chance, p.YOUTH_LEVELS if age < YOUNG_UNTIL * 365 else p.ADULT_LEVELS)
    sex = "F" if chance.random() < women else "M"
    commune = territory.commune(chance)
    given, family = names.given_name(chance, sex), names.family_name(chance)
    return Profile(
        index=index,
        public_id=str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        sex=sex,
        given_name=given,
        family_name=family,
        born=arrival - timedelta(age),
        commune=commune,
        level=level,
        qpv=f"QN0{commune[:2]}{chance.randrange(100):02d}M" if chance.random() < p.QPV else None,
        rqth_until=arrival + timedelta(chance.randrange(120, 1800)) if chance.random() < p.RQTH else None,
        phone=numbers.mobile(chance.randrange(10_000)),
        email=f"personne{index + 1}@example.org" if chance.random() < p.HAS_EMAIL else None,
        foreign=chance.random() < p.FOREIGN,
        no_transport=chance.random() < p.NO_TRANSPORT,
        unstable_housing=chance.random() < p.UNSTABLE_HOUSING,
        childcare=chance.random() < p.CHILDCARE,
        far=chance.random() < p.FAR,
        frailty=chance.gauss(0, p.FRAILTY_SPREAD),
        wrong_phone=chance.random() < p.WRONG_PHONES,
        mission=mission,
        apprenticeship=apprenticeship,
    )


# --- log-risks: of one person, and of everybody (for the bases) ----------------------------------------------------------


def apprentice_risk(diploma: str, sector: str, size: str, age: int, sex: str) -> float:
    """What is known of an apprentice when the contract begins."""
    ratio = p.LEVEL_RATIO[diploma] * p.SECTOR_RATIO[sector] * p.SIZE_RATIO[size]
    ratio *= p.MINOR_RATIO if age < ADULT else 1.0 if age < TWENTY else p.ADULT_RATIO
    ratio *= p.WOMAN_RATIO if sex == "F" else 1.0
    return log(ratio)


def apprentice_risks() -> dict[float, float]:
    """Log-risk → share of the apprentices."""
    found: dict[float, float] = {}
    for risk, share in _apprentices():
        found[risk] = found.get(risk, 0.0) + share
    return found


def _apprentices() -> Iterator[tuple[float, float]]:
    for diploma, of_diploma in p.LEVEL_MIX:
        for sector, of_sector in p.SECTOR_MIX[diploma]:
            women = 0.85 if sector == "hair" else p.APPRENTICE_WOMEN[diploma]
            for size, of_size in p.SIZE_MIX[diploma]:
                for low, _, of_age in p.APPRENTICE_AGES[diploma]:
                    share = of_diploma * of_sector * of_size * of_age
                    yield apprentice_risk(diploma, sector, size, low, "F"), share * women
                    yield apprentice_risk(diploma, sector, size, low, "M"), share * (1 - women)


def _either(ratio: float, share: float) -> tuple[tuple[float, float], ...]:
    return (log(ratio), share), (0.0, 1 - share)


def general_risk(profile: Profile) -> float:
    """In an accompaniment or a job."""
    return (log(p.FAR_RATIO) if profile.far else 0.0) + (log(p.QPV_RATIO) if profile.qpv else 0.0)


def general_risks() -> dict[float, float]:
    return mixed(_either(p.FAR_RATIO, p.FAR), _either(p.QPV_RATIO, p.QPV))


def training_risk(profile: Profile, *, prescribed: bool) -> float:
    """In a course."""
    risk = general_risk(profile) + (log(p.PRESCRIBED_RATIO) if prescribed else 0.0)
    return risk + (log(p.TRAINING_WOMAN_RATIO) if profile.sex == "F" else 0.0)


def training_risks() -> dict[float, float]:
    return mixed(
        _either(p.FAR_RATIO, p.FAR),
        _either(p.QPV_RATIO, p.QPV),
        _either(p.PRESCRIBED_RATIO, PRESCRIBED_SHARE),
        _either(p.TRAINING_WOMAN_RATIO, p.WOMEN_SHARE),
    )
