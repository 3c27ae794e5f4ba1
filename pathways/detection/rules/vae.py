"""Signals of the recognition of experience (VAE): a certifier who does not answer, a delay that runs out, a jury that waits."""

from collections.abc import Mapping
from typing import Any

from pathways.detection.facts import StepFacts
from pathways.detection.finding import QUIET, WATCH, Finding, Findings, Mark, from_marks
from pathways.detection.rule import Family, rule
from pathways.workflows.dates import ONE_DAY, days
from pathways.workflows.schemes.vae import SILENCE, admissible_until, answer_due, jury_due
from pathways.workflows.states import State as S

_SOURCE = "CT R6412-1 à R6412-7 (décret du 27 décembre 2023)"
_ANSWERS = ("admissible", "vae_step")


@rule(
    "vae_answer_late",
    "Certificateur sans réponse",
    family=Family.DEADLINE,
    schemes={"VAE"},
    states={S.ADMISSIBLE},
    levels=(WATCH,),
    closes="La recevabilité notifiée, ou l’étape suivante.",
    source=_SOURCE,
)
def vae_answer_late(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """The day after the two months of a complete file: silence is admission, until the answer or a next step is declared."""
    admitted, due = step.step.history[-1], answer_due(step.step)
    if admitted.clock != SILENCE or due is None:
        return QUIET
    if any(entry.occurred_on >= admitted.on for event in _ANSWERS for entry in step.all(event)):
        return QUIET
    complete = step.last("admissibility_pending")
    evidence = (complete,) if complete else ()
    return Findings((Finding(f"{due}", WATCH, evidence=evidence, values={"due": due, "since": due + ONE_DAY}),))


@rule(
    "vae_lapse_near",
    "Recevabilité bientôt caduque",
    family=Family.DEADLINE,
    schemes={"VAE"},
    states={S.ADMISSIBLE},
    levels=(WATCH,),
    closes="Une démarche enregistrée, ou la caducité.",
    source=_SOURCE,
)
def vae_lapse_near(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """30 days before the last day of the six months in which a first step must be recorded."""
    last = admissible_until(step.step)
    if last is None:
        return QUIET
    shown = last - days(settings["vae_lapse_near.days"])
    return from_marks(step.day, f"{last}", [Mark(shown, WATCH)], values={"last_day": last})


@rule(
    "vae_jury_late",
    "Jury de VAE en retard",
    family=Family.DEADLINE,
    schemes={"VAE"},
    states={S.JURY_PLANNED},
    levels=(WATCH,),
    closes="Le résultat, ou un jury prévu à temps.",
    source=_SOURCE,
)
def vae_jury_late(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """The day after the third month that follows the deposit of the validation file, unless the jury is known to be in time."""
    due, jury = jury_due(step.step), step.detail("jury_planned", "jury_on")
    if due is None or (jury is not None and jury <= due):
        return QUIET
    return from_marks(step.day, f"{due}", [Mark(due + ONE_DAY, WATCH)], values={"due": due})


@rule(
    "vae_result_late",
    "Résultat de VAE en retard",
    family=Family.DEADLINE,
    schemes={"VAE"},
    states={S.JURY_PLANNED},
    levels=(WATCH,),
    closes="Le résultat du jury.",
    source=_SOURCE,
)
def vae_result_late(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """More than 15 days after the jury without its result."""
    jury = step.detail("jury_planned", "jury_on")
    if jury is None:
        return QUIET
    due = jury + days(settings["vae_result_late.days"])
    return from_marks(step.day, f"{jury}", [Mark(due + ONE_DAY, WATCH)], values={"jury": jury, "due": due})


@rule(
    "vae_partial_without_plan",
    "Validation partielle sans suite",
    family=Family.GAP,
    schemes={"VAE"},
    states={S.PARTLY_VALIDATED},
    levels=(WATCH,),
    closes="Un plan déclaré, ou une autre étape commencée.",
    source="Pratique",
)
def vae_partial_without_plan(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """More than 60 days after a partial validation without a plan, nor any step begun since."""
    told = step.last("partly_validated")
    if told is None or step.first("vae_plan"):
        return QUIET
    opened = (other.step.opened_on for other in step.person.steps if other is not step)
    if any(on is not None and on >= told.occurred_on for on in opened):
        return QUIET
    shown = told.occurred_on + days(settings["vae_partial_without_plan.days"] + 1)
    return from_marks(
        step.day, f"{told.occurred_on}", [Mark(shown, WATCH)], evidence=(told,), values={"since": told.occurred_on}
    )
