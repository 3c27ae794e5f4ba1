"""Signals of the PASS IAE: a suspension that lasts."""

from collections.abc import Mapping
from typing import Any

from pathways.detection.facts import StepFacts
from pathways.detection.finding import ALERT, QUIET, Findings, Mark, from_marks
from pathways.detection.rule import Family, rule
from pathways.workflows.dates import ONE_DAY, add_months
from pathways.workflows.states import State as S


@rule(
    "iae_long_suspension",
    "PASS IAE suspendu",
    family=Family.DEADLINE,
    schemes={"IAE"},
    states={S.SUSPENDED},
    levels=(ALERT,),
    closes="La reprise ou la fin du PASS.",
    source="CT R5132-1-1 à R5132-1-23",
)
def iae_long_suspension(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """Suspended for more than twelve months: the PASS may be ended."""
    since, cause = step.step.since, step.step.history[-1].cause
    if since is None:
        return QUIET
    over = add_months(since, settings["iae_long_suspension.months"])
    return from_marks(
        step.day, f"{since}", [Mark(over + ONE_DAY, ALERT)], evidence=[cause] if cause else (), values={"since": since}
    )
