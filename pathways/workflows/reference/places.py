"""The communes of the region, the groupings (EPCI) they belong to, its départements and its missions locales.

The département of somebody comes from the commune, the territory from the EPCI: some groupings reach over the border.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

TABLES = files("pathways.workflows") / "reference"
REGION = "52"
"""Pays de la Loire, in the official geographic code."""
DEPARTEMENTS: Mapping[str, str] = {
    "44": "Loire-Atlantique",
    "49": "Maine-et-Loire",
    "53": "Mayenne",
    "72": "Sarthe",
    "85": "Vendée",
}
"""Those of the region, by code."""
ISLE = "85113"
"""L’Île-d’Yeu, which the law leaves outside any EPCI: it stands for a grouping of its own."""
ISLE_SIREN = "218501138"
"""The commune's own SIREN: 21, the département, the commune on four digits, and the key of Luhn."""


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune of the region or of its groupings. ``epci``: SIREN; ``mission_locale``: an approximation, for the demo."""

    code: str
    name: str
    departement: str
    postcodes: tuple[str, ...]
    population: int
    epci: str
    mission_locale: str


@dataclass(frozen=True, slots=True)
class Epci:
    """A grouping of communes, by its SIREN. ``departement``: the one of the region where most of its inhabitants live."""

    siren: str
    name: str
    departement: str


@dataclass(frozen=True, slots=True)
class MissionLocale:
    """A mission locale by its I-MILO structure code. ``commune``: of its seat."""

    structure: str
    name: str
    commune: str
    departement: str


@cache
def communes() -> Mapping[str, Commune]:
    """By INSEE code, in the order of the codes."""
    return {row["commune"]: _commune(row) for row in _rows("communes.csv")}


@cache
def epcis() -> Mapping[str, Epci]:
    """By SIREN, the isle included."""
    found = [Epci(row["epci"], row["nom"], row["departement"]) for row in _rows("epcis.csv")]
    isle = communes()[ISLE]
    found.append(Epci(ISLE_SIREN, isle.name, isle.departement))
    return {epci.siren: epci for epci in found}


@cache
def communes_of(epci: str) -> tuple[Commune, ...]:
    """Every commune of the grouping, those of another region included."""
    return tuple(commune for commune in communes().values() if commune.epci == epci)


@cache
def missions_locales() -> Mapping[str, MissionLocale]:
    """The twenty-one of the region, by structure code."""
    return {
        row["structure"]: MissionLocale(row["structure"], row["nom"], row["commune"], row["departement"])
        for row in _rows("missions_locales.csv")
    }


@cache
def of_postcode(postcode: str) -> tuple[Commune, ...]:
    """The communes a postcode is shared by; none for a code of elsewhere."""
    return tuple(commune for commune in communes().values() if postcode in commune.postcodes)


def _commune(row: Mapping[str, str]) -> Commune:
    code = row["commune"]
    return Commune(
        code,
        row["nom"],
        row["departement"],
        tuple(row["codes_postaux"].split("|")),
        int(row["population"] or 0),
        ISLE_SIREN if code == ISLE else row["epci"],
        row["mission_locale"],
    )


def _rows(name: str) -> Iterator[Mapping[str, str]]:
    with (TABLES / name).open(encoding="utf-8") as lines:
        yield from csv.DictReader(lines)
