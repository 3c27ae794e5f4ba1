"""Signals of what a contract owes besides work: a tutor, a review, training, an interview before the end, news of the job."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pathways.detection.facts import NOT_ACCOMPANYING, StepFacts
from pathways.detection.finding import QUIET, WATCH, Finding, Findings, Mark, from_marks, together
from pathways.detection.rule import Family, rule
from pathways.workflows.actors import ACCOMPANYING
from pathways.workflows.dates import ONE_DAY, add_months, days
from pathways.workflows.entry import Entry
from pathways.workflows.states import State as S

_RUNNING = {S.PROBATION, S.IN_CONTRACT}
_AIDED = {"CUI_CAE", "CUI_CIE", "EMPLOI_AVENIR"}
ADEQUACY, TRAINING, EXIT = "adequation_programme", "formation", "entretien_sortie"
"""What a check-in was about (detail ``kind`` of `contract_checkin`)."""


def _checkins(step: StepFacts, about: str) -> list[Entry]:
    return [entry for entry in step.all("contract_checkin") if entry.data.get("kind") == about]


@rule(
    "adequacy_review_overdue",
    "Point sur le programme en retard",
    family=Family.CONTRACT,
    schemes={"CONTRAT_PRO"},
    states=_RUNNING,
    levels=(WATCH,),
    closes="Un point sur l’adéquation du programme, ou la fin du contrat.",
    source="CT D6325-13",
)
def adequacy_review_overdue(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """The day after the two months in which employer and employee check that the programme fits."""
    started = step.first("work_contract_started")
    if started is None or _checkins(step, ADEQUACY):
        return QUIET
    due = add_months(started.occurred_on, settings["adequacy_review_overdue.months"])
    return from_marks(
        step.day, f"{started.occurred_on}", [Mark(due + ONE_DAY, WATCH)], evidence=(started,), values={"due": due}
    )


@rule(
    "tutor_missing",
    "Contrat sans tuteur",
    family=Family.CONTRACT,
    kinds={"contract"},
    states=_RUNNING,
    levels=(WATCH,),
    closes="Une déclaration qui dit qu’un tuteur est désigné, ou la fin du contrat.",
    source="CT D6325-6 (contrat de professionnalisation), L5134-20 (contrats aidés)",
)
def tutor_missing(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """Somebody said that there is no tutor, and nobody said since that there is one; unsaid is unknown."""
    said = [
        entry
        for event in ("work_contract_started", "contract_checkin")
        for entry in step.all(event)
        if entry.data.get("tutor")
    ]
    last = max(said, key=lambda entry: (entry.occurred_on, entry.data["tutor"] == "designated"), default=None)
    if last is None or last.data["tutor"] != "none":
        return QUIET
    return Findings((Finding(f"{last.occurred_on}", WATCH, evidence=(last,), values={"since": last.occurred_on}),))


@rule(
    "training_action_missing",
    "Contrat aidé sans formation",
    family=Family.CONTRACT,
    schemes=_AIDED,
    states=_RUNNING,
    levels=(WATCH,),
    closes="Une formation commencée, un point qui en rend compte, ou la fin du contrat.",
    source="CT L5134-20, L5134-65 ; pratique du PEC",
)
def training_action_missing(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """Three months from the first day without any training action."""
    started = step.first("work_contract_started")
    if started is None or _checkins(step, TRAINING):
        return QUIET
    trained = (
        other.step.scheme.family.code == "training" and other.took_part_since(started.occurred_on) for other in step.person.steps
    )
    if any(trained):
        return QUIET
    due = add_months(started.occurred_on, settings["training_action_missing.months"])
    return from_marks(step.day, f"{started.occurred_on}", [Mark(due, WATCH)], evidence=(started,), values={"due": due})


@rule(
    "exit_interview_missing",
    "Entretien de sortie à faire",
    family=Family.CONTRACT,
    schemes=_AIDED,
    states=_RUNNING,
    levels=(WATCH,),
    closes="L’entretien de sortie, ou la fin du contrat.",
    source="Pratique du PEC : entretien 1 à 3 mois avant la fin",
)
def exit_interview_missing(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """60 days before the planned end without the exit interview, which counts from three months before the end."""
    end = step.step.planned_end
    if end is None:
        return QUIET
    opens = add_months(end, -settings["exit_interview_missing.months"])
    if any(entry.occurred_on >= opens for entry in _checkins(step, EXIT)):
        return QUIET
    shown = end - days(settings["exit_interview_missing.days"])
    return from_marks(step.day, f"{end}", [Mark(shown, WATCH)], until=end - ONE_DAY, values={"end": end})


@rule(
    "job_followup_overdue",
    "Contact dans l’emploi en retard",
    family=Family.CONTRACT,
    schemes={"EMPLOI"},
    states={S.IN_CONTRACT},
    levels=(WATCH,),
    closes="Un échange avec la personne ou un point sur le contrat, ou la fin de l’emploi.",
    source="Pratique : appui dans l’emploi",
)
def job_followup_overdue(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """The day after the 15th day, the last day of the trial, then three months, without a contact since the one before.

    For somebody an accompanying body follows, or whose job it recorded; the trial counts where its last day is declared.
    """
    started = step.first("work_contract_started")
    if started is None or not _is_followed(step):
        return QUIET
    spoken, since = max(_news(step), default=None), started.occurred_on
    answers = []
    for threshold, due in _follow_ups(step, started, settings):
        if spoken is None or spoken < since:
            answers.append(from_marks(
                step.day, f"{started.occurred_on}", [Mark(due + ONE_DAY, WATCH, threshold)], evidence=(started,),
                values={"started": started.occurred_on, "due": due, "which": threshold},
            ))
        since = due + ONE_DAY
    return together(answers)


def _follow_ups(step: StepFacts, started: Entry, settings: Mapping[str, Any]) -> list[tuple[str, date]]:
    """Each contact owed with its last day, in order of days."""
    trial = step.detail("work_contract_started", "trial_last_day")
    owed = [
        ("days", started.occurred_on + days(settings["job_followup_overdue.days"])),
        *([("trial", trial)] if trial else []),
        ("months", add_months(started.occurred_on, settings["job_followup_overdue.months"])),
    ]
    return sorted(owed, key=lambda each: each[1])


def _is_followed(step: StepFacts) -> bool:
    told = (*step.all("work_contract_signed"), *step.all("work_contract_started"))
    return step.person.lead is not None or any(entry.kind in ACCOMPANYING for entry in told)


def _news(step: StepFacts) -> Iterator[date]:
    """The days an accompanying body spoke with the person, somebody reviewed the contract, or asked what became of them."""
    yield from (entry.occurred_on for entry in step.person.pathway.contacts if entry.kind not in NOT_ACCOMPANYING)
    yield from (entry.occurred_on for entry in step.all("contract_checkin"))
    yield from (entry.occurred_on for other in step.person.steps for entry in other.all("followup"))


@rule(
    "absence_reported",
    "Absence signalée par l’accueil",
    family=Family.ATTENDANCE,
    kinds={"contract"},
    states={S.IN_CONTRACT},
    levels=(WATCH,),
    closes="Un échange avec la personne ou un point sur le contrat, ou la fin de la mission.",
    source="Pratique du service civique",
    after={"absence_reported"},
)
def absence_reported(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """The host says that somebody does not come, without excuse, until somebody speaks with the person."""
    spoken = max((entry.occurred_on for entry in (*step.person.pathway.contacts, *step.all("contract_checkin"))), default=None)
    return Findings(tuple(
        Finding(f"{told.occurred_on}", WATCH, evidence=(told,), values={"on": told.occurred_on})
        for told in step.all("absence_reported")
        if not told.data.get("excused") and (spoken is None or spoken < told.occurred_on)
    ))
