"""Signals of contracts: the first weeks of an apprenticeship, a break, the search for a new employer."""

from collections.abc import Mapping
from typing import Any

from pathways.detection.facts import StepFacts
from pathways.detection.finding import ALERT, CRITICAL, INFO, QUIET, WATCH, Findings, Mark, from_marks
from pathways.detection.rule import Family, rule
from pathways.workflows import deadlines
from pathways.workflows.dates import add_months, days
from pathways.workflows.entry import Entry
from pathways.workflows.schemes import SCHEMES
from pathways.workflows.states import State as S

_RUNNING = {S.PROBATION, S.IN_CONTRACT}
_IN_COMPANY_DAYS = {
    code
    for code, scheme in SCHEMES.items()
    if any(clock.name == deadlines.PROBATION_OVER for clock in scheme.workflow.clocks.get(S.PROBATION, ()))
}
"""Apprenticeships: the contracts whose probation is counted in days in the company."""
_NEW_CONTRACT = "Un nouveau contrat commencé."


@rule(
    "apprentice_no_visit",
    "Pas de point à 30 jours",
    family=Family.CONTRACT,
    schemes=_IN_COMPANY_DAYS,
    states=_RUNNING,
    levels=(WATCH,),
    closes="Un point sur le contrat, ou sa fin.",
    source="Pratique des CFA",
    fed=True,
)
def apprentice_no_visit(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """The 30th company day without a check-in."""
    reached = step.company_day(settings["apprentice_no_visit.company_days"])
    if reached is None or step.first("contract_checkin"):
        return QUIET
    return from_marks(
        step.day, "30", [Mark(reached, WATCH)], values={"days": settings["apprentice_no_visit.company_days"], "on": reached}
    )


@rule(
    "apprentice_probation_end_soon",
    "Fin de période probatoire proche",
    family=Family.CONTRACT,
    schemes=_IN_COMPANY_DAYS,
    states={S.PROBATION},
    levels=(INFO,),
    closes="La fin de la période probatoire.",
    source="CT L6222-18",
)
def apprentice_probation_end_soon(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """The 35th of the 45 company days in which either side may break (CT L6222-18)."""
    reached = step.company_day(settings["apprentice_probation_end_soon.company_days"])
    if reached is None:
        return QUIET
    ends = step.company_day(deadlines.PROBATION_COMPANY_DAYS)
    return from_marks(step.day, "35", [Mark(reached, INFO)], values={"on": reached, "ends": ends})


@rule(
    "contract_broken",
    "Rupture de contrat",
    family=Family.CONTRACT,
    kinds={"contract"},
    outlives=True,
    levels=(CRITICAL,),
    closes=_NEW_CONTRACT,
    source="CT L6222-18 ; motifs de rupture",
    after={"contract_broken"},
)
def contract_broken(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """The first day without contract, until a new one starts; an early end for a diploma or a job is not a rupture."""
    broken = _unanswered_break(step)
    if broken is None:
        return QUIET
    return from_marks(
        step.day,
        f"{broken.data['broken_on']}",
        [Mark(broken.data["broken_on"], CRITICAL)],
        evidence=(broken,),
        values={"on": broken.data["broken_on"], "reason": broken.data.get("reason")},
    )


@rule(
    "contract_broken_early",
    "Rupture dans les premiers mois",
    family=Family.CONTRACT,
    schemes={"EMPLOI"},
    outlives=True,
    levels=(ALERT,),
    closes=_NEW_CONTRACT,
    source="Pratique : appui dans l’emploi",
    after={"contract_broken"},
)
def contract_broken_early(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """A job broken within its first three months."""
    broken, started = _unanswered_break(step), step.first("work_contract_started")
    if broken is None or started is None:
        return QUIET
    if broken.data["broken_on"] >= add_months(started.occurred_on, settings["contract_broken_early.months"]):
        return QUIET
    return from_marks(
        step.day,
        f"{broken.data['broken_on']}",
        [Mark(broken.data["broken_on"], ALERT)],
        evidence=(broken,),
        values={"on": broken.data["broken_on"], "started": started.occurred_on},
    )


@rule(
    "contract_broken_no_employer",
    "Rupture sans nouvel employeur",
    family=Family.CONTRACT,
    kinds={"contract"},
    outlives=True,
    levels=(ALERT, CRITICAL),
    closes=_NEW_CONTRACT,
    source="CT L6222-18-2 ; pratique des CFA",
    after={"contract_broken"},
)
def contract_broken_no_employer(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """45, 90 and 150 days after the break without a new contract: the CFA keeps the apprentice six months (CT L6222-18-2)."""
    broken = _unanswered_break(step)
    if broken is None:
        return QUIET
    first = broken.data["broken_on"]
    levels = (ALERT, ALERT, CRITICAL)
    return from_marks(
        step.day,
        f"{first}",
        [
            Mark(first + days(n), level, str(n), {"days": n})
            for n, level in zip(settings["contract_broken_no_employer.days"], levels, strict=True)
        ],
        evidence=(broken,),
        values={"on": first},
    )


def _unanswered_break(step: StepFacts) -> Entry | None:
    broken = step.last("contract_broken")
    if broken is None or step.broken_on is None or not broken.data.get("broken_on"):
        return None
    return None if step.person.contract_started_since(step.broken_on, but=step) else broken


@rule(
    "maintien_expired",
    "Fin du maintien en CFA",
    family=Family.CONTRACT,
    kinds={"contract"},
    states={S.BROKEN_CONTINUING_CFA, S.DROPPED_OUT},
    levels=(CRITICAL,),
    closes="Elle se montre un seul jour.",
    source="CT L6222-18-2",
)
def maintien_expired(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """The day after the six months in which the CFA keeps the apprentice (CT L6222-18-2); the clock ends the step that day."""
    over, ended = deadlines.end_of_maintenance(step.step, step.person.pathway), step.step.history[-1]
    if step.state == S.DROPPED_OUT:
        over = ended.on if ended.clock == "maintenance_over" else None
    if over is None:
        return QUIET
    broken = step.last("contract_broken")
    return from_marks(
        step.day, f"{over}", [Mark(over, CRITICAL)], until=over, evidence=[broken] if broken else (), values={"on": over}
    )


@rule(
    "no_employer_found",
    "CFA sans employeur",
    family=Family.CONTRACT,
    kinds={"contract"},
    states={S.CFA_WITHOUT_CONTRACT},
    levels=(WATCH,),
    closes="Un contrat signé, ou le dernier jour des trois mois.",
    source="CT L6222-12-1",
    fed=True,
)
def no_employer_found(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """From the 60th day of a CFA cycle begun without employer, until the eve of its last day."""
    entered, last = step.first("cfa_entered_without_contract"), deadlines.pre_contract_last_day(step.step)
    if entered is None or last is None:
        return QUIET
    shown = entered.occurred_on + days(settings["no_employer_found.days"])
    return from_marks(
        step.day,
        f"{entered.occurred_on}",
        [Mark(shown, WATCH)],
        until=last - days(1),
        evidence=(entered,),
        values={"since": entered.occurred_on, "last_day": last},
    )
