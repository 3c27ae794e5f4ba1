"""Throw-away databases: one cluster a run, one migrated template, a clone for whoever needs one."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from psycopg import sql

from pathways.server.embedded import TESTING, embedded

ROOT = Path(__file__).parent.parent
TEMPLATE = "template_pathways"
ENVIRONMENT = "PATHWAYS_TEST_SERVERS"
"""How the controller of xdist tells its workers where the servers answer: socket folder, one URL of Valkey."""

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Database:
    """One database of the test cluster, under each role."""

    sockets: str
    name: str

    def url(self, role: str) -> str:
        return f"postgresql://{role}@/{self.name}?host={self.sockets}"

    @property
    def app_url(self) -> str:
        """What web, worker and commands run as: bound by row-level security."""
        return self.url("pathways_app")

    @property
    def owner_url(self) -> str:
        """What migrations run as."""
        return self.url("pathways_owner")

    @property
    def eraser_url(self) -> str:
        """What ``./run retention`` erases as: may do nothing else."""
        return self.url("pathways_eraser")

    @property
    def admin_url(self) -> str:
        """The superuser: for what a test must do behind the policies' back."""
        return self.url("postgres")


@dataclass(frozen=True)
class Servers:
    """Where PostgreSQL and Valkey answer."""

    sockets: str

    def redis_url(self, database: int = 0) -> str:
        return f"unix://{self.sockets}/valkey.sock?db={database}"

    def create(self, name: str, template: str = "template1") -> Database:
        """A new database, copied from ``template``."""
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER pathways_owner STRATEGY FILE_COPY")
        with self._administrator() as connection:
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return Database(self.sockets, name)

    def clone(self) -> Database:
        """A migrated, empty database of one's own."""
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        return self.create(f"test_{worker}_{os.getpid()}_{next(_numbers)}", TEMPLATE)

    def drop(self, database: Database) -> None:
        with self._administrator() as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database.name)))

    def _administrator(self) -> psycopg.Connection:
        return psycopg.connect(Database(self.sockets, "postgres").admin_url, autocommit=True)


def alembic_config(database: Database) -> Config:
    """Alembic, pointed at one database under the owner's role."""
    config = Config(ROOT / "migrations" / "alembic.ini", attributes={"url": database.owner_url})
    config.print_stdout = lambda *_args, **_kwargs: None
    return config


@contextlib.contextmanager
def running_servers() -> Iterator[Servers]:
    """Start both servers, without a care for the disk, and make the template."""
    folder = Path(tempfile.mkdtemp(prefix="pathways-tests-"))
    try:
        with embedded(folder, TESTING) as started:
            servers = Servers(str(started.sockets))
            command.upgrade(alembic_config(servers.create(TEMPLATE)), "head")
            yield servers
    finally:
        shutil.rmtree(folder, ignore_errors=True)
