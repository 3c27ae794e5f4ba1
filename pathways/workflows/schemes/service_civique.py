"""Service civique: a mission of six to twelve months in an approved body, without trial."""

from datetime import date

from pathways.workflows import guards
from pathways.workflows.actors import CONTRACT_BODIES
from pathways.workflows.definition import Workflow, note
from pathways.workflows.families import CONTRACT, CONTRACT_FINAL, contract_lines
from pathways.workflows.limits import lasting, weekly_hours
from pathways.workflows.predicates import aged, said
from pathways.workflows.scheme import Prolongation, Scheme, Version
from pathways.workflows.states import State as S

SERVICE_CIVIQUE = Scheme(
    code="SERVICE_CIVIQUE",
    label="Service civique",
    purpose="Mission d’intérêt général de 6 à 12 mois.",
    family=CONTRACT,
    workflow=Workflow(
        "SERVICE_CIVIQUE",
        final=CONTRACT_FINAL,
        lines=[
            *contract_lines(running=S.IN_CONTRACT, breaking=[guards.breaks_without_trial]),
            note("absence_reported", by=CONTRACT_BODIES, during=S.IN_CONTRACT),
        ],
    ),
    led_by=CONTRACT_BODIES,
    sources="Code du service national L120-1 et suivants",
    versions=(
        Version(
            date(2010, 3, 10),
            "Code du service national L120-1, L120-4, L120-8 (loi 2010-241)",
            entry=(aged(16, 26, rqth=31), said("approved_host")),
            cap_months=12,
            prolongations=(Prolongation("dans_les_12_mois", "Dans la limite de 12 mois", "CSN L120-8", longest_months=12),),
            duties=(
                "La mission compte 24 heures par semaine au moins.",
                "L’organisme désigne un tuteur, prévoit deux jours de formation civique et prépare le projet d’avenir.",
                "Rupture : un mois de préavis, aucun pour un CDI, un CDD de 6 mois, une faute grave, la force majeure (L120-16).",
            ),
            limits=(lasting(6, 12), weekly_hours(24)),
        ),
    ),
)
