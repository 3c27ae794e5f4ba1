"""What an organisation may declare about a person today, and, for the rest, every reason why not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from pathways.errors import Reason
from pathways.operations.dossier import Opened, open_dossier
from pathways.workflows.definition import START
from pathways.workflows.entry import Entry
from pathways.workflows.events import EVENTS, Field
from pathways.workflows.fold import Pathway, Step
from pathways.workflows.objections import objections
from pathways.workflows.schemes import SCHEMES


@dataclass(frozen=True, slots=True)
class Option:
    """One event of a step's page: allowed now, or not and why."""

    event: str
    label: str
    allowed: bool
    reasons: tuple[Reason, ...]
    fields: Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class StepOptions:
    """The events of one step, or of a scheme that could be opened (``enrolment_id`` None)."""

    enrolment_id: int | None
    scheme: str
    options: list[Option]


def possible_events(*, person_id: int, organisation_id: int, on: date) -> list[StepOptions]:
    """For every step of the person, then every scheme open that day, what this organisation may declare.

    Conditions on the details of an event (a signature, a date) can only be judged when it is recorded.
    """
    dossier = open_dossier(person_id, organisation_id, on, lock="none")
    folded = dossier.pathway(on, on)
    known = [
        StepOptions(int(str(step.key)), step.scheme.code, list(_options(step, folded, dossier, on)))
        for step in folded.steps.values()
        if step.state
    ]
    new = [_opening(code, folded, dossier, on) for code, scheme in SCHEMES.items() if scheme.version(on)]
    return [*known, *(each for each in new if each.options)]


def _options(step: Step, folded: Pathway, dossier: Opened, on: date) -> Iterator[Option]:
    for event in step.scheme.workflow.offered:
        yield _option(event, step, folded, dossier, on)


def _opening(code: str, folded: Pathway, dossier: Opened, on: date) -> StepOptions:
    """The events that would begin this scheme, if this kind of organisation may declare them."""
    step = Step("new", SCHEMES[code])
    events = [event for event in SCHEMES[code].workflow.events if (event, START) in SCHEMES[code].workflow.moves]
    options = [_option(event, step, folded, dossier, on) for event in events]
    foreign = {"not_yours_to_declare"}
    return StepOptions(None, code, [each for each in options if not foreign & {reason.code for reason in each.reasons}])


def _option(event: str, step: Step, folded: Pathway, dossier: Opened, on: date) -> Option:
    kind = EVENTS[event]
    probe = Entry("probe", event, on, on, dossier.acting.organisation, dossier.acting.kind, step.key, step.scheme.code)
    reasons = tuple(
        reason for reason in objections(step, folded, probe, dossier.acting) if reason.code not in JUDGED_WHEN_RECORDED
    )
    return Option(event, kind.label, not reasons, reasons, kind.fields)


JUDGED_WHEN_RECORDED = frozenset({"minor", "phase_not_started"})
"""Reasons that depend on the details still to be typed."""
