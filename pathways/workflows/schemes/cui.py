"""Aided contracts: the single integration contract (CUI-CAE, or PEC since 2018, and CUI-CIE), and the jobs of the future."""

from datetime import date

from pathways.workflows.actors import CONTRACT_BODIES
from pathways.workflows.families import CONTRACT
from pathways.workflows.limits import lasting, weekly_hours
from pathways.workflows.predicates import aged, level_at_most
from pathways.workflows.scheme import Prolongation, Scheme, Version
from pathways.workflows.schemes import aided

CUI_CAE = Scheme(
    code="CUI_CAE",
    label="Contrat aidé (CUI-CAE, PEC)",
    purpose="Emploi aidé par l’État chez un employeur non marchand.",
    family=CONTRACT,
    workflow=aided.WORKFLOW,
    led_by=CONTRACT_BODIES,
    sources="CT L5134-19-1 à L5134-34, R5134-14 à R5134-50",
    held_as="CUI",
    cap=aided.cap,
    versions=(
        Version(
            date(2010, 1, 1), "Loi 2008-1249 ; CT L5134-19-1 et suivants", date(2017, 12, 31), aided.ENTRY, cap_months=24,
            prolongations=aided.TO_60_MONTHS, duties=aided.DUTIES, limits=(weekly_hours(20),),
        ),
        Version(
            date(2018, 1, 1), "CT L5134-19-1 et suivants ; parcours emploi compétences", None, aided.ENTRY, cap_months=24,
            prolongations=aided.TO_60_MONTHS, duties=aided.DUTIES, limits=(weekly_hours(20),),
        ),
    ),
)
CUI_CIE = Scheme(
    code="CUI_CIE",
    label="Contrat aidé en entreprise (CUI-CIE)",
    purpose="Emploi aidé par l’État dans une entreprise, 6 mois au moins.",
    family=CONTRACT,
    workflow=aided.WORKFLOW,
    led_by=CONTRACT_BODIES,
    sources="CT L5134-19-1, L5134-65 à L5134-73",
    held_as="CUI",
    cap=aided.cap,
    versions=(
        Version(
            date(2010, 1, 1), "Loi 2008-1249 ; CT L5134-65 et suivants", None, aided.ENTRY, cap_months=24,
            prolongations=aided.TO_60_MONTHS, duties=aided.DUTIES, limits=(lasting(least=6), weekly_hours(20)),
        ),
    ),
)
EMPLOI_AVENIR = Scheme(
    code="EMPLOI_AVENIR",
    label="Emploi d’avenir",
    purpose="Ancien emploi aidé des jeunes peu diplômés, fermé en 2018.",
    family=CONTRACT,
    workflow=aided.WORKFLOW,
    led_by=CONTRACT_BODIES,
    sources="Loi 2012-1189 du 26 octobre 2012 ; CT L5134-110 et suivants",
    held_as="CUI",
    cap=aided.cap,
    successor="CUI_CAE",
    versions=(
        Version(
            date(2012, 11, 1), "CT L5134-110, L5134-115", date(2017, 12, 31),
            (aged(16, 26, rqth=30), aided.WITHOUT_WORK, level_at_most("4")), cap_months=36,
            prolongations=(Prolongation("fin_formation", "Pour terminer une formation", "CT L5134-115", longest_months=60),),
            duties=aided.DUTIES,
        ),
    ),
)

AIDED_CONTRACTS = (CUI_CAE, CUI_CIE, EMPLOI_AVENIR)
