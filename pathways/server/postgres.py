"""PostgreSQL as our child: create the cluster once, clear what a crash left, start, know when it answers."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from pathways.server.binaries import PostgresBinaries
from pathways.server.errors import ServerError
from pathways.server.folder import LONGEST_SOCKET
from pathways.server.identity import Identity
from pathways.server.process import Child, Program

SUPERUSER = "postgres"
OWNER = "pathways_owner"
APPLICATION = "pathways_app"
ERASER = "pathways_eraser"
DATABASE = "pathways"

DURABLE: Mapping[str, str] = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
FAST: Mapping[str, str] = {
    # For clusters that are thrown away: nothing waits for the disk.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "checkpoint_timeout": "1h",
}
ALWAYS: Mapping[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    "random_page_cost": "1.1",
    "work_mem": "16MB",
    "max_wal_size": "2GB",
    "log_checkpoints": "off",
}
COMFORT = 4 << 30
"""Bytes of memory from which on the server may take more than its frugal defaults."""
SMALL_SHM = 256 << 20
PID_FILE_LINES = 8
BUILTIN_LOCALES = 17
"""Major version since which initdb knows C.UTF-8 by itself, whatever the system has."""


class PostgresServer:
    """One cluster, its sockets and its settings."""

    name = "postgres"

    def __init__(
        self,
        binaries: PostgresBinaries,
        identity: Identity,
        cluster: Path,
        sockets: Path,
        *,
        log: Path,
        switches: Mapping[str, str] = DURABLE,
    ) -> None:
        self.binaries = binaries
        self.identity = identity
        self.cluster = cluster
        self.sockets = sockets
        self.log = log
        self.switches = switches

    def url(self, role: str = APPLICATION, database: str = DATABASE) -> str:
        """A URL that SQLAlchemy, psycopg and libpq all read."""
        return f"postgresql://{role}@/{database}?host={quote(str(self.sockets), safe='/')}"

    def prepare(self) -> None:
        """Before every start: the cluster exists, and no stale postmaster.pid stands in the way."""
        if len(os.fsencode(self.sockets / ".s.PGSQL.5432")) > LONGEST_SOCKET:
            raise ServerError(f"The socket folder {self.sockets} has too long a path.", "See docs/operations.md.")
        if not (self.cluster / "PG_VERSION").exists():
            self._create()
        clear_stale_pid(self.cluster)
        # The sockets have a pid file of their own, judged in the same trusting way. This folder is ours alone.
        for left in self.sockets.glob(".s.PGSQL.*"):
            left.unlink(missing_ok=True)

    def program(self) -> Program:
        settings = {**ALWAYS, **_memory(), **self.switches, "unix_socket_directories": str(self.sockets)}
        if _shared_memory() < SMALL_SHM:
            # Containers often have a tiny /dev/shm: "could not resize shared memory segment".
            settings["dynamic_shared_memory_type"] = "mmap"
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return Program(
            name=self.name,
            argv=(self.binaries.program("postgres"), "-D", str(self.cluster), *options),
            environment=_plain_environment(),
            log=self.log,
            identity=self.identity,
            # SIGINT: fast shutdown. Open transactions are rolled back, nobody is waited for.
            stop_signal=signal.SIGINT,
            death_signal=signal.SIGINT,
            grace=20.0,
        )

    def ready(self, child: Child) -> bool:
        """What pg_ctl looks at too: the last line of postmaster.pid, which must be our child's."""
        try:
            lines = (self.cluster / "postmaster.pid").read_text().splitlines()
        except (OSError, UnicodeDecodeError):
            return False
        return len(lines) == PID_FILE_LINES and lines[0].strip() == str(child.pid) and lines[-1].strip() == "ready"

    def bootstrap(self) -> None:
        """The roles and the database. The superuser is for this alone; safe to run again."""
        import psycopg

        with psycopg.connect(self.url(SUPERUSER, "postgres"), autocommit=True) as connection:
            known = {row[0] for row in connection.execute("select rolname from pg_roles").fetchall()}
            if OWNER not in known:
                # createdb: tests and replays make throw-away databases.
                connection.execute(f"create role {OWNER} login createdb nosuperuser nobypassrls")
            if APPLICATION not in known:
                connection.execute(f"create role {APPLICATION} login nosuperuser nocreatedb nocreaterole nobypassrls")
            if ERASER not in known:
                # Erases what may not be kept any longer; member of nothing (docs/retention.md).
                connection.execute(f"create role {ERASER} login noinherit nosuperuser nocreatedb nocreaterole nobypassrls")
            if connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone() is None:
                connection.execute(f"create database {DATABASE} owner {OWNER}")

    def _create(self) -> None:
        fresh = [path for path in self.cluster.iterdir() if path.name != "lost+found"]
        if fresh:
            # An initdb that was killed: PG_VERSION is missing, so nothing was ever stored here.
            for path in fresh:
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        builtin = self.binaries.major >= BUILTIN_LOCALES
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if builtin else []
        faults = ""
        # C.UTF-8 is in every glibc since 2.35; plain C everywhere.
        for system_locale in ("C.UTF-8", "C"):
            made = subprocess.run(
                [
                    *self.identity.prefix, self.binaries.program("initdb"), "-D", str(self.cluster), "-U", SUPERUSER,
                    "--auth=trust", "--encoding=UTF8", f"--locale={system_locale}", *locale,
                    *([] if self._durable else ["--no-sync"]), *self._initdb_settings(),
                ],
                env=_plain_environment(), cwd="/", capture_output=True, text=True, errors="replace", check=False,
                **self.identity.subprocess_options(),
            )  # fmt: skip
            if made.returncode == 0:
                return
            faults = made.stderr.strip()
        raise ServerError(f"The cluster {self.cluster} cannot be created:\n  {faults}", "./run doctor looks closer.")

    @property
    def _durable(self) -> bool:
        return self.switches.get("fsync") != "off"

    def _initdb_settings(self) -> list[str]:
        settings = ["-c", "dynamic_shared_memory_type=mmap"] if _shared_memory() < SMALL_SHM else []
        return settings if self.binaries.major >= 16 else []  # noqa: PLR2004 - initdb -c is of version 16


def clear_stale_pid(cluster: Path, patience: float = 15.0) -> None:
    """Remove a postmaster.pid that no living postmaster stands behind.

    PostgreSQL itself refuses to start when the pid written there is alive, even as a zombie or as somebody else's
    process after the number was used again, as happens in containers. We hold the data folder's lock: a living
    postmaster here lost its supervisor and is about to stop; it gets ``patience`` seconds.
    """
    note = cluster / "postmaster.pid"
    deadline = time.monotonic() + patience
    while (pid := _pid_in(note)) is not None:
        if not is_postmaster_of(pid, cluster):
            note.unlink(missing_ok=True)
            return
        if time.monotonic() > deadline:
            raise ServerError(
                f"A PostgreSQL without supervisor (process {pid}) still uses {cluster}.", f"Stop it: kill -INT {pid}"
            )
        time.sleep(0.05)


def _pid_in(note: Path) -> int | None:
    try:
        first = note.read_text(errors="replace").split("\n", 1)[0].strip()
    except FileNotFoundError:
        return None
    return int(first) if first.isdigit() else 0


def is_postmaster_of(pid: int, cluster: Path) -> bool:
    """Whether this process lives and works in that cluster: a postmaster's working folder is its data directory."""
    process = Path("/proc", str(pid))
    try:
        # "pid (name) state …": a zombie holds nothing any more.
        state = (process / "stat").read_text().rpartition(")")[2].split()[0]
        return state not in {"Z", "X"} and (process / "cwd").resolve(strict=True) == cluster.resolve()
    except (OSError, IndexError):
        return False


def _plain_environment() -> dict[str, str]:
    """Without PG* variables, which would change what initdb and the server do."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return {**kept, "LC_ALL": "C"}


def _memory() -> dict[str, str]:
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if total < COMFORT:
        return {}
    return {
        "shared_buffers": "256MB",
        "maintenance_work_mem": "256MB",
        "effective_cache_size": f"{total // 2 >> 20}MB",
    }


def _shared_memory() -> int:
    try:
        seen = os.statvfs("/dev/shm")  # noqa: S108 - only looked at
    except OSError:
        return 0
    return seen.f_bavail * seen.f_frsize
