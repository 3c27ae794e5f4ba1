"""A file as rows of cells: UTF-8, comma, RFC 4180. What makes a whole file unreadable stops; what spoils a row is that row's."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from pathways.exchange.tables.faults import Fault, NotTables
from pathways.exchange.tables.layout import TABLES, Table

LONGEST_CELL = 8 * 1024 * 1024
"""Characters: a quotation mark that is never closed would otherwise swallow the file."""
LONGEST_LINE = 16 * 1024 * 1024
"""Characters of one line: a file without line breaks would otherwise be held in memory whole."""
MOST_COLUMNS = 1_000
_OTHER_ENCODINGS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Row:
    """One record. ``number``: as a spreadsheet counts, the header being row 1. ``fault``: why it could not be read."""

    number: int
    cells: Mapping[str, str]
    fault: Fault | None = None


class TableFile:
    """One file of a folder, read row by row. `NotTables` when it is not the table it should be."""

    def __init__(self, folder: Path, table: Table) -> None:
        self.table, self.path = table, folder / table.file
        self.unknown: list[str] = []
        """Columns of the file that the table does not have."""

    def rows(self) -> Iterator[Row]:
        """Every record but the header; blank lines are passed over."""
        csv.field_size_limit(LONGEST_CELL)
        with self.path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            lines = self._lines(file)
            header = self._header(lines)
            yield from self._records(csv.reader(lines, strict=True), header)

    def check(self) -> None:
        """Reads the header alone, so that a missing file or column stops before anything else is done."""
        if not self.path.is_file():
            raise NotTables(f"{self.path}: the file is missing; an empty table is a file with its header alone")
        with self.path.open("rb") as raw:
            if raw.read(2) in _OTHER_ENCODINGS:
                raise NotTables(f"{self.table.file}: the file is UTF-16; save it as « CSV UTF-8 »")
        with self.path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            header = self._header(self._lines(file))
        self.unknown = [name for name in header if name not in self.table.by_name]

    def _lines(self, file: TextIO) -> Iterator[str]:
        """Older readers of CSV stop at a NUL: another control character stands for it, and is refused in its cell."""
        while line := file.readline(LONGEST_LINE + 1):
            if len(line) > LONGEST_LINE:
                raise NotTables(f"{self.table.file}: a line has more than {LONGEST_LINE} characters; is it CSV?")
            yield line.replace("\x00", "\x01") if "\x00" in line else line

    def _header(self, lines: Iterator[str]) -> list[str]:
        try:
            header = [name.strip() for name in next(csv.reader(lines, strict=True), [])]
        except csv.Error as fault:
            raise NotTables(f"{self.table.file}: the header is not CSV ({fault})") from fault
        if len(header) > MOST_COLUMNS:
            raise NotTables(f"{self.table.file}: the header has {len(header)} columns; {MOST_COLUMNS} at most")
        missing = [column.name for column in self.table.read if column.required and column.name not in header]
        for other, called in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
            if missing and len(header) == 1 and other in header[0]:
                raise NotTables(f"{self.table.file}: the cells are separated by {called}; expected commas")
        if missing:
            there = ", ".join(header)[:200] or "nothing"
            raise NotTables(f"{self.table.file}: the header lacks {', '.join(missing)}; it has {there}")
        twice = sorted(name for name, times in Counter(header).items() if times > 1)[:20]
        if twice:
            raise NotTables(f"{self.table.file}: the header has {', '.join(twice)} twice")
        return header

    def _records(self, reader: Iterator[list[str]], header: list[str]) -> Iterator[Row]:
        number = 1
        while True:
            number += 1
            try:
                cells = next(reader, None)
            except csv.Error as fault:
                if "unexpected end" in str(fault) or "larger than" in str(fault):
                    raise NotTables(
                        f"{self.table.file} row {number}: a double quote is opened and never closed; close it, or double it"
                    ) from fault
                yield Row(number, {}, Fault("", "unreadable_row", {"fault": str(fault)}))
                continue
            if cells is None:
                return
            if not cells:
                number -= 1
            elif len(cells) != len(header):
                yield Row(number, {}, Fault("", "ragged_row", {"cells": len(cells), "expected": len(header)}))
            else:
                yield Row(number, dict(zip(header, cells, strict=True)))


def files_of(folder: Path) -> tuple[list[TableFile], list[str]]:
    """The files to read, in order, and warnings. Raises `NotTables` for what is missing."""
    if not folder.is_dir():
        raise NotTables(f"{folder}: there is no such folder")
    found = [TableFile(folder, table) for table in TABLES.values() if table.required or (folder / table.file).exists()]
    warnings = []
    for file in found:
        file.check()
        if file.unknown:
            warnings.append(f"{file.table.file}: columns not read: {', '.join(file.unknown)}")
    known = {table.file for table in TABLES.values()}
    others = sorted(path.name for path in folder.glob("*.csv") if path.name not in known)
    if others:
        warnings.append(f"files not read: {', '.join(others)}")
    return found, warnings
