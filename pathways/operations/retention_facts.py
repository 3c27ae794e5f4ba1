"""What decides a term, read in id ranges: days and codes, never a name, because the role that erases may not read one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pathways.sharing import retention
from pathways.sharing.retention import Facts, StepFacts
from pathways.workflows.entry import DEATH, DECEASED

RANGE = 1_000
"""Persons read at once."""

_STANDING = """
    SELECT e.person_id, e.enrolment_id, e.type, e.occurred_on, e.payload
    FROM journal_entry AS e
    WHERE e.person_id = ANY(:ids) AND e.retracts IS NULL AND e.erased_on IS NULL AND e.occurred_on <= :day
        AND NOT EXISTS (SELECT FROM journal_entry AS back WHERE back.retracts = e.id
            AND NOT EXISTS (SELECT FROM journal_entry AS again WHERE again.retracts = back.id))
"""
_ONLY_WHEN = " AND ".join(
    f"(type <> '{kind}' OR payload ->> '{detail}' = '{answer}')" for kind, (detail, answer) in retention.ONLY_WHEN.items()
)
_SPOKE = " OR ".join(
    f"(type = '{kind}' AND payload ->> '{detail}' = '{answer}')" for kind, (detail, answer) in retention.ONLY_WHEN.items()
)
_IDS = sa.text("SELECT id FROM person WHERE merged_into IS NULL AND erased_on IS NULL AND id > :after ORDER BY id LIMIT :most")
# A link begun is an organisation that takes somebody over: as good as a contact.
_PERSONS = sa.text(f"""
    WITH standing AS MATERIALIZED ({_STANDING}),
    told AS (
        SELECT person_id,
            max(occurred_on) FILTER (WHERE type <> ALL(:silent) AND {_ONLY_WHEN}) AS last_on,
            max(occurred_on) FILTER (WHERE type = 'contact_attempt') AS attempt_on,
            min(occurred_on) FILTER (WHERE type = :death OR payload ->> 'outcome' = :deceased) AS died_on,
            bool_or(type = 'contact' OR {_SPOKE}) AS spoken,
            bool_or(type = 'condition_stated' AND payload ->> 'condition' = :project) AS project
        FROM standing GROUP BY person_id
    ), taken AS (
        SELECT person_id, max(started_on) AS on_ FROM link WHERE person_id = ANY(:ids) AND started_on <= :day GROUP BY person_id
    )
    SELECT p.id, p.public_id::text, greatest(told.last_on, taken.on_, p.last_contact_on), told.attempt_on, told.died_on,
        p.archived_on, p.rqth_until, coalesce(told.spoken, false), coalesce(told.project, false),
        EXISTS (SELECT FROM legal_hold AS hold JOIN person AS held ON held.id = hold.person_id
            WHERE p.id IN (held.id, held.merged_into) AND hold.lifted_on IS NULL)
    FROM person AS p LEFT JOIN told ON told.person_id = p.id LEFT JOIN taken ON taken.person_id = p.id
    WHERE p.id = ANY(:ids) AND p.merged_into IS NULL AND p.erased_on IS NULL ORDER BY p.id
""")  # noqa: S608 -- put together from the table of rules: names of our own types and details
_STEPS = sa.text(f"""
    WITH standing AS MATERIALIZED ({_STANDING} AND e.enrolment_id IS NOT NULL),
    told AS (
        SELECT enrolment_id, max(occurred_on) AS last_on, bool_or(type = ANY(:entries)) AS entered FROM standing
        GROUP BY enrolment_id
    )
    SELECT s.person_id, s.id, s.scheme, s.closed_on, s.planned_end, told.last_on, coalesce(told.entered, false)
    FROM enrolment AS s LEFT JOIN told ON told.enrolment_id = s.id WHERE s.person_id = ANY(:ids) ORDER BY s.id
""")  # noqa: S608 -- see above


def ranges(session: Session, size: int = RANGE) -> Iterator[list[int]]:
    """Ids of the persons whose records are still there, range by range."""
    after = 0
    while ids := list(session.scalars(_IDS, {"after": after, "most": size})):
        yield ids
        after = ids[-1]


def facts(session: Session, ids: Sequence[int], day: date) -> list[Facts]:
    """What decides the terms of these persons on ``day``, in two statements. Names are not read: the eraser may not."""
    steps: dict[int, list[StepFacts]] = {}
    asked: dict[str, Any] = {"ids": list(ids), "day": day}
    for person, *step in session.execute(_STEPS, asked | {"entries": sorted(retention.ENTRIES)}):
        steps.setdefault(person, []).append(StepFacts(*step))
    more = {
        "silent": sorted(retention.NO_CONTACT), "death": DEATH, "deceased": DECEASED, "project": retention.PROJECT[1],
    }  # fmt: skip
    return [replace(Facts(*row), steps=tuple(steps.get(row[0], ()))) for row in session.execute(_PERSONS, asked | more)]
