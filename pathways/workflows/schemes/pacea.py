"""PACEA: the contractual accompaniment of the Missions locales, in phases."""

from datetime import date
from typing import TYPE_CHECKING

from pathways.workflows import deadlines, guards
from pathways.workflows.actors import ML, REFERENT
from pathways.workflows.definition import Workflow, at, note, on
from pathways.workflows.families import (
    ACCOMPANIMENT,
    OPEN_ACCOMPANIMENT,
    SANCTIONS,
    SIGN_AFTER_ASSESSMENT,
    SIGN_AFTER_ORIENTATION,
    followed,
    interruptions,
    led,
    opening,
)
from pathways.workflows.predicates import aged, registered, said
from pathways.workflows.scheme import Prolongation, Scheme, Version
from pathways.workflows.states import State as S

if TYPE_CHECKING:
    from pathways.workflows.fold import Pathway, Step


_own_cap = deadlines.cap_from("engagement_signed", "accompaniment_started")


def cap(step: "Step", pathway: "Pathway") -> date | None:
    """24 consecutive months from the signature; a Garantie jeunes begun inside carries it to its own end (2017-2022)."""
    own = _own_cap(step, pathway)
    if own is None:
        return None
    inside = [
        deadlines.cap_of(other, pathway)
        for other in pathway.steps.values()
        if other.scheme.phase_of == step.scheme.code and other.opened_on and step.opened_on and other.opened_on >= step.opened_on
    ]
    return max([own, *(last for last in inside if last)])


_ENTRY = (aged(16, 26), said("at_risk_of_exclusion"))
_WITHIN_24_MONTHS = (
    Prolongation("duree_legale", "Dans la limite de 24 mois consécutifs", "CT R5131-13 (R5131-11 avant 2025)", longest_months=24),
)
_PHASES = (
    "La première phase commence dans le mois qui suit la signature (CT R5131-12).",
    "Chaque phase se termine par un bilan (CT R5131-11).",
)
_ALLOWANCE = (
    "L’allocation ponctuelle ne dépasse pas six fois par an le montant mensuel du CEJ, les mois à 300 € de ressources au plus "
    "(CT D5131-9, R5131-8)."
)
_OPEN = OPEN_ACCOMPANIMENT | {S.SIGNED}

PACEA = Scheme(
    code="PACEA",
    label="Parcours contractualisé d’accompagnement vers l’emploi et l’autonomie",
    purpose="Accompagnement des 16-25 ans par la mission locale, en phases, 24 mois au plus.",
    family=ACCOMPANIMENT,
    sources="Loi 2016-1088 art. 46 ; CT L5131-3 à L5131-7, R5131-8 à R5131-13",
    led_by=frozenset({ML}),
    lead_rank=6,
    age_limit=26,
    cap=cap,
    thresholds={"contact_silence.days": 45},
    versions=(
        Version(
            date(2017, 1, 1), "CT L5131-4, R5131-8 à R5131-12 (2017)", date(2022, 2, 28), _ENTRY, cap_months=24,
            sign_within="assessment", prolongations=_WITHIN_24_MONTHS, duties=(SIGN_AFTER_ASSESSMENT, *_PHASES),
        ),
        Version(
            date(2022, 3, 1), "Décret 2022-199 ; CT R5131-8 à R5131-12", date(2024, 12, 31), _ENTRY, cap_months=24,
            sign_within="assessment", prolongations=_WITHIN_24_MONTHS, duties=(SIGN_AFTER_ASSESSMENT, *_PHASES, _ALLOWANCE),
        ),
        Version(
            date(2025, 1, 1), "CT L5131-4, R5131-8 à R5131-13, D5411-14-1", None, (*_ENTRY, registered), (registered,),
            cap_months=24, sign_within="orientation_notified", prolongations=_WITHIN_24_MONTHS,
            duties=(SIGN_AFTER_ORIENTATION, *_PHASES, _ALLOWANCE, SANCTIONS),
        ),
    ),
    workflow=Workflow(
        "PACEA",
        final={S.DECLINED, S.CLOSED},
        lines=[
            *opening({ML}, S.SIGNED),
            note("phase_reviewed", by=REFERENT, needs=[guards.phase_was_started]),
            on("phase_started", {S.SIGNED, S.ACTIVE}, S.ACTIVE, by=REFERENT, needs=[guards.previous_phase_reviewed]),
            *interruptions({S.SIGNED, S.ACTIVE}),
            *followed(),
            *led(),
            on("closed", _OPEN, S.CLOSED, by=REFERENT),
            at("age_limit", deadlines.at_age(26), _OPEN, S.CLOSED, outcome="LIMITE_AGE"),
            at("cap", deadlines.day_after_cap, _OPEN, S.CLOSED, outcome="ARRIVE_A_TERME"),
        ],
    ),
)
