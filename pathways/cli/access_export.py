"""``./run access-export``: everything held on one person, to be handed to them."""

from __future__ import annotations

import sys
import uuid
from pathlib import Path

import click

from pathways import db


@click.command()
@click.argument("person", type=click.UUID)
@click.option("--as", "organisation", required=True, metavar="ORG", help="Code, SIRET or reference of the body asked.")
@click.option("--format", "kind", type=click.Choice(["json", "pdf"]), default="pdf", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, metavar="FILE")
def command(person: uuid.UUID, organisation: str, kind: str, out: Path) -> None:
    """Write everything held on PERSON (the reference in the address of their page) to FILE. The reading is logged."""
    from pathways.cli.export_tables import reader_for
    from pathways.errors import NotVisible
    from pathways.exchange.access_export import as_json, as_pdf, everything_about
    from pathways.exchange.tables.writing import NotExported
    from pathways.queries.person import identity
    from pathways.sharing.disclosure import disclose
    from pathways.sharing.matrix import Group

    try:
        reader = reader_for(organisation)
        with db.acting_for(reader.organisation_id), db.atomic():
            who = identity(person, reader)
            held = everything_about(who.id, reader)
            disclose([who.id], "cli.access_export", list(Group))
    except NotExported as refused:
        click.echo(str(refused), err=True)
        sys.exit(2)
    except NotVisible:
        click.echo(f"{organisation} does not accompany {person}: nothing is exported.", err=True)
        sys.exit(2)
    out.write_bytes(as_json(held) if kind == "json" else as_pdf(held))
    click.echo(f"{out}: {len(held['tables'])} kinds of records, {len(held['signals_explained'])} signals explained")
