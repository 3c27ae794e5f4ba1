"""CléA: assessed first, then taught what is missing, within five years."""

from datetime import date
from typing import TYPE_CHECKING

from pathways.workflows.actors import TRAINING_BODIES
from pathways.workflows.dates import last_day_of
from pathways.workflows.definition import START, Workflow, note, on
from pathways.workflows.families import TRAINING, TRAINING_FINAL, training_lines
from pathways.workflows.scheme import Scheme, Version
from pathways.workflows.states import State as S

if TYPE_CHECKING:
    from pathways.workflows.fold import Step

YEARS = 5
"""From the preliminary assessment to the jury."""


def assessed(step: "Step") -> date | None:
    """The day of the first preliminary assessment."""
    entry = step.first("preliminary_assessment")
    return entry.occurred_on if entry else None


def last_day(step: "Step") -> date | None:
    """The last day on which what was assessed still counts."""
    day = assessed(step)
    return last_day_of(day, 12 * YEARS) if day else None


CLEA = Scheme(
    code="CLEA",
    label="CléA",
    purpose="Certificat des savoirs de base.",
    family=TRAINING,
    led_by=TRAINING_BODIES,
    held_as="PRF",
    sources="Certif’Pro, socle de connaissances et de compétences ; décret 2015-172",
    versions=(
        Version(date(2015, 2, 13), "Décret 2015-172", duties=(
            "Une évaluation préalable dit ce qui est acquis parmi les sept domaines.",
            "Tout est validé dans les cinq ans qui suivent l’évaluation préalable.")),
    ),
    workflow=Workflow("CLEA", final=TRAINING_FINAL, lines=[
        on("preliminary_assessment", START, S.ASSESSING, by=TRAINING_BODIES),
        note("preliminary_assessment", by=TRAINING_BODIES),
        *training_lines(before=(S.ASSESSING,)),
    ]),
)
