"""A large sweep on several processes: each takes id ranges, in transactions of its own."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date, datetime
from functools import cache, partial, reduce

from pathways import clock, db
from pathways.detection.sweep import RANGE, Counts, Reference, due, read_reference, share_out, sweep_range

WORTH_A_PROCESS = 4 * RANGE
"""Persons below which starting another process costs more than it saves."""


def sweep_in_parallel(day: date, *, full: bool = False, history: bool = False, processes: int = 2) -> Counts:
    """Evaluates everybody who is due on ``day``, as `pathways.detection.sweep.sweep` does, on several processes."""
    with db.as_system(), db.atomic() as session:
        ids = due(session, day, full=full)
    parts = [ids[first : first + RANGE] for first in range(0, len(ids), RANGE)]
    counts = _evaluate(parts, day, history, processes if len(ids) >= WORTH_A_PROCESS else 1)
    share_out(day)
    return counts


def _evaluate(parts: Sequence[Sequence[int]], day: date, history: bool, processes: int) -> Counts:
    if processes == 1:
        return _add(_sweep_parts(parts, day, history=history))
    url = db.engine().url.render_as_string(hide_password=False)
    db.remove()
    db.dispose()
    # Spawned, not forked: a child must not inherit connections, threads or locks.
    with ProcessPoolExecutor(
        processes, mp_context=multiprocessing.get_context("spawn"), initializer=db.configure, initargs=(url,)
    ) as pool:
        return _add(pool.map(partial(_sweep_one, day=day, history=history, now=clock.now()), parts))


def _sweep_parts(parts: Sequence[Sequence[int]], day: date, *, history: bool) -> list[Counts]:
    with db.as_system(), db.atomic() as session:
        reference = read_reference(session, history=history)
    return [sweep_range(part, day, reference) for part in parts]


@cache
def _reference(*, history: bool) -> Reference:
    """Read once by each process: it is started for one sweep."""
    with db.as_system(), db.atomic() as session:
        return read_reference(session, history=history)


def _sweep_one(part: Sequence[int], *, day: date, history: bool, now: datetime) -> Counts:
    with clock.at(now):
        return sweep_range(part, day, _reference(history=history))


def _add(counts: Iterable[Counts]) -> Counts:
    return reduce(Counts.__add__, counts, Counts())
