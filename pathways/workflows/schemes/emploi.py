"""Job follow-up: any ordinary job, recorded as a step of the pathway."""

from datetime import date

from pathways.workflows.actors import ACCOMPANYING, CONTRACT_BODIES
from pathways.workflows.definition import Workflow
from pathways.workflows.families import CONTRACT, CONTRACT_FINAL, contract_lines
from pathways.workflows.scheme import Scheme, Version
from pathways.workflows.states import State as S

EMPLOI = Scheme(
    code="EMPLOI",
    label="Emploi",
    purpose="Suivre un emploi ordinaire : CDI, CDD, intérim…",
    family=CONTRACT,
    sources="CT L1221-1 et suivants",
    led_by=CONTRACT_BODIES | ACCOMPANYING,
    versions=(
        Version(
            date(1900, 1, 1),
            "CT L1221-1",
            duties=("Appui dans l’emploi : un contact vers le 15e jour, à la fin de l’essai et au 3e mois (pratique).",),
        ),
    ),
    workflow=Workflow("EMPLOI", final=CONTRACT_FINAL, lines=contract_lines(running=S.IN_CONTRACT)),
)
