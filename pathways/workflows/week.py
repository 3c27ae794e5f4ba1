"""One week of half-days of one step, as its sheets tell it, and the declarations that turn it into another one.

A cell is a code (``P``, ``U``, ``J``, ``C``, ``-``), followed for an excused absence by its reason where one is known:
``J.maladie``. A week has fourteen, from Monday morning to Sunday afternoon.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pathways.workflows.attendance import ABSENCE_REASONS, BLANK, CODES, JUSTIFIED, PRESENT, UNJUSTIFIED, HalfDays
from pathways.workflows.dates import ONE_DAY, days
from pathways.workflows.entry import Entry, Ref

HALVES = 14
EMPTY = (BLANK,) * HALVES
CELLS = frozenset(CODES) | {f"{JUSTIFIED}.{reason}" for reason in ABSENCE_REASONS}
"""Everything a cell may hold."""
WITNESSED = frozenset({PRESENT, UNJUSTIFIED})
"""What is only known once the half-day has come; an excuse or a week in the company is known before."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet to declare: its first day, its codes, two a day, and the reasons by place of the half-day."""

    first: date
    halves: str
    reasons: Mapping[str, str]

    @property
    def details(self) -> dict[str, Any]:
        said: dict[str, Any] = {"from": self.first.isoformat(), "halves": self.halves}
        return said | ({"reasons": dict(self.reasons)} if self.reasons else {})

    @property
    def last(self) -> date:
        """The last day with a code."""
        return self.first + days((len(self.halves.rstrip(BLANK)) - 1) // 2)


@dataclass(frozen=True, slots=True)
class Change:
    """What to declare for a week to read otherwise: sheets to take back first, then sheets to record."""

    retracts: tuple[Ref, ...]
    sheets: tuple[Sheet, ...]
    foreign: bool = False
    """A half-day to empty was declared by another organisation: nobody else can take that back."""


class Week:
    """``cells``: what counts now. Sheets that reach over the week's edges are kept whole, to be declared again if need be."""

    def __init__(self, sheets: Iterable[Entry], monday: date) -> None:
        self.monday = monday
        self.sheets = sorted(sheets, key=_stamp)
        self._half_days = HalfDays()
        for sheet in self.sheets:
            self._half_days.add(sheet)
        self.cells = tuple(self._cell(monday + days(place // 2), place % 2) for place in range(HALVES))

    def _cell(self, day: date, half: int) -> str:
        """The code of that half-day, with the reason of the sheet it comes from."""
        code = self._half_days.codes.get(day, BLANK * 2)[half]
        if code != JUSTIFIED:
            return code
        teller = next(sheet for sheet in reversed(self.sheets) if _code(sheet, day, half) != BLANK)
        reason = (teller.data.get("reasons") or {}).get(str(_place(teller, day, half)))
        return f"{code}.{reason}" if reason in ABSENCE_REASONS else code

    def change(self, wanted: Sequence[str], organisation: Ref) -> Change:
        """What ``organisation`` declares for the week to read ``wanted``. Nothing is said again that is not in question.

        A code is corrected by a later sheet. A half-day is emptied by taking back every sheet that speaks of it: what else
        those sheets said is then declared again, on the days it was about.
        """
        touched = {place for place in range(HALVES) if wanted[place] != self.cells[place]}
        emptied = {place for place in touched if wanted[place] == BLANK}
        taken_back = [sheet for sheet in self.sheets if any(self._speaks_of(sheet, place) for place in emptied)]
        if any(sheet.organisation != organisation for sheet in taken_back):
            return Change((), (), foreign=True)
        again: dict[date, dict[int, str]] = {}
        for sheet in taken_back:
            for day, half in _coded(sheet):
                place = (day - self.monday).days * 2 + half
                cell = wanted[place] if 0 <= place < HALVES else self._cell(day, half)
                again.setdefault(day - days(day.weekday()), {})[day.weekday() * 2 + half] = cell
        if touched - emptied:
            said = again.setdefault(self.monday, {})
            said.update({place: wanted[place] for place in touched - emptied})
        sheets = (_sheet(monday, cells) for monday, cells in sorted(again.items()))
        return Change(tuple(sheet.id for sheet in taken_back), tuple(sheet for sheet in sheets if sheet is not None))

    def _speaks_of(self, sheet: Entry, place: int) -> bool:
        return _code(sheet, self.monday + days(place // 2), place % 2) != BLANK


def to_come(cells: Sequence[str], monday: date, today: date) -> bool:
    """Whether somebody is said to have been there, or to have missed, a day that has not come."""
    return any(cell in WITNESSED and monday + days(place // 2) > today for place, cell in enumerate(cells))


def _stamp(sheet: Entry) -> tuple[date, int, str]:
    return sheet.known_on, sheet.number, sheet.content


def _place(sheet: Entry, day: date, half: int) -> int:
    first: date = sheet.data["from"]
    return (day - first).days * 2 + half


def _code(sheet: Entry, day: date, half: int) -> str:
    """What a sheet says of a half-day."""
    place, halves = _place(sheet, day, half), sheet.data["halves"]
    return str(halves[place]) if 0 <= place < len(halves) else BLANK


def _coded(sheet: Entry) -> Iterable[tuple[date, int]]:
    """The half-days a sheet speaks of."""
    for place, code in enumerate(sheet.data["halves"]):
        if code != BLANK:
            yield sheet.data["from"] + place // 2 * ONE_DAY, place % 2


def _sheet(monday: date, cells: Mapping[int, str]) -> Sheet | None:
    """These cells of one week as a sheet; None when they are all empty."""
    said = {place: cell for place, cell in cells.items() if cell != BLANK}
    if not said:
        return None
    halves = "".join(said.get(place, BLANK)[0] for place in range(2 * (max(said) // 2 + 1)))
    reasons = {str(place): cell[2:] for place, cell in sorted(said.items()) if "." in cell}
    return Sheet(monday, halves, reasons)
