"""The clock of periodic work: asks for dated slots, and leaves the work to the queue.

Several tickers are harmless and a stopped one catches up: a slot is named by its job and its moment, and asked for
once, whoever asks first. After a pause only the latest slot of each job is asked for, not every one that was missed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
PAUSE = 5.0
"""Seconds between two looks at the clock."""


@dataclass(frozen=True)
class Periodic:
    """One job that comes back: ``every`` so often, or once a day ``at`` an hour of Paris.

    ``job`` is the name that ``later`` takes, ``module.function``; it is given no argument.
    """

    job: str
    every: timedelta | None = None
    at: time | None = None

    def __post_init__(self) -> None:
        if (self.every is None) == (self.at is None):
            raise ValueError(f"{self.job}: say either every or at")
        if self.every is not None and self.every < timedelta(minutes=1):
            raise ValueError(f"{self.job}: slots are a minute long at least")

    def moment(self, now: datetime) -> datetime:
        """The latest moment, not after ``now`` (aware), at which this was due."""
        if self.every is not None:
            step = int(self.every.total_seconds())
            start = int(now.timestamp()) // step * step
            return datetime.fromtimestamp(start, tz=PARIS)
        here = now.astimezone(PARIS)
        due = datetime.combine(here.date(), self.at or time(), tzinfo=PARIS)
        if due > here:
            due = datetime.combine(here.date() - timedelta(days=1), self.at or time(), tzinfo=PARIS)
        return due

    def slot(self, now: datetime) -> str:
        """``sweep-night-2026-11-22T03-00``: an id that RQ accepts, with the moment in Paris, where days count."""
        name = self.job.replace(".", "-")
        due = self.moment(now).astimezone(PARIS)
        # The hour that comes twice in October: fold tells the second one.
        return f"{name}-{due:%Y-%m-%dT%H-%M}" + ("-b" if due.fold else "")

    @property
    def period(self) -> timedelta:
        return self.every if self.every is not None else timedelta(days=1)


class Ledger(Protocol):
    """Which slots were asked for, shared by all tickers."""

    def has(self, slot: str) -> bool: ...

    def note(self, slot: str, keep: timedelta) -> None: ...


@dataclass(frozen=True)
class Ticker:
    """A schedule and the ways to act on it, all handed in."""

    schedule: Iterable[Periodic]
    ask: Callable[[str, str], object]
    """``ask(job, slot)`` enqueues under a unique id."""
    ledger: Ledger
    now: Callable[[], datetime]
    beat: Callable[[], object] = lambda: None
    """Called once a minute at most: what readiness looks at."""

    def tick(self) -> list[str]:
        """Ask for every slot that is due and was not asked for; their names."""
        asked = []
        now = self.now()
        for periodic in self.schedule:
            slot = periodic.slot(now)
            if self.ledger.has(slot):
                continue
            # Asked first, noted after: a crash in between asks twice, and the unique id makes that harmless.
            self.ask(periodic.job, slot)
            self.ledger.note(slot, 2 * periodic.period + timedelta(days=1))
            asked.append(slot)
        return asked

    def run(self, stop: threading.Event, on_error: Callable[[Exception], object]) -> None:
        """Until ``stop`` is set. A server that is away for a moment is reported and waited for."""
        minute = -1
        while not stop.is_set():
            try:
                self.tick()
                if (this := int(self.now().timestamp()) // 60) != minute:
                    self.beat()
                    minute = this
            except Exception as error:  # noqa: BLE001 - the queue or the database restarts; the next look asks again
                on_error(error)
            stop.wait(PAUSE)
