"""PMSMP: a short immersion in a company, with a report."""

from datetime import date

from pathways.workflows.actors import PRESCRIBERS, TRAINING_BODIES
from pathways.workflows.definition import START, Workflow, note, on
from pathways.workflows.families import IMMERSION, followed
from pathways.workflows.scheme import Scheme, Version
from pathways.workflows.states import State as S

_BY = PRESCRIBERS | TRAINING_BODIES

PMSMP = Scheme(
    code="PMSMP",
    label="Immersion (PMSMP)",
    purpose="Quelques jours en entreprise pour découvrir un métier ou confirmer un projet.",
    family=IMMERSION,
    sources="CT L5135-1 à L5135-8, D5135-1 à D5135-8",
    led_by=_BY,
    versions=(Version(date(2014, 11, 16), "Décret 2014-1360"),),
    workflow=Workflow(
        "PMSMP",
        final={S.REPORTED, S.CANCELLED, S.BROKEN},
        lines=[
            on("immersion_agreed", START, S.AGREED, by=_BY),
            on("immersion_started", {START, S.AGREED}, S.IN_IMMERSION, by=_BY),
            on("cancelled", S.AGREED, S.CANCELLED, by=_BY),
            on("immersion_broken", S.IN_IMMERSION, S.BROKEN, by=_BY),
            on("immersion_ended", S.IN_IMMERSION, S.REPORT_EXPECTED, by=_BY),
            note("immersion_report", by=_BY, during=S.BROKEN),
            on("immersion_report", {S.IN_IMMERSION, S.REPORT_EXPECTED}, S.REPORTED, by=_BY),
            *followed(),
        ],
    ),
)
