"""The stored enrolment: what the fold says of a step, repeated for lists. The one place that gives a step its state."""

from pathways import db
from pathways.models import Enrolment
from pathways.workflows.deadlines import cap_of
from pathways.workflows.entry import Entry
from pathways.workflows.fold import Pathway, Step
from pathways.workflows.states import State


def open_enrolment(person_id: int, entry: Entry, folded: tuple[Step, Pathway]) -> Enrolment:
    """Stores the step an entry begins, as the fold sees it; ``announced`` while nothing has begun it."""
    step, pathway = folded
    enrolment = Enrolment(
        id=entry.enrolment,
        person_id=person_id,
        scheme=step.scheme.code,
        rules_on=entry.occurred_on,
        rules_version=_version(step, entry),
        lead_organisation_id=step.lead or entry.organisation,
        prescriber_id=step.prescriber,
        operator_id=step.operator or step.prescribed_to,
        state=str(step.state or State.ANNOUNCED),
        state_since=step.since or entry.occurred_on,
        opened_on=step.opened_on or entry.occurred_on,
        planned_start=step.planned_start,
        planned_end=step.planned_end,
        cap_on=cap_of(step, pathway),
        closed_on=step.closed_on,
        outcome=step.outcome,
    )
    session = db.session()
    session.add(enrolment)
    session.flush()  # the journal entry refers to it
    return enrolment


def _version(step: Step, entry: Entry) -> str | None:
    """Which dated rules apply: the first day of the version in force on the day of the act."""
    version = step.scheme.version(entry.occurred_on)
    return version.valid_from.isoformat() if version else None
