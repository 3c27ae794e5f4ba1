"""Signals of the creation of a business: a phase that lasts, a meeting that is owed, a business that closes early."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pathways.detection.facts import StepFacts
from pathways.detection.finding import ALERT, QUIET, WATCH, Finding, Findings, Mark, from_marks, together
from pathways.detection.rule import Family, rule
from pathways.workflows.dates import add_months, days
from pathways.workflows.entry import is_two_way_contact
from pathways.workflows.schemes.creation import BEFORE
from pathways.workflows.states import State as S

_WEEK = 7
_WINDOW = 31
"""A meeting counts for a date from a month before it, as follow-ups do."""


@rule(
    "creation_phase_long",
    "Phase de création qui dure",
    family=Family.DEADLINE,
    schemes={"CREATION"},
    states=BEFORE,
    levels=(WATCH,),
    closes="La phase suivante, une pause ou la fin du projet.",
    source="Pratique : 8 semaines, 3 mois, 6 mois",
)
def creation_phase_long(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """More than one and a half times what the phase usually lasts; pauses are not counted."""
    phase = S(step.state)
    begun = _begun_on(step, phase)
    allowed = int(_usual_days(begun, phase, settings) * settings["creation_phase_long.rate"])
    paused = sum((end - first).days for first, end in step.spells({S.PAUSED}) if first >= begun)
    return from_marks(
        step.day, f"{phase}:{begun}", [Mark(begun + days(allowed + paused + 1), WATCH)],
        values={"phase": str(phase), "since": begun, "days": allowed},
    )


def _begun_on(step: StepFacts, phase: S) -> date:
    """The first day of the phase as it goes on now, whatever was paused in between."""
    begun = step.day
    for move in reversed(step.step.history):
        if move.target not in {phase, S.PAUSED}:
            break
        if move.target == phase:
            begun = move.on
    return begun


def _usual_days(begun: date, phase: S, settings: Mapping[str, Any]) -> int:
    if phase == S.PROJECT_EVALUATION:
        return int(settings["creation_phase_long.evaluation_weeks"]) * _WEEK
    name = "training_months" if phase == S.ENTREPRENEUR_TRAINING else "funding_months"
    return (add_months(begun, settings[f"creation_phase_long.{name}"]) - begun).days


@rule(
    "creation_meeting_overdue",
    "Point post-création en retard",
    family=Family.DEADLINE,
    schemes={"CREATION"},
    states={S.CREATED, S.POST_CREATION},
    levels=(WATCH,),
    closes="Un échange avec le créateur, ou la fin du suivi.",
    source="Pratique : points à 3, 6 et 12 mois",
)
def creation_meeting_overdue(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """30 days past the meeting due 3, 6 and 12 months after the creation, without any exchange since a month before it."""
    created = step.first("created")
    if created is None:
        return QUIET
    spoken = max((entry.occurred_on for entry in _exchanges(step)), default=None)
    answers = []
    for month in settings["creation_meeting_overdue.months"]:
        due = add_months(created.occurred_on, month)
        if spoken is None or spoken < due - days(_WINDOW):
            shown = due + days(settings["creation_meeting_overdue.days"])
            answers.append(from_marks(
                step.day, f"{created.occurred_on}", [Mark(shown, WATCH, str(month))], evidence=(created,),
                values={"month": month, "due": due, "created": created.occurred_on},
            ))
    return together(answers)


def _exchanges(step: StepFacts) -> list[Any]:
    spoken = [
        entry for event in ("appointment", "contact", "contact_attempt") for entry in step.all(event) if is_two_way_contact(entry)
    ]
    return [*spoken, *step.all("followup")]


@rule(
    "business_closed_early",
    "Entreprise fermée dans l’année",
    family=Family.GAP,
    schemes={"CREATION"},
    states={S.CLOSED},
    levels=(ALERT,),
    closes="Une autre étape commencée, ou un suivi noté.",
    source="Pratique",
)
def business_closed_early(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """The business closed less than twelve months after it was created, and nothing began since."""
    created, closed = step.first("created"), step.last("business_closed")
    if created is None or closed is None:
        return QUIET
    ended = closed.data.get("last_day") or closed.occurred_on
    if ended >= add_months(created.occurred_on, settings["business_closed_early.months"]):
        return QUIET
    opened = (other.step.opened_on for other in step.person.steps if other is not step)
    heard = (entry.occurred_on for entry in step.all("followup"))
    if any(on is not None and on >= ended for on in (*opened, *heard)):
        return QUIET
    return Findings((
        Finding(f"{ended}", ALERT, evidence=(closed,), values={"created": created.occurred_on, "closed": ended}),
    ))
