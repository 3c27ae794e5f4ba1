"""Signals of school leavers: nobody tried to reach them, or nobody could."""

from collections.abc import Mapping
from typing import Any

from pathways.detection.facts import StepFacts
from pathways.detection.finding import ALERT, QUIET, WATCH, Finding, Findings, Mark, from_marks
from pathways.detection.rule import Family, rule
from pathways.workflows.dates import days
from pathways.workflows.schemes.psad import out_of_reach_on
from pathways.workflows.states import State as S


@rule(
    "leaver_not_contacted",
    "Décrocheur non contacté",
    family=Family.CONTACT,
    schemes={"PSAD"},
    states={S.IDENTIFIED},
    levels=(WATCH,),
    closes="Une tentative de contact.",
    source="Pratique des PSAD",
)
def leaver_not_contacted(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """16th day after the identification without an attempt."""
    identified = step.first("leaver_identified")
    if identified is None or step.first("contact_attempt"):
        return QUIET
    shown = identified.occurred_on + days(settings["leaver_not_contacted.days"] + 1)
    return from_marks(
        step.day,
        f"{identified.occurred_on}",
        [Mark(shown, WATCH)],
        evidence=(identified,),
        values={"since": identified.occurred_on},
    )


@rule(
    "leaver_unreachable",
    "Décrocheur injoignable",
    family=Family.CONTACT,
    schemes={"PSAD"},
    states={S.UNREACHABLE, S.REACHED, S.INTERVIEWED},
    levels=(ALERT,),
    closes="Le jeune joint, ou la fin de la recherche.",
    source="Pratique des PSAD",
)
def leaver_unreachable(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """The third failed attempt in a row, on two channels at least, until the person is reached."""
    on = out_of_reach_on(step.step, step.person.pathway)
    if on is None:
        return QUIET
    attempts = step.all("contact_attempt")
    return Findings((Finding(f"{on}", ALERT, evidence=tuple(attempts[-3:]), values={"on": on, "attempts": len(attempts)}),))
