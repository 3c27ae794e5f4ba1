"""Child processes that never outlive us.

Each child asks the kernel for a signal when its parent dies (PR_SET_PDEATHSIG), so that even kill -9 of the parent
leaves no orphan. The kernel means the *thread* that started the child: start children from the main thread.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pathways.server.errors import ServerError
from pathways.server.identity import Identity

PR_SET_PDEATHSIG = 1
ORPHANED = 113
"""Exit code of a child whose parent died before it could ask for the signal."""

_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(death_signal: int, parent: int) -> None:
    """To be called in the child: the kernel sends ``death_signal`` when ``parent`` is gone."""
    _libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(ORPHANED)


def forks_die_with_us(death_signal: int = signal.SIGKILL) -> None:
    """From now on, every process this one forks dies with it: gunicorn's workers, rq's work horses."""
    known: dict[str, int] = {}

    def remember() -> None:
        known["parent"] = os.getpid()

    def ask() -> None:
        die_with_parent(death_signal, known["parent"])

    os.register_at_fork(before=remember, after_in_child=ask)


@dataclass(frozen=True)
class Program:
    """What to start and how to end it."""

    name: str
    argv: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    log: Path | None = None
    """Where its output goes; None = our own terminal."""
    identity: Identity | None = None
    stop_signal: int = signal.SIGTERM
    death_signal: int = signal.SIGTERM
    grace: float = 10.0
    """Seconds between the polite signal and SIGKILL."""


class Child:
    """A started program."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.started = time.monotonic()
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        program, parent = self.program, os.getpid()
        prefix = program.identity.prefix if program.identity else ()
        options = program.identity.subprocess_options() if program.identity else {}
        output = program.log.open("ab") if program.log else None
        try:
            return subprocess.Popen(
                [*prefix, *program.argv],
                env=dict(program.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT if output else None,
                cwd="/" if program.identity else None,
                # Its own group: Ctrl-C in the terminal reaches the supervisor alone, which ends things in order.
                process_group=0,
                # Runs after the identity was dropped: a change of credentials would clear the request.
                preexec_fn=lambda: die_with_parent(program.death_signal, parent),  # noqa: PLW1509 - no threads here
                **options,
            )
        except OSError as error:
            raise ServerError(f"{program.name} cannot be started: {error}.", "./run doctor looks closer.") from error
        finally:
            if output:
                output.close()

    @property
    def pid(self) -> int:
        return self.process.pid

    def exit_code(self) -> int | None:
        """None while it runs; reaps it otherwise."""
        return self.process.poll()

    def send(self, signal_number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal_number)

    def wait_ready(self, ready: Callable[[Child], bool], timeout: float) -> None:
        """Return once ``ready`` says so; ServerError when the program ends first or takes too long."""
        deadline = time.monotonic() + timeout
        while not ready(self):
            if (code := self.exit_code()) is not None:
                raise ServerError(f"{self.program.name} ended at once ({describe(code)}).", self.last_words())
            if time.monotonic() > deadline:
                raise ServerError(f"{self.program.name} is not ready after {timeout:.0f} s.", self.last_words())
            time.sleep(0.01)

    def last_words(self, lines: int = 8) -> str:
        """The end of its log, for whoever has to understand why it ended."""
        log = self.program.log
        if log is None or not log.exists():
            return ""
        with log.open("rb") as opened:
            opened.seek(max(0, log.stat().st_size - 4096))
            tail = opened.read().decode(errors="replace").splitlines()[-lines:]
        return "\n  ".join([f"The end of {log}:", *tail])

    def wait(self, timeout: float) -> bool:
        """Whether it ended within ``timeout`` seconds."""
        try:
            self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            return False
        return True

    def stop(self) -> None:
        """Politely, then not."""
        if self.exit_code() is not None:
            return
        self.send(self.program.stop_signal)
        self.end()

    def end(self) -> None:
        """Wait for a child that was already asked to stop, and no longer than its grace."""
        if not self.wait(self.program.grace):
            sys.stderr.write(f"{self.program.name} does not stop: killed.\n")
            self.send(signal.SIGKILL)
            self.process.wait()


def describe(code: int) -> str:
    """An exit code in words: ``exit code 3``, ``killed by SIGKILL``."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"
