"""An import from end to end: stage, check, write, tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from pathways import db
from pathways.detection.sweep import RANGE
from pathways.exchange.tables.checking import check
from pathways.exchange.tables.faults import NotTables, Refusal
from pathways.exchange.tables.reading import TableFile, files_of
from pathways.exchange.tables.settling import settle
from pathways.exchange.tables.staging import counts, make_tables, refusals, stage

PATIENCE = 30
"""Seconds to wait for another import."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of the rows: file → ``new``, ``updated``, ``unchanged``, ``refused`` → how many."""

    rows: Mapping[str, Mapping[str, int]]

    @property
    def refused(self) -> int:
        return sum(of_file.get("refused", 0) for of_file in self.rows.values())


def import_tables(
    folder: Path,
    *,
    dry_run: bool = False,
    tell: Callable[[str], object] = print,
    refuse: Callable[[Refusal], object] = print,
    part: int = RANGE,
) -> Imported:
    """Reads the tables of a folder. ``tell`` gets lines of progress and warnings, ``refuse`` every refusal.

    ``part``: persons per transaction. Raises `NotTables` when nothing can be read.
    """
    files, warnings = files_of(folder)
    for warning in warnings:
        tell(warning)
    # A connection of its own, closed for good at the end: temporary tables and the lock live and go with it.
    with db.engine().connect() as connection:
        try:
            with db.bound_to(connection), db.as_system():
                return _import(files, dry_run, tell, refuse, part)
        finally:
            connection.invalidate()


def _import(
    files: list[TableFile], dry_run: bool, tell: Callable[[str], object], refuse: Callable[[Refusal], object], part: int
) -> Imported:
    _alone()
    with db.atomic() as session:
        make_tables(session)
        for file in files:
            tell(f"{file.table.file}: {stage(session, file)} rows read")
    with db.atomic() as session:
        check(session)
    with db.atomic() as session:
        imported = Imported(counts(session))
        for refusal in refusals(session):
            refuse(refusal)
    if not dry_run:
        settle(db.session(), tell, part)
    return imported


def _alone() -> None:
    """Two imports at once would both find the same rows new. The server may take a while to see that one was killed."""
    try:
        with db.atomic() as session:
            session.execute(sa.text(f"set local lock_timeout = '{PATIENCE}s'"))
            session.execute(sa.text("select pg_advisory_lock(hashtext('pathways.import_tables'))"))
    except sa.exc.OperationalError as fault:
        raise NotTables("another import is running: wait until it has ended") from fault
