"""CDDI: the work contract signed under a PASS IAE."""

from datetime import date

from pathways.workflows.actors import CONTRACT_BODIES
from pathways.workflows.definition import Workflow
from pathways.workflows.families import CONTRACT, CONTRACT_FINAL, contract_lines
from pathways.workflows.limits import lasting, weekly_hours
from pathways.workflows.scheme import Prolongation, Scheme, Version
from pathways.workflows.schemes.iae import PROLONGATIONS
from pathways.workflows.states import State as S

CDDI = Scheme(
    code="CDDI",
    label="Contrat d’insertion (CDDI)",
    purpose="Contrat de travail dans une structure d’insertion, 4 mois au moins.",
    family=CONTRACT,
    workflow=Workflow("CDDI", final=CONTRACT_FINAL, lines=contract_lines(running=S.IN_CONTRACT)),
    led_by=CONTRACT_BODIES,
    sources="CT L5132-5, L5132-11-1, L5132-15-1",
    held_as="IAE",
    versions=(
        Version(
            date(2008, 12, 4), "CT L5132-5, L5132-11-1, L5132-15-1 (loi 2008-1249)", cap_months=24,
            prolongations=(
                Prolongation("renouvellement", "Dans la limite de 24 mois", "CT L5132-5", longest_months=24), *PROLONGATIONS),
            duties=("Quatre mois et 20 heures par semaine au moins ; une immersion reste possible (CT L5132-5).",),
            limits=(lasting(4, 24), weekly_hours(20)),
        ),
    ),
)
