"""AIF: France Travail pays an individual course, once its quote was submitted, accepted and funded."""

from datetime import date

from pathways.workflows.actors import ACCOMPANYING, REFERENT, TRAINING_BODIES
from pathways.workflows.definition import START, Workflow, on
from pathways.workflows.families import TRAINING, TRAINING_FINAL, training_lines
from pathways.workflows.predicates import either, holding, registered, said
from pathways.workflows.scheme import Scheme, Version
from pathways.workflows.states import State as S

_BY = ACCOMPANYING | TRAINING_BODIES | {REFERENT}
_FILE = (S.QUOTE_REQUESTED, S.QUOTE_SUBMITTED, S.ACCEPTED_BY_PERSON, S.FUNDED)

AIF = Scheme(
    code="AIF",
    label="Aide individuelle à la formation",
    purpose="France Travail finance une formation individuelle, sur devis de l’organisme.",
    family=TRAINING,
    led_by=TRAINING_BODIES,
    held_as="PRF",
    sources="CT L6121-4",
    versions=(
        Version(
            date(2010, 1, 1),
            "CT L6121-4",
            entry=(
                either(registered, holding("CSP", "Être en CSP"), code="registered_or_csp",
                       label="Être inscrit à France Travail ou en CSP"),
                said("project_validated"),
                said("no_collective_place"),
            ),
            duties=(
                "Le devis est déposé quinze jours au plus tard avant le début ; réponse en dix jours environ (pratique).",
                "L’organisme est certifié (CT L6316-1).",
            ),
        ),
    ),
    workflow=Workflow(
        "AIF",
        final={*TRAINING_FINAL, S.REFUSED},
        lines=[
            on("quote_requested", START, S.QUOTE_REQUESTED, by=_BY),
            on("quote_submitted", {START, S.QUOTE_REQUESTED}, S.QUOTE_SUBMITTED, by=_BY),
            on("accepted_by_person", {S.QUOTE_REQUESTED, S.QUOTE_SUBMITTED}, S.ACCEPTED_BY_PERSON, by=_BY),
            on("funded", {S.QUOTE_SUBMITTED, S.ACCEPTED_BY_PERSON}, S.FUNDED, by=_BY),
            on("refused", {S.QUOTE_REQUESTED, S.QUOTE_SUBMITTED, S.ACCEPTED_BY_PERSON}, S.REFUSED, by=_BY),
            *training_lines(before=_FILE),
        ],
    ),
)
