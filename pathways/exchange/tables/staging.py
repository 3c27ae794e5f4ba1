"""The files in temporary tables, each row with what was found wrong with it: from there on, everything is done by sets.

Row-level security forbids COPY into the tables it protects; temporary ones live as long as their connection and go with it, so
that an import that is killed leaves nothing half done.
"""

# ruff: noqa: S608 -- SQL is put together from the layout: names of our own tables and columns, never a value of a file

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

import psycopg
import sqlalchemy as sa
from sqlalchemy.orm import Session

from pathways import clock
from pathways.exchange.tables.faults import Refusal
from pathways.exchange.tables.layout import TABLES, Table
from pathways.exchange.tables.reading import TableFile
from pathways.exchange.tables.rows import Checked, as_json, checked

CHUNK = 5_000
"""Rows held in memory at once."""
_TYPES = {"uuid": "uuid", "day": "date", "moment": "timestamptz", "flag": "boolean", "json": "jsonb", "details": "jsonb"}
_BESIDE = {"persons": ("search_key", "sort_key")}
"""What a row carries that its file does not say."""


def make_tables(session: Session) -> None:
    """Empty temporary tables: one per file, refusals, and what details refer to."""
    session.execute(sa.text("set local statement_timeout = 0"))
    for table in TABLES.values():
        declared = ", ".join(f"{column.name} {_TYPES.get(column.kind, 'text')}" for column in table.read)
        beside = "".join(f", {name} text" for name in _BESIDE.get(table.name, ()))
        session.execute(
            sa.text(
                f"create temporary table staged_{table.name} (row int, status text, {declared}{beside}) on commit preserve rows"
            )
        )
    session.execute(
        sa.text(
            "create temporary table refusal (file text, row int, field text, code text, said jsonb) on commit preserve rows;"
            "create temporary table mention (row int, field text, kind text, value text) on commit preserve rows"
        )
    )


def stage(session: Session, file: TableFile) -> int:
    """Copies a file, row by row checked; returns the number of its rows."""
    table, now = file.table, clock.now()
    columns = [*(column.name for column in table.read), *_BESIDE.get(table.name, ())]
    rows = (checked(table, row, now) for row in file.rows())
    count = 0
    for chunk in _chunks(rows):
        count += len(chunk)
        _copy(session, f"staged_{table.name} (row, status, {', '.join(columns)})", map(_line_of(columns), chunk))
        _copy(session, "refusal (file, row, field, code, said)", _faults(table, chunk))
        if table.name == "entries":
            _copy(session, "mention (row, field, kind, value)", _mentions(chunk))
    session.execute(sa.text(f"create index on staged_{table.name} (row)"))
    session.execute(sa.text(f"create index on staged_{table.name} ({_key(table)})"))
    if table.name != "persons" and "person" in table.by_name and table.key[0] != "person":
        session.execute(sa.text(f"create index on staged_{table.name} (person)"))
    session.execute(sa.text(f"analyze staged_{table.name}"))
    return count


def _key(table: Table) -> str:
    return ", ".join(table.key)


def _chunks(rows: Iterable[Checked]) -> Iterator[list[Checked]]:
    waiting = iter(rows)
    while chunk := list(islice(waiting, CHUNK)):
        yield chunk


def _line_of(columns: Sequence[str]) -> Callable[[Checked], str]:
    def line(row: Checked) -> str:
        status = "refused" if row.faults else "new"
        return "\t".join((str(row.number), status, *(_escaped(row.values.get(name)) for name in columns)))

    return line


def _faults(table: Table, chunk: Iterable[Checked]) -> Iterator[str]:
    for row in chunk:
        for fault in row.faults:
            said = as_json(fault.values)
            yield "\t".join((table.name, str(row.number), _escaped(fault.column), fault.code, _escaped(said)))


def _mentions(chunk: Iterable[Checked]) -> Iterator[str]:
    for row in chunk:
        for detail, (kind, value) in row.mentions.items():
            yield "\t".join((str(row.number), detail, kind, _escaped(value)))


def _escaped(value: str | None) -> str:
    if value is None:
        return "\\N"
    return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _copy(session: Session, into: str, lines: Iterable[str]) -> None:
    text = "\n".join(lines)
    if text:
        connection = session.connection().connection.driver_connection
        assert isinstance(connection, psycopg.Connection)
        with connection.cursor() as cursor, cursor.copy(f"copy {into} from stdin") as copy:
            copy.write(f"{text}\n")


def refusals(session: Session) -> Iterator[Refusal]:
    """Everything refused, in the order of files and rows, read in portions."""
    order = {name: place for place, name in enumerate(TABLES)}
    found = session.execute(
        sa.text(
            "select file, row, field, code, said from refusal "
            "order by array_position(cast(:files as text[]), file), row, code, field"
        ),
        {"files": sorted(order, key=order.__getitem__)},
        execution_options={"yield_per": CHUNK},
    )
    for file, row, field, code, said in found:
        yield Refusal(TABLES[file].file, row, field, code, said)


def counts(session: Session) -> dict[str, dict[str, int]]:
    """File → status → rows."""
    result: dict[str, dict[str, int]] = {}
    for table in TABLES.values():
        rows = session.execute(sa.text(f"select status, count(*) from staged_{table.name} group by status"))
        result[table.file] = dict(tuple(row) for row in rows)
    return result
