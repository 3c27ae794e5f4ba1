"""What a columnar engine needs for twenty-five plain looks at the same entries: the physical limit to be compared with.

    uv pip install --python .venv/bin/python --require-hashes -r benchmarks/requirements.txt

The journal goes to Parquet once (not counted). One statement then gives each step a mask of twenty-five conditions of the kind
our rules ask: so many days without a contact, so many absences in so many days. No calendar, no state, no other step of the
person, no past evening, nothing written: it is what the data alone cost, not the same answers.
"""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import psycopg

_ENTRIES = """
    COPY (SELECT enrolment_id, type, occurred_on, (recorded_at AT TIME ZONE 'Europe/Paris')::date AS known_on,
            payload ->> 'status' AS status, payload ->> 'result' AS result, payload ->> 'halves' AS halves
        FROM journal_entry WHERE enrolment_id IS NOT NULL ORDER BY enrolment_id) TO STDOUT (FORMAT csv)
"""
_STEPS = """
    COPY (SELECT id, scheme, state, opened_on, planned_start, planned_end, cap_on, closed_on FROM enrolment)
    TO STDOUT (FORMAT csv)
"""
_LOOK = """
    WITH seen AS (
        SELECT enrolment_id,
            max(occurred_on) FILTER (type = 'contact' OR (type = 'appointment' AND status = 'seen')
                OR (type = 'contact_attempt' AND result = 'reached')) AS contact,
            max(known_on) AS known,
            count(*) FILTER (type = 'appointment' AND status = 'noshow' AND occurred_on > $day - 30) AS missed_30,
            count(*) FILTER (type = 'appointment' AND status = 'noshow' AND occurred_on > $day - 60) AS missed_60,
            count(*) FILTER (type = 'contact_attempt' AND occurred_on > $day - 30) AS attempts,
            sum(length(halves) - length(replace(halves, 'U', ''))) FILTER (occurred_on > $day - 14) AS absent_14,
            sum(length(halves) - length(replace(halves, 'U', ''))) FILTER (occurred_on > $day - 28) AS absent_28,
            sum(length(replace(halves, '-', ''))) FILTER (occurred_on > $day - 28) AS expected_28,
            max(occurred_on) FILTER (type = 'attendance') AS sheet,
            min(occurred_on) FILTER (type = 'engagement_signed') AS signed,
            min(occurred_on) FILTER (type = 'prescribed') AS prescribed,
            min(occurred_on) FILTER (type = 'admitted') AS admitted,
            min(occurred_on) FILTER (type = 'entered') AS entered,
            min(occurred_on) FILTER (type = 'work_contract_started') AS started,
            max(occurred_on) FILTER (type = 'contract_broken') AS broken,
            max(occurred_on) FILTER (type = 'phase_opened') AS phase,
            max(occurred_on) FILTER (type = 'obstacle') AS obstacle,
            max(occurred_on) FILTER (type = 'obstacle_action') AS action,
            max(occurred_on) FILTER (type = 'risk_flag') AS flag,
            max(occurred_on) FILTER (type = 'followup') AS followup,
            max(occurred_on) FILTER (type = 'transfer_requested') AS asked,
            max(occurred_on) FILTER (type = 'transfer_accepted') AS taken
        FROM read_parquet($entries) WHERE occurred_on <= $day GROUP BY enrolment_id
    ), judged AS (
        SELECT step.id, [
            contact < $day - 30, contact < $day - 60, contact IS NULL AND opened_on < $day - 30, missed_30 >= 2, missed_60 >= 3,
            attempts >= 3 AND contact < $day - 30, absent_14 >= 3, absent_14 >= 10, absent_28 > 0.1 * expected_28,
            sheet < $day - 14, signed IS NULL AND opened_on < $day - 31, phase < $day - 120,
            prescribed < $day - 30 AND entered IS NULL, prescribed < $day - 60 AND entered IS NULL,
            admitted < $day - 30 AND entered IS NULL, cap_on BETWEEN $day AND $day + 30, cap_on BETWEEN $day AND $day + 60,
            cap_on < $day, planned_end < $day - 7, planned_end BETWEEN $day AND $day + 30,
            broken > started AND broken > $day - 180, started > $day - 45,
            obstacle < $day - 30 AND (action IS NULL OR action < obstacle), flag > $day - 30,
            asked < $day - 15 AND (taken IS NULL OR taken < asked)
        ] AS fires
        FROM read_parquet($steps) AS step LEFT JOIN seen ON seen.enrolment_id = step.id
        WHERE closed_on IS NULL AND opened_on IS NOT NULL
    )
    SELECT count(*), sum(list_sum([fire::int FOR fire IN fires])) FROM judged
"""


def look(url: str, folder: Path, day: date) -> tuple[float, int, int]:
    """Seconds of the best of three, active steps, conditions that hold. ``url``: of who may read all.

    ImportError without DuckDB.
    """
    import duckdb

    named = {"entries": folder / "entries", "steps": folder / "steps"}
    with psycopg.connect(url) as connection, duckdb.connect() as columns:
        for (name, path), query in zip(named.items(), (_ENTRIES, _STEPS), strict=True):
            with connection.cursor().copy(query) as copy, path.with_suffix(".csv").open("wb") as file:
                for block in copy:
                    file.write(block)
            text = columns.read_csv(f"{path}.csv", header=False, names=_NAMES[name])
            text.write_parquet(f"{path}.parquet")
            path.with_suffix(".csv").unlink()
        asked = {name: f"{path}.parquet" for name, path in named.items()} | {"day": day}
        took = []
        for _ in range(3):
            started = time.perf_counter()
            steps, hold = columns.execute(_LOOK, asked).fetchone() or (0, 0)
            took.append(time.perf_counter() - started)
    return min(took), steps, hold or 0


_NAMES = {
    "entries": ["enrolment_id", "type", "occurred_on", "known_on", "status", "result", "halves"],
    "steps": ["id", "scheme", "state", "opened_on", "planned_start", "planned_end", "cap_on", "closed_on"],
}
