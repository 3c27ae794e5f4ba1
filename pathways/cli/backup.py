"""``./run backup FILE`` and ``./run restore FILE``: pg_dump's custom format, taken while everything runs."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import LiteralString

import click

from pathways.cli import COULD_NOT_RUN


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_context
def backup(ctx: click.Context, file: Path) -> None:
    """Write the database into FILE, whole or not at all."""
    part = file.with_name(f"{file.name}.part")
    try:
        # It holds everybody's data: nobody else may read it.
        part.touch(mode=0o600)
        _run(
            ctx,
            "pg_dump",
            "--format=custom",
            "--no-owner",
            "--enable-row-security",
            f"--file={part.absolute()}",
            "--dbname",
            _owner_url(),
        )
        part.replace(file)
    except OSError as error:
        raise click.FileError(str(file), error.strerror) from error
    finally:
        part.unlink(missing_ok=True)
    click.echo(f"{file}: {file.stat().st_size:,} bytes.".replace(",", " "))


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--force", is_flag=True, help="Replace what the database holds.")
@click.pass_context
def restore(ctx: click.Context, file: Path, force: bool) -> None:
    """Read the database back from FILE, whole or not at all, then bring it to the present structure."""
    from pathways.cli.migrate import upgrade

    if _holds_data() and not force:
        click.echo("The database is not empty. --force replaces all it holds.", err=True)
        ctx.exit(COULD_NOT_RUN)
    _run(ctx, "pg_restore", "--list", str(file.absolute()), quiet=True)
    if not _replace(file):
        click.echo(f"{file} could not be restored; the database is as it was. The reason stands above.", err=True)
        ctx.exit(COULD_NOT_RUN)
    upgrade()
    click.echo(f"Restored {_tables()} tables from {file}.")


def _replace(file: Path) -> bool:
    """Drop and restore in one transaction, which we commit ourselves once the whole file was read."""
    with subprocess.Popen(
        [_program("psql"), "-X", "--quiet", "--set=ON_ERROR_STOP=1", "--dbname", _owner_url()],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        # A running application holds locks; better a clear refusal than waiting for ever.
        env={**os.environ, "PGOPTIONS": "-c lock_timeout=10s -c client_min_messages=warning"},
    ) as psql:
        assert psql.stdin is not None
        try:
            psql.stdin.write(b"begin; drop schema public cascade; create schema public;\n")
            psql.stdin.flush()
            read = subprocess.run(
                [_program("pg_restore"), "--no-owner", "--file=-", str(file.absolute())], stdout=psql.stdin, check=False
            )
            if read.returncode == 0:
                psql.stdin.write(b"commit;\n")
            psql.stdin.close()
        except BrokenPipeError:
            # psql stopped at an error, which it has told.
            return False
        return psql.wait() == 0 and read.returncode == 0


def _owner_url() -> str:
    return os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"]


def _program(name: str) -> str:
    from pathways.server.binaries import find_postgres

    return find_postgres().program(name)


def _run(ctx: click.Context, program: str, *arguments: str, quiet: bool = False) -> None:
    done = subprocess.run(
        [_program(program), *arguments],
        # Row-level security binds the owner too: without this scope the dump would hold no person.
        env={**os.environ, "PGOPTIONS": "-c app.scope=system"},
        stdout=subprocess.DEVNULL if quiet else None,
        check=False,
    )
    if done.returncode != 0:
        click.echo(f"{program} failed; its reason stands above.", err=True)
        ctx.exit(COULD_NOT_RUN)


def _tables() -> int:
    return _asked("select count(*) from pg_tables where schemaname = 'public'")


def _holds_data() -> bool:
    """Whether anything was recorded: organisations come first, before any person."""
    if not _tables():
        return False
    if not _asked("select count(*) from pg_tables where schemaname = 'public' and tablename = 'organisation'"):
        # Tables, but not ours: somebody else's database.
        return True
    return bool(_asked("select count(*) from (select 1 from organisation limit 1) as any_row"))


def _asked(query: LiteralString) -> int:
    import psycopg

    with psycopg.connect(_owner_url()) as connection:
        row = connection.execute(query).fetchone()
        return int(row[0]) if row else 0
