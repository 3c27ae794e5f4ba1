"""The follow-ups that an exit calls for, and what answered each: the one place the signal and the page read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from pathways.detection.facts import StepFacts
from pathways.workflows.dates import add_months, days
from pathways.workflows.entry import Entry
from pathways.workflows.scheme import Scheme
from pathways.workflows.states import State as S

EXITED = frozenset({S.COMPLETED, S.DROPPED_OUT, S.EXCLUDED})
"""How somebody leaves a course."""
SOON = 7
"""Days before its date from which a follow-up is to be done."""


class Status(StrEnum):
    """``KNOWN``: another event said where the person stands. ``COMING``: its date is further than ``SOON`` days away."""

    LATE = "late"
    DUE = "due"
    COMING = "coming"
    ANSWERED = "answered"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One follow-up: what is said of the person from ``first`` to ``last`` answers it, and a ``followup`` of that month at any
    time. ``answer``: that one, or that of a later month; ``heard``: another event of those days.
    """

    month: int
    exited: date
    due: date
    first: date
    last: date
    answer: Entry | None
    heard: Entry | None

    @property
    def is_answered(self) -> bool:
        return self.answer is not None or self.heard is not None

    def status(self, day: date) -> Status:
        """Where it stands on the evening of ``day``: late from the day the signal shows."""
        if self.answer is not None:
            return Status.ANSWERED
        if self.heard is not None:
            return Status.KNOWN
        if day > self.last:
            return Status.LATE
        return Status.DUE if day >= self.due - days(SOON) else Status.COMING


def calls_for_follow_ups(scheme: Scheme, state: str) -> bool:
    """Exits of training, and from a CFA without contract; other ends are not followed up."""
    if state == S.LEFT_WITHOUT_CONTRACT:
        return True
    return scheme.family.code == "training" and state in EXITED


def follow_ups(step: StepFacts, settings: Mapping[str, Any]) -> list[FollowUp]:
    """The follow-ups of a step that is over, by month; none of one that does not call for any."""
    exited = step.last_day
    if exited is None or not calls_for_follow_ups(step.step.scheme, step.state):
        return []
    exit_entry = step.step.history[-1].cause
    before, after = settings["post_exit_followup_overdue.before"], settings["post_exit_followup_overdue.tolerance"]
    answers = step.all("followup")
    found = []
    for month in settings["post_exit_followup_overdue.months"]:
        due = add_months(exited, month)
        first, last = max(exited, due - days(before)), due + days(after)
        # Of several answers, the one meant for that month before one of a later month.
        later = sorted((each for each in answers if (each.data.get("month") or 0) >= month), key=_nearest)
        heard = [each for each in step.person.situations if each is not exit_entry and first <= each.occurred_on <= last]
        found.append(
            FollowUp(month, exited, due, first, last, next(iter(later), None), min(heard, key=_earliest, default=None))
        )
    return found


def _nearest(entry: Entry) -> tuple[int, date, str]:
    return entry.data.get("month") or 0, entry.occurred_on, entry.content


def _earliest(entry: Entry) -> tuple[date, str, str]:
    return entry.occurred_on, entry.type, entry.content
