"""One declaration with its evaluation, a second after second: how many, beside the same statements sent by nobody's code.

    .venv/bin/python -m benchmarks.events [--enrolments 10000] [--seconds 10]

A contact is recorded for one person after the other, each evaluated and committed, by one client and by eight (processes). The
floor: the statements these sent, with their values, sent again by psycopg alone, prepared, in transactions of the same size. The
application's own role and row-level security on both sides, servers of their own with fsync on.
"""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa

from benchmarks.sweep import AS_OF, PERSONS_A_STEP
from pathways import clock, db
from pathways.cli.migrate import upgrade
from pathways.demo.load import load
from pathways.detection.parallel import sweep_in_parallel
from pathways.operations.recording import record_event
from pathways.server import DURABLE, embedded

CLIENTS = (1, 8)
LISTENED = 60
"""Declarations whose statements are kept for the floor."""
Step = tuple[int, int, int]
"""A person, their step, the organisation that leads it."""
Said = list[tuple[str, Any]]
"""The statements of one transaction, with their values."""
_STEPS = """
    SELECT person_id, id, lead_organisation_id FROM enrolment WHERE closed_on IS NULL AND scheme = 'PACEA' ORDER BY md5(id::text)
"""


def record(step: Step) -> None:
    person, enrolment, organisation = step
    with clock.at(AS_OF), db.acting_for(organisation):
        record_event(
            person_id=person, type="contact", occurred_on=AS_OF, data={}, organisation_id=organisation, enrolment_id=enrolment
        )
    db.remove()


def listened_to(steps: Iterable[Step]) -> list[Said]:
    """What recording for each of these sends to the database."""
    heard: list[Said] = []

    def listen(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        heard[-1].append((statement, values))

    sa.event.listen(sa.Engine, "before_cursor_execute", listen)
    for step in steps:
        heard.append([])
        record(step)
    sa.event.remove(sa.Engine, "before_cursor_execute", listen)
    return heard


def through_us(url: str, steps: list[Step]) -> Callable[[], None]:
    db.configure(url)
    turn = itertools.cycle(steps)
    return lambda: record(next(turn))


def through_psycopg(url: str, said: list[Said]) -> Callable[[], None]:
    connection = psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), prepare_threshold=0)
    turn = itertools.cycle(said)

    def send() -> None:
        with connection.transaction(), connection.cursor() as cursor:
            for statement, values in next(turn):
                cursor.execute(statement, values)
                if cursor.description:
                    cursor.fetchall()

    return send


def client(make: Callable[..., Callable[[], None]], url: str, given: Any, seconds: float, begin: Any, told: Any) -> None:
    """One process: warms up, waits for the others, and tells the milliseconds of each declaration."""
    send = make(url, given)
    for _ in range(10):
        send()
    begin.wait()
    took, until = [], time.perf_counter() + seconds
    while (started := time.perf_counter()) < until:
        send()
        took.append((time.perf_counter() - started) * 1000)
    told.put(took)


def measured(name: str, make: Callable[..., Callable[[], None]], url: str, parts: list[Any], seconds: float) -> float:
    """Declarations a second of so many clients, each with its part."""
    processes = multiprocessing.get_context("spawn")
    begin, told = processes.Barrier(len(parts)), processes.Queue()
    running = [processes.Process(target=client, args=(make, url, part, seconds, begin, told)) for part in parts]
    for each in running:
        each.start()
    took = sorted(itertools.chain.from_iterable(told.get(timeout=seconds + 120) for _ in running))
    for each in running:
        each.join()
    p95 = took[95 * len(took) // 100]
    rate = len(took) / seconds
    times = f"median {statistics.median(took):>5.1f} ms, p95 {p95:>5.1f} ms"
    print(f"  {len(parts)} client(s), {name:<38}{rate:>7.0f} a second, {times}", flush=True)
    return rate


def dealt(things: list[Any], hands: int) -> list[list[Any]]:
    return [things[first::hands] for first in range(hands)]


def measure(url: str, seconds: float) -> None:
    with db.as_system():
        steps = [(row[0], row[1], row[2]) for row in db.session().execute(sa.text(_STEPS))]
        db.remove()
    said, steps = listened_to(steps[:LISTENED]), steps[LISTENED:]
    print(f"  {statistics.mean(map(len, said)):.0f} statements a declaration", flush=True)
    for many in CLIENTS:
        ours = measured("recorded and evaluated", through_us, url, dealt(steps, many), seconds)
        floor = measured("the same statements, by psycopg alone", through_psycopg, url, dealt(said, many), seconds)
        print(f"  ratio {ours / floor:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--enrolments", type=int, default=10_000, help="active steps, about")
    parser.add_argument("--seconds", type=float, default=10)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pathways-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with embedded(folder / "data", DURABLE) as servers:
            os.environ.update(servers.environment({}))
            upgrade()
            db.configure(servers.app_url, statement_timeout="0")
            with clock.at(AS_OF):
                load(round(given.enrolments * PERSONS_A_STEP), 7, AS_OF)
                db.remove()
                sweep_in_parallel(AS_OF, processes=2)
            measure(servers.app_url, given.seconds)
            db.remove()
            db.dispose()


if __name__ == "__main__":
    main()
