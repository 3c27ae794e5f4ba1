"""Holding schemes together: the table of part C1, as data. A practice to be confirmed by each region, not code."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum


class Verdict(StrEnum):
    """May the second scheme be held beside the first?"""

    ALLOWED = "Y"
    REFUSED = "N"
    WARNING = "W"
    FRAME = "S"


COLUMNS = ("PACEA", "CEJ", "GJ", "PPAE", "AIJ", "CSP", "PRF", "POEI", "APPRENTISSAGE", "CONTRAT_PRO", "IAE", "CUI", "PMSMP",
           "SERVICE_CIVIQUE", "E2C", "EPIDE", "VAE", "CREATION")
ROWS: Mapping[str, str] = {
    "PACEA":         "- N Y Y W N Y Y W W Y Y Y Y Y W Y Y",
    "CEJ":           "N - N Y N N S S N N S S Y S S S Y Y",
    "PPAE":          "Y Y Y - Y N Y Y W W Y Y Y W Y Y Y Y",
    "CSP":           "N N N N N - Y Y N N N N Y N N N Y Y",
    "APPRENTISSAGE": "W N N W N N N N N N N N W N N N W W",
    "IAE":           "Y S N Y N N W Y N N - N Y N N N Y W",
    "E2C":           "Y S N Y W N N N N N N N Y N N N W N",
}
ALIKE: Mapping[str, str] = {
    "CE_FT": "PPAE", "GLOBAL": "PPAE", "EPIDE": "E2C", "AFC": "PRF", "CUI_CAE": "CUI", "CUI_CIE": "CUI", "CDDI": "IAE",
}
"""Schemes that follow another's row and column."""

GJ_INSIDE_PACEA = (date(2017, 1, 1), date(2022, 2, 28))


def verdict(first: str, second: str, day: date) -> Verdict | None:
    """The cell for these two schemes, read whichever way round the table has it; None when it says nothing."""
    if {first, second} == {"GLOBAL", "AIJ"}:
        return Verdict.REFUSED
    row, column = _group(first), _group(second)
    if {row, column} == {"PACEA", "GJ"}:
        opens, closes = GJ_INSIDE_PACEA
        return Verdict.ALLOWED if opens <= day <= closes else Verdict.REFUSED
    for one, other in ((row, column), (column, row)):
        if one in ROWS and other in COLUMNS:
            cell = ROWS[one].split()[COLUMNS.index(other)]
            return None if cell == "-" else Verdict(cell)
    return None


def refused_together(first: str, second: str, day: date) -> bool:
    """Whether the table refuses to hold both on that day."""
    return first != second and verdict(first, second, day) is Verdict.REFUSED


def _group(code: str) -> str:
    return "PRF" if code.startswith("PRF_") else ALIKE.get(code, code)
