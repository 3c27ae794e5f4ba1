"""The only place that knows what time it is.

Moments are aware and in UTC; days are the days of Europe/Paris, the ones people sign and count by. Everything below
the edges receives its day as an argument; the edges ask here. ``at`` freezes both for tests, replays and ``--as-of``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")

_frozen: ContextVar[datetime | None] = ContextVar("pathways_clock", default=None)


def now() -> datetime:
    """The current moment, aware, in UTC (the frozen one inside ``at``)."""
    return _frozen.get() or datetime.now(UTC)


def today() -> date:
    """The current day in Europe/Paris."""
    return paris_day(now())


def paris_day(moment: datetime) -> date:
    """The Europe/Paris day of an aware moment; a naive one is a ValueError, because its day is a guess."""
    if moment.tzinfo is None:
        raise ValueError(f"a naive moment has no day: {moment!r}")
    return moment.astimezone(PARIS).date()


def noon(day: date) -> datetime:
    """Noon in Paris on that day, in UTC: the moment that stands for a day of which only the date is known."""
    return datetime.combine(day, time(12), PARIS).astimezone(UTC)


@contextmanager
def at(moment: datetime | date) -> Iterator[datetime]:
    """Freeze the clock of this context at an aware moment, or at noon in Paris of a day. Nests; never leaks to other
    threads.
    """
    if isinstance(moment, datetime):
        if moment.tzinfo is None:
            raise ValueError(f"the clock is frozen at an aware moment, not {moment!r}")
        frozen = moment.astimezone(UTC)
    else:
        frozen = noon(moment)
    token = _frozen.set(frozen)
    try:
        yield frozen
    finally:
        _frozen.reset(token)
