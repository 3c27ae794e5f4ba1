"""CEJ: the intensive accompaniment of the under-26s, up to twelve months, carried on by an external course."""

from datetime import date
from typing import TYPE_CHECKING

from pathways.workflows import dates, deadlines
from pathways.workflows.actors import FT, ML, REFERENT
from pathways.workflows.definition import Workflow, at, note, on
from pathways.workflows.families import ACCOMPANIMENT, OPEN_ACCOMPANIMENT, followed, interruptions, led, opening
from pathways.workflows.scheme import Scheme, Version
from pathways.workflows.states import State as S

if TYPE_CHECKING:
    from pathways.workflows.fold import Pathway, Step


def cap(step: "Step", pathway: "Pathway") -> date | None:
    """Twelve months, or the last day of the second month after an external course begun inside, whichever is later."""
    own = deadlines.cap_from("engagement_signed", "accompaniment_started")(step, pathway)
    ends = [course.data["planned_end"] for course in step.all("external_course_started") if course.data.get("planned_end")]
    if own is None or not ends:
        return own
    return max(own, *(dates.add_months(end.replace(day=1), 3) - dates.ONE_DAY for end in ends))


CEJ = Scheme(
    code="CEJ",
    label="Contrat d’engagement jeune",
    family=ACCOMPANIMENT,
    sources="CT L5131-6, R5131-15 à R5131-26 ; décret 2022-199",
    led_by=frozenset({ML, FT}),
    lead_rank=1,
    age_limit=26,
    age_limit_rqth=30,
    cap=cap,
    versions=(
        Version(date(2022, 3, 1), "Décret 2022-199", date(2024, 12, 31), 12, None, 16, 26, max_age_rqth=30, longest_months=18),
        Version(date(2025, 1, 1), "CT L5131-6, D5411-14-1", None, 12, "orientation_notified", 16, 26, True, 30, 18),
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
