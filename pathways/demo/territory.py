"""The twenty-one missions locales of Pays de la Loire and their communes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from random import Random

from pathways.workflows.reference import places

MISSIONS_LOCALES = tuple((each.structure, each.name, each.commune) for each in places.missions_locales().values())
"""Structure code, name, commune of the seat."""


@dataclass(frozen=True, slots=True)
class Territory:
    """Where the persons of one mission locale live."""

    code: str
    communes: tuple[str, ...]
    up_to: tuple[int, ...]
    """Cumulated populations, in the order of ``communes``."""

    @property
    def population(self) -> int:
        return self.up_to[-1]

    def commune(self, chance: Random) -> str:
        """An INSEE code, drawn by population."""
        return chance.choices(self.communes, cum_weights=self.up_to)[0]


@cache
def territories() -> dict[str, Territory]:
    """By code of the mission locale."""
    rows: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for commune in places.communes().values():
        if commune.mission_locale:
            rows[commune.mission_locale].append((commune.code, commune.population))
    return {
        code: Territory(code, tuple(commune for commune, _ in found), tuple(accumulate(people for _, people in found)))
        for code, found in ((mission[0], rows[mission[0]]) for mission in MISSIONS_LOCALES)
    }
