"""Evaluation of a region, measured: from nothing, again, three nights, one event; and what it can be compared with.

    .venv/bin/python -m benchmarks.sweep --enrolments 10000 [--processes 2] [--workers 1 2 4] [--keep growth.json]

Everything runs as the application's role, bound by row-level security, on servers of its own with fsync on. Above 50,000 active
steps the region is loaded once and copied (`benchmarks.copies`). ``--workers``: the same work queued by id range, with so many
workers. ``--clients``: pages, asked for by so many at once. ``--keep`` adds the figures to a file that `benchmarks.growth` draws.
Figures are of one run on the machine at hand: compare those of one run with each other.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from benchmarks import columnar
from benchmarks.clients import measure as pages_asked_for
from benchmarks.copies import multiply
from pathways import clock, db, queue
from pathways.cli.migrate import upgrade
from pathways.demo.load import load
from pathways.detection.parallel import sweep_in_parallel
from pathways.detection.reading import read_dossiers
from pathways.detection.sweep import RANGE, due, judge, read_reference
from pathways.detection.writing import Outcome
from pathways.operations.recording import record_event
from pathways.server import DURABLE, embedded
from pathways.server.embedded import Embedded
from pathways.server.postgres import SUPERUSER

AS_OF = date(2026, 11, 22)
DRAWN = 50_000
"""Active steps above which a region is copied rather than drawn."""
PERSONS_A_STEP = 1.85
"""Persons of the generated region, those who have left included, for each active step."""
FROM_NOTHING, COLUMNAR = "everybody from nothing", "columnar: 25 plain conditions on the same entries"
FULL_UP_TO = 200_000
"""Persons up to which everybody is evaluated again, and everything compared with an evaluation from nothing."""


@dataclass(slots=True)
class Figures:
    """What is printed and kept."""

    kept: dict[str, float] = field(default_factory=dict)

    def tell(self, what: str, value: float, said: str) -> None:
        self.kept[what] = value
        print(f"{what:<58}{said}", flush=True)

    @contextmanager
    def timed(self, what: str, unit: str = "", count: int = 0) -> Iterator[dict[str, int]]:
        """Tells how long the block took; ``count`` may also be put into what it yields."""
        started, found = time.perf_counter(), {"count": count}
        yield found
        took = time.perf_counter() - started
        rate = f"{found['count'] / took:>14,.0f} {unit} a second" if found["count"] else ""
        self.tell(what, took, f"{took:>9.2f} s{rate}")


def asked(query: str, **named: Any) -> sa.Row[Any]:
    with db.as_system(), db.atomic() as session:
        session.execute(sa.text("SET LOCAL statement_timeout = 0"))
        return session.execute(sa.text(query), named).one()


def written() -> int:
    """Rows inserted, changed or deleted so far, by everybody."""
    time.sleep(1.5)  # sessions that ended tell theirs within a second
    return int(asked("SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables")[0])


def found(figures: Figures, servers: Embedded, enrolments: int) -> int:
    """The region, drawn and copied; returns its persons."""
    with clock.at(AS_OF), figures.timed("load the generated region", "persons") as done:
        persons = load(round(min(enrolments, DRAWN) * PERSONS_A_STEP), 7, AS_OF).persons
        active = "SELECT count(*) FROM enrolment WHERE closed_on IS NULL AND opened_on IS NOT NULL"
        copies = round(enrolments / asked(active)[0]) - 1
        db.remove()
        if copies > 0:
            multiply(servers.url(SUPERUSER), copies)
        done["count"] = persons * (1 + max(0, copies))
    halves = asked("SELECT sum(length(payload->>'halves')) FROM journal_entry WHERE type = 'attendance'")[0]
    entries, steps = asked("SELECT (SELECT count(*) FROM journal_entry), (SELECT count(*) FROM enrolment)")
    figures.kept |= {"persons": done["count"], "entries": entries, "active steps": asked(active)[0]}
    size = asked("SELECT pg_size_pretty(pg_database_size(current_database()))")[0]
    print(f"  {entries:,} entries and {halves:,} half-days of {done['count']:,} persons in {steps:,} steps, {size}")
    print(f"  {asked(active)[0]:,} active steps")
    return done["count"]


def compare(figures: Figures, servers: Embedded, folder: Path) -> None:
    """The plain scan of the journal, and a columnar engine's look at it."""
    with figures.timed("scan every entry, nothing else", "entries", int(figures.kept["entries"])):
        asked("SELECT count(payload::text), max((recorded_at AT TIME ZONE 'Europe/Paris')::date) FROM journal_entry")
    try:
        took, steps, hold = columnar.look(servers.url(SUPERUSER), folder, AS_OF)
    except ImportError:
        print("  no DuckDB here: see benchmarks/columnar.py")
        return
    figures.tell(COLUMNAR, took, f"{took:>9.2f} s{steps / took:>14,.0f} steps a second")
    print(f"  {hold:,} conditions hold of {steps:,} active steps")
    ratio = figures.kept[FROM_NOTHING] / took
    figures.tell("from nothing, times the columnar look", ratio, f"{ratio:>9.0f}")


def forget(servers: Embedded) -> None:
    """As if nobody had ever been evaluated."""
    engine = sa.create_engine(servers.url(SUPERUSER), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text("TRUNCATE signal, alert CASCADE"))
        connection.execute(sa.text("UPDATE person SET evaluated_day = NULL, evaluated_at = NULL, next_on = NULL"))
        connection.execute(sa.text("VACUUM ANALYZE person"))
    engine.dispose()


def queued(figures: Figures, servers: Embedded, workers: int, persons: int) -> None:
    """From nothing, queued by id range."""
    with db.as_system(), db.atomic() as session:
        ids = due(session, AS_OF, full=True)
        for first in range(0, len(ids), RANGE):
            part = ids[first : first + RANGE]
            queue.later("sweep.between", part[0], part[-1], AS_OF.isoformat())
    command = [sys.executable, "-m", "pathways", "worker", "--burst"]
    with figures.timed(f"from nothing, queued, {workers} workers", "persons", persons):
        running = [subprocess.Popen(command, stderr=subprocess.DEVNULL, env=servers.environment()) for _ in range(workers)]
        assert [each.wait() for each in running] == [0] * workers
    assert asked("SELECT count(*) FROM person WHERE evaluated_day IS NULL")[0] == 0
    db.remove()
    forget(servers)


def nights(figures: Figures, persons: int, processes: int) -> None:
    for night in range(1, 4):
        day = AS_OF + timedelta(days=night)
        with clock.at(day), figures.timed(f"night {night}: who is due", "persons") as done:
            counts = sweep_in_parallel(day, processes=processes)
            done["count"] = counts.persons
        share = counts.persons / persons
        print(f"  {counts.persons:,} persons due ({share:.1%}), {counts.opened} signals opened, {counts.closed} closed")


def events(figures: Figures, day: date) -> None:
    """A contact recorded for some persons, one after the other, each evaluated and committed."""
    with db.as_system():
        query = (
            "SELECT person_id, id, lead_organisation_id FROM enrolment WHERE closed_on IS NULL AND scheme = 'PACEA' "
            "ORDER BY md5(id::text) LIMIT 100"
        )
        rows = db.session().execute(sa.text(query)).all()
        db.remove()
    took = []
    for person, enrolment, organisation in rows:
        started = time.perf_counter()
        with clock.at(day), db.acting_for(organisation):
            record_event(
                person_id=person, type="contact", occurred_on=day, data={}, organisation_id=organisation, enrolment_id=enrolment
            )
        took.append((time.perf_counter() - started) * 1000)
        db.remove()
    took.sort()
    p95 = took[95 * len(took) // 100]
    figures.tell("one event, recorded and evaluated, p95 (ms)", p95, f"{p95:>9.1f} ms, median {statistics.median(took):.1f} ms")


def differences(day: date) -> tuple[int, int]:
    """Open signals compared with an evaluation from nothing, and how many are not the same on both sides."""
    with db.as_system(), db.atomic() as session:
        session.execute(sa.text("SET LOCAL statement_timeout = 0"))
        reference, ids = read_reference(session), due(session, day, full=True)
        signals = differ = 0
        for first in range(0, len(ids), RANGE):
            for dossier in read_dossiers(session, ids[first : first + RANGE], reference.kinds, day, lock="none"):
                stored = {
                    (each.rule, each.enrolment, each.about, each.threshold, each.level, each.shown_on, each.since_on)
                    for each in dossier.signals
                    if each.closed_on is None
                }
                dossier.signals, dossier.evaluated_day, dossier.next_on = [], None, None
                anew = Outcome(day)
                judge(dossier, anew, {}, reference.settings)
                signals += len(stored)
                differ += len(
                    stored
                    ^ {
                        (each.rule, each.enrolment_id, each.about, each.threshold, each.level, each.shown_on, each.since_on)
                        for each in anew.opened
                    }
                )
        return signals, differ


def measure(given: argparse.Namespace, servers: Embedded, folder: Path) -> Figures:
    """Every figure, printed as it comes."""
    figures = Figures()
    persons = found(figures, servers, given.enrolments)
    for workers in given.workers:
        queued(figures, servers, workers, persons)
    with clock.at(AS_OF), figures.timed(FROM_NOTHING, "persons", persons):
        first = sweep_in_parallel(AS_OF, processes=given.processes)
    alerts = asked("SELECT count(*), count(*) FILTER (WHERE state <> 'proposed') FROM alert")
    print(f"  {first.opened:,} signals and {alerts[0]:,} alerts written, {alerts[1]:,} of them shown")
    if persons <= FULL_UP_TO:
        before = written()
        with clock.at(AS_OF), figures.timed("everybody again, nothing new", "persons", persons):
            sweep_in_parallel(AS_OF, full=True, processes=given.processes)
        print(f"  {written() - before} rows written")
    nights(figures, persons, given.processes)
    last = AS_OF + timedelta(days=3)
    events(figures, last)
    ours = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    figures.tell("most memory held by one of our processes (MiB)", ours, f"{ours:>9.0f} MiB")
    for clients in given.clients:
        for page, many, p95 in pages_asked_for(servers.url(SUPERUSER), servers.environment(), clients):
            figures.kept[f"{page}, {many} clients, p95 (ms)"] = p95
    # Last: what a columnar engine holds is not ours.
    compare(figures, servers, folder)
    if persons <= FULL_UP_TO:
        signals, differ = differences(last)
        print(f"  {signals:,} open signals after these nights, {differ} of them otherwise when evaluated from nothing")
    return figures


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--enrolments", type=int, required=True, help="active steps, about")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--workers", type=int, nargs="*", default=[])
    parser.add_argument("--clients", type=int, nargs="*", default=[])
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pathways-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with embedded(folder / "data", DURABLE) as servers:
            os.environ.update(servers.environment({}))
            upgrade()
            db.configure(servers.app_url, statement_timeout="0")
            figures = measure(given, servers, folder)
            db.remove()
            db.dispose()
    if given.keep:
        kept = json.loads(given.keep.read_text()) if given.keep.exists() else {}
        given.keep.write_text(json.dumps(kept | {str(given.enrolments): figures.kept}, indent=1) + "\n")


if __name__ == "__main__":
    main()
