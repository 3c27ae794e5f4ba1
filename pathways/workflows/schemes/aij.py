"""AIJ: the intensive accompaniment of young job seekers by France Travail, alone or in a club."""

from dataclasses import replace
from datetime import date

from pathways.workflows import deadlines
from pathways.workflows.actors import FT, REFERENT
from pathways.workflows.definition import Workflow, on
from pathways.workflows.families import ACCOMPANIMENT, OPEN_ACCOMPANIMENT, followed, interruptions, led, opening
from pathways.workflows.predicates import aged, either, registered, said
from pathways.workflows.scheme import Scheme, Version
from pathways.workflows.states import State as S

_UNDER_26 = aged(below=26)
_YOUNG = replace(
    either(_UNDER_26, said("special_circumstances"), code="young", label="Avoir moins de 26 ans, sauf cas particulier"),
    against=_UNDER_26.against,
)
_ENTRY = (registered, _YOUNG, aged(below=30), said("volunteer"), said("hard_access_to_durable_job"))
_DUTIES = (
    "Six mois en suivi individuel, trois mois en club ; le suivi continue dans l’emploi ou la formation (pratique).",
    "Environ deux contacts par mois (pratique).",
)

AIJ = Scheme(
    code="AIJ",
    label="Accompagnement intensif des jeunes",
    purpose="Accompagnement intensif des jeunes inscrits à France Travail, 6 mois, ou 3 mois en club.",
    family=ACCOMPANIMENT,
    sources="Initiative pour l’emploi des jeunes et Fonds social européen, 2014 ; pratique de France Travail",
    led_by=frozenset({FT}),
    lead_rank=4,
    cap=deadlines.cap_from("engagement_signed", "accompaniment_started", by_modality={"club": 3}),
    thresholds={"contact_silence.days": 21},
    versions=(
        Version(date(2014, 9, 1), "Pôle emploi, IEJ et FSE, 2014", date(2022, 2, 28), _ENTRY, (registered,), cap_months=6,
                duties=_DUTIES),
        Version(date(2022, 3, 1), "Pratique de France Travail depuis le CEJ", None, _ENTRY, (registered,), cap_months=6, duties=(
            *_DUTIES, "Le CEJ remplace souvent l’AIJ depuis le 1er mars 2022 : les deux ne se tiennent pas ensemble (pratique).",
        )),
    ),
    workflow=Workflow(
        "AIJ",
        final={S.DECLINED, S.CLOSED},
        lines=[
            *opening({FT}, S.ACTIVE),
            *interruptions(),
            *followed(),
            *led(),
            on("closed", OPEN_ACCOMPANIMENT, S.CLOSED, by=REFERENT),
        ],
    ),
)
