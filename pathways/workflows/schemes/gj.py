"""Garantie jeunes: an intensive phase of a PACEA; nobody enters it since 2022-03-01."""

from datetime import date

from pathways.workflows import deadlines
from pathways.workflows.actors import ML, REFERENT
from pathways.workflows.definition import Workflow, at, note, on
from pathways.workflows.families import ACCOMPANIMENT, OPEN_ACCOMPANIMENT, followed, interruptions, led, opening
from pathways.workflows.predicates import aged, not_in, said, said_not
from pathways.workflows.scheme import Prolongation, Scheme, Version
from pathways.workflows.states import State as S

_ENTRY = (
    aged(16, 26), said("without_support"), said("low_income"), not_in("training", "Ne pas être en formation"),
    said_not("student", "Ne pas être étudiant"), said_not("in_work", "Ne pas être en emploi"),
)
_BY_THE_COMMISSION = (Prolongation("commission", "Six mois au plus, par la commission", "CT R5131-17 (2017)", 6, 18, 1),)
_DUTIES = (
    "La commission locale suit, prolonge et sanctionne (CT R5131-17, 2017-2022).",
    "Les ressources sont déclarées chaque mois (pratique).",
    "Le départ collectif dure quatre à six semaines (pratique).",
)

GJ = Scheme(
    code="GJ",
    label="Garantie jeunes",
    purpose="Ancien accompagnement intensif, remplacé par le CEJ en 2022.",
    family=ACCOMPANIMENT,
    sources="CT L5131-6, R5131-16 à R5131-25 (version 2017-2022)",
    led_by=frozenset({ML}),
    lead_rank=1,
    intensive=True,
    phase_of="PACEA",
    cap=deadlines.cap_from("engagement_signed", "accompaniment_started"),
    versions=(
        Version(
            date(2013, 10, 1), "Expérimentation (décret 2013-880)", date(2016, 12, 31), _ENTRY, cap_months=12,
            prolongations=_BY_THE_COMMISSION, duties=_DUTIES,
        ),
        Version(
            date(2017, 1, 1), "CT L5131-6, R5131-16 à R5131-25 (2017)", date(2022, 2, 28), _ENTRY, cap_months=12,
            prolongations=_BY_THE_COMMISSION, duties=_DUTIES,
        ),
    ),
    thresholds={"contact_silence.days": 14},
    successor="CEJ",
    workflow=Workflow(
        "GJ",
        final={S.DECLINED, S.CLOSED},
        lines=[
            note("commission_decision", by=ML),
            *opening({ML}, S.ACTIVE),
            *interruptions(),
            *followed(),
            *led(),
            on("closed", OPEN_ACCOMPANIMENT, S.CLOSED, by=REFERENT),
            at("cap", deadlines.day_after_cap, OPEN_ACCOMPANIMENT, S.CLOSED, outcome="ARRIVE_A_TERME"),
        ],
    ),
)
