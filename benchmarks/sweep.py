"""Evaluation of a region, measured: from nothing, again, one night, one event; and the plain scans it can be compared with.

    python benchmarks/sweep.py 10000 [--processes 2]

Everything runs as the application's role, bound by row-level security, on servers of its own with fsync on. Figures are of one
run on the machine at hand: compare those of one run with each other.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pathways import clock, db
from pathways.cli.migrate import upgrade
from pathways.demo.load import load
from pathways.detection.parallel import sweep_in_parallel
from pathways.operations.recording import record_event
from pathways.server import DURABLE, embedded

AS_OF = date(2026, 11, 22)


@contextmanager
def timed(what: str, unit: str = "", count: int = 0) -> Iterator[dict[str, int]]:
    """Prints how long the block took; ``count`` may also be put into what it yields."""
    started = time.perf_counter()
    found: dict[str, int] = {}
    yield found
    took = time.perf_counter() - started
    count = found.get("count", count)
    rate = f"{count / took:>12,.0f} {unit}/s" if count else ""
    print(f"{what:<58}{took:>9.2f} s{rate}", flush=True)


def scan(session: Session, query: str) -> sa.Row[tuple[int, ...]]:
    session.execute(sa.text("SET LOCAL statement_timeout = 0"))
    return session.execute(sa.text(query)).one()


def events(day: date) -> list[float]:
    """A contact recorded for some persons, one after the other: seconds each."""
    with db.as_system():
        rows = (
            db.session()
            .execute(
                sa.text(
                    "SELECT person_id, id, lead_organisation_id FROM enrolment WHERE closed_on IS NULL AND scheme = 'PACEA' "
                    "ORDER BY id LIMIT 40"
                )
            )
            .all()
        )
        db.remove()
    took = []
    for person, enrolment, organisation in rows:
        started = time.perf_counter()
        with db.acting_for(organisation):
            record_event(
                person_id=person, type="contact", occurred_on=day, data={}, organisation_id=organisation, enrolment_id=enrolment
            )
        took.append(time.perf_counter() - started)
        db.remove()
    return took


def measure(persons: int, processes: int) -> None:
    """Every figure, printed as it comes."""
    with clock.at(AS_OF), timed("load the synthetic region", "persons", persons):
        loaded = load(persons, 7, AS_OF)
    with db.as_system(), db.atomic() as session:
        session.execute(sa.text("SELECT 1"))
        halves = scan(session, "SELECT sum(length(payload->>'halves')) FROM journal_entry WHERE type = 'attendance'")[0]
    print(f"  {loaded.entries:,} entries and {halves:,} half-days of {loaded.persons:,} persons in {loaded.enrolments:,} steps")
    entries = "SELECT count(payload::text), max((recorded_at AT TIME ZONE 'Europe/Paris')::date) FROM journal_entry"
    with timed("scan every entry, nothing else", "entries", loaded.entries), db.as_system(), db.atomic() as session:
        scan(session, entries)
    with clock.at(AS_OF), timed("everybody from nothing, whole history", "persons", loaded.persons):
        first = sweep_in_parallel(AS_OF, processes=processes)
    print(f"  {first.opened:,} signals written")
    with clock.at(AS_OF), timed("everybody again, nothing new", "persons", loaded.persons):
        again = sweep_in_parallel(AS_OF, full=True, processes=processes)
    print(f"  {again.opened} signals written")
    for night in range(1, 4):
        day = AS_OF + timedelta(days=night)
        with clock.at(day), timed(f"night {night}: who is due", "persons") as found:
            counts = sweep_in_parallel(day, processes=processes)
            found["count"] = counts.persons
        share = counts.persons / loaded.persons
        print(f"  {counts.persons:,} persons due ({share:.1%}), {counts.opened} signals opened, {counts.closed} closed")
    with clock.at(AS_OF + timedelta(days=3)):
        took = sorted(events(AS_OF + timedelta(days=3)))
    ours = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    print(f"{'most memory held by one of our processes':<58}{ours:>9.0f} MiB")
    with db.as_system(), db.atomic() as session:
        active = scan(session, "SELECT count(*) FROM enrolment WHERE closed_on IS NULL AND opened_on IS NOT NULL")[0]
    print(f"  {active:,} active enrolments")
    print(f"{'one event, recorded and evaluated':<58}{statistics.median(took) * 1000:>9.1f} ms, p95 {took[-2] * 1000:.1f} ms")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("persons", type=int)
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pathways-bench-") as folder:
        Path(folder).chmod(0o755)
        with embedded(Path(folder) / "data", DURABLE, which=frozenset({"postgres"})) as servers:
            os.environ.update(servers.environment({}))
            upgrade()
            db.configure(servers.app_url, statement_timeout="0")
            measure(given.persons, given.processes)
            db.remove()
            db.dispose()


if __name__ == "__main__":
    main()
