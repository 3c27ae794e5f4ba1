"""Stating the calendar of one step, or of every trainee of a group: one entry each, all in one gesture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pathways import clock
from pathways.errors import Reason, Refused
from pathways.operations.declaring import Asked, Declared, declare_together
from pathways.workflows.calendars import LISTS, WORKING_DAYS, Calendar
from pathways.workflows.dates import days

STATED = "calendar_stated"
LONGEST = 800
"""Days one list may hold: two years of closures and more, never a list somebody mistyped by a century."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a page says of a calendar. A list left None is not restated. ``since``: from when the lists count.

    ``half_days``: those worked in a week, from ``part_from`` to ``part_until``.
    """

    since: date
    cfa_weeks: Sequence[date] | None = None
    closures: Sequence[date] | None = None
    leave: Sequence[date] | None = None
    half_days: frozenset[str] | None = None
    part_from: date | None = None
    part_until: date | None = None


def state_calendar(
    wanted: Wanted, steps: Mapping[int, tuple[int, Calendar]], *, organisation_id: int, user_id: int
) -> Declared:
    """Records what is new of ``wanted`` on each of these steps (enrolment → person, calendar as it counts now).

    A part that already reads so is not said again. Raises `Refused` when nothing is new anywhere, and as `declare_together`
    tells, by enrolment, for the steps the rules refuse.
    """
    _check(wanted)
    today = clock.today()
    asked = [
        Asked(person, enrolment, STATED, today, data)
        for enrolment, (person, calendar) in steps.items()
        for data in _new(wanted, calendar)
    ]
    if not asked:
        raise Refused(Reason("calendar_unchanged"))
    return declare_together(asked, organisation_id=organisation_id, user_id=user_id)


def _check(wanted: Wanted) -> None:
    if wanted.part_until and wanted.part_from and wanted.part_until < wanted.part_from:
        raise Refused(Reason("range_backwards", {"starts": wanted.part_from, "last_day": wanted.part_until}))
    if any(len(getattr(wanted, name) or ()) > LONGEST for name in LISTS):
        raise Refused(Reason("calendar_too_long", {"most": LONGEST}))


def _new(wanted: Wanted, calendar: Calendar) -> list[dict[str, Any]]:
    """The details to record, at most two entries: the lists, from the beginning of the step; the days worked, from their own."""
    found = []
    lists = {name: sorted(set(getattr(wanted, name))) for name in LISTS if getattr(wanted, name) is not None}
    changed = {name: stated for name, stated in lists.items() if _differs(name, stated, wanted.since, calendar)}
    if changed:
        iso = {name: [day.isoformat() for day in stated] for name, stated in changed.items()}
        found.append({"from": wanted.since.isoformat(), **iso})
    if wanted.half_days is not None:
        since = wanted.part_from or clock.today()
        if wanted.half_days != calendar.half_days(since) or wanted.part_until is not None:
            until = {"until": wanted.part_until.isoformat()} if wanted.part_until else {}
            found.append({"from": since.isoformat(), WORKING_DAYS: sorted(wanted.half_days), **until})
    return found


def _differs(name: str, stated: list[date], since: date, calendar: Calendar) -> bool:
    """An empty list of weeks says something (all in the company); an empty list of days off does not."""
    if name == "cfa_weeks" and calendar.part(name, since) is None:
        return True
    return stated != calendar.days_of(name)


def all_days(ranges: Sequence[tuple[date, date]]) -> list[date]:
    """Every day of these ranges, once, both ends included."""
    return sorted({first + days(n) for first, last in ranges for n in range((last - first).days + 1)})
