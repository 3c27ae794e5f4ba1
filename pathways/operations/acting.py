"""What is declared of somebody is an act on the alerts one is asked about: acknowledging is not acting, writing is.

A set of entries is two statements, whatever their number.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import sqlalchemy as sa

from pathways import clock, db
from pathways.models import JournalEntry
from pathways.workflows.dates import add_working_days

ROUTINE = ("attendance", "weekly_hours", "calendar_stated", "referent_named")
"""Declared whatever happens to the person: an act on missing data, on nothing else."""
NEXT_LOOK = 10
"""Working days after an act at which the alert is looked at again, if it is still there."""

_ACTED = sa.text("""
    WITH told AS (
        SELECT person_id, max(entry) AS entry, bool_and(type = ANY(:routine)) AS routine
        FROM unnest(CAST(:persons AS bigint[]), CAST(:entries AS bigint[]), CAST(:types AS text[])) AS row(person_id, entry, type)
        GROUP BY person_id
    ), acted AS (
        UPDATE alert SET state = 'in_action', acted_on = coalesce(alert.acted_on, :day), escalated = 0,
            acknowledged_on = coalesce(alert.acknowledged_on, :day), owner_id = coalesce(alert.owner_id, :user),
            due_on = greatest(alert.due_on, :later)
        FROM told
        WHERE alert.person_id = told.person_id AND alert.organisation_id = :organisation
            AND alert.state IN ('new', 'acknowledged', 'in_action') AND (alert.family = 'data' OR NOT told.routine)
        RETURNING alert.id, told.entry
    )
    INSERT INTO alert_action (alert_id, at, user_id, kind, data)
    SELECT id, :at, :user, 'acted', jsonb_build_object('entry', entry) FROM acted
""")
_UNDONE = sa.text("""
    WITH gone AS (
        SELECT DISTINCT action.alert_id FROM alert_action AS action JOIN alert ON alert.id = action.alert_id
        WHERE alert.person_id = ANY(:persons) AND alert.organisation_id = :organisation AND alert.state = 'in_action'
            AND action.kind = 'acted' AND (action.data ->> 'entry')::bigint = ANY(:retracted)
    ), back AS (
        UPDATE alert SET acted_on = NULL, state = CASE WHEN taken.by_hand THEN 'acknowledged' ELSE 'new' END,
            acknowledged_on = CASE WHEN taken.by_hand THEN alert.acknowledged_on END
        FROM gone, LATERAL (
            SELECT EXISTS (SELECT FROM alert_action WHERE alert_id = gone.alert_id AND kind = 'taken') AS by_hand) AS taken
        WHERE alert.id = gone.alert_id AND NOT EXISTS (
            SELECT FROM alert_action AS other WHERE other.alert_id = gone.alert_id AND other.kind = 'acted'
                AND NOT EXISTS (SELECT FROM journal_entry WHERE retracts = (other.data ->> 'entry')::bigint))
        RETURNING alert.id
    )
    INSERT INTO alert_action (alert_id, at, user_id, kind, data)
    SELECT alert_id, :at, :user, 'act_undone', jsonb_build_object('entries', CAST(:retracted AS bigint[])) FROM gone
    WHERE EXISTS (SELECT FROM back WHERE back.id = gone.alert_id)
""")


def note_acts(entries: Iterable[JournalEntry], *, organisation_id: int, user_id: int | None) -> None:
    """Puts in action the alerts this organisation is asked about the persons of these entries, or takes that back with them.

    Called before the evaluation, which may end the very alerts somebody has just acted on. Nothing without a user: a file that
    arrives is no act.
    """
    recorded = list(entries)
    if user_id is None or not recorded:
        return
    session, day = db.session(), clock.today()
    by = {"organisation": organisation_id, "user": user_id, "at": clock.now()}
    acts = [entry for entry in recorded if entry.retracts is None]
    if acts:
        told = {"persons": [entry.person_id for entry in acts], "entries": [entry.id for entry in acts]}
        when = {"day": day, "later": add_working_days(day, NEXT_LOOK), "routine": list(ROUTINE)}
        session.execute(_ACTED, by | told | when | {"types": [entry.type for entry in acts]})
    taken_back = [entry for entry in recorded if entry.retracts is not None]
    if taken_back:
        session.execute(_UNDONE, by | {"persons": _of(taken_back), "retracted": [entry.retracts for entry in taken_back]})


def _of(entries: Collection[JournalEntry]) -> list[int]:
    return sorted({entry.person_id for entry in entries})
