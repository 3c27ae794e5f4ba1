"""CEJ: the intensive accompaniment of the under-26s, up to twelve months, carried on by an external course."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from pathways.workflows import dates, deadlines
from pathways.workflows.actors import FT, ML, REFERENT
from pathways.workflows.definition import Workflow, at, note, on
from pathways.workflows.families import (
    ACCOMPANIMENT,
    OPEN_ACCOMPANIMENT,
    SANCTIONS,
    SIGN_AFTER_ORIENTATION,
    followed,
    interruptions,
    led,
    opening,
)
from pathways.workflows.predicates import aged, none_ended_within, not_in, registered, rqth_past, said, said_not
from pathways.workflows.scheme import Prolongation, Scheme, Version
from pathways.workflows.states import State as S

if TYPE_CHECKING:
    from pathways.workflows.fold import Pathway, Step


def cap(step: "Step", pathway: "Pathway") -> date | None:
    """Twelve months, or the last day of the second month after an external course begun inside, whichever is later."""
    own = deadlines.cap_from("engagement_signed", "accompaniment_started")(step, pathway)
    ends = list(_ends_of_courses(step))
    if own is None or not ends:
        return own
    return max(own, *(dates.add_months(end.replace(day=1), 3) - dates.ONE_DAY for end in ends))


def _ends_of_courses(step: "Step") -> Iterator[date]:
    """The last day of each external course: planned, or declared otherwise than on the day that follows the planned one."""
    over = [entry.occurred_on for entry in step.all("external_course_ended")]
    for course in step.all("external_course_started"):
        planned = course.data.get("planned_end")
        ended = next((day for day in over if day >= course.occurred_on), None)
        if ended is not None and (planned is None or ended not in {planned, planned + dates.ONE_DAY}):
            yield ended
        elif planned is not None:
            yield planned


_ENTRY = (
    aged(16, 26, rqth=30),
    said_not("student", "Ne pas être étudiant"),
    not_in("training", "Ne pas être en formation"),
    said("hard_access_to_durable_job"),
    none_ended_within("CEJ", 6, unless="special_circumstances", exceptional=True),
)
_TO_18_MONTHS = (
    Prolongation("motivee", "Exceptionnelle et motivée, 18 mois en tout", "CT R5131-16", months=6, longest_months=18),
)
_WEEKLY = (
    "Le contrat prévoit au moins 15 heures d’activité par semaine, sauf aménagement (CT L5411-6).",
    "Un parcours externe commencé avant la fin porte le CEJ au dernier jour du deuxième mois qui suit (CT R5131-16).",
    "Les pièces de l’allocation sont fournies dans les trois mois (CT R5131-25).",
    "L’indemnité d’un service civique ou du SMV suspend l’allocation (CT R5131-24).",
    "Un seul référent ; le suivi dans l’emploi reste possible après la fin (CT R5131-16).",
)

CEJ = Scheme(
    code="CEJ",
    label="Contrat d’engagement jeune",
    purpose="Accompagnement intensif des moins de 26 ans, 15 à 20 heures par semaine, 12 mois au plus.",
    family=ACCOMPANIMENT,
    sources="CT L5131-6, R5131-15 à R5131-26 ; décret 2022-199",
    led_by=frozenset({ML, FT}),
    lead_rank=1,
    intensive=True,
    age_limit=26,
    age_limit_rqth=30,
    cap=cap,
    thresholds={"contact_silence.days": 14, "weekly_hours_low.followed": True},
    versions=(
        Version(
            date(2022, 3, 1), "Décret 2022-199 ; CT L5131-6, R5131-15 à R5131-26", date(2024, 12, 31), _ENTRY, (rqth_past(26),),
            cap_months=12, prolongations=_TO_18_MONTHS, duties=_WEEKLY,
        ),
        Version(
            date(2025, 1, 1), "CT L5131-6, R5131-15 à R5131-26, D5411-14-1", None, (*_ENTRY, registered),
            (registered, rqth_past(26)), cap_months=12, sign_within="orientation_notified", prolongations=_TO_18_MONTHS,
            duties=(SIGN_AFTER_ORIENTATION, *_WEEKLY, SANCTIONS),
        ),
    ),
    workflow=Workflow(
        "CEJ",
        final={S.DECLINED, S.CLOSED},
        lines=[
            *opening({ML, FT}, S.ACTIVE),
            note("weekly_hours", by=REFERENT),
            *interruptions(),
            *followed(),
            *led(),
            on("closed", OPEN_ACCOMPANIMENT, S.CLOSED, by=REFERENT),
            at("cap", deadlines.day_after_cap, OPEN_ACCOMPANIMENT, S.CLOSED, outcome="ARRIVE_A_TERME"),
        ],
    ),
)
