"""PPAE, then contrat d'engagement: the accompaniment of job seekers by France Travail and its peers."""

from datetime import date

from pathways.workflows.actors import ACCOMPANYING, REFERENT
from pathways.workflows.definition import Workflow, note, on
from pathways.workflows.families import ACCOMPANIMENT, OPEN_ACCOMPANIMENT, followed, interruptions, led, opening
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
    family=ACCOMPANIMENT,
    sources="CT L5411-6-1 (2008-2024)",
    led_by=ACCOMPANYING,
    lead_rank=7,
    versions=(Version(date(2008, 8, 3), "CT L5411-6-1", date(2024, 12, 31)),),
    successor="CE_FT",
    workflow=WORKFLOW,
)
CE_FT = Scheme(
    code="CE_FT",
    label="Contrat d’engagement",
    family=ACCOMPANIMENT,
    sources="CT L5411-5-1 à L5411-6-1, D5411-14-1, R5411-15",
    led_by=ACCOMPANYING,
    lead_rank=7,
    versions=(Version(date(2025, 1, 1), "CT L5411-6, D5411-14-1", sign_within="orientation_notified"),),
    workflow=WORKFLOW,
)
