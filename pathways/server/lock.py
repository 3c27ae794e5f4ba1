"""One holder per data folder.

The kernel keeps the lock (flock) and drops it with the process, kill -9 included: there is no stale lock to clean. The
file says who holds it, for the others' messages and so that commands can reuse the running servers. A second lock is
shared by everybody who uses the servers: a command that started them waits for the others before stopping them.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from pathways.server.errors import AlreadyRunning, ServerError


@dataclass(frozen=True)
class Holder:
    """Who holds the folder."""

    pid: int
    command: str
    address: str = ""
    """Where its web pages are; empty for a command."""
    sockets: str = ""
    """Folder of the sockets, once the servers answer."""

    def __str__(self) -> str:
        return f"process {self.pid} ({self.command})" + (f", {self.address}" if self.address else "")


def already_running(folder: Path, holder: Holder | None) -> AlreadyRunning:
    """The refusal, saying who and what to do."""
    return AlreadyRunning(
        f"{folder} is already in use by {holder or 'a process that is just starting'}.",
        "Use it there, stop it first, or give another folder with --data DIR (and another --port N).",
    )


class DataLock:
    """The exclusive right to run servers on a data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file: IO[str] | None = None
        self._holder: Holder | None = None

    def take(self, holder: Holder) -> Self:
        """AlreadyRunning, saying who, when somebody else has it."""
        opened = (self.folder / "lock").open("a+")
        deadline = time.monotonic() + 1.0
        while True:
            try:
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as refused:
                other = who_holds(self.folder)
                # Unnamed: it is just starting, or somebody only looks whether the lock is held.
                if other is None and time.monotonic() < deadline:
                    time.sleep(0.02)
                    continue
                opened.close()
                raise already_running(self.folder, other) from refused
        self._file = opened
        self.say(holder)
        return self

    def say(self, holder: Holder) -> None:
        """Tell the others who we are and, once they answer, where the servers are."""
        if self._file is None:
            raise ServerError("The lock is not held.")
        self._holder = holder
        text = json.dumps(asdict(holder))
        self._file.seek(0)
        self._file.truncate()
        self._file.write(text)
        self._file.flush()

    @property
    def holder(self) -> Holder:
        if self._holder is None:
            raise ServerError("The lock is not held.")
        return self._holder

    def release(self) -> None:
        if self._file is not None:
            self._file.truncate(0)
            self._file.close()
            self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.release()


def who_holds(folder: Path) -> Holder | None:
    """The present holder, or None when nobody has the folder (or has not yet said who they are)."""
    try:
        opened = (folder / "lock").open()
    except OSError:
        return None
    with opened:
        try:
            fcntl.flock(opened, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            with contextlib.suppress(ValueError, TypeError):
                return Holder(**json.loads(opened.read()))
    return None


def wait_for_servers(folder: Path, timeout: float = 30.0) -> Holder | None:
    """The holder once its servers answer; None when the folder is free. ServerError if they never answer."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if not _is_held(folder):
            return None
        holder = who_holds(folder)
        if holder and holder.sockets:
            return holder
        time.sleep(0.1)
    raise ServerError(f"The servers of {folder} are not ready after {timeout:.0f} s.", f"Held by {who_holds(folder)}.")


def _is_held(folder: Path) -> bool:
    try:
        opened = (folder / "lock").open()
    except OSError:
        return False
    with opened:
        try:
            fcntl.flock(opened, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


@contextlib.contextmanager
def using(folder: Path) -> Iterator[None]:
    """While this lasts, whoever started the servers for one command alone does not stop them."""
    with (folder / "users").open("a") as opened:
        fcntl.flock(opened, fcntl.LOCK_SH)
        yield


def wait_for_users(folder: Path) -> None:
    """Return once nobody uses the servers any more."""
    with (folder / "users").open("a") as opened:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.write(2, b"Waiting for another command that uses these servers\xe2\x80\xa6\n")
            fcntl.flock(opened, fcntl.LOCK_EX)
