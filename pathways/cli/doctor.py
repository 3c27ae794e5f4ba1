"""``./run doctor``: look at everything an installation needs, say what is wrong and how to mend it."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pathways.cli import PROJECT, data_folder, data_option, servers

if TYPE_CHECKING:
    import psycopg

ROOM = 1 << 30
"""Bytes that should be free where the database grows."""
SILENT = timedelta(minutes=3)
"""The ticker beats once a minute."""


@dataclass(frozen=True)
class Finding:
    """One thing looked at; ``mend`` only when it is wrong."""

    what: str
    result: str
    mend: str = ""

    @property
    def wrong(self) -> bool:
        return bool(self.mend)


@click.command()
@data_option
@click.pass_context
def doctor(ctx: click.Context, data: Path | None) -> None:
    """Check the installation. Exit code 1 when something is wrong."""
    wrong = 0
    for finding in examine(data_folder(ctx, data)):
        wrong += finding.wrong
        click.echo(f"{'WRONG' if finding.wrong else 'ok':<6} {finding.what}: {finding.result}")
        if finding.wrong:
            click.echo(f"       → {finding.mend}")
    click.echo(f"\n{wrong} thing(s) to mend." if wrong else "\nAll is well.")
    ctx.exit(1 if wrong else 0)


def examine(data: Path) -> Iterator[Finding]:
    """Every finding in turn; what cannot be looked at because of an earlier fault is left out."""
    from pathways.server import ServerError, missing_servers, who_holds

    yield python()
    yield packages()
    which = missing_servers()
    try:
        yield from binaries(which)
        if which:
            yield room(data)
        holder = who_holds(data.absolute())
        with ExitStack() as stack:
            stack.enter_context(servers(data))
            faults = list(configuration())
            yield from faults
            if not any(finding.wrong for finding in faults):
                yield from database()
                yield from queue()
                yield tick(expected=not which or bool(holder and holder.address))
    except ServerError as error:
        yield Finding("Servers", error.what, error.mend or "See docs/operations.md.")


def python() -> Finding:
    return Finding("Python", f"{sys.version.split()[0]} in {sys.prefix}")


def packages() -> Finding:
    """Whether what is installed is what requirements.txt pins."""
    pins = re.findall(r"^([A-Za-z0-9._-]+)==(\S+)(.*)", (PROJECT / "requirements.txt").read_text(), re.MULTILINE)
    # A pin with a marker may belong to another system or version of Python.
    differ = [f"{name} {pinned}" for name, pinned, rest in pins if ";" not in rest and _installed(name) != pinned]
    if differ:
        return Finding("Packages", f"missing or different: {', '.join(differ)}", "Remove .venv and start ./run again.")
    return Finding("Packages", f"{len(pins)} as pinned")


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def binaries(which: frozenset[str]) -> Iterator[Finding]:
    """Where PostgreSQL and Valkey come from, and as whom they run."""
    from pathways.server.binaries import find_postgres, find_valkey
    from pathways.server.identity import identity

    if "postgres" in which:
        found = find_postgres()
        yield Finding("PostgreSQL", f"{found.major} from {found.source}, run as {identity().name}")
    else:
        yield Finding("PostgreSQL", "your own (DATABASE_URL)")
    yield Finding("Valkey", find_valkey() if "valkey" in which else "your own (REDIS_URL)")


def room(data: Path) -> Finding:
    """Whether the data folder can be written to and has space left."""
    from pathways.server.folder import DataFolder

    folder = DataFolder(data)
    free = shutil.disk_usage(folder.path).free
    shown = f"{folder}, {free / ROOM:.1f} GiB free"
    return Finding("Data folder", shown, "Make room: the database stops when the disk is full." if free < ROOM else "")


def configuration() -> Iterator[Finding]:
    """What config/ thinks of the environment."""
    from config import ConfigurationError, load

    try:
        yield Finding("Configuration", load().environment)
    except ConfigurationError as error:
        for fault in error.faults:
            yield Finding("Configuration", fault, "See docs/operations.md, environment variables.")


def database() -> Iterator[Finding]:
    """Reachable, at the structure the code wants, and under a role that row-level security binds."""
    import psycopg

    from pathways.cli.migrate import heads

    try:
        with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=5) as connection:
            server = connection.info.server_version // 10000
            yield Finding("Database", f"PostgreSQL {server} answers as {connection.info.user}")
            yield from _role(connection)
        at, wanted = heads()
    except psycopg.Error as error:
        yield Finding(
            "Database", str(error).strip(), "Check DATABASE_URL and DATABASE_OWNER_URL, and that the server runs."
        )
        return
    mend = "" if at == wanted else "./run migrate"
    yield Finding("Structure", f"at {at or 'nothing'}, the code wants {wanted or 'nothing'}", mend)


def _role(connection: psycopg.Connection[tuple[object, ...]]) -> Iterator[Finding]:
    row = connection.execute(
        "select rolsuper or rolbypassrls, rolname from pg_roles where rolname = current_user"
    ).fetchone()
    if row and row[0]:
        yield Finding(
            "Role",
            f"{row[1]} sees every row: row-level security does not bind it",
            "Connect as a role without BYPASSRLS.",
        )
    open_tables = connection.execute(
        "select distinct c.relname from pg_policy p join pg_class c on c.oid = p.polrelid"
        " where not (c.relrowsecurity and c.relforcerowsecurity) order by 1"
    ).fetchall()
    if open_tables:
        names = ", ".join(str(found[0]) for found in open_tables)
        yield Finding(
            "Row-level security",
            f"switched off on {names}",
            "./run migrate, or ALTER TABLE … FORCE ROW LEVEL SECURITY.",
        )
    elif row and not row[0]:
        yield Finding("Role", f"{row[1]} is bound by row-level security")


def queue() -> Iterator[Finding]:
    """The queue's server, and jobs that failed."""
    from redis.exceptions import RedisError

    from pathways import queue as jobs

    try:
        load = jobs.load()
    except RedisError as error:
        yield Finding("Queue", str(error), "Check REDIS_URL, and that the server runs.")
        return
    yield Finding(
        "Queue", f"{load.waiting} waiting, oldest {load.oldest_waits:.0f} s, {load.failed} failed in the last days"
    )


def tick(*, expected: bool) -> Finding:
    """When the ticker last beat; silence is wrong only where one should run."""
    import psycopg

    from pathways import clock

    if not expected:
        return Finding("Ticker", "nothing runs on this folder now, so nothing ticks")
    try:
        with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=5) as connection:
            row = connection.execute("select at from heartbeat where name = 'ticker'").fetchone()
    except psycopg.Error as error:
        return Finding("Ticker", str(error).strip(), "./run migrate")
    mend = "Start the ticker: ./run starts it, or ./run ticker on its own; its log says why it is silent."
    if row is None:
        return Finding("Ticker", "never beat", mend)
    silent = clock.now() - row[0]
    return Finding("Ticker", f"beat {silent.total_seconds():.0f} s ago", mend if silent > SILENT else "")
