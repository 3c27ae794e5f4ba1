"""A week of attendance of a whole group, recorded at once: only what changed, and never over what somebody else changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa

from pathways import clock, db
from pathways.detection.sheets import read_attendance
from pathways.errors import Reason
from pathways.operations.declaring import RETRACTED, Asked, Declared, declare_together
from pathways.workflows.dates import days
from pathways.workflows.week import Sheet, Week, to_come

CORRECTED = "corrected"
"""The reason kept with a sheet taken back so that a half-day may be emptied."""


@dataclass(frozen=True, slots=True)
class Typed:
    """One trainee's week: as it was shown, and as it is wanted. Fourteen cells each (``workflows.week``)."""

    person_id: int
    enrolment_id: int
    scheme: str
    shown: tuple[str, ...]
    wanted: tuple[str, ...]


@dataclass(slots=True)
class Recorded:
    """What became of the week. ``meanwhile``: by enrolment, the places somebody else changed since the grid was shown."""

    declared: Declared = field(default_factory=Declared)
    meanwhile: dict[int, tuple[int, ...]] = field(default_factory=dict)


def record_week(typed: Sequence[Typed], monday: date, *, organisation_id: int, user_id: int | None) -> Recorded:
    """Records the trainees whose week is wanted otherwise than shown: one sheet each.

    A trainee whose week somebody changed since it was shown is left alone and named in ``meanwhile``; one the rules refuse is
    in ``declared.refused``; all others are recorded.
    """
    changed = [each for each in typed if each.wanted != each.shown]
    done = Recorded()
    if not changed:
        return done
    today, asked = clock.today(), []
    refused: dict[int, tuple[Reason, ...]] = {}
    with db.atomic() as session:
        persons = sorted({each.person_id for each in changed})
        session.execute(sa.text("SELECT id FROM person WHERE id = ANY(:ids) ORDER BY id FOR UPDATE"), {"ids": persons})
        steps = {each.enrolment_id: (each.person_id, each.scheme) for each in changed}
        # A sheet taken back may reach into the weeks around: what counts there is read too.
        known = read_attendance(session, steps, monday - days(6), monday + days(12), today)
        for each in changed:
            week = Week(known[each.enrolment_id].all("attendance"), monday)
            moved = tuple(place for place, cell in enumerate(week.cells) if cell != each.shown[place])
            if moved:
                done.meanwhile[each.enrolment_id] = moved
            elif to_come(_new(each), monday, today):
                refused[each.enrolment_id] = (Reason("presence_to_come", {"today": today}),)
            else:
                change = week.change(each.wanted, organisation_id)
                if change.foreign:
                    refused[each.enrolment_id] = (Reason("not_your_entry", {"event": "attendance"}),)
                asked += _retractions(each, change.retracts, today) + _declarations(each, change.sheets, today)
        done.declared = declare_together(asked, organisation_id=organisation_id, user_id=user_id)
    done.declared.refused |= refused
    return done


def _new(typed: Typed) -> list[str]:
    """The wanted cells that differ from what was shown; the others count as empty."""
    return [wanted if wanted != shown else "-" for wanted, shown in zip(typed.wanted, typed.shown, strict=True)]


def _retractions(typed: Typed, sheets: Sequence[object], today: date) -> list[Asked]:
    return [
        Asked(typed.person_id, typed.enrolment_id, RETRACTED, today, {"reason": CORRECTED}, int(str(sheet))) for sheet in sheets
    ]


def _declarations(typed: Typed, sheets: Sequence[Sheet], today: date) -> list[Asked]:
    """A sheet happens on its last day; one filled in ahead, today."""
    return [Asked(typed.person_id, typed.enrolment_id, "attendance", min(sheet.last, today), sheet.details) for sheet in sheets]
