"""Holding schemes together: two tables of data. What is practice rather than law is for each region to confirm there."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files

TABLES = files("pathways.workflows") / "tables"


class Verdict(StrEnum):
    """May the second scheme be held beside the first? From the most open to the strictest."""

    ALLOWED = "Y"
    FRAME = "S"
    WARNING = "W"
    REFUSED = "N"


STRICTNESS = tuple(Verdict)
PROPOSALS: Mapping[Verdict, str] = {
    Verdict.ALLOWED: "", Verdict.FRAME: "frame", Verdict.WARNING: "check", Verdict.REFUSED: "close_first"}
"""What to do where no note says better."""


@dataclass(frozen=True, slots=True)
class Together:
    """What the table says of two schemes on a day: the verdict, what to do, and where that comes from."""

    verdict: Verdict
    proposal: str
    source: str


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote of the table: days between which its cell holds, what holds otherwise, what to do, the text."""

    opens: date
    closes: date
    elsewhen: Verdict | None
    proposal: str
    source: str


PRACTICE = "Pratique, à confirmer par la région"


def together(first: str, second: str, day: date) -> Together | None:
    """The cell of two rows of the table, the stricter when both ways round are given; None when it says nothing."""
    told = [_read(cell, day) for cell in (_cells().get((first, second)), _cells().get((second, first))) if cell]
    return max(told, key=lambda each: STRICTNESS.index(each.verdict), default=None)


def refused_together(first: str, second: str, day: date) -> bool:
    """Whether the table refuses to hold both on that day."""
    told = together(first, second, day) if first != second else None
    return told is not None and told.verdict is Verdict.REFUSED


def _read(cell: str, day: date) -> Together:
    verdict, note = Verdict(cell[0]), _notes().get(cell[1:])
    if note is None:
        return Together(verdict, PROPOSALS[verdict], PRACTICE)
    if note.elsewhen is not None and not note.opens <= day <= note.closes:
        verdict = note.elsewhen
    return Together(verdict, note.proposal, note.source)


def rows() -> Iterator[list[str]]:
    """The table as it is written: its heading, then a row by scheme."""
    with (TABLES / "held_together.csv").open(encoding="utf-8") as file:
        yield from csv.reader(file)


@cache
def _cells() -> Mapping[tuple[str, str], str]:
    heading, *body = rows()
    return {
        (row[0], column): cell
        for row in body
        for column, cell in zip(heading[1:], row[1:], strict=True)
        if cell != "-"
    }


@cache
def _notes() -> Mapping[str, Note]:
    with (TABLES / "held_together_notes.csv").open(encoding="utf-8") as file:
        return {
            row["note"]: Note(
                date.fromisoformat(row["from"] or "0001-01-01"),
                date.fromisoformat(row["to"] or "9999-12-31"),
                Verdict(row["elsewhen"]) if row["elsewhen"] else None,
                row["proposal"],
                row["source"],
            )
            for row in csv.DictReader(file)
        }
