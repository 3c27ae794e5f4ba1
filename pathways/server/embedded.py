"""PostgreSQL and Valkey of one's own, for as long as a ``with`` block lasts.

    with embedded(folder, TESTING) as servers:
        create_engine(servers.owner_url)

A person's own servers come first: what DATABASE_URL or REDIS_URL name is never started here (see ``servers_for``).
"""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pathways.server import postgres, valkey
from pathways.server.binaries import find_postgres, find_valkey
from pathways.server.errors import AlreadyRunning
from pathways.server.folder import DataFolder, reachable
from pathways.server.identity import identity
from pathways.server.lock import DataLock, Holder, using, wait_for_servers, wait_for_users
from pathways.server.supervisor import Supervisor


@dataclass(frozen=True)
class Switches:
    """How much the servers care about the disk."""

    postgres: Mapping[str, str]
    valkey: Mapping[str, str]


DURABLE = Switches(postgres.DURABLE, valkey.DURABLE)
"""Nothing acknowledged is lost: the default, and for tests that kill servers."""
TESTING = Switches(postgres.FAST, valkey.FAST)
"""For servers that are thrown away: no fsync, no append-only file."""


@dataclass(frozen=True)
class Embedded:
    """Where the servers of a data folder answer."""

    folder: Path
    sockets: Path
    supervisor: Supervisor = field(default_factory=Supervisor)
    """Holds ``postgres`` and ``valkey``, or nothing when another process started them."""

    def url(self, role: str, database: str = postgres.DATABASE) -> str:
        """``postgresql://…`` for any role and database of the cluster."""
        return f"postgresql://{role}@/{database}?host={self.sockets}"

    @property
    def admin_url(self) -> str:
        """The superuser, on the maintenance database: to clone and drop databases in tests, for nothing else."""
        return self.url(postgres.SUPERUSER, "postgres")

    @property
    def owner_url(self) -> str:
        """``pathways_owner``: owns the tables, runs migrations."""
        return self.url(postgres.OWNER)

    @property
    def app_url(self) -> str:
        """``pathways_app``: what web, worker and commands run as; bound by row-level security."""
        return self.url(postgres.APPLICATION)

    @property
    def redis_url(self) -> str:
        """Database 0 of the queue; ``?db=1`` … ``?db=15`` are free for tests."""
        return f"unix://{self.sockets / 'valkey.sock'}?db=0"

    def environment(self, given: Mapping[str, str] | None = None) -> dict[str, str]:
        """``given`` completed with what the application needs; what somebody set stays as it is."""
        given = os.environ if given is None else given
        environment = dict(given)
        if not given.get("DATABASE_URL"):
            environment |= {"DATABASE_URL": self.app_url, "DATABASE_OWNER_URL": self.owner_url}
            environment["DATABASE_ERASER_URL"] = self.url(postgres.ERASER)
            environment.setdefault("PATHWAYS_ENV", "development")
        if not given.get("REDIS_URL"):
            environment["REDIS_URL"] = self.redis_url
        if not given.get("PATHWAYS_SECRET_KEY"):
            environment["PATHWAYS_SECRET_KEY"] = DataFolder(self.folder).secret_key()
        return environment


def missing_servers(environ: Mapping[str, str] | None = None) -> frozenset[str]:
    """Which of ``postgres`` and ``valkey`` nobody brought."""
    environ = os.environ if environ is None else environ
    brought = {"postgres": "DATABASE_URL", "valkey": "REDIS_URL"}
    return frozenset(name for name, variable in brought.items() if not environ.get(variable))


BOTH = frozenset({"postgres", "valkey"})


@contextlib.contextmanager
def embedded(
    data: Path | str,
    switches: Switches = DURABLE,
    *,
    which: frozenset[str] = BOTH,
    holder: Holder | None = None,
    supervisor: Supervisor | None = None,
) -> Iterator[Embedded]:
    """Start the servers of a data folder, with roles and database, and stop them at the end.

    Made on first use. AlreadyRunning when another process holds the folder, ServerError for everything a person can
    mend. Call it from the main thread: the children die with the thread that started them.
    """
    folder = DataFolder(Path(data))
    supervisor = supervisor or Supervisor()
    with DataLock(folder.path) as lock:
        lock.take(holder or Holder(os.getpid(), _command()))
        who = identity()
        sockets = folder.sockets(who)
        services: list[postgres.PostgresServer | valkey.ValkeyServer] = []
        if "postgres" in which:
            binaries = find_postgres()
            services.append(
                postgres.PostgresServer(
                    reachable(binaries, who), who, folder.cluster(binaries, who), sockets,
                    log=folder.log / "postgres.log", switches=switches.postgres,
                )
            )  # fmt: skip
        if "valkey" in which:
            services.append(
                valkey.ValkeyServer(
                    find_valkey(), folder.valkey, sockets, log=folder.log / "valkey.log", switches=switches.valkey
                )
            )
        try:
            supervisor.start(services)
            for service in services:
                if isinstance(service, postgres.PostgresServer):
                    service.bootstrap()
            lock.say(Holder(lock.holder.pid, lock.holder.command, lock.holder.address, str(sockets)))
            yield Embedded(folder.path, sockets, supervisor)
        finally:
            supervisor.stop()
            # Still under the lock: nobody else puts sockets there. What a kill leaves, the next start uses again.
            shutil.rmtree(sockets, ignore_errors=True)


@contextlib.contextmanager
def servers_for(data: Path | str) -> Iterator[Embedded | None]:
    """The servers for one command: those that already run on the folder, or our own until the command ends.

    None when DATABASE_URL and REDIS_URL name them all: then no data folder is touched.
    """
    which = missing_servers()
    if not which:
        yield None
        return
    folder = DataFolder(Path(data)).path
    with contextlib.ExitStack() as stack:
        while True:
            if running := wait_for_servers(folder):
                servers = Embedded(folder, Path(running.sockets))
                break
            try:
                servers = stack.enter_context(embedded(folder, which=which))
            except AlreadyRunning:
                # Somebody took it between our two looks.
                continue
            stack.callback(wait_for_users, folder)
            break
        with using(folder):
            yield servers


def _command() -> str:
    return shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]])[:200]
