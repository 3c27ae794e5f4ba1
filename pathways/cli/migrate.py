"""``./run migrate``: the structure of the database, and the reference rows that come from the code."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from pathways.cli import COULD_NOT_RUN, PROJECT

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = PROJECT / "migrations"


def alembic_config() -> Config:
    """Alembic's view of this project; the database is the owner's (see migrations/env.py)."""
    from alembic.config import Config

    return Config(MIGRATIONS / "alembic.ini")


def upgrade(revision: str = "head") -> None:
    """Apply what is missing. Safe to run again, and by several processes at once."""
    from alembic import command

    if MIGRATIONS.exists():
        command.upgrade(alembic_config(), revision)


def heads() -> tuple[str | None, str | None]:
    """Where the database is and where the code wants it: two revision numbers, None for an empty database or folder."""
    import psycopg
    from alembic.script import ScriptDirectory

    wanted = ScriptDirectory.from_config(alembic_config()).get_current_head() if MIGRATIONS.exists() else None
    with psycopg.connect(os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"]) as connection:
        known = connection.execute("select to_regclass('alembic_version') is not null").fetchone()
        row = connection.execute("select version_num from alembic_version").fetchone() if known and known[0] else None
    return (row[0] if row else None), wanted


@click.command()
@click.pass_context
def migrate(ctx: click.Context) -> None:
    """Bring the database to the present structure."""
    from sqlalchemy.exc import DBAPIError

    before, _ = heads()
    try:
        upgrade()
    except DBAPIError as error:
        click.echo(f"The migration was taken back: {error.orig}", err=True)
        ctx.exit(COULD_NOT_RUN)
    after, _ = heads()
    click.echo(f"Already at {after}." if before == after else f"From {before or 'an empty database'} to {after}.")
