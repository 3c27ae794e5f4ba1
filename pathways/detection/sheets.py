"""The attendance of some steps: their sheets and calendars as they stand, in one statement whatever the number of steps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pathways.detection.facts import Facts, StepFacts
from pathways.detection.reading import as_entry
from pathways.workflows.dates import days
from pathways.workflows.entry import standing
from pathways.workflows.fold import Pathway, Step
from pathways.workflows.schemes import SCHEMES

LONGEST = 6
"""A sheet covers at most seven days: one that begins so many days earlier still speaks of the first."""

_ENTRIES = sa.text("""
    SELECT id, person_id, enrolment_id, type, occurred_on, (recorded_at AT TIME ZONE 'Europe/Paris')::date, organisation_id,
        retracts, payload::text
    FROM journal_entry
    WHERE person_id = ANY(:persons) AND (type = 'retracted' OR (enrolment_id = ANY(:steps) AND (
        type IN ('calendar_stated', 'work_contract_started', 'entered')
        OR (type = 'attendance' AND payload ->> 'from' BETWEEN :first AND :last))))
    ORDER BY id
""")


def read_attendance(
    session: Session, steps: Mapping[int, tuple[int, str]], first: date, last: date, day: date
) -> dict[int, StepFacts]:
    """Enrolment → its facts of attendance on ``day``, from the sheets that may speak of days from ``first`` to ``last``.

    ``steps``: enrolment → person and scheme. Only sheets, calendars and the entry are read: the state and the rest of the facts
    are not. Half-days count by step, whoever declared them. Scoped by the caller, who gives steps the reader sees.
    """
    folded = {enrolment: Step(enrolment, SCHEMES[scheme]) for enrolment, (_person, scheme) in steps.items() if scheme in SCHEMES}
    if folded:
        rows = session.execute(
            _ENTRIES,
            {
                "persons": sorted({person for person, _scheme in steps.values()}),
                "steps": list(folded),
                "first": (first - days(LONGEST)).isoformat(),
                "last": last.isoformat(),
            },
        )
        schemes = {enrolment: scheme for enrolment, (_person, scheme) in steps.items()}
        entries = [each for each in standing((as_entry(row, {}, schemes) for row in rows), day) if each.enrolment in folded]
        for entry in sorted(entries, key=lambda each: (each.effective_on, each.number)):
            step = folded[int(str(entry.enrolment))]
            step.entries.setdefault(entry.type, []).append(entry)
            if entry.type == "attendance":
                step.half_days.add(entry)
    nobody = Facts(Pathway(), day)
    return {enrolment: StepFacts(step, nobody) for enrolment, step in folded.items()}
