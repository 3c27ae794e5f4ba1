"""Signals of immersions: a report that does not come, an early end, a host used too much."""

from collections.abc import Mapping
from typing import Any

from pathways.detection.facts import StepFacts
from pathways.detection.finding import ALERT, QUIET, WATCH, Finding, Findings, Mark, from_marks
from pathways.detection.rule import Family, rule
from pathways.workflows.dates import days
from pathways.workflows.schemes import pmsmp
from pathways.workflows.states import State as S


@rule(
    "immersion_report_missing",
    "Bilan d’immersion manquant",
    family=Family.DEADLINE,
    schemes={"PMSMP"},
    states={S.IN_IMMERSION, S.REPORT_EXPECTED},
    levels=(WATCH,),
    closes="Le bilan de l’immersion.",
    source="CT D5135-6",
)
def immersion_report_missing(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """More than seven days after the end without its report (CT D5135-6)."""
    ended = step.last("immersion_ended")
    end = ended.occurred_on if ended else step.step.planned_end
    if end is None:
        return QUIET
    shown = end + days(settings["immersion_report_missing.days"] + 1)
    return from_marks(step.day, f"{end}", [Mark(shown, WATCH)], evidence=[ended] if ended else (), values={"end": end})


@rule(
    "immersion_broken",
    "Immersion interrompue",
    family=Family.DEADLINE,
    schemes={"PMSMP"},
    states={S.BROKEN},
    levels=(ALERT,),
    closes="Le bilan de l’immersion.",
    source="CT D5135-6",
)
def immersion_broken(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """An immersion ended early, until its report."""
    broken = step.last("immersion_broken")
    if broken is None or step.first("immersion_report"):
        return QUIET
    return Findings((Finding(f"{broken.occurred_on}", ALERT, evidence=(broken,), values={"on": broken.occurred_on}),))


@rule(
    "host_overused",
    "Trop d’immersions dans une structure",
    family=Family.ELIGIBILITY,
    schemes={"PMSMP"},
    states={S.AGREED, S.IN_IMMERSION, S.REPORT_EXPECTED},
    levels=(WATCH,),
    closes="L’annulation ou le bilan de l’immersion.",
    source="CT D5135-3, L5135-7",
)
def host_overused(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """An agreement that passes two with the same host in twelve months, repeats an object, or goes beyond 60 days in all."""
    entry, agreement = step.last("immersion_agreed"), pmsmp.agreed(step.step)
    if entry is None or agreement is None:
        return QUIET
    passed = pmsmp.over_used(pmsmp.at_one_host(step.person.pathway, agreement, step.step))
    if passed is None:
        return QUIET
    values = {"count": passed["count"], "total": passed["total"], "on": agreement.start}
    return Findings((Finding(f"{agreement.start}", WATCH, evidence=(entry,), values=values),))
