"""Business creation: evaluation, training, funding, then the first years of the business."""

from datetime import date
from typing import TYPE_CHECKING

from pathways.workflows.actors import ACCOMPANYING, OF, REFERENT, Actor, Kind
from pathways.workflows.definition import START, DueOn, Workflow, at, note, on
from pathways.workflows.families import CREATION as FAMILY
from pathways.workflows.families import followed
from pathways.workflows.guards import may_be_held, may_enter
from pathways.workflows.predicates import either, holding, registered, said
from pathways.workflows.scheme import Scheme, Version
from pathways.workflows.states import State as S

if TYPE_CHECKING:
    from pathways.workflows.fold import Pathway, Step

_LEADERS = ACCOMPANYING | {Kind.OPERATEUR_CEP, OF, Kind.REGION}
_BY: frozenset[Actor] = _LEADERS | {Kind.APEC, REFERENT}
BEFORE = (S.PROJECT_EVALUATION, S.ENTREPRENEUR_TRAINING, S.FUNDRAISING)
"""The phases before the business begins, in their order; a project may be taken up again at an earlier one."""
_RUNNING = frozenset({S.CREATED, S.POST_CREATION})
_OPEN = frozenset(BEFORE) | _RUNNING | {S.PAUSED}


def back_to(phase: S) -> DueOn:
    """The day a paused project is taken up again, where it was paused in that phase."""

    def resumed_on(step: "Step", pathway: "Pathway") -> date | None:
        resumed, paused = step.last("resumed"), step.history[-1]
        return resumed.occurred_on if resumed and paused.source == phase and resumed.occurred_on >= paused.on else None

    return resumed_on


CREATION = Scheme(
    code="CREATION",
    label="Parcours Entrepreneur",
    purpose="Créer ou reprendre une entreprise : évaluer, se former, financer, être suivi après la création.",
    family=FAMILY,
    sources="Parcours Entrepreneur de la Région ; France Travail, Activ’Créa",
    led_by=_LEADERS,
    thresholds={"contact_silence.days": 90},
    versions=(
        Version(
            date(2017, 1, 1), "Parcours Entrepreneur de la Région",
            entry=(
                either(registered, holding("CSP", "Être en CSP"), code="job_seeker_or_csp",
                       label="Être inscrit à France Travail, ou en CSP"),
                said("creation_project"),
            ),
            duties=(
                "Évaluation du projet : 8 semaines au plus (pratique).",
                "Formation et étude de faisabilité : 3 mois au plus (pratique).",
                "Recherche de financement : 6 mois au plus (pratique).",
                "Suivi après la création : 12 à 36 mois, avec un rendez-vous à 3, 6 et 12 mois (pratique).",
            ),
        ),
    ),
    workflow=Workflow(
        "CREATION",
        final={S.ABANDONED, S.CLOSED},
        lines=[
            *(on(phase, START, phase, by=_BY, needs=[may_enter, may_be_held]) for phase in (*BEFORE, S.CREATED)),
            *(on(phase, (frozenset(BEFORE) | {S.PAUSED}) - {phase}, phase, by=_BY) for phase in BEFORE),
            *(note(phase, by=_BY, during=phase) for phase in BEFORE),
            on("created", frozenset(BEFORE) | {S.PAUSED}, S.CREATED, by=_BY),
            on("post_creation", {S.CREATED, S.PAUSED}, S.POST_CREATION, by=_BY),
            note("resumed", by=_BY, during=S.PAUSED),
            note("referent_named", by=_BY),
            *followed({Kind.OPERATEUR_CEP, Kind.APEC, Kind.REGION}),
            on("paused", frozenset(BEFORE) | _RUNNING, S.PAUSED, by=_BY),
            on("abandoned", frozenset(BEFORE) | {S.PAUSED}, S.ABANDONED, by=_BY),
            on("business_closed", _RUNNING, S.CLOSED, by=_BY),
            on("closed", _OPEN, S.CLOSED, by=_BY),
            *(at("resumed", back_to(phase), S.PAUSED, phase) for phase in (*BEFORE, *sorted(_RUNNING))),
        ],
    ),
)
