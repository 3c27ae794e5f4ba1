"""``./run``: everything in one process tree, from the database to the address printed at the end."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from pathways.cli import COMMANDS, PROJECT, data_folder, data_option
from pathways.server import Holder, ServerError, Supervisor, embedded, missing_servers, who_holds
from pathways.server.folder import DataFolder
from pathways.server.lock import already_running
from pathways.server.process import Program, die_with_parent
from pathways.server.supervisor import Simple

PORT = 8000
HOST = "127.0.0.1"
PYTHON = (sys.executable, "-P", "-m", "pathways")


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help=f"Port of the web pages (default {PORT}).")
@data_option
@click.option("--empty", is_flag=True, help="Do not load the demo into an empty database.")
@click.pass_context
def serve(ctx: click.Context, port: int | None, data: Path | None, empty: bool) -> None:
    """Start everything and print the address."""
    before = ctx.find_root().params
    port = port or before.get("port") or int(os.environ.get("PATHWAYS_PORT") or PORT)
    host = os.environ.get("PATHWAYS_HOST") or HOST
    supervisor = Supervisor(say=tell)
    supervisor.stop_on_signals()
    started = time.monotonic()
    folder, holder = data_folder(ctx, data), Holder(os.getpid(), "./run", f"http://{_bracketed(host)}:{port}")
    # Before the port: who starts twice should hear of that, not of the port that the first one took.
    refuse_if_held(folder)
    check_port(host, port)
    with servers(folder, supervisor, holder) as (environment, log):
        environment.setdefault("PATHWAYS_MAIL_FOLDER", str(folder / "mail"))
        environment.setdefault("PATHWAYS_PUBLIC_URL", holder.address)
        command("migrate", environment)
        # Accounts whose passwords everybody knows have no place in somebody's own database.
        if "postgres" in missing_servers() and not (empty or before.get("empty")):
            load_demo(environment)
        web, *background = application(host, port, environment, log)
        # Pages first: the others would only compete with them for the processor.
        supervisor.start([web])
        supervisor.start(background, stop_with_last=True)
        announce(holder.address, environment, time.monotonic() - started)
        supervisor.watch()
        tell("Stopping…")


def refuse_if_held(data: Path) -> None:
    """AlreadyRunning when another process runs the servers of this folder."""
    if missing_servers() and (other := who_holds(data.absolute())):
        raise already_running(data.absolute(), other)


@contextlib.contextmanager
def servers(data: Path, supervisor: Supervisor, holder: Holder) -> Iterator[tuple[dict[str, str], Path | None]]:
    """The environment for the application and the folder of its logs (None: the terminal).

    What the environment names already is used as it is; what is missing is started.
    """
    which = missing_servers()
    if not which:
        try:
            yield dict(os.environ), None
        finally:
            supervisor.stop()
        return
    tell(f"Starting {' and '.join(sorted(which))} on {data}")
    with embedded(data, which=which, holder=holder, supervisor=supervisor) as started:
        yield started.environment(), DataFolder(data).log


def check_port(host: str, port: int) -> None:
    """ServerError when somebody listens there already: better now than in gunicorn's log."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                fault, mend = "is taken by another program", f"Choose another one: ./run --port {port + 1}"
            else:
                fault, mend = f"cannot be used: {error.strerror}", "Choose another one with --port N."
            raise ServerError(f"Port {port} of {host} {fault}.", mend) from error


def application(host: str, port: int, environment: Mapping[str, str], log: Path | None) -> list[Simple]:
    """Web, worker and ticker; only the web server has something to answer."""

    def program(name: str, *argv: str) -> Program:
        # Killed at once when the supervisor is: what they do lives in the database and in the queue.
        return Program(
            name,
            (*PYTHON, name, *argv),
            environment,
            log / f"{name}.log" if log else None,
            death_signal=signal.SIGKILL,
        )

    return [
        Simple("web", program("web", "--bind", f"{_bracketed(host)}:{port}"), lambda: answers(host, port)),
        Simple("worker", program("worker")),
        Simple("ticker", program("ticker")),
    ]


def answers(host: str, port: int) -> bool:
    """Whether the page of health comes back: workers are up and the application is wired."""
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - an address to compare with, not to bind
    try:
        with socket.create_connection((here, port), timeout=5) as connection:
            connection.sendall(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")
            return b" 200 " in connection.recv(64)
    except OSError:
        return False


def load_demo(environment: Mapping[str, str]) -> None:
    """The synthetic region, when nobody has used this database yet."""
    if COMMANDS["demo"].exists and is_empty(environment):
        tell("Loading the demo region (./run --empty goes without)")
        command("demo", environment)


def is_empty(environment: Mapping[str, str]) -> bool:
    """Whether no organisation was ever recorded."""
    import psycopg

    with psycopg.connect(environment.get("DATABASE_OWNER_URL") or environment["DATABASE_URL"]) as connection:
        known = connection.execute("select to_regclass('organisation') is not null").fetchone()
        return bool(known and known[0]) and connection.execute("select 1 from organisation limit 1").fetchone() is None


def command(name: str, environment: Mapping[str, str]) -> None:
    """Another command of ours as a child: the supervisor stays small, and Ctrl-C still stops everything."""
    parent = os.getpid()
    done = subprocess.run(
        [*PYTHON, name],
        env=dict(environment),
        stdout=sys.stderr,
        check=False,
        preexec_fn=lambda: die_with_parent(signal.SIGKILL, parent),
    )
    if done.returncode != 0:
        mend = "What went wrong stands above." + (" ./run --empty goes without it." if name == "demo" else "")
        raise ServerError(f"./run {name} failed (exit code {done.returncode}).", mend)


def announce(address: str, environment: Mapping[str, str], seconds: float) -> None:
    """The last words before ``ready``: where to go and as whom."""
    click.echo()
    click.echo(f"  Pathways: {address}")
    accounts = demo_accounts(environment)
    if accounts:
        click.echo("  Demo accounts:")
        for email, password, who in accounts:
            click.echo(f"    {email:<36} {password:<16} {who}")
    click.echo(f"  Started in {seconds:.1f} s; Ctrl-C stops everything.")
    click.echo()
    click.echo("ready")
    sys.stdout.flush()


def demo_accounts(environment: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Address, password and role of the demo accounts that this database has; ``pathways.demo.accounts.ACCOUNTS``."""
    if not (PROJECT / "pathways" / "demo" / "accounts.py").exists():
        return []
    import importlib

    import psycopg

    accounts = [tuple(account)[:3] for account in importlib.import_module("pathways.demo.accounts").ACCOUNTS]
    with psycopg.connect(environment["DATABASE_URL"]) as connection:
        found = connection.execute("select email from app_user where email = any(%s)", [[row[0] for row in accounts]])
        present = {row[0] for row in found.fetchall()}
    return [account for account in accounts if account[0] in present]


def tell(text: str) -> None:
    """Progress, apart from the result: on the error output."""
    click.echo(text, err=True)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
