"""What is asked of somebody one, three and six months after a course, and what the answers count as.

Sources: indicators F12 and F13 of the annual evaluation (in a job, in a durable job six months after), outcome typology of
the SIAE network. The codes of the common list of exits stay valid answers: feeds and earlier entries use them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pathways.workflows.outcomes import CONTRACT_KINDS, EXITS, OUTCOMES, Category

IN_A_JOB, WORK_STUDY, BUSINESS, OUT_OF_REACH = "EN_EMPLOI", "EN_ALTERNANCE", "CREATION_ENTREPRISE", "INJOIGNABLE"
SITUATIONS: dict[str, str] = {
    IN_A_JOB: "En emploi",
    WORK_STUDY: "En alternance",
    BUSINESS: "Entreprise créée ou reprise",
    "SERVICE_CIVIQUE": "En service civique",
    "EN_FORMATION": "En formation",
    "RETOUR_SCOLARITE": "En scolarité ou en études",
    "ACCOMPAGNE": "Accompagné, sans emploi ni formation",
    "RECHERCHE_EMPLOI": "En recherche d’emploi",
    "INACTIVITE": "Sans activité ni recherche",
    "INDISPONIBLE": "Durablement indisponible",
    OUT_OF_REACH: "Injoignable après plusieurs essais",
}
"""What one may answer on screen. ``INDISPONIBLE`` (illness, birth, detention…) never says why and leaves the count."""
ANSWERS: dict[str, str] = EXITS | SITUATIONS
WORKING = frozenset({IN_A_JOB, WORK_STUDY, BUSINESS})
"""Situations of which the contract is asked."""
CONTRACTS: dict[str, str] = CONTRACT_KINDS | {"fonction_publique": "Fonction publique"}
OFFERED: Mapping[str, tuple[str, ...]] = {
    IN_A_JOB: ("cdi", "cdd", "interim", "fonction_publique", "saisonnier", "particulier", "cddi", "cui_cae", "cui_cie"),
    WORK_STUDY: ("apprentissage", "professionnalisation"),
    BUSINESS: ("independant",),
}
"""Contracts that make sense for a situation."""
SIX_MONTHS = 6
LONG, SHORT = "6m_plus", "moins_6m"
LENGTHS: dict[str, str] = {LONG: "Six mois ou plus", SHORT: "Moins de six mois", "inconnue": "Durée inconnue"}
SUFFERED = "partiel_subi"
WORKING_TIMES: dict[str, str] = {"plein": "Temps plein", "partiel_choisi": "Temps partiel choisi", SUFFERED: "Temps partiel subi"}
SAME_JOB: dict[str, str] = {"oui": "Le même emploi", "non": "Un autre emploi"}
GOT_FROM: dict[str, str] = {
    "personne": "La personne",
    "organisme": "Un organisme qui la suit",
    "employeur": "L’employeur, par l’organisme",
}
NEVER_ENDS = frozenset({"cdi", "fonction_publique", "independant"})
AIDED = frozenset({"cddi", "cui_cae", "cui_cie"})
"""Contracts that count as a transition, whatever their length."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one answer counts as. ``durable`` None: in a job whose length nobody knows.

    ``answered`` False: nobody was reached, the answer is missing from the response rate. ``neutral``: out of the count.
    """

    answered: bool = True
    neutral: bool = False
    working: bool = False
    durable: bool | None = False
    part_time_suffered: bool = False


def reading(data: Mapping[str, Any]) -> Reading:
    """What F12 and F13 count of the details of a ``followup``."""
    situation = data.get("situation")
    if situation == OUT_OF_REACH:
        return Reading(answered=False)
    category = OUTCOMES[situation][0] if situation in OUTCOMES else None
    if situation == "INDISPONIBLE" or category is Category.NEUTRALISED:
        return Reading(neutral=True)
    suffered = data.get("working_time") == SUFFERED
    if situation in {IN_A_JOB, WORK_STUDY}:
        return Reading(working=True, durable=_lasts(data), part_time_suffered=suffered)
    working = category in {Category.DURABLE_JOB, Category.TRANSITION_JOB, Category.WORK_STUDY} or situation == "AUTRE_SIAE"
    return Reading(working=working, durable=category is Category.DURABLE_JOB, part_time_suffered=working and suffered)


def _lasts(data: Mapping[str, Any]) -> bool | None:
    """An open-ended contract, or six months or more. Work-study is counted apart: durable only where it is open-ended."""
    contract, months = data.get("contract"), data.get("months")
    if contract in NEVER_ENDS:
        return True
    if contract in AIDED or data.get("situation") == WORK_STUDY:
        return False
    if months is not None:
        return bool(months >= SIX_MONTHS)
    return {LONG: True, SHORT: False}.get(str(data.get("length")))
