"""Signals of the contrat de sécurisation professionnelle: its legal steps, one after the other."""

from collections.abc import Mapping
from typing import Any

from pathways.detection.facts import StepFacts
from pathways.detection.finding import ALERT, INFO, QUIET, WATCH, Findings, Mark, from_marks
from pathways.detection.rule import Family, rule
from pathways.workflows import deadlines
from pathways.workflows.dates import ONE_DAY, add_months, days
from pathways.workflows.states import State as S

_BEGUN = {S.ASSESSING, S.ACTIVE, S.WORK_PERIOD, S.SUSPENDED_SICK}


@rule(
    "csp_reflection_ending",
    "Délai de réflexion du CSP",
    family=Family.DEADLINE,
    schemes={"CSP"},
    states={S.PROPOSED},
    levels=(INFO,),
    closes="La réponse, ou la fin du délai.",
    source="CT L1233-67 ; rappels de pratique",
)
def csp_reflection_ending(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """Reminders on the 14th and 19th of the 21 days to answer."""
    proposed = step.first("csp_proposed")
    if proposed is None:
        return QUIET
    return from_marks(
        step.day,
        f"{proposed.occurred_on}",
        [Mark(proposed.occurred_on + days(n), INFO, str(n), {"day": n}) for n in settings["csp_reflection_ending.days"]],
        evidence=(proposed,),
        values={"last_day": proposed.occurred_on + days(deadlines.REFLECTION_DAYS)},
    )


@rule(
    "csp_reflection_expired",
    "Délai de réflexion du CSP dépassé",
    family=Family.DEADLINE,
    schemes={"CSP"},
    states={S.PROPOSED, S.DECLINED},
    levels=(ALERT,),
    closes="Le lendemain, ou une réponse donnée à temps.",
    source="CT L1233-67",
)
def csp_reflection_expired(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """The 22nd day without an answer: silence is a refusal, and the clock declines the proposal that day."""
    proposed, expired = step.first("csp_proposed"), deadlines.end_of_reflection(step.step, step.person.pathway)
    answered = step.first("csp_accepted") or step.first("csp_declined")
    if proposed is None or expired is None or answered:
        return QUIET
    return from_marks(
        step.day,
        f"{proposed.occurred_on}",
        [Mark(expired, ALERT)],
        until=expired,
        evidence=(proposed,),
        values={"last_day": expired - ONE_DAY},
    )


@rule(
    "csp_prebilan_overdue",
    "Pré-bilan du CSP en retard",
    family=Family.DEADLINE,
    schemes={"CSP"},
    states=_BEGUN,
    levels=(ALERT,),
    closes="Le pré-bilan.",
    source="Convention du 26 janvier 2015 relative au CSP",
)
def csp_prebilan_overdue(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """More than 8 days from the start without the pre-assessment."""
    started = step.first("accompaniment_started")
    if started is None or step.first("csp_prebilan_done"):
        return QUIET
    due = started.occurred_on + days(settings["csp_prebilan_overdue.days"])
    return from_marks(step.day, f"{started.occurred_on}", [Mark(due + ONE_DAY, ALERT)], evidence=(started,), values={"due": due})


@rule(
    "csp_plan_overdue",
    "Plan du CSP en retard",
    family=Family.DEADLINE,
    schemes={"CSP"},
    states=_BEGUN,
    levels=(ALERT,),
    closes="Le plan signé.",
    source="Convention du 26 janvier 2015 relative au CSP",
)
def csp_plan_overdue(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """More than a month from the pre-assessment without a signed plan."""
    done = step.first("csp_prebilan_done")
    if done is None or step.first("csp_plan_signed"):
        return QUIET
    due = add_months(done.occurred_on, settings["csp_plan_overdue.months"])
    return from_marks(step.day, f"{done.occurred_on}", [Mark(due + ONE_DAY, ALERT)], evidence=(done,), values={"due": due})


@rule(
    "csp_no_action_m4",
    "CSP sans action au 4e mois",
    family=Family.DEADLINE,
    schemes={"CSP"},
    states=_BEGUN,
    levels=(WATCH,),
    closes="Une formation, un emploi, une création ou une période travaillée.",
    source="Pratique du CSP",
)
def csp_no_action_m4(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """Four months from the start without training or work period."""
    started = step.first("accompaniment_started")
    if started is None or step.first("work_period"):
        return QUIET
    if any(other is not step and other.took_part_since(started.occurred_on) for other in step.person.steps):
        return QUIET
    due = add_months(started.occurred_on, settings["csp_no_action_m4.months"])
    return from_marks(step.day, f"{started.occurred_on}", [Mark(due, WATCH)], evidence=(started,), values={"due": due})
