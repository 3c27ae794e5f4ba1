"""Prépa-apprentissage: getting ready for an apprenticeship, a national programme that ended in 2024."""

from datetime import date

from pathways.workflows.actors import TRAINING_BODIES
from pathways.workflows.families import TRAINING
from pathways.workflows.predicates import aged
from pathways.workflows.scheme import Scheme, Version
from pathways.workflows.schemes.prf import WORKFLOW

PREPA_APPRENTISSAGE = Scheme(
    code="PREPA_APPRENTISSAGE",
    label="Prépa-apprentissage",
    purpose="Préparation à l’apprentissage (programme terminé fin 2024).",
    family=TRAINING,
    workflow=WORKFLOW,
    led_by=TRAINING_BODIES,
    held_as="PRF",
    sources="CT L6313-6 ; programme national 2018-2024",
    versions=(
        Version(date(2018, 11, 1), "Plan d’investissement dans les compétences, prépa-apprentissage", date(2024, 12, 31),
                (aged(15, 30, rqth=0),)),
    ),
    successor="APPRENTISSAGE",
)
