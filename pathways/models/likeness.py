"""Whether two identities may be one person's, and why: the one place that judges likeness. Plain functions and data.

Pairs are judged alike whichever comes first. Twins are the case that must not be mistaken: same family name, same day of
birth, often the same telephone, another given name. A given name that is no misspelling of the other separates them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from rapidfuzz.distance import OSA

from pathways.models.person import fold

SHORTEST_MISSPELT = 5
"""Below that many letters, one letter makes another given name (Léa, Léo) or another family (Roy, Rey)."""


class Strength(IntEnum):
    """How much speaks for one person. It orders lists; a human decides."""

    POSSIBLE = 1
    LIKELY = 2
    CERTAIN = 3


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one person. Numbers are the other systems' own, whatever their case."""

    family_name: str
    given_name: str
    birth_date: date | None = None
    sex: str | None = None
    phone: str | None = None
    email: str | None = None
    france_travail: frozenset[str] = frozenset()
    ine: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Likeness:
    """Why two records may be one person: codes of what is the same and of what differs, in the order they are said."""

    strength: Strength
    same: tuple[str, ...]
    differs: tuple[str, ...]


def likeness(one: Facts, other: Facts) -> Likeness | None:
    """What makes the two alike; None when nothing does, or when they are two people of one family."""
    names, birth = _names(one, other), _birth(one, other)
    numbers = [code for code in ("france_travail", "ine") if getattr(one, code) & getattr(other, code)]
    contact = [code for code in ("phone", "email") if _equal(getattr(one, code), getattr(other, code))]
    strength = _strength(names, birth, bool(numbers), bool(contact))
    if strength is None:
        return None
    same = (*numbers, *names.said, *((birth,) if birth in {"birth_date", "birth_swapped"} else ()), *contact)
    return Likeness(strength, same, _differences(one, other, names, birth))


def _strength(names: _Names, birth: str, numbers: bool, contact: bool) -> Strength | None:
    """The rules, in the order in which they are asked."""
    same_day = birth == "birth_date"
    if numbers or ("names" in names.said and same_day):
        return Strength.CERTAIN
    if names.relatives and same_day:
        return None  # one family, one day, two given names: twins, who often share a telephone too
    if (names.swapped or names.close) and same_day:
        return Strength.LIKELY
    if names.whole and (birth == "birth_swapped" or contact):
        return Strength.LIKELY
    alone = contact and (same_day or names.given == "given_name")
    undated = "names" in names.said and birth == "birth_unknown"
    return Strength.POSSIBLE if alone or undated else None


@dataclass(frozen=True, slots=True)
class _Names:
    """How two names compare. ``family`` and ``given``: a code of likeness, or "" for another name."""

    family: str
    given: str
    swapped: bool

    @property
    def whole(self) -> bool:
        """The same two names, in whichever order."""
        return self.swapped or (self.family == "family_name" and self.given == "given_name")

    @property
    def close(self) -> bool:
        """One name may be misspelt, or a second given name left out; not both names at once."""
        return bool(self.family and self.given) and (self.family == "family_name" or self.given == "given_name")

    @property
    def relatives(self) -> bool:
        """The same family under another given name."""
        return bool(self.family) and not self.given and not self.swapped

    @property
    def said(self) -> tuple[str, ...]:
        if self.swapped:
            return ("names_swapped",)
        if self.whole:
            return ("names",)
        return tuple(code for code in (self.family, self.given) if code)


def _names(one: Facts, other: Facts) -> _Names:
    family, given = _plain(one.family_name), _plain(one.given_name)
    other_family, other_given = _plain(other.family_name), _plain(other.given_name)
    equal = (family, given) == (other_family, other_given)
    swapped = not equal and bool(family and given) and (family, given) == (other_given, other_family)
    same_sex = not (one.sex and other.sex) or one.sex == other.sex
    return _Names(_family(family, other_family), _given(given, other_given, misspelt=same_sex), swapped)


def _plain(name: str) -> str:
    """The name as ``fold`` spells it; as it stands, where nothing of it is in our letters."""
    return fold(name) or name.strip().casefold()


def _family(one: str, other: str) -> str:
    if not one or not other:
        return ""
    if one == other:
        return "family_name"
    return "family_typo" if _one_slip(one, other) else ""


def _given(one: str, other: str, *, misspelt: bool) -> str:
    if not one or not other:
        return ""
    if one == other:
        return "given_name"
    first, second = one.split(), other.split()
    if first[0] == second[0] and min(len(first), len(second)) == 1:
        return "given_first"
    # The last letter often makes another name (Marie, Maria; Julien, Julie): a slip there is not taken for one.
    return "given_typo" if misspelt and one[-1] == other[-1] and one[0] == other[0] and _one_slip(one, other) else ""


def _one_slip(one: str, other: str) -> bool:
    """One letter more, less or otherwise, or two neighbours exchanged (optimal string alignment, at most 1)."""
    one, other = one.replace(" ", ""), other.replace(" ", "")
    return min(len(one), len(other)) >= SHORTEST_MISSPELT and OSA.distance(one, other, score_cutoff=1) <= 1


def _birth(one: Facts, other: Facts) -> str:
    """A code of likeness, or "" for two days that have nothing to do with each other."""
    if one.birth_date is None or other.birth_date is None:
        return "birth_unknown"
    if one.birth_date == other.birth_date:
        return "birth_date"
    return "birth_swapped" if swapped_day(one.birth_date) == other.birth_date else ""


def swapped_day(born: date) -> date | None:
    """7 March for 3 July: the day and the month exchanged, as a hurried form takes them; None where there is no such day."""
    try:
        return born.replace(month=born.day, day=born.month)
    except ValueError:
        return None


def _differences(one: Facts, other: Facts, names: _Names, birth: str) -> tuple[str, ...]:
    found = []
    if not names.swapped:
        found += ["family_name"] if names.family != "family_name" else []
        found += ["given_name"] if names.given != "given_name" else []
    found += ["birth_date"] if birth in {"", "birth_swapped"} else []
    for code in ("sex", "phone", "email"):
        mine, theirs = getattr(one, code), getattr(other, code)
        if mine and theirs and not _equal(mine, theirs):
            found.append(code)
    return tuple(found)


def _equal(one: str | None, other: str | None) -> bool:
    return bool(one) and bool(other) and str(one).casefold() == str(other).casefold()


def digest(pair: Iterable[Facts]) -> str:
    """What two identities amount to: changes with a name, a birth date, a sex or a number, not with a telephone."""
    told = [
        (
            _plain(each.family_name),
            _plain(each.given_name),
            str(each.birth_date),
            each.sex and str(each.sex),
            sorted(each.france_travail),
            sorted(each.ine),
        )
        for each in pair
    ]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:32]
