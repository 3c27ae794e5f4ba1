"""Work contracts that follow the ordinary workflow, with or without a trial: professionnalisation, aided job, service civique."""

from datetime import date

from pathways.workflows import deadlines
from pathways.workflows.actors import CONTRACT_BODIES
from pathways.workflows.definition import Workflow, at
from pathways.workflows.families import CONTRACT, CONTRACT_FINAL, contract_lines
from pathways.workflows.predicates import aged
from pathways.workflows.scheme import Scheme, Version
from pathways.workflows.states import State as S

ORDINARY = Workflow("contract", final=CONTRACT_FINAL, lines=contract_lines(running=S.IN_CONTRACT))
WITH_TRIAL = Workflow(
    "contract_with_trial",
    final=CONTRACT_FINAL,
    lines=[*contract_lines(running=S.PROBATION), at("trial_over", deadlines.after_trial, S.PROBATION, S.IN_CONTRACT)],
)

CONTRAT_PRO = Scheme(
    code="CONTRAT_PRO",
    label="Contrat de professionnalisation",
    purpose="Contrat de travail en alternance, avec un organisme de formation.",
    family=CONTRACT,
    workflow=WITH_TRIAL,
    led_by=CONTRACT_BODIES,
    sources="CT L6325-1 et suivants, D6325-1 et suivants, L1242-10",
    versions=(Version(date(2004, 5, 4), "Loi 2004-391", entry=(aged(16),)),),
)
CUI_CAE = Scheme(
    code="CUI_CAE",
    label="Contrat aidé (CUI-CAE, PEC)",
    purpose="Emploi aidé par l’État chez un employeur non marchand.",
    family=CONTRACT,
    workflow=ORDINARY,
    led_by=CONTRACT_BODIES,
    sources="CT L5134-19-1 et suivants",
    held_as="CUI",
    versions=(Version(date(2010, 1, 1), "Loi 2008-1249", cap_months=24),),
)
SERVICE_CIVIQUE = Scheme(
    code="SERVICE_CIVIQUE",
    label="Service civique",
    purpose="Mission d’intérêt général de 6 à 12 mois.",
    family=CONTRACT,
    workflow=ORDINARY,
    led_by=CONTRACT_BODIES,
    sources="Code du service national L120-1 et suivants",
    versions=(Version(date(2010, 3, 10), "Loi 2010-241", entry=(aged(16, 26, rqth=31),), cap_months=12),),
)

CONTRACTS = (CONTRAT_PRO, CUI_CAE, SERVICE_CIVIQUE)
