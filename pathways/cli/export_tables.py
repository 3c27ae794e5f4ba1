"""``./run export tables DIR [--as ORG]``: the record as CSV tables."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pathways.cli import COULD_NOT_RUN

if TYPE_CHECKING:
    from pathways.sharing.visibility import Reader


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--as", "organisation", metavar="ORG", help="Only what this organisation may see: its reference, code or SIRET.")
def command(folder: Path, organisation: str | None) -> None:
    """Write the record into CSV files in DIR (docs/tables.md).

    Without --as the whole database, free texts included: for whoever operates it, never to be handed to an organisation.
    """
    from pathways.exchange.tables.writing import NotExported, export_tables

    started = time.monotonic()
    try:
        reader = reader_for(organisation) if organisation else None
        done = export_tables(folder, reader=reader, tell=lambda line: click.echo(line, err=True))
    except NotExported as fault:
        click.echo(f"{fault}", err=True)
        sys.exit(COULD_NOT_RUN)
    for file, rows in done.rows.items():
        click.echo(f"{file}: {rows} rows")
    rows, took = sum(done.rows.values()), time.monotonic() - started
    click.echo(f"{rows} rows in {took:.1f} s ({rows / took:,.0f} a second)")
    if not organisation:
        click.echo("The whole database, free texts included: keep it where you keep the database.")


def reader_for(given: str) -> Reader:
    """The organisation of that reference, code or SIRET, as a reader of today. Raises `NotExported` unless there is one."""
    import sqlalchemy as sa

    from pathways import clock, db
    from pathways.exchange.tables.writing import NotExported
    from pathways.models import Organisation
    from pathways.sharing.visibility import Reader

    named = (sa.cast(Organisation.public_id, sa.Text) == given.lower(), Organisation.code == given, Organisation.siret == given)
    with db.as_system(), db.atomic() as session:
        found = session.execute(sa.select(Organisation.id, Organisation.kind).where(sa.or_(*named))).all()
    if len(found) != 1:
        raise NotExported(f"{len(found)} organisations are called {given}: give a public reference, a code or a SIRET")
    return Reader(found[0].id, clock.today(), kind=found[0].kind)
