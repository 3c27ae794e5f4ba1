"""Several services in one process tree: started in order, watched, restarted after a crash, stopped in reverse."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from types import FrameType
from typing import Protocol

from pathways.server.errors import ServerError
from pathways.server.process import Child, Program, describe

FIRST_WAIT, LONGEST_WAIT = 0.2, 30.0
"""Seconds before a crashed service starts again: doubled each time, up to the longest."""
STEADY = 60.0
"""A service that ran this long crashed for a new reason: its wait begins again at the first."""
START_TIMEOUT = 120.0


class Service(Protocol):
    """Something to keep running."""

    @property
    def name(self) -> str: ...

    def prepare(self) -> None:
        """What must hold before each start."""

    def program(self) -> Program:
        """What to start."""

    def ready(self, child: Child) -> bool:
        """Whether it answers."""


@dataclass
class Simple:
    """A service that needs no preparation and is ready as soon as it runs, or as ``answers`` says."""

    name: str
    command: Program
    answers: Callable[[], bool] = lambda: True

    def prepare(self) -> None:
        """Nothing."""

    def program(self) -> Program:
        return self.command

    def ready(self, child: Child) -> bool:
        return child.exit_code() is None and self.answers()


@dataclass
class Running:
    """A service with its present child, or the moment at which it starts again."""

    service: Service
    child: Child
    wait: float = FIRST_WAIT
    again_at: float | None = None


@dataclass
class Supervisor:
    """Keeps services running. Meant for the main thread of its process (see process.py)."""

    say: Callable[[str], None] = lambda text: print(text, file=sys.stderr, flush=True)  # noqa: T201 - a console program
    running: dict[str, Running] = field(default_factory=dict)
    _waves: list[list[str]] = field(default_factory=list)
    _watching: bool = False
    _stopping: bool = False
    _signals: int = 0

    def start(self, services: Iterable[Service], *, stop_with_last: bool = False) -> None:
        """Start them all at once and return when all answer; ServerError when one does not.

        What one call starts will stop together, after all that later calls started; with ``stop_with_last``, together
        with what the call before it started.
        """
        started: list[Service] = []
        if not stop_with_last:
            self._waves.append([])
        for service in services:
            service.prepare()
            self.running[service.name] = Running(service, Child(service.program()))
            self._waves[-1].append(service.name)
            started.append(service)
        for service in started:
            child = self.running[service.name].child
            child.wait_ready(service.ready, START_TIMEOUT)

    def watch(self, every: float = 0.1) -> None:
        """Until a signal asks to stop: start again whatever ends."""
        self._watching = True
        while not self._stopping:
            for running in self.running.values():
                self._look_at(running)
            time.sleep(every)

    def _look_at(self, running: Running) -> None:
        now = time.monotonic()
        if running.again_at is not None:
            if now >= running.again_at:
                self._restart(running)
            return
        code = running.child.exit_code()
        if code is None:
            return
        if now - running.child.started > STEADY:
            running.wait = FIRST_WAIT
        self.say(f"{running.service.name} ended ({describe(code)}); it starts again in {running.wait:.1f} s.")
        running.again_at = now + running.wait
        running.wait = min(2 * running.wait, LONGEST_WAIT)

    def _restart(self, running: Running) -> None:
        running.again_at = None
        try:
            running.service.prepare()
            running.child = Child(running.service.program())
        except (ServerError, OSError) as error:
            self.say(f"{running.service.name}: {error}")
            running.again_at = time.monotonic() + running.wait
            running.wait = min(2 * running.wait, LONGEST_WAIT)

    def restart(self, name: str) -> None:
        """Start one service again now and wait until it answers."""
        running = self.running[name]
        running.child.stop()
        running.service.prepare()
        running.child = Child(running.service.program())
        running.child.wait_ready(running.service.ready, START_TIMEOUT)

    def stop(self) -> None:
        """In reverse order of the calls of ``start``: what relies on a server stops before the server."""
        self._watching = self._stopping = True
        for wave in reversed(self._waves):
            alive = [child for name in wave if (child := self.running[name].child).exit_code() is None]
            for child in alive:
                child.send(child.program.stop_signal)
            for child in alive:
                child.end()
        self._waves.clear()
        self.running.clear()

    def stop_on_signals(self) -> None:
        """TERM, Ctrl-C and a closed terminal end ``watch``, or the start before it; a third one kills everything."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)

    def _asked_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._signals += 1
        if not self._watching and not self._stopping:
            self._stopping = True
            raise SystemExit(0)
        self._stopping = True
        if self._signals >= 3:  # noqa: PLR2004 - somebody insists
            for running in self.running.values():
                running.child.send(signal.SIGKILL)
