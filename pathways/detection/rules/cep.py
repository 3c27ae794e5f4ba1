"""Signals of the advice on one's career (CEP): a summary that is owed, a project nobody goes on with."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pathways.detection.facts import StepFacts
from pathways.detection.finding import QUIET, WATCH, Findings, Mark, from_marks
from pathways.detection.rule import Family, rule
from pathways.workflows.dates import days
from pathways.workflows.entry import is_two_way_contact
from pathways.workflows.states import State as S

STAYS = "maintien"
"""The project validated is to stay: nothing is to follow."""


@rule(
    "cep_synthesis_missing",
    "Synthèse du conseil à remettre",
    family=Family.DEADLINE,
    schemes={"CEP"},
    states={S.SUPPORTED},
    levels=(WATCH,),
    closes="Le document de synthèse remis, un nouvel entretien, ou la fin du conseil.",
    source="Arrêté du 29 mars 2019 ; délai de pratique",
)
def cep_synthesis_missing(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """30 days after the last interview without the summary; the support itself begins with one."""
    spoken = [
        entry.occurred_on
        for event in ("appointment", "contact", "contact_attempt", "supported")
        for entry in step.all(event)
        if event == "supported" or is_two_way_contact(entry)
    ]
    last = max(spoken, default=None)
    if last is None:
        return QUIET
    shown = last + days(settings["cep_synthesis_missing.days"])
    return from_marks(step.day, f"{last}", [Mark(shown, WATCH)], values={"since": last})


@rule(
    "cep_project_without_step",
    "Projet validé sans suite",
    family=Family.GAP,
    schemes={"CEP"},
    states={S.SYNTHESIS_GIVEN, S.CLOSED},
    levels=(WATCH,),
    closes="Une étape commencée ou un suivi noté.",
    source="Pratique",
)
def cep_project_without_step(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """90 days after a project was validated, without any step opened or news of the person since."""
    validated = _validated_on(step)
    if validated is None or any(entry.occurred_on >= validated for entry in step.all("followup")):
        return QUIET
    opened = (other.step.opened_on for other in step.person.steps if other is not step)
    if any(on is not None and on >= validated for on in opened):
        return QUIET
    shown = validated + days(settings["cep_project_without_step.days"])
    return from_marks(step.day, f"{validated}", [Mark(shown, WATCH)], values={"since": validated})


def _validated_on(step: StepFacts) -> date | None:
    told = [entry for entry in step.all("synthesis_given") if entry.data.get("project") not in {None, STAYS}]
    return told[-1].occurred_on if told else None
