"""CEP: free and confidential advice on one's career, for anybody active."""

from datetime import date

from pathways.workflows.actors import CAP, FT, ML, REFERENT, Actor, Kind
from pathways.workflows.definition import START, Workflow, note, on
from pathways.workflows.families import ADVICE, followed
from pathways.workflows.guards import may_enter
from pathways.workflows.scheme import Scheme, Version
from pathways.workflows.states import State as S

_OPERATORS = frozenset({FT, ML, CAP, Kind.APEC, Kind.OPERATEUR_CEP})
_BY: frozenset[Actor] = _OPERATORS | {REFERENT}
_OPEN = frozenset({S.REQUESTED, S.WELCOMED, S.SUPPORTED, S.SYNTHESIS_GIVEN})
_DUTIES = (
    "Le conseil est gratuit et confidentiel (CT L6111-6).",
    "L’accompagnement personnalisé finit par un document de synthèse remis à la personne (arrêté du 29 mars 2019).",
    "L’opérateur partage ses données d’activité (CT L6353-10).",
)

CEP = Scheme(
    code="CEP",
    label="Conseil en évolution professionnelle",
    purpose="Conseil gratuit à toute personne active sur son projet professionnel.",
    family=ADVICE,
    sources="CT L6111-6, L6111-6-1 ; arrêté du 29 mars 2019",
    led_by=_OPERATORS,
    versions=(
        Version(date(2015, 1, 1), "CT L6111-6 (loi 2014-288)", date(2019, 12, 31), duties=_DUTIES[:1]),
        Version(date(2020, 1, 1), "CT L6111-6, L6111-6-1 ; arrêté du 29 mars 2019", duties=_DUTIES),
    ),
    workflow=Workflow(
        "CEP",
        final={S.CLOSED},
        lines=[
            on("requested", START, S.REQUESTED, by=_BY, needs=[may_enter]),
            on("welcomed", START, S.WELCOMED, by=_BY, needs=[may_enter]),
            on("welcomed", S.REQUESTED, S.WELCOMED, by=_BY),
            on("supported", {S.REQUESTED, S.WELCOMED, S.SYNTHESIS_GIVEN}, S.SUPPORTED, by=_BY),
            note("referent_named", by=_BY),
            *followed({Kind.APEC, Kind.OPERATEUR_CEP}),
            on("synthesis_given", {S.WELCOMED, S.SUPPORTED}, S.SYNTHESIS_GIVEN, by=_BY),
            note("synthesis_given", by=_BY, during={S.SYNTHESIS_GIVEN}),
            on("closed", _OPEN, S.CLOSED, by=_BY),
        ],
    ),
)
