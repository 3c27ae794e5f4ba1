"""Who may begin an apprenticeship, and for how long (CT L6222-1, L6222-2, L6222-7-1)."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from pathways.errors import Reason
from pathways.workflows import deadlines, limits
from pathways.workflows.dates import add_months, age_on
from pathways.workflows.predicates import BORN, Holds, Predicate, recognised, stated
from pathways.workflows.states import State as S

if TYPE_CHECKING:
    from pathways.workflows.fold import Pathway

APPRENTICESHIPS = frozenset({"APPRENTISSAGE", "CFA_2E_CHANCE"})
_SUFFERED = frozenset({
    "INAPTITUDE", "FORCE_MAJEURE", "DECES_EMPLOYEUR", "LIQUIDATION_EMPLOYEUR", "CESSATION_ACTIVITE", "MANQUEMENTS_EMPLOYEUR",
    "SUSPENSION_ADMINISTRATIVE",
})
"""Breaks outside the apprentice's will (CT L6222-2, D6222-1)."""
LEAST_AGE, COLLEGE_AGE, SECOND_CONTRACT_AGE, SECOND_CONTRACT_MONTHS = 16, 15, 35, 12
LEAST_MONTHS, MOST_MONTHS, MOST_MONTHS_RQTH = 6, 36, 48


def _follows_another(pathway: "Pathway", start: date) -> Holds:
    """The contract follows one broken outside the apprentice's will less than a year before, or was stated to follow one."""
    for step in pathway.steps.values():
        if step.scheme.code not in APPRENTICESHIPS:
            continue
        broken, why = deadlines.broken_on(step), step.detail("contract_broken", "reason")
        if broken and why in _SUFFERED and broken <= start <= add_months(broken, SECOND_CONTRACT_MONTHS):
            return True
    return stated(pathway, "apprentice_second_contract", start)


def aged_to_begin(below: int) -> Predicate:
    """16 (15 once collège is finished) to the eve of ``below`` on the first day; past it, only who is in a case of CT L6222-2."""

    def first_day(day: date, details: Mapping[str, Any]) -> date:
        return limits.period(details, day)[0]

    def holds(pathway: "Pathway", day: date, details: Mapping[str, Any]) -> Holds:
        if pathway.born is None:
            return None
        start = first_day(day, details)
        age = age_on(pathway.born, start)
        if age < LEAST_AGE:
            return stated(pathway, "finished_college", start) if age == COLLEGE_AGE else False
        if age < below or recognised(pathway, start) or stated(pathway, "apprentice_without_age_limit", start):
            return True
        return age <= SECOND_CONTRACT_AGE and bool(_follows_another(pathway, start))

    def against(pathway: "Pathway", day: date, details: Mapping[str, Any]) -> Reason:
        assert pathway.born is not None
        age = age_on(pathway.born, first_day(day, details))
        if age < LEAST_AGE:
            limit = LEAST_AGE if age == COLLEGE_AGE else COLLEGE_AGE
            return Reason(f"age_below_{limit}", {"age": age, "limit": limit})
        return Reason(f"age_above_{below}", {"age": age, "limit": below})

    label = f"Avoir de {LEAST_AGE} à {below - 1} ans au début du contrat ({COLLEGE_AGE} ans, collège terminé), sauf cas L6222-2"
    return Predicate("age", label, (BORN, "finished_college"), holds, against)


def length(pathway: "Pathway", day: date, details: Mapping[str, Any]) -> list[Reason]:
    """Six months to three years (CT L6222-7-1), four with an RQTH (R6222-46); shorter after a break (R6222-23-1)."""
    start, end = limits.period(details, day)
    goes_on = any(step.state == S.BROKEN_CONTINUING_CFA for step in pathway.steps.values())
    most = MOST_MONTHS_RQTH if recognised(pathway, start) else MOST_MONTHS
    return [*limits.too_short(start, end, None if goes_on else LEAST_MONTHS), *limits.too_long(start, end, most)]
