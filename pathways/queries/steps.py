"""Steps as lists and pages show them: scheme, state, organisation, and the dates to come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pathways import db
from pathways.models import Enrolment, JournalEntry, Organisation
from pathways.sharing.groups import shown_outcome
from pathways.sharing.visibility import Criterion, Reader, own_step, steps_visible_to, visible_to
from pathways.workflows.schemes import SCHEMES

_OPERATOR, _PRESCRIBER = aliased(Organisation), aliased(Organisation)


@dataclass(frozen=True, slots=True)
class StepRow:
    """One stored step. ``own``: the reader's organisation has a part in it."""

    id: int
    public_id: str
    person_id: int
    scheme: str
    state: str
    state_since: date
    opened_on: date
    planned_start: date | None
    planned_end: date | None
    cap_on: date | None
    closed_on: date | None
    outcome: str | None
    organisation_id: int
    organisation: str
    operator: str | None
    prescriber: str | None
    own: bool
    declares: bool
    """The reader's organisation leads or runs it: it says how it ends, and reads why."""

    @property
    def is_open(self) -> bool:
        return self.closed_on is None

    @property
    def lead_rank(self) -> int | None:
        known = SCHEMES.get(self.scheme)
        return known.lead_rank if known else None

    @property
    def family(self) -> str:
        known = SCHEMES.get(self.scheme)
        return known.family.code if known else ""

    def dates_to_come(self, today: date) -> Iterable[tuple[date, str]]:
        """The days ahead that matter, and what they are."""
        if not self.is_open:
            return
        for day, what in ((self.planned_start, "planned_start"), (self.planned_end, "planned_end"), (self.cap_on, "cap_on")):
            if day is not None and day >= today:
                yield day, what


def steps_of(person_ids: Sequence[int], reader: Reader) -> dict[int, list[StepRow]]:
    """The steps the reader may see of these persons: open ones first, the lead before the others, then the latest."""
    rows = (
        db.session()
        .execute(
            sa.select(
                Enrolment.id,
                Enrolment.public_id,
                Enrolment.person_id,
                Enrolment.scheme,
                Enrolment.state,
                Enrolment.state_since,
                Enrolment.opened_on,
                Enrolment.planned_start,
                Enrolment.planned_end,
                Enrolment.cap_on,
                Enrolment.closed_on,
                Enrolment.outcome,
                Enrolment.lead_organisation_id,
                Organisation.name,
                _OPERATOR.name,
                _PRESCRIBER.name,
                own_step(reader, Enrolment),
                declares(reader),
            )
            .join(Organisation, Organisation.id == Enrolment.lead_organisation_id)
            .outerjoin(_OPERATOR, _OPERATOR.id == Enrolment.operator_id)
            .outerjoin(_PRESCRIBER, _PRESCRIBER.id == Enrolment.prescriber_id)
            .where(Enrolment.person_id.in_(person_ids), visible_to(reader, Enrolment.person_id), steps_visible_to(reader))
        )
        .all()
    )
    found: dict[int, list[StepRow]] = defaultdict(list)
    for row in rows:
        id_, public_id, *rest = row
        step = StepRow(id_, str(public_id), *rest)
        found[row.person_id].append(replace(step, outcome=shown_outcome(step.outcome, own=step.declares)))
    for steps in found.values():
        steps.sort(key=_importance)
    return found


def lead_among(steps: Iterable[StepRow]) -> StepRow | None:
    """The most intensive open accompaniment, the earliest of two alike: as the fold chooses it."""
    leading = [step for step in steps if step.is_open and step.lead_rank is not None]
    return min(leading, key=lambda step: (step.lead_rank or 0, step.opened_on, str(step.id)), default=None)


def declares(reader: Reader) -> Criterion:
    """The reader's organisation leads or runs the step."""
    mine = reader.organisation_id
    return sa.func.coalesce(sa.or_(Enrolment.lead_organisation_id == mine, Enrolment.operator_id == mine), sa.false())


def phases_begun(step_id: int) -> int:
    """The highest number of a phase begun in that step, 0 before the first."""
    number = sa.func.max(sa.cast(JournalEntry.payload["n"].astext, sa.Integer))
    query = sa.select(number).where(JournalEntry.enrolment_id == step_id, JournalEntry.type == "phase_started")
    return db.session().scalar(query) or 0


def _importance(step: StepRow) -> tuple[Any, ...]:
    rank = step.lead_rank
    return (not step.is_open, rank is None, rank or 0, -step.opened_on.toordinal(), step.id)
