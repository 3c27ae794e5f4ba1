"""Signals of single courses: a quote nobody answers, a job promised and not given, CléA, getting ready for an apprenticeship."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pathways.detection.facts import StepFacts
from pathways.detection.finding import CRITICAL, QUIET, WATCH, Findings, Mark, from_marks
from pathways.detection.rule import Family, rule
from pathways.workflows.dates import ONE_DAY, days
from pathways.workflows.schemes import clea
from pathways.workflows.states import State as S

_PROMISED = {"POEI", "AFPR", "POEC"}


@rule(
    "quote_pending",
    "Devis en attente",
    family=Family.DEADLINE,
    schemes={"AIF"},
    states={S.QUOTE_SUBMITTED, S.ACCEPTED_BY_PERSON},
    levels=(WATCH,),
    closes="Le financement accordé, le refus ou l’annulation.",
    source="Pratique de France Travail : réponse en dix jours environ",
)
def quote_pending(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """16th day after the quote was submitted, neither funded nor refused."""
    submitted = step.last("quote_submitted")
    if submitted is None:
        return QUIET
    shown = submitted.occurred_on + days(settings["quote_pending.days"] + 1)
    return from_marks(
        step.day, f"{submitted.occurred_on}", [Mark(shown, WATCH)], evidence=(submitted,),
        values={"since": submitted.occurred_on},
    )


@rule(
    "promise_broken",
    "Embauche promise non tenue",
    family=Family.GAP,
    schemes=_PROMISED,
    states={S.COMPLETED},
    levels=(CRITICAL,),
    closes="Un contrat signé ou commencé.",
    source="CT L6326-1 ; délai de pratique",
)
def promise_broken(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """15 days after the end of a course before a promised job, and no contract signed or begun.

    A collective course (POEC) answers the need of a branch: only a declared commitment is a promise there.
    """
    last, begun = step.last_day, step.started_on
    promised = step.last("employer_commitment") or step.detail("prescribed", "after_contract")
    if last is None or (step.step.scheme.code in _WITHOUT_EMPLOYER and not promised):
        return QUIET
    if any(_is_hired(other, begun or last) for other in step.person.steps if other is not step):
        return QUIET
    return from_marks(step.day, f"{last}", [Mark(last + days(settings["promise_broken.days"]), CRITICAL)], values={"since": last})


_WITHOUT_EMPLOYER = {"POEC"}


def _is_hired(other: StepFacts, since: date) -> bool:
    """A work contract agreed or begun since the course began."""
    if not other.is_contract:
        return False
    entries = (*other.all("work_contract_signed"), *other.all("work_contract_started"))
    return any(entry.occurred_on >= since for entry in entries)


@rule(
    "clea_course_missing",
    "CléA : parcours à commencer",
    family=Family.GAP,
    schemes={"CLEA"},
    states={S.ASSESSING, S.PRESCRIBED, S.ADMITTED, S.WAITLISTED},
    levels=(WATCH,),
    closes="L’entrée en formation, ou l’annulation.",
    source="Pratique du réseau CléA",
)
def clea_course_missing(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """60 days after a partial preliminary assessment without a course begun."""
    assessed = step.last("preliminary_assessment")
    if assessed is None or assessed.data.get("result") == "total":
        return QUIET
    shown = assessed.occurred_on + days(settings["clea_course_missing.days"])
    return from_marks(
        step.day, f"{assessed.occurred_on}", [Mark(shown, WATCH)], evidence=(assessed,), values={"since": assessed.occurred_on}
    )


@rule(
    "clea_limit_near",
    "CléA : fin des cinq ans proche",
    family=Family.DEADLINE,
    schemes={"CLEA"},
    levels=(WATCH,),
    closes="La certification, ou la fin des cinq ans.",
    source="Certif’Pro : cinq ans après l’évaluation préalable",
)
def clea_limit_near(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """180 days before the end of the five years after the preliminary assessment."""
    last = clea.last_day(step.step)
    if last is None or step.last("certification_result"):
        return QUIET
    shown = last - days(settings["clea_limit_near.days"])
    return from_marks(step.day, f"{last}", [Mark(shown, WATCH)], until=last, values={"last_day": last})


@rule(
    "prepa_without_employer",
    "Préparation sans employeur",
    family=Family.GAP,
    schemes={"PREPA_APPRENTISSAGE"},
    states={S.IN_TRAINING, S.PAUSED},
    levels=(WATCH,),
    closes="Un contrat d’apprentissage signé, ou la fin de la préparation.",
    source="Programme national de prépa-apprentissage",
)
def prepa_without_employer(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """30 days before the end of the preparation without an apprenticeship signed."""
    end = step.step.planned_end
    if end is None or any(_is_hired(other, step.started_on or step.day) for other in step.person.steps):
        return QUIET
    shown = end - days(settings["prepa_without_employer.days"])
    return from_marks(step.day, f"{end}", [Mark(shown, WATCH)], until=end - ONE_DAY, values={"end": end})


@rule(
    "apprenticeship_far",
    "Contrat loin après la préparation",
    family=Family.GAP,
    schemes={"PREPA_APPRENTISSAGE"},
    outlives=True,
    levels=(WATCH,),
    closes="Le contrat commencé.",
    source="Passages d’un dispositif à l’autre : 60 jours au plus (pratique)",
)
def apprenticeship_far(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """The apprenticeship signed begins more than 60 days after the end of the preparation."""
    last = step.last_day if step.step.is_final else step.step.planned_end
    if last is None or not step.started_on:
        return QUIET
    signed = [
        other.step.planned_start
        for other in step.person.steps
        if other.is_contract and other.is_confirmed and other.step.planned_start
    ]
    far = min((start for start in signed if start > last + days(settings["apprenticeship_far.days"])), default=None)
    if far is None:
        return QUIET
    return from_marks(step.day, f"{far}", [Mark(step.day, WATCH)], until=far - ONE_DAY, values={"end": last, "start": far})
