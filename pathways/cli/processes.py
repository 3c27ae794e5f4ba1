"""The three processes of an installation, one command each: ``./run`` starts them all, production may start each."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from pathways.cli import PROJECT

if TYPE_CHECKING:
    from redis import Redis

    from pathways.server import Periodic


@click.command(context_settings={"ignore_unknown_options": True})
@click.option("--bind", default="127.0.0.1:8000", show_default=True, help="Address and port, or unix:PATH.")
def web(bind: str) -> None:
    """The web server alone."""
    from gunicorn.app.wsgiapp import run

    sys.argv = ["gunicorn", *gunicorn_arguments(bind)]
    run()


def gunicorn_arguments(bind: str) -> list[str]:
    """What gunicorn is called with; the rest is in config/gunicorn.py."""
    return [
        "--config", str(PROJECT / "config" / "gunicorn.py"), "--no-control-socket", "--chdir", str(PROJECT),
        "--bind", bind, "wsgi:app",
    ]  # fmt: skip


@click.command()
@click.option("--burst", is_flag=True, help="Stop when no job waits.")
def worker(burst: bool) -> None:
    """A queue worker alone."""
    from pathways import create_app, queue
    from pathways.server.process import forks_die_with_us

    _log_to_stderr()
    forks_die_with_us()
    # Once, before any fork: every job inherits the wired application, and none pays for the imports.
    with create_app().app_context():
        queue.work(burst=burst)


class Slots:
    """The slots that were asked for, kept in the queue's own server."""

    def __init__(self, connection: Redis) -> None:
        self.connection = connection

    def has(self, slot: str) -> bool:
        return bool(self.connection.exists(f"pathways:slot:{slot}"))

    def note(self, slot: str, keep: timedelta) -> None:
        self.connection.set(f"pathways:slot:{slot}", os.getpid(), ex=keep)


@click.command()
def ticker() -> None:
    """The clock of periodic work alone."""
    from pathways import clock, create_app, queue
    from pathways.server.ticker import Ticker

    _log_to_stderr()
    log = logging.getLogger("pathways.ticker")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with create_app().app_context():
        Ticker(
            schedule=schedule(),
            ask=lambda job, slot: queue.later(job, unique=slot),
            ledger=Slots(queue.connection()),
            now=clock.now,
            beat=beat,
        ).run(stop, on_error=lambda error: log.warning("%s: %s", type(error).__name__, error))


def schedule() -> tuple[Periodic, ...]:
    """The periodic work of the application: ``pathways.jobs.schedule.SCHEDULE``."""
    from importlib import import_module
    from importlib.util import find_spec

    if find_spec("pathways.jobs") is None or find_spec("pathways.jobs.schedule") is None:
        return ()
    return tuple(import_module("pathways.jobs.schedule").SCHEDULE)


def beat() -> None:
    """Note that the ticker lives: what readiness and ``doctor`` look at."""
    from sqlalchemy.dialects.postgresql import insert

    from pathways import clock, db
    from pathways.models.heartbeat import Heartbeat

    now = clock.now()
    row = insert(Heartbeat).values(name="ticker", at=now)
    try:
        with db.as_system(), db.atomic() as session:
            session.execute(row.on_conflict_do_update(index_elements=["name"], set_={"at": now}))
    finally:
        db.remove()


def _log_to_stderr() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
