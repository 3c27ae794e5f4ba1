"""PRF: the courses of the Pays de la Loire regional training programme. The offer changes often: it is a table, not code.

A new row of ``tables/prf.csv`` is a new scheme: its days, its public (ages, level, stated conditions between spaces), its text.
"""

import csv
from collections.abc import Iterator, Mapping
from datetime import date

from pathways.workflows.actors import TRAINING_BODIES
from pathways.workflows.definition import Workflow
from pathways.workflows.families import TRAINING, TRAINING_FINAL, training_lines
from pathways.workflows.predicates import Predicate, aged, level_above, level_at_most, said
from pathways.workflows.scheme import Scheme, Version
from pathways.workflows.together import TABLES

WORKFLOW = Workflow("training", final=TRAINING_FINAL, lines=training_lines())
"""The workflow of every course that adds nothing to it."""
DUTIES = (
    "L’organisme déclare l’entrée, l’interruption et la sortie réelles au référent et au financeur (CT L6121-5, L6353-10).",
    "Les abandons et les exclusions sont déclarés avec leur motif à qui paie la rémunération (CT R6341-35).",
    "Un bilan avec le référent est fait à mi-parcours, un autre dans les quinze jours avant la fin (pratique).",
)


def _predicates(row: Mapping[str, str]) -> Iterator[Predicate]:
    """The public of a row; an empty cell asks for nothing."""
    if row["least"] or row["below"]:
        yield aged(int(row["least"]) if row["least"] else None, int(row["below"]) if row["below"] else None)
    if row["level_at_most"]:
        yield level_at_most(row["level_at_most"])
    if row["level_above"]:
        yield level_above(row["level_above"])
    yield from (said(condition) for condition in row["conditions"].split())


def _scheme(row: Mapping[str, str]) -> Scheme:
    closes = date.fromisoformat(row["to"]) if row["to"] else None
    opens = date.fromisoformat(row["from"])
    return Scheme(
        code=row["code"],
        label=row["label"],
        purpose=row["purpose"],
        family=TRAINING,
        workflow=WORKFLOW,
        held_as="PRF",
        versions=(Version(opens, row["source"], closes, entry=tuple(_predicates(row)), duties=DUTIES),),
        led_by=TRAINING_BODIES,
        sources="CT L6121-1, L6121-2, L6121-5, L6353-10, R6341-35",
        successor=row["successor"] or None,
    )


with (TABLES / "prf.csv").open(encoding="utf-8") as _rows:
    PRF: tuple[Scheme, ...] = tuple(_scheme(row) for row in csv.DictReader(_rows))
