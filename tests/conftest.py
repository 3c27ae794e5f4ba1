"""Fixtures of the whole suite.

A test that touches the database asks for ``session`` (fast: everything happens inside one transaction that is rolled
back) or for ``own_database`` (a clone of its own: workers, browsers, several roles, crashes). Both run as the
application's role, which row-level security binds, and start in the system's scope; ``acting_for(organisation)``
narrows it.
"""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from pathways import clock, db, queue
from pathways.models import Organisation, User
from tests.databases import ENVIRONMENT, Database, Servers, running_servers

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""Ten o'clock in Paris on an ordinary Monday: where the frozen clock starts."""

_lifetime = pytest.StashKey[ExitStack]()


# --- the servers
# -------------------------------------------------------------------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_lifetime] = ExitStack()
    close_the_network(config.stash[_lifetime])
    if getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput"):
        # Started by the controller, which outlives the workers; they inherit the variable.
        servers = config.stash[_lifetime].enter_context(running_servers())
        os.environ[ENVIRONMENT] = servers.sockets
        config.stash[_lifetime].callback(os.environ.pop, ENVIRONMENT, None)


LONGEST = (
    "browser/days/test_days", "walls/test_routes", "hostile/test_every_route", "server/test_stopping", "browser/",
    "exchange/tables/", "server/test_identity", "detection/test_", "hostile/", "retention/test_three_years", "cli/test_replay",
)  # fmt: skip
"""Files that take longest go first: a file goes to one worker, and the last one is not to keep the others waiting."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def rank(item: pytest.Item) -> int:
        place = item.nodeid.removeprefix("tests/")
        return next((number for number, start in enumerate(LONGEST) if place.startswith(start)), len(LONGEST))

    items.sort(key=rank)


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[_lifetime].close()


def close_the_network(lifetime: ExitStack) -> None:
    """No test talks to anything but this machine."""
    for name in ("connect", "connect_ex"):
        original = getattr(socket.socket, name)

        def guarded(self, address, original=original):
            local = self.family == socket.AF_UNIX or address[0] in {"localhost", "127.0.0.1", "::1"}
            if not local:
                raise PermissionError(f"tests do not talk to {address!r}")
            return original(self, address)

        setattr(socket.socket, name, guarded)
        lifetime.callback(setattr, socket.socket, name, original)


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """PostgreSQL and Valkey, started on first use and shared by every worker of xdist."""
    if sockets := os.environ.get(ENVIRONMENT):
        yield Servers(sockets)
    else:
        with running_servers() as started:
            yield started


# --- databases
# ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def database(servers: Servers) -> Iterator[Database]:
    """This process's clone, which every test leaves as it found it."""
    cloned = servers.clone()
    yield cloned
    servers.drop(cloned)


@pytest.fixture(scope="session")
def engine(database: Database) -> Iterator[sa.Engine]:
    made = db.create_engine(database.app_url)
    yield made
    made.dispose()


@pytest.fixture
def connection(engine: sa.Engine) -> Iterator[sa.Connection]:
    with engine.connect() as connection:
        everything = connection.begin()
        yield connection
        everything.rollback()


@pytest.fixture
def session(connection: sa.Connection) -> Iterator[Session]:
    """The application's session inside a transaction that is rolled back: commits release savepoints. Scope: the
    system.
    """
    with db.bound_to(connection), db.as_system():
        yield db.session()


@pytest.fixture
def own_database(servers: Servers) -> Iterator[Database]:
    """A database of the test's own, to which ``pathways.db`` is configured: commits are real. Scope: the system."""
    cloned = servers.clone()
    db.configure(cloned.app_url)
    try:
        with db.as_system():
            yield cloned
    finally:
        db.remove()
        db.dispose()
        servers.drop(cloned)


@pytest.fixture
def acting_for() -> Callable[..., AbstractContextManager[None]]:
    """``with acting_for(organisation, user):`` only what that organisation may see and write."""

    def narrow(organisation: Organisation, user: User | None = None) -> AbstractContextManager[None]:
        return db.acting_for(organisation.id, user.id if user else None)

    return narrow


# --- what is asked of the database
# -------------------------------------------------------------------------------------


class Queries(list[str]):
    """The statements sent meanwhile, without savepoints and the setting of the context."""

    def cost_as_much_as(self, other: Queries) -> bool:
        """True, or an AssertionError that shows both lists: fifty rows must cost as many queries as one."""
        if len(self) != len(other):
            shown = "\n".join(f"  {n}. {statement}" for n, statement in enumerate(self, 1))
            expected = "\n".join(f"  {n}. {statement}" for n, statement in enumerate(other, 1))
            raise AssertionError(f"{len(self)} queries instead of {len(other)}:\n{shown}\ninstead of\n{expected}")
        return True


@pytest.fixture
def counting() -> Callable[..., AbstractContextManager[Queries]]:
    """``with counting() as queries:`` collects what is asked; ``counting(at_most=3)`` fails beyond, and shows the
    SQL.
    """

    @contextlib.contextmanager
    def count(at_most: int | None = None) -> Iterator[Queries]:
        seen = Queries()

        def listen(_connection, _cursor, statement, *_rest) -> None:
            if "set_config(" not in statement and "SAVEPOINT" not in statement:
                seen.append(" ".join(statement.split()))

        event.listen(sa.Engine, "before_cursor_execute", listen)
        try:
            yield seen
        finally:
            event.remove(sa.Engine, "before_cursor_execute", listen)
        if at_most is not None and len(seen) > at_most:
            shown = "\n".join(f"  {n}. {statement}" for n, statement in enumerate(seen, 1))
            raise AssertionError(f"{len(seen)} queries, {at_most} at most:\n{shown}")

    return count


# --- time and work for later
# -------------------------------------------------------------------------------------------


class FrozenClock:
    """A clock that only a test moves."""

    def __init__(self) -> None:
        self._frozen = ExitStack()
        self.move_to(MONDAY)

    @property
    def today(self) -> date:
        return clock.today()

    def move_to(self, moment: datetime | date) -> None:
        """Freeze at an aware moment, or at noon in Paris of a day."""
        self.release()
        self._frozen.enter_context(clock.at(moment))

    def advance(self, days: int = 0, **more: float) -> None:
        self.move_to(clock.now() + timedelta(days=days, **more))

    def release(self) -> None:
        self._frozen.close()


@pytest.fixture
def frozen_clock() -> Iterator[FrozenClock]:
    """Monday 2 March 2026, ten o'clock in Paris, until moved."""
    frozen = FrozenClock()
    yield frozen
    frozen.release()


@pytest.fixture
def asked_jobs(monkeypatch: pytest.MonkeyPatch) -> list[queue.Message]:
    """Instead of the queue: the messages asked for after each commit, in order."""
    messages: list[queue.Message] = []
    monkeypatch.setattr(queue, "send", messages.append)
    return messages


@pytest.fixture
def valkey(servers: Servers) -> Iterator[str]:
    """The URL of an empty queue of the test's own, to which ``pathways.queue`` is configured."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    url = servers.redis_url(1 + int(worker) % 15)
    queue.configure(url)
    queue.connection().flushdb()
    yield url
    queue.connection().flushdb()
    queue.configure(None)
