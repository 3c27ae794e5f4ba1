"""``./run import tables DIR [--dry-run]``: CSV tables into the record."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from pathways.cli import COULD_NOT_RUN


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check everything, write nothing.")
def command(folder: Path, dry_run: bool) -> None:
    """Read the CSV files of DIR (docs/tables.md).

    What is refused is printed line by line; the rest is kept. Exit code: 0 nothing refused, 1 some rows refused, 2 nothing read.
    """
    from pathways.exchange.tables.faults import NotTables
    from pathways.exchange.tables.importing import import_tables

    started = time.monotonic()
    try:
        done = import_tables(
            folder, dry_run=dry_run, tell=lambda line: click.echo(line, err=True), refuse=lambda refusal: click.echo(str(refusal))
        )
    except NotTables as fault:
        click.echo(f"{fault}", err=True)
        sys.exit(COULD_NOT_RUN)
    for file, statuses in done.rows.items():
        told = ", ".join(f"{statuses.get(status, 0)} {status}" for status in ("new", "updated", "unchanged", "refused"))
        click.echo(f"{file}: {told}")
    rows, took = sum(sum(statuses.values()) for statuses in done.rows.values()), time.monotonic() - started
    click.echo(f"{rows} rows in {took:.1f} s ({rows / took:,.0f} a second){'; nothing was written' if dry_run else ''}")
    sys.exit(1 if done.refused else 0)
