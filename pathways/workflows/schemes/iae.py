"""IAE: the PASS that opens 24 months of insertion through work, suspended between contracts."""

from datetime import date
from typing import TYPE_CHECKING

from pathways.errors import Reason
from pathways.workflows import deadlines, guards
from pathways.workflows.actors import ACCOMPANYING, PRESCRIBERS, REFERENT, SIAE
from pathways.workflows.definition import START, Workflow, at, note, on, when
from pathways.workflows.entry import Entry
from pathways.workflows.families import ACCOMPANIMENT, followed, led
from pathways.workflows.pass_iae import CONTRACTS, becomes_active, cap, within_the_longest_duration
from pathways.workflows.predicates import aged, either, in_training, none_ended_within, recognised_worker, said
from pathways.workflows.scheme import Prolongation, Scheme, Version
from pathways.workflows.states import State as S

if TYPE_CHECKING:
    from pathways.workflows.fold import Pathway, Step

_BY = PRESCRIBERS
_OPEN = frozenset({S.ELIGIBLE, S.ACTIVE, S.SUSPENDED})
AFTER_ANOTHER_MONTHS = 24


def prescribed_if_soon_after_another(step: "Step", pathway: "Pathway", entry: Entry) -> Reason | None:
    """Within two years of a former PASS, only a prescriber declares a new eligibility, never the employer itself."""
    if entry.kind != SIAE:
        return None
    asked = none_ended_within("IAE", AFTER_ANOTHER_MONTHS, unless="iae_prescriber")
    return None if asked.holds(pathway, entry.occurred_on, {}) else asked.why_not(pathway, entry.occurred_on, {})


_ELIGIBLE = (
    said("iae_assessment"),
    either(
        said("iae_prescriber"), said("minimum_income"), said("registered_24_months"), said("iae_criteria"),
        code="iae_public",
        label="Prescripteur habilité, RSA, ASS ou AAH, inscrit depuis 24 mois, ou plusieurs critères administratifs",
    ),
    none_ended_within("IAE", AFTER_ANOTHER_MONTHS, unless="iae_prescriber"),
)
PROLONGATIONS = (
    Prolongation("fin_formation", "Pour terminer une formation en cours", "CT L5132-5, R5132-1-9",
                 entry=(in_training("training_under_way"),)),
    Prolongation("cdi_57", "CDI d’inclusion à 57 ans ou plus", "CT L5132-5-1", entry=(aged(57),)),
    Prolongation("50_ans", "À 50 ans ou plus, 84 mois en tout", "CT L5132-5, L5132-15-1", longest_months=84, entry=(aged(50),)),
    Prolongation("rqth", "Travailleur handicapé, 60 mois en tout", "CT L5132-5, L5132-15-1", longest_months=60,
                 entry=(recognised_worker,)),
    Prolongation("ai_aci", "Difficultés particulières en AI ou ACI, par étapes d’un an, 60 mois en tout",
                 "CT L5132-5, L5132-15-1", months=12, longest_months=60, entry=(said("iae_association"),)),
)

IAE = Scheme(
    code="IAE",
    label="Insertion par l’activité économique (PASS IAE)",
    purpose="24 mois d’emploi accompagné dans une structure d’insertion.",
    family=ACCOMPANIMENT,
    sources="CT L5132-1 et suivants, R5132-1-1 à R5132-1-23",
    led_by=ACCOMPANYING | {SIAE},
    lead_rank=5,
    cap=cap,
    thresholds={"contact_silence.days": 60},
    versions=(
        Version(
            date(1999, 1, 1), "CT L5132-3 (agrément de l’ANPE puis de Pôle emploi)", date(2021, 8, 31),
            (said("social_obstacles"),), cap_months=24, prolongations=PROLONGATIONS,
            duties=("L’agrément est demandé avant l’embauche.",),
        ),
        Version(
            date(2021, 9, 1), "CT L5132-3, R5132-1-1 à R5132-1-23 (décret 2021-1128)", None, _ELIGIBLE, cap_months=24,
            prolongations=PROLONGATIONS,
            duties=(
                "Un diagnostic individuel précède l’éligibilité (CT R5132-1-2).",
                "Le PASS est suspendu quand le contrat est suspendu plus de 15 jours, rompu ou fini ; la fin recule d’autant.",
                "Suspendu plus de 12 mois, il peut prendre fin. Pas de nouveau PASS avant 2 ans, sauf par un prescripteur.",
                "La structure et le prescripteur se disent contrat, rupture et prolongation (CT R5132-1-11).",
            ),
        ),
    ),
    workflow=Workflow(
        "IAE",
        final={S.CLOSED, S.EXPIRED},
        lines=[
            on("eligibility_declared", START, S.ELIGIBLE, by=_BY,
               needs=[guards.may_enter, guards.only_one_open, guards.may_be_held, prescribed_if_soon_after_another]),
            note("eligibility_declared", by=_BY, during=_OPEN),
            on("pass_issued", START, S.ELIGIBLE, by=_BY, needs=[guards.may_enter, guards.only_one_open, guards.may_be_held]),
            note("pass_issued", by=_BY, during=_OPEN),
            when("work_contract_started", S.ELIGIBLE, S.ACTIVE, of=CONTRACTS),
            on("pass_suspended", S.ACTIVE, S.SUSPENDED, by=_BY),
            on("pass_resumed", S.SUSPENDED, S.ACTIVE, by=_BY),
            # The names other systems use.
            on("suspended", S.ACTIVE, S.SUSPENDED, by=_BY, offered=False),
            on("resumed", S.SUSPENDED, S.ACTIVE, by=_BY, offered=False),
            *followed(also={SIAE}),
            *led(prolonging=within_the_longest_duration, also=ACCOMPANYING),
            on("closed", _OPEN, S.CLOSED, by=_BY | {REFERENT}),
            at("pass_begins", becomes_active, S.ELIGIBLE, S.ACTIVE),
            at("cap", deadlines.day_after_cap, S.ACTIVE, S.EXPIRED, outcome="ARRIVE_A_TERME"),
        ],
    ),
)
