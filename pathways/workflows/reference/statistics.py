"""What figures are broken down by: levels of qualification under their two names, age bands, socio-professional classes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pathways.workflows.dates import age_on

NEW_LEVELS_FROM = date(2019, 1, 1)
"""Since then the levels are numbered upwards (decree 2019-14 of 2019-01-08); an older date shows the old number."""


@dataclass(frozen=True, slots=True)
class Level:
    """A level of qualification. ``code``: what is stored; ``old``: its number before 2019; ``diplomas``: what it stands for."""

    code: str
    old: str
    diplomas: str


LEVELS: Mapping[str, Level] = {
    level.code: level
    for level in (
        Level("infra3", "VI–V bis", "sans diplôme, brevet"),
        Level("3", "V", "CAP, BEP"),
        Level("4", "IV", "bac"),
        Level("5", "III", "BTS, DUT"),
        Level("6", "II", "licence"),
        Level("7", "I", "master"),
        Level("8", "I", "doctorat"),
    )
}
"""From the lowest to the highest."""


def level_number(code: str, day: date) -> str:
    """« 4 », or « IV » on a day before 2019."""
    return LEVELS[code].old if day < NEW_LEVELS_FROM else code


def level_from_old(old: str) -> str | None:
    """The code of a level written the old way (V, V bis, IV…). None for « I », which is 7 or 8, and for what is no level."""
    written = " ".join(old.upper().replace("BIS", " BIS").split())
    return {"VI": "infra3", "V BIS": "infra3", "V": "3", "IV": "4", "III": "5", "II": "6"}.get(written)


AGE_BANDS: Mapping[str, tuple[int, int | None]] = {
    "under_18": (0, 17),
    "18_21": (18, 21),
    "22_25": (22, 25),
    "26_44": (26, 44),
    "45_54": (45, 54),
    "55_plus": (55, None),
}
"""Code → first and last age, in full years; None for no end."""


def age_band(born: date, day: date) -> str:
    """The band of somebody's age on that day. ValueError for a day before the birth."""
    if day < born:
        raise ValueError(f"born on {born}, after {day}")
    age = age_on(born, day)
    return next(code for code, (first, last) in AGE_BANDS.items() if age >= first and (last is None or age <= last))


CLASSES: Mapping[str, str] = {
    "1": "Agriculteurs exploitants",
    "2": "Artisans, commerçants et chefs d’entreprise",
    "3": "Cadres et professions intellectuelles supérieures",
    "4": "Professions intermédiaires",
    "5": "Employés",
    "6": "Ouvriers",
    "7": "Retraités",
    "8": "Autres personnes sans activité professionnelle",
}
"""Socio-professional classes (PCS), at the level of eight."""
