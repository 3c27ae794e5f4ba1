"""What the eraser does, under its own role: emptying a record, deleting a step, dates of health and old lines.

Everything here is one transaction of a few dozen persons: killed in the middle, nothing of it happened, and the next run does it.
What happened to a step is added to the statistics in the transaction that deletes it, so that it is counted once.
"""

# ruff: noqa: S608 -- SQL is put together from our own fragments, never from a value

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

NAMELESS = "—"
"""What stands where a name was: the columns may not be empty."""

_ALIASES = """
    WITH RECURSIVE everybody AS (
        SELECT id FROM person WHERE id = ANY(:ids)
        UNION SELECT alias.id FROM person AS alias JOIN everybody ON alias.merged_into = everybody.id
    ) SELECT id FROM everybody
"""
_LOCK = sa.text("SELECT id FROM person WHERE id = ANY(:ids) ORDER BY id FOR UPDATE")
_STATISTICS = """
    INSERT INTO statistic_step (scheme, department, born_from, sex, started_month, ended_month, outcome)
    SELECT step.scheme, CASE WHEN left(commune, 2) = '97' THEN left(commune, 3) ELSE left(commune, 2) END,
        (extract(year FROM birth_date)::int / 5) * 5, sex, date_trunc('month', step.opened_on)::date,
        date_trunc('month', step.closed_on)::date, step.outcome
    FROM enrolment AS step JOIN person ON person.id = step.person_id
"""
_OF_STEPS = "(SELECT id FROM journal_entry WHERE enrolment_id = ANY(:steps))"
# In the order in which one refers to another.
_STEPS_GONE: tuple[str, ...] = (
    f"{_STATISTICS} WHERE step.id = ANY(:steps) ORDER BY gen_random_uuid()",
    "DELETE FROM retention_notice WHERE enrolment_id = ANY(:steps)",
    "DELETE FROM notification WHERE alert_id IN (SELECT id FROM alert WHERE enrolment_id = ANY(:steps))",
    "DELETE FROM alert_action WHERE alert_id IN (SELECT id FROM alert WHERE enrolment_id = ANY(:steps))",
    "DELETE FROM alert WHERE enrolment_id = ANY(:steps)",
    "DELETE FROM signal WHERE enrolment_id = ANY(:steps)",
    "DELETE FROM missed_rupture WHERE enrolment_id = ANY(:steps)",
    f"DELETE FROM hand_over WHERE enrolment_id = ANY(:steps) OR entry_id IN {_OF_STEPS}",
    "DELETE FROM group_member WHERE enrolment_id = ANY(:steps)",
    "DELETE FROM link WHERE enrolment_id = ANY(:steps)",
    """DELETE FROM feed_record WHERE person_id IN (SELECT person_id FROM enrolment WHERE id = ANY(:steps))
        AND EXISTS (SELECT FROM jsonb_each_text(steps) AS kept WHERE kept.value::bigint = ANY(:steps))""",
    """WITH RECURSIVE gone AS (
            SELECT id FROM journal_entry WHERE enrolment_id = ANY(:steps)
            UNION SELECT back.id FROM journal_entry AS back JOIN gone ON back.retracts = gone.id
        ) DELETE FROM journal_entry WHERE id IN (SELECT id FROM gone)""",
    "DELETE FROM enrolment WHERE id = ANY(:steps)",
)

_MINE = "person_id = ANY(:ids)"
_PERSONS_GONE: tuple[str, ...] = (
    f"{_STATISTICS} WHERE step.{_MINE} ORDER BY gen_random_uuid()",
    f"DELETE FROM retention_notice WHERE {_MINE}",
    f"DELETE FROM legal_hold WHERE {_MINE}",
    f"DELETE FROM notification WHERE alert_id IN (SELECT id FROM alert WHERE {_MINE})",
    f"DELETE FROM alert_action WHERE alert_id IN (SELECT id FROM alert WHERE {_MINE})",
    f"DELETE FROM alert WHERE {_MINE}",
    f"DELETE FROM signal WHERE {_MINE}",
    f"DELETE FROM missed_rupture WHERE {_MINE}",
    f"DELETE FROM hand_over WHERE {_MINE}",
    f"DELETE FROM request_step WHERE {_MINE}",
    f"DELETE FROM request WHERE {_MINE}",
    f"DELETE FROM group_member WHERE enrolment_id IN (SELECT id FROM enrolment WHERE {_MINE})",
    f"DELETE FROM link WHERE {_MINE}",
    f"DELETE FROM external_id WHERE {_MINE}",
    f"DELETE FROM emergency_access WHERE {_MINE}",
    f"DELETE FROM information_given WHERE {_MINE}",
    f"DELETE FROM agreement WHERE {_MINE}",
    f"DELETE FROM rights_request WHERE {_MINE}",
    f"DELETE FROM own_link WHERE {_MINE}",
    "DELETE FROM duplicate_proposal WHERE first_id = ANY(:ids) OR second_id = ANY(:ids)",
    "DELETE FROM person_merge WHERE kept_id = ANY(:ids) OR merged_id = ANY(:ids)",
    f"DELETE FROM feed_record WHERE {_MINE}",
    # Who looked is answered for until the log's own term; why is free text, and may name somebody.
    f"UPDATE disclosure SET reason = NULL WHERE {_MINE} AND reason IS NOT NULL",
    f"""UPDATE journal_entry SET payload = '{{}}', erased_on = :day, enrolment_id = NULL, user_id = NULL, reference = NULL
        WHERE {_MINE}""",
    f"DELETE FROM enrolment WHERE {_MINE}",
    # Another public reference: an old address leads nowhere.
    """UPDATE person SET public_id = gen_random_uuid(), family_name = :nameless, given_name = :nameless, birth_date = NULL,
        sex = NULL, commune = NULL, phone = NULL, email = NULL, level = NULL, rqth_until = NULL, search_key = '', sort_key = '',
        next_on = NULL, touched_at = NULL, last_contact_on = NULL, archived_on = coalesce(archived_on, :day), erased_on = :day,
        version = version + 1
        WHERE id = ANY(:ids)""",
    # Last: what the line above changed was traced too, unless the trace knows better.
    f"DELETE FROM person_change WHERE {_MINE}",
)

_HEALTH_GONE: tuple[str, ...] = (
    """WITH RECURSIVE gone AS (
            SELECT id FROM journal_entry WHERE person_id = ANY(:ids) AND type = 'rqth_renewed'
            UNION SELECT back.id FROM journal_entry AS back JOIN gone ON back.retracts = gone.id
        ) DELETE FROM journal_entry WHERE id IN (SELECT id FROM gone)""",
    "UPDATE journal_entry SET payload = payload - 'rqth_until' WHERE person_id = ANY(:ids) AND payload ? 'rqth_until'",
    """UPDATE feed_record SET content = content - 'rqth_apprenant' - 'date_rqth_apprenant'
        WHERE person_id = ANY(:ids) AND content ?| ARRAY['rqth_apprenant', 'date_rqth_apprenant']""",
    "DELETE FROM signal WHERE person_id = ANY(:ids) AND rule = 'rqth_expiring'",
    """UPDATE alert_action SET data = data - 'signals' WHERE alert_id IN (SELECT id FROM alert WHERE person_id = ANY(:ids))
        AND data @> '{"signals": [{"rule": "rqth_expiring"}]}'""",
    "UPDATE person SET rqth_until = NULL, touched_at = :now, version = version + 1 WHERE id = ANY(:ids)",
    "SELECT forget_recognition(:ids)",
)
_NOT_HELD = """NOT EXISTS (SELECT FROM legal_hold AS hold JOIN person AS held ON held.id = hold.person_id
    WHERE {table}.person_id IN (held.id, held.merged_into) AND hold.lifted_on IS NULL)"""
OLD_LINES = {
    "access_log": ("disclosure", f"disclosure.at < :before AND {_NOT_HELD.format(table='disclosure')}"),
    "emergency_log": (
        "emergency_access", f"emergency_access.opened_at < :before AND {_NOT_HELD.format(table='emergency_access')}",
    ),
    "feed_rows": ("feed_record", f"feed_record.last_received_at < :before AND {_NOT_HELD.format(table='feed_record')}"),
    "feed_refusals": ("feed_refusal", "run_id IN (SELECT id FROM feed_run WHERE started_at < :before)"),
}  # fmt: skip
"""Rule → the table of the lines, and which of them are past their time."""


def lock(session: Session, ids: Sequence[int]) -> None:
    """Nobody writes about these persons until the transaction ends."""
    session.execute(_LOCK, {"ids": list(ids)})


def erase_persons(session: Session, ids: Sequence[int], day: date) -> None:
    """Identity, contact, details, steps, signals, alerts: of these records and of those joined to them."""
    everybody = list(session.scalars(sa.text(_ALIASES), {"ids": list(ids)}))
    for statement in _PERSONS_GONE:
        session.execute(sa.text(statement), {"ids": everybody, "day": day, "nameless": NAMELESS})


def erase_steps(session: Session, steps: Sequence[int], last: dict[int, date], now: Any) -> None:
    """These steps and all that hangs on them. ``last``: person → the last contact, which terms go on being counted from."""
    for statement in _STEPS_GONE:
        session.execute(sa.text(statement), {"steps": list(steps)})
    keep = "UPDATE person SET last_contact_on = greatest(last_contact_on, :last), touched_at = :now WHERE id = :id"
    session.execute(sa.text(keep), [{"id": id_, "last": day, "now": now} for id_, day in last.items()])


def erase_health(session: Session, ids: Sequence[int], now: Any) -> None:
    """The dates of a recognition as a disabled worker, wherever they were declared."""
    for statement in _HEALTH_GONE:
        session.execute(sa.text(statement), {"ids": list(ids), "now": now})


def count_old(session: Session, rule: str, before: Any) -> int:
    table, which = OLD_LINES[rule]
    return session.scalar(sa.text(f"SELECT count(*) FROM {table} WHERE {which}"), {"before": before}) or 0


def delete_old(session: Session, rule: str, before: Any, most: int) -> int:
    """Deletes at most so many lines past their time; how many it deleted."""
    table, which = OLD_LINES[rule]
    statement = f"DELETE FROM {table} WHERE id IN (SELECT id FROM {table} WHERE {which} ORDER BY id LIMIT :most) RETURNING id"
    done = session.execute(sa.text(statement), {"before": before, "most": most})
    return len(done.all())
