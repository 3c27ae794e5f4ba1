"""The twenty-one missions locales of Pays de la Loire and their communes."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random

COMMUNES = Path(__file__).parent / "data" / "communes.csv"

MISSIONS_LOCALES = (
    ("44109S00", "Mission locale Nantes Métropole", "44109"),
    ("44184S00", "Mission locale de l’agglomération nazairienne", "44184"),
    ("44069S00", "Mission locale de la Presqu’île guérandaise", "44069"),
    ("44161S00", "Mission locale rurale du Sillon (Saint-Gildas-des-Bois)", "44161"),
    ("44036S00", "Mission locale Nord Atlantique", "44113"),
    ("44003S00", "Mission locale du Pays d’Ancenis", "44003"),
    ("44043S00", "Mission locale du Vignoble nantais", "44043"),
    ("44087S00", "Mission locale du Pays de Retz", "44087"),
    ("49007S00", "Mission locale angevine", "49007"),
    ("49099S00", "Mission locale du Choletais", "49099"),
    ("49328S00", "Mission locale du Saumurois", "49328"),
    ("49331S00", "Mission locale du Segréen", "49331"),
    ("49345S00", "Mission locale du Layon", "49345"),
    ("53130S00", "Mission locale de la Mayenne", "53130"),
    ("72181S00", "Mission locale de l’agglomération mancelle", "72181"),
    ("72154S00", "Mission locale Sarthe et Loir", "72154"),
    ("72180S00", "Mission locale Sarthe Nord", "72180"),
    ("85191S00", "Mission locale du Pays yonnais", "85191"),
    ("85194S00", "Mission locale Vendée Atlantique", "85194"),
    ("85092S00", "Mission locale Sud Vendée", "85092"),
    ("85109S00", "Mission locale du Haut Bocage", "85109"),
)
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
    rows: dict[str, list[tuple[str, int]]] = {code: [] for code, _, _ in MISSIONS_LOCALES}
    with COMMUNES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows[row["mission_locale"]].append((row["commune"], int(row["population"] or 0)))
    return {
        code: Territory(code, tuple(commune for commune, _ in found), tuple(accumulate(people for _, people in found)))
        for code, found in rows.items()
    }
