"""What a week of attendance costs: the whole group in one operation, as the application's role, on servers of its own.

    python benchmarks/attendance.py [TRAINEES] [WEEKS]

The demo region of 2,000 persons, evaluated; the trainees of the body that has most. Each week is recorded in full, with an
absence and an excuse for everybody, so that every trainee is judged anew. Figures are of one run on the machine at hand.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from pathways import clock, db
from pathways.cli.migrate import upgrade
from pathways.demo.load import evaluate, load
from pathways.detection.sheets import read_attendance
from pathways.operations.attendance import Typed, record_week
from pathways.server import DURABLE, embedded
from pathways.workflows.dates import days, monday_of
from pathways.workflows.week import Week

AS_OF, PERSONS = date(2026, 11, 22), 2_000
WANTED = ("P", "P", "U", "J.maladie", *("P",) * 6, *("-",) * 4)
STEPS = sa.text("""
    WITH present AS (
        SELECT * FROM enrolment WHERE state IN ('in_training', 'in_contract', 'probation') AND operator_id IS NOT NULL)
    SELECT id, person_id, scheme, operator_id FROM present
    WHERE operator_id = (SELECT operator_id FROM present GROUP BY 1 ORDER BY count(*) DESC LIMIT 1) ORDER BY id LIMIT :most
""")


def main(trainees: int, weeks: int) -> None:
    load(PERSONS, 1, AS_OF)
    evaluate(AS_OF)
    with db.as_system(), db.atomic() as session:
        rows = session.execute(STEPS, {"most": trainees}).all()
    body, steps = rows[0].operator_id, {row.id: (row.person_id, row.scheme) for row in rows}
    for back in range(1, weeks + 1):
        measure(body, steps, monday_of(AS_OF) - days(7 * back))


def measure(body: int, steps: dict[int, tuple[int, str]], monday: date) -> None:
    """Records one week for these steps (enrolment → person and scheme) and prints what it took."""
    asked: list[str] = []

    def listen(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "set_config(" not in statement and "SAVEPOINT" not in statement:
            asked.append(statement)

    with db.acting_for(body):
        with db.atomic() as session:
            facts = read_attendance(session, steps, monday, monday + days(6), AS_OF)
            shown = {step: Week(each.all("attendance"), monday).cells for step, each in facts.items()}
        typed = [Typed(person, step, scheme, shown[step], WANTED) for step, (person, scheme) in steps.items()]
        sa.event.listen(sa.Engine, "before_cursor_execute", listen)
        started = time.perf_counter()
        done = record_week(typed, monday, organisation_id=body, user_id=None)
        took = time.perf_counter() - started
        sa.event.remove(sa.Engine, "before_cursor_execute", listen)
    print(f"week of {monday}: {len(done.declared.steps):3} trainees {1000 * took:7.0f} ms {len(asked):3} queries", flush=True)


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:3]]
    with tempfile.TemporaryDirectory(prefix="pathways-bench-") as folder:
        Path(folder).chmod(0o755)
        with embedded(Path(folder) / "data", DURABLE, which=frozenset({"postgres"})) as servers, clock.at(AS_OF):
            os.environ.update(servers.environment({}))
            upgrade()
            db.configure(servers.app_url, statement_timeout="0")
            main(*(given + [15, 3][len(given) :]))
            db.remove()
            db.dispose()
