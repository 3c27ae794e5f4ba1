"""Signals of immersions: a report that does not come, an early end."""

from collections.abc import Mapping
from typing import Any

from pathways.detection.facts import StepFacts
from pathways.detection.finding import ALERT, QUIET, WATCH, Finding, Findings, Mark, from_marks
from pathways.detection.rule import Family, rule
from pathways.workflows.dates import days
from pathways.workflows.states import State as S


@rule(
    "immersion_report_missing",
    "Bilan d’immersion manquant",
    family=Family.DEADLINE,
    schemes={"PMSMP"},
    states={S.IN_IMMERSION, S.REPORT_EXPECTED},
)
def immersion_report_missing(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """More than seven days after the end without its report (CT D5135-6)."""
    ended = step.last("immersion_ended")
    end = ended.occurred_on if ended else step.step.planned_end
    if end is None:
        return QUIET
    shown = end + days(settings["immersion_report_missing.days"] + 1)
    return from_marks(step.day, f"{end}", [Mark(shown, WATCH)], evidence=[ended] if ended else (), values={"end": end})


@rule("immersion_broken", "Immersion interrompue", family=Family.DEADLINE, schemes={"PMSMP"}, states={S.BROKEN})
def immersion_broken(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """An immersion ended early, until its report."""
    broken = step.last("immersion_broken")
    if broken is None or step.first("immersion_report"):
        return QUIET
    return Findings((Finding(f"{broken.occurred_on}", ALERT, evidence=(broken,), values={"on": broken.occurred_on}),))
