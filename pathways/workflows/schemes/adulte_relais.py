"""Contrat adulte-relais: mediation in priority neighbourhoods, followed as an ordinary contract."""

from datetime import date

from pathways.workflows.actors import CONTRACT_BODIES
from pathways.workflows.definition import Workflow
from pathways.workflows.families import CONTRACT, CONTRACT_FINAL, contract_lines
from pathways.workflows.limits import lasting
from pathways.workflows.predicates import aged, either, said, said_not
from pathways.workflows.scheme import Prolongation, Scheme, Version
from pathways.workflows.states import State as S

_WITHOUT_WORK = either(
    said_not("in_work", "Être sans emploi"), said("aided_contract"),
    code="without_work_or_aided", label="Être sans emploi, ou quitter un contrat aidé",
)
_RENEWED = (Prolongation("renouvellement", "Une fois, pour trois ans au plus", "CT L5134-103", months=36, times=1),)

CONTRAT_ADULTE_RELAIS = Scheme(
    code="CONTRAT_ADULTE_RELAIS",
    label="Contrat adulte-relais",
    purpose="Emploi de médiation dans un quartier prioritaire.",
    family=CONTRACT,
    workflow=Workflow("contract", final=CONTRACT_FINAL, lines=contract_lines(running=S.IN_CONTRACT)),
    led_by=CONTRACT_BODIES,
    sources="CT L5134-100 à L5134-109, D5134-145 à D5134-160",
    held_as="CUI",
    versions=(
        Version(
            date(2008, 5, 1), "CT L5134-100, L5134-102", date(2021, 9, 15), (aged(30), _WITHOUT_WORK), cap_months=36,
            prolongations=_RENEWED, limits=(lasting(most=36),),
        ),
        Version(
            date(2021, 9, 16), "CT L5134-100, L5134-102 ; décret 2021-1181", None, (aged(26), _WITHOUT_WORK), cap_months=36,
            prolongations=_RENEWED, limits=(lasting(most=36),),
        ),
    ),
)
