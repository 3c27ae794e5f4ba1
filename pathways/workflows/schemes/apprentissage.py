"""Apprenticeship contract: probation counted in company days, and six months in the CFA after a break."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from pathways.workflows import deadlines, guards
from pathways.workflows.actors import ACCOMPANYING, CFA, CONTRACT_BODIES, REFERENT, TRAINING_BODIES
from pathways.workflows.apprenticeship import APPRENTICESHIPS, MOST_MONTHS, aged_to_begin, length
from pathways.workflows.definition import START, Workflow, at, note, on, when
from pathways.workflows.families import CONTRACT, followed, is_a_rupture, is_a_success
from pathways.workflows.scheme import Prolongation, Scheme, Version
from pathways.workflows.states import State as S

if TYPE_CHECKING:
    from pathways.workflows.fold import Pathway, Step

_BODIES = TRAINING_BODIES | {REFERENT}
_RUNNING = frozenset({S.PROBATION, S.IN_CONTRACT})
_WITH_A_CFA = APPRENTICESHIPS | {"CONTRAT_PRO"}
_BEFORE = frozenset({START, S.SEEKING_EMPLOYER, S.CFA_WITHOUT_CONTRACT})
def pre_contract_cap(step: "Step", pathway: "Pathway") -> date | None:
    """Three months to find an employer; nothing is capped once there is one."""
    return deadlines.pre_contract_last_day(step) if step.state == S.CFA_WITHOUT_CONTRACT else None


_LIMITS = (length,)
_PROLONGATIONS = (
    Prolongation("echec", "Après un échec à l’examen, un an au plus", "CT L6222-11", months=12, times=1),
    Prolongation("suspension", "Suspension que l’apprenti n’a pas voulue, jusqu’à la fin du cycle suivant", "CT R6222-10"),
)
_DUTIES = (
    "L’employeur envoie le contrat à l’OPCO dans les 5 jours ouvrables ; le silence de 20 jours le refuse (CT D6224-1, R6224-3).",
    "Contrat et formation au CFA commencent à trois mois d’écart au plus (CT L6222-12).",
    "Chacun peut rompre jusqu’à la fin des 45 premiers jours en entreprise (CT L6222-18).",
    "Une rupture est écrite, et notifiée au directeur du CFA et à l’OPCO (CT R6222-21).",
    "L’apprenti qui veut rompre saisit d’abord le médiateur, attend 5 jours pour le dire et 7 jours pour partir (CT D6222-21-1).",
    "Après une rupture, le CFA garde l’apprenti six mois et l’aide à trouver un employeur (CT L6222-18-2, L6231-2).",
    "Sans employeur, le cycle au CFA dure trois mois au plus (CT L6222-12-1).",
    "Exclu du CFA, l’apprenti a deux mois pour en trouver un autre (CT L6222-18-1).",
    "Le CFA aide à régler les difficultés sociales et matérielles avec la mission locale (CT L6231-2, 6°).",
)

APPRENTISSAGE = Scheme(
    code="APPRENTISSAGE",
    label="Contrat d’apprentissage",
    purpose="Contrat de travail et formation en CFA.",
    family=CONTRACT,
    sources="CT L6221-1 et suivants ; L6222-11, -12, -12-1, -18, -18-2 ; L6231-2",
    led_by=TRAINING_BODIES,
    cap=pre_contract_cap,
    versions=(
        Version(
            date(1987, 7, 23), "CT L6222-1 (avant la loi 2018-771)", date(2016, 12, 31), (aged_to_begin(26),),
            cap_months=MOST_MONTHS, prolongations=_PROLONGATIONS, limits=_LIMITS,
        ),
        Version(
            date(2017, 1, 1), "CT L6222-1 ; décret 2016-1998 (expérimentation jusqu’à 30 ans)", date(2018, 12, 31),
            (aged_to_begin(30),), cap_months=MOST_MONTHS, prolongations=_PROLONGATIONS, limits=_LIMITS,
        ),
        Version(
            date(2019, 1, 1), "CT L6222-1, L6222-2 (loi 2018-771)", None, (aged_to_begin(30),),
            cap_months=MOST_MONTHS, prolongations=_PROLONGATIONS, duties=_DUTIES, limits=_LIMITS,
        ),
    ),
    workflow=Workflow(
        "APPRENTISSAGE",
        final={S.CANCELLED, S.COMPLETED, S.BROKEN_CLOSED, S.DROPPED_OUT, S.LEFT_WITHOUT_CONTRACT},
        lines=[
            on("seeking_employer", START, S.SEEKING_EMPLOYER, by=TRAINING_BODIES | ACCOMPANYING),
            on("cfa_entered_without_contract", {START, S.SEEKING_EMPLOYER}, S.CFA_WITHOUT_CONTRACT, by=TRAINING_BODIES),
            on("work_contract_signed", _BEFORE, S.CONTRACT_SIGNED, by=_BODIES,
               needs=[guards.may_enter, guards.new_employer_in_time]),
            on("work_contract_started", {START, S.CFA_WITHOUT_CONTRACT}, S.PROBATION, by=_BODIES,
               needs=[guards.may_enter, guards.new_employer_in_time, guards.courses_begin_soon]),
            on("work_contract_started", S.CONTRACT_SIGNED, S.PROBATION, by=_BODIES, needs=[guards.courses_begin_soon]),
            on("cancelled", {S.SEEKING_EMPLOYER, S.CONTRACT_SIGNED}, S.CANCELLED, by=_BODIES),
            note("work_contract_started", by=_BODIES, during=_RUNNING),
            note("work_contract_renewed", by=_BODIES, during=_RUNNING, needs=[guards.may_be_renewed]),
            note("company_days_total", by=_BODIES, during=_RUNNING),
            note("contract_checkin", by=CONTRACT_BODIES),
            note("calendar_stated", by=CONTRACT_BODIES),
            note("employer_insolvency", by=_BODIES),
            note("employer_insolvency_closed", by=_BODIES),
            note("body_closed", by=_BODIES),
            note("attendance", by=TRAINING_BODIES),
            note("risk_flag", by=TRAINING_BODIES),
            *followed(),
            on("contract_broken", _RUNNING | {S.CONTRACT_SIGNED}, S.COMPLETED, by=CONTRACT_BODIES, given=is_a_success,
               needs=[guards.break_is_not_before_the_start]),
            on("contract_broken", _RUNNING | {S.CONTRACT_SIGNED}, S.BROKEN_CONTINUING_CFA, by=CONTRACT_BODIES,
               given=is_a_rupture, needs=[guards.break_is_not_before_the_start]),
            when("work_contract_started", S.BROKEN_CONTINUING_CFA, S.BROKEN_CLOSED, of=_WITH_A_CFA),
            on("dropped", S.BROKEN_CONTINUING_CFA, S.DROPPED_OUT, by=TRAINING_BODIES),
            on("left_without_contract", {S.SEEKING_EMPLOYER, S.CFA_WITHOUT_CONTRACT}, S.LEFT_WITHOUT_CONTRACT, by=CFA),
            on("work_contract_ended", _RUNNING, S.COMPLETED, by=_BODIES),
            note("certification_result", by=TRAINING_BODIES),
            at(deadlines.PROBATION_OVER, deadlines.after_company_days(deadlines.PROBATION_COMPANY_DAYS), S.PROBATION,
               S.IN_CONTRACT),
            at("pre_contract_over", deadlines.day_after_cap, S.CFA_WITHOUT_CONTRACT, S.LEFT_WITHOUT_CONTRACT,
               outcome="SANS_EMPLOYEUR"),
            # A break declared once the new contract has begun, or on that very day.
            at("new_contract", deadlines.new_contract_since_the_break(*_WITH_A_CFA), S.BROKEN_CONTINUING_CFA, S.BROKEN_CLOSED),
            at("maintenance_over", deadlines.end_of_maintenance, S.BROKEN_CONTINUING_CFA, S.DROPPED_OUT, outcome="ABANDON"),
        ],
    ),
)
CFA_2E_CHANCE = replace(
    APPRENTISSAGE,
    code="CFA_2E_CHANCE",
    label="CFA de la 2e chance",
    purpose="Apprentissage dans une section de la deuxième chance.",
    held_as="APPRENTISSAGE",
)
"""The same rules, day for day."""
