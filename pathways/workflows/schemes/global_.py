"""Accompagnement global: a France Travail counsellor and a social worker of the département, together."""

from datetime import date

from pathways.workflows import deadlines
from pathways.workflows.actors import CD, FT, REFERENT
from pathways.workflows.definition import Workflow, on
from pathways.workflows.families import ACCOMPANIMENT, OPEN_ACCOMPANIMENT, followed, interruptions, led, opening
from pathways.workflows.predicates import registered, said
from pathways.workflows.scheme import Scheme, Version
from pathways.workflows.states import State as S

GLOBAL = Scheme(
    code="GLOBAL",
    label="Accompagnement global",
    purpose="Un conseiller France Travail et un travailleur social, ensemble, 12 mois.",
    family=ACCOMPANIMENT,
    sources="Protocole ADF-DGEFP-Pôle emploi d’avril 2014",
    led_by=frozenset({FT, CD}),
    lead_rank=3,
    cap=deadlines.cap_from("engagement_signed", "accompaniment_started"),
    thresholds={"contact_silence.days": 45},
    versions=(
        Version(
            date(2014, 4, 1), "Protocole ADF-DGEFP-Pôle emploi d’avril 2014", None,
            (registered, said("social_obstacles"), said("volunteer")), (registered,), cap_months=12, duties=(
                "Six mois, renouvelables une fois (pratique).",
                "Le diagnostic est partagé entre le conseiller et le travailleur social ; les notes sociales ne le sont pas.",
            ),
        ),
    ),
    workflow=Workflow(
        "GLOBAL",
        final={S.DECLINED, S.CLOSED},
        lines=[
            *opening({FT, CD}, S.ACTIVE),
            *interruptions(),
            *followed(),
            *led(),
            on("closed", OPEN_ACCOMPANIMENT, S.CLOSED, by=REFERENT),
        ],
    ),
)
