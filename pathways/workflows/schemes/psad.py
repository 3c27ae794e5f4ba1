"""PSAD: school leavers identified, reached, and handed over to somebody who accompanies them."""

from datetime import date
from typing import TYPE_CHECKING

from pathways.workflows import guards
from pathways.workflows.actors import ML, SCHOOLS, Kind
from pathways.workflows.dates import MAJORITY
from pathways.workflows.definition import START, Workflow, at, note, on
from pathways.workflows.entry import Entry
from pathways.workflows.families import LEAVERS, handed_over
from pathways.workflows.predicates import aged, either, said
from pathways.workflows.scheme import Scheme, Version
from pathways.workflows.states import State as S

if TYPE_CHECKING:
    from pathways.workflows.fold import Pathway, Step

_BY = frozenset({Kind.PSAD, ML, Kind.CIO, Kind.ASSOCIATION_RELAIS})
_LOOKING = frozenset({S.IDENTIFIED, S.CONTACTING, S.UNREACHABLE})
_FOUND = frozenset({S.REACHED, S.INTERVIEWED})
_DUTIES = (
    "Une première tentative de contact dans les 15 jours du repérage, un entretien dans les 30 jours (pratique).",
    "Après deux convocations sans réponse, la mission locale peut informer le président du département (pratique).",
)
_OBLIGATION = "De 16 à 18 ans, chacun est en formation, en emploi ou accompagné (Code de l’éducation L114-1)."
FAILURES, CHANNELS = 3, 2
"""Attempts failed in a row, and on how many channels, before somebody is called unreachable."""


def reached(entry: Entry) -> bool:
    return entry.data.get("result") == "reached"


def failed(entry: Entry) -> bool:
    return not reached(entry)


def came(entry: Entry) -> bool:
    return entry.data.get("status") == "seen"


def out_of_reach_on(step: "Step", pathway: "Pathway") -> date | None:
    """The day of the third failed attempt in a row, on two channels at least, since the person was last reached."""
    spoken = [*step.all("contact"), *filter(came, step.all("appointment")), *filter(reached, step.all("contact_attempt"))]
    since = max((each.occurred_on for each in spoken), default=date.min)
    run = [each for each in step.all("contact_attempt") if failed(each) and each.occurred_on > since]
    for number, attempt in enumerate(run, start=1):
        if number >= FAILURES and len({each.data.get("channel") for each in run[:number]}) >= CHANNELS:
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
    versions=(
        Version(
            date(2011, 2, 9), "Circulaire du 9 février 2011 ; Code de l’éducation L313-7, L313-8", date(2020, 8, 31),
            (aged(16), said("below_aimed_diploma")), duties=_DUTIES,
        ),
        Version(
            date(2020, 9, 1), "Code de l’éducation L114-1, L313-7, L313-8 ; instruction du 22 octobre 2020", None,
            (aged(16), either(said("below_aimed_diploma"), aged(16, MAJORITY), code="dropout_or_minor",
                              label="Être sans le diplôme visé, ou avoir moins de 18 ans")),
            duties=(*_DUTIES, _OBLIGATION),
        ),
    ),
    workflow=Workflow(
        "PSAD",
        final={S.ALREADY_FOLLOWED, S.MOVED, S.NOT_A_DROPOUT, S.CLOSED},
        lines=[
            on("leaver_identified", START, S.IDENTIFIED, by=_BY | SCHOOLS, needs=[guards.may_enter]),
            on("contact_attempt", _LOOKING, S.REACHED, by=_BY, given=reached),
            on("contact_attempt", {S.IDENTIFIED, S.CONTACTING}, S.CONTACTING, by=_BY, given=failed),
            note("contact_attempt", by=_BY),
            on("contact", _LOOKING, S.REACHED, by=_BY),
            note("contact", by=_BY),
            on("appointment", _LOOKING | _FOUND, S.INTERVIEWED, by=_BY, given=came),
            note("appointment", by=_BY),
            on("handed_over", _LOOKING | _FOUND, S.HANDED_OVER, by=_BY),
            # Refused, or to somebody else besides: the search is over, the young person is not in a solution yet.
            note("handed_over", by=_BY, during={S.HANDED_OVER}, needs=[guards.not_handed_over_already]),
            *handed_over(),
            on("in_solution", _LOOKING | _FOUND | {S.HANDED_OVER}, S.IN_SOLUTION, by=_BY),
            on("already_followed", _LOOKING | _FOUND, S.ALREADY_FOLLOWED, by=_BY | SCHOOLS),
            on("moved", _LOOKING | _FOUND, S.MOVED, by=_BY | SCHOOLS),
            on("not_a_dropout", _LOOKING | _FOUND, S.NOT_A_DROPOUT, by=_BY | SCHOOLS),
            on("closed", _LOOKING | _FOUND | {S.HANDED_OVER, S.IN_SOLUTION}, S.CLOSED, by=_BY),
            at("out_of_reach", out_of_reach_on, S.CONTACTING, S.UNREACHABLE),
        ],
    ),
)
