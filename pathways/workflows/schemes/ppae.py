"""PPAE, then contrat d'engagement: the accompaniment of job seekers by France Travail and its peers."""

from datetime import date

from pathways.workflows.actors import ACCOMPANYING, REFERENT
from pathways.workflows.definition import Workflow, note, on
from pathways.workflows.families import (
    ACCOMPANIMENT,
    OPEN_ACCOMPANIMENT,
    SANCTIONS,
    SIGN_AFTER_ORIENTATION,
    followed,
    interruptions,
    led,
    opening,
)
from pathways.workflows.predicates import registered
from pathways.workflows.scheme import Scheme, Version
from pathways.workflows.states import State as S

WORKFLOW = Workflow(
    "PPAE",
    final={S.DECLINED, S.CLOSED},
    lines=[
        *opening(ACCOMPANYING, S.ACTIVE),
        note("weekly_hours", by=REFERENT),
        *interruptions(),
        *followed(),
        *led(),
        on("closed", OPEN_ACCOMPANIMENT, S.CLOSED, by=REFERENT),
    ],
)

PPAE = Scheme(
    code="PPAE",
    label="Projet personnalisé d’accès à l’emploi",
    purpose="Ancien projet d’accès à l’emploi, remplacé par le contrat d’engagement en 2025.",
    family=ACCOMPANIMENT,
    sources="CT L5411-6-1 (2008-2024)",
    led_by=ACCOMPANYING,
    lead_rank=7,
    thresholds={"contact_silence.days": 90},
    versions=(
        Version(date(2008, 8, 3), "CT L5411-6-1 (2008-2024)", date(2024, 12, 31), (registered,), (registered,), duties=(
            "Le projet est établi à l’inscription ou dans les 30 jours (CT R5411-14, 2008-2024).",)),
    ),
    successor="CE_FT",
    workflow=WORKFLOW,
)
CE_FT = Scheme(
    code="CE_FT",
    label="Contrat d’engagement",
    purpose="Contrat d’engagement des demandeurs d’emploi inscrits à France Travail.",
    family=ACCOMPANIMENT,
    sources="CT L5411-5-1 à L5411-6-1, D5411-14-1, R5411-15",
    led_by=ACCOMPANYING,
    lead_rank=7,
    held_as="PPAE",
    thresholds={"contact_silence.days": 90},
    versions=(
        Version(
            date(2025, 1, 1), "CT L5411-5-1 à L5411-6-1, D5411-14-1, R5411-15", None, (registered,), (registered,),
            sign_within="orientation_notified", duties=(
                SIGN_AFTER_ORIENTATION,
                "Les éléments de l’offre raisonnable d’emploi sont précisés dans les six mois de la signature (CT R5411-15-1).",
                "Un changement d’adresse se dit dans les 30 jours (CT R5411-8).",
                "Le plan prévoit au moins 15 heures par semaine, sauf aménagement (CT L5411-6).",
                SANCTIONS,
            ),
        ),
    ),
    workflow=WORKFLOW,
)
