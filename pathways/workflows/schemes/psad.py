"""PSAD: school leavers identified, reached, and handed over to somebody who accompanies them."""

from datetime import date
from typing import TYPE_CHECKING

from pathways.workflows.actors import ML, SCHOOLS, Kind
from pathways.workflows.definition import START, Workflow, at, note, on
from pathways.workflows.entry import Entry
from pathways.workflows.families import LEAVERS
from pathways.workflows.predicates import aged
from pathways.workflows.scheme import Scheme, Version
from pathways.workflows.states import State as S

if TYPE_CHECKING:
    from pathways.workflows.fold import Pathway, Step

_BY = frozenset({Kind.PSAD, ML, Kind.CIO, Kind.ASSOCIATION_RELAIS})
_LOOKING = frozenset({S.IDENTIFIED, S.CONTACTING, S.UNREACHABLE})
_FOUND = frozenset({S.REACHED, S.INTERVIEWED})
FAILURES, CHANNELS = 3, 2
"""Attempts failed in a row, and on how many channels, before somebody is called unreachable."""


def reached(entry: Entry) -> bool:
    return entry.data.get("result") == "reached"


def failed(entry: Entry) -> bool:
    return not reached(entry)


def came(entry: Entry) -> bool:
    return entry.data.get("status") == "seen"


def out_of_reach_on(step: "Step", pathway: "Pathway") -> date | None:
    """The day of the third failed attempt in a row, on two channels at least."""
    run: list[Entry] = []
    for attempt in step.all("contact_attempt"):
        run = [*run, attempt] if failed(attempt) else []
        if len(run) >= FAILURES and len({each.data.get("channel") for each in run}) >= CHANNELS:
            return attempt.occurred_on
    return None


PSAD = Scheme(
    code="PSAD",
    label="Plateforme de suivi et d’appui aux décrocheurs",
    purpose="Retrouver un jeune sorti de scolarité et le transmettre à qui l’accompagne.",
    family=LEAVERS,
    sources="Code de l’éducation L313-7, L313-8, L122-2, L114-1 ; circulaire du 9 février 2011",
    led_by=frozenset({Kind.PSAD, Kind.CIO, ML}),
    thresholds={"contact_silence.days": 30},
    versions=(Version(date(2011, 2, 9), "Circulaire du 9 février 2011", entry=(aged(16),)),),
    workflow=Workflow(
        "PSAD",
        final={S.HANDED_OVER, S.IN_SOLUTION, S.CLOSED},
        lines=[
            on("leaver_identified", START, S.IDENTIFIED, by=_BY | SCHOOLS),
            on("contact_attempt", _LOOKING, S.REACHED, by=_BY, given=reached),
            on("contact_attempt", {S.IDENTIFIED, S.CONTACTING}, S.CONTACTING, by=_BY, given=failed),
            note("contact_attempt", by=_BY),
            note("contact", by=_BY),
            on("appointment", _LOOKING | _FOUND, S.INTERVIEWED, by=_BY, given=came),
            note("appointment", by=_BY),
            on("handed_over", _LOOKING | _FOUND, S.HANDED_OVER, by=_BY),
            on("in_solution", _LOOKING | _FOUND, S.IN_SOLUTION, by=_BY),
            on("closed", _LOOKING | _FOUND, S.CLOSED, by=_BY),
            at("out_of_reach", out_of_reach_on, S.CONTACTING, S.UNREACHABLE),
        ],
    ),
)
