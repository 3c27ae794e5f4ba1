"""The night and its ranges: one job per id range, never per person."""

from datetime import date

from pathways import clock, db
from pathways.detection import sweep
from pathways.queue import later


def due() -> None:
    """Asks for one job per range of the persons who are due today."""
    today = clock.today()
    with db.as_system(), db.atomic() as session:
        ids = sweep.due(session, today)
        for first in range(0, len(ids), sweep.RANGE):
            part = ids[first : first + sweep.RANGE]
            later("sweep.between", part[0], part[-1], today.isoformat(), unique=f"sweep-{today}-{part[0]}-{part[-1]}")


def between(low: int, high: int, day: str) -> None:
    """Evaluates the persons of this id range who are still due."""
    on = date.fromisoformat(day)
    with db.as_system(), db.atomic() as session:
        ids = sweep.due(session, on, between=(low, high))
        reference = sweep.read_reference(session, ids)
    for first in range(0, len(ids), sweep.RANGE):
        sweep.sweep_range(ids[first : first + sweep.RANGE], on, reference)
    with db.as_system(), db.atomic() as session:
        is_last = not sweep.due(session, on, most=1)
    if is_last:
        sweep.share_out(on)
