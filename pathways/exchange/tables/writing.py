"""The record as CSV tables: persons by batches, in one consistent reading, in an order that does not depend on this database.

Files get their names once everything is written: an export that is killed leaves none that looks whole.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pathways import db
from pathways.exchange.tables import selecting
from pathways.exchange.tables.cells import write_cell
from pathways.exchange.tables.layout import TABLES
from pathways.exchange.tables.rows import ENTRY, ORGANISATION, REFERRING
from pathways.exchange.tables.sharing import Shown, shown
from pathways.models import Organisation, Person
from pathways.sharing.disclosure import disclose
from pathways.sharing.visibility import Reader

BATCH = 500
"""Persons held in memory at once."""
WHAT = "export.tables"
"""What the log of consultations calls it."""


class NotExported(Exception):
    """The folder or the organisation asked for does not do."""


@dataclass(slots=True)
class Exported:
    """File → rows written."""

    rows: dict[str, int] = field(default_factory=dict)


class Files:
    """The files of an export, open side by side."""

    def __init__(self, folder: Path, opened: ExitStack) -> None:
        self._folder, self.counts = folder, dict.fromkeys(TABLES, 0)
        self._writers = {}
        for table in TABLES.values():
            descriptor = os.open(self._unfinished(table.name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            file = opened.enter_context(os.fdopen(descriptor, "w", encoding="utf-8", newline=""))
            self._writers[table.name] = csv.writer(file, lineterminator="\r\n")
            self._writers[table.name].writerow([column.name for column in table.columns])

    def write(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        for row in rows:
            self._writers[table].writerow([write_cell(value) for value in row])
            self.counts[table] += 1

    def _unfinished(self, table: str) -> Path:
        return self._folder / f".{table}.csv.part"

    def give_names(self) -> None:
        for table in TABLES.values():
            self._unfinished(table.name).rename(self._folder / table.file)


def as_sheet(rows: Iterable[Sequence[Any]]) -> str:
    """A small table as a French spreadsheet opens it: semicolons, a byte order mark, and nothing it would run."""
    text = StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([write_cell(value) for value in row] for row in rows)
    return "\ufeff" + text.getvalue()


def export_tables(folder: Path, *, reader: Reader | None = None, tell: Callable[[str], object] = print) -> Exported:
    """Writes every table into ``folder``, which is made, or empty.

    ``reader``: only what this organisation may see, and the log of consultations says so. Without it the whole database, free
    texts included, for whoever operates it. Raises `NotExported`.
    """
    _make(folder)
    with ExitStack() as opened:
        files = Files(folder, opened)
        # One reading, however long it takes: nobody's rows change between two batches.
        connection = opened.enter_context(db.engine().connect()).execution_options(isolation_level="REPEATABLE READ")
        opened.enter_context(db.bound_to(connection))
        opened.enter_context(_scope(reader))
        with db.atomic() as session:
            session.execute(sa.text("set local statement_timeout = 0"))
            _Export(session, files, reader, tell).write()
    files.give_names()
    return Exported({TABLES[name].file: count for name, count in files.counts.items()})


@contextmanager
def _scope(reader: Reader | None) -> Iterator[None]:
    with db.acting_for(reader.organisation_id) if reader else db.as_system():
        yield


def _make(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    there = sorted(path.name for path in folder.iterdir() if not path.name.endswith(".csv.part"))
    if there:
        raise NotExported(f"{folder} is not empty ({', '.join(there[:3])}): choose another folder")


class _Export:
    """One export under way."""

    def __init__(self, session: Session, files: Files, reader: Reader | None, tell: Callable[[str], object]) -> None:
        self._session, self._files, self._reader, self._tell = session, files, reader, tell
        rows = session.execute(sa.select(Organisation.id, Organisation.public_id))
        self._organisations: Mapping[int, Any] = {row.id: row.public_id for row in rows}
        self._named: set[Any] = set()
        """Organisations that some exported row refers to."""

    def write(self) -> None:
        done = 0
        for batch in self._batches():
            self._persons(batch)
            done += len(batch)
            self._tell(f"{done} persons written")
        own = self._reader.organisation_id if self._reader else None
        self._files.write("settings", self._noted(selecting.settings(self._session, own), 2))
        if self._reader:
            self._named.add(self._organisations[self._reader.organisation_id])
        self._files.write("organisations", selecting.organisations(self._session, self._named if self._reader else None))

    def _batches(self) -> Iterator[list[int]]:
        after = None
        while True:
            query = sa.select(Person.id, Person.public_id).order_by(Person.public_id).limit(BATCH)
            query = query.where(Person.erased_on.is_(None))
            if self._reader:
                query = query.where(selecting.persons_of(self._reader))
            if after is not None:
                query = query.where(Person.public_id > after)
            found = self._session.execute(query).all()
            if not found:
                return
            after = found[-1].public_id
            yield [row.id for row in found]

    def _persons(self, ids: list[int]) -> None:
        session, reader = self._session, self._reader
        entries = selecting.entries(session, ids, reader)
        if reader:
            seen = shown(entries, reader)
            entries = seen.entries
            self._disclose(ids, seen)
        self._files.write("persons", selecting.persons(session, ids, reader))
        if reader is None:
            self._files.write("external_ids", selecting.external_ids(session, ids))
        self._files.write("enrolments", self._noted(selecting.enrolments(session, ids, reader), 5, 6, 7))
        self._files.write("links", self._noted(selecting.links(session, ids, reader), 2))
        self._files.write("entries", self._noted(self._lines(entries), 6))

    def _noted(self, rows: Iterable[Sequence[Any]], *places: int) -> Iterator[Sequence[Any]]:
        """The rows, after noting which organisations stand at these places."""
        for row in rows:
            if self._reader:
                self._named.update(row[place] for place in places if row[place] is not None)
            yield row

    def _lines(self, entries: Sequence[selecting.EntryRow]) -> Iterator[Sequence[Any]]:
        called = {entry.id: entry.reference for entry in entries}
        for entry in entries:
            details = self._details(entry, called)
            yield (
                entry.reference, entry.person, entry.enrolment, entry.type, entry.occurred_on, entry.recorded_at,
                self._organisations[entry.organisation_id], called.get(entry.retracts or 0), details,
            )

    def _details(self, entry: selecting.EntryRow, called: Mapping[int, str]) -> str:
        """The details, with public references where the journal has internal numbers."""
        refers = REFERRING.get(entry.type)
        if not refers:
            return entry.content
        details = json.loads(entry.content)
        for name, kind in refers.items():
            value = details.get(name)
            if not isinstance(value, int):
                continue
            reference = self._organisations.get(value) if kind == ORGANISATION else called.get(value) if kind == ENTRY else None
            if kind == ORGANISATION and reference is not None:
                self._named.add(reference)
            if reference is None:
                del details[name]
            else:
                details[name] = str(reference)
        return json.dumps(details, ensure_ascii=False)

    def _disclose(self, ids: Iterable[int], seen: Shown) -> None:
        by_groups: dict[frozenset[str], list[int]] = {}
        for person in ids:
            by_groups.setdefault(selecting.ALWAYS | seen.groups.get(person, set()), []).append(person)
        for groups, persons in by_groups.items():
            disclose(persons, WHAT, groups)
