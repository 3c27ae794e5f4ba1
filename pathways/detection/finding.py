"""What a rule returns: findings on a day, and the next day on which the clock alone may change its answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from typing import Any, NamedTuple

from pathways.workflows.dates import ONE_DAY
from pathways.workflows.entry import Entry, Ref


class Level(IntEnum):
    """How much a signal asks for. From ``WATCH`` up it needs a human."""

    INFO = 0
    WATCH = 1
    ALERT = 2
    CRITICAL = 3

    @property
    def code(self) -> str:
        return self.name.lower()


INFO, WATCH, ALERT, CRITICAL = Level


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a rule holds true on a day.

    ``about``: the anchor (an appointment, a phase, a cap date…); ``threshold`` tells findings of one anchor apart;
    ``evidence``: the entries it rests on; ``values``: what its sentence needs; ``enrolment``: where a finding about the person
    comes from. Two findings with the same (rule, enrolment, about, threshold) are one signal.
    """

    about: str
    level: Level
    threshold: str = ""
    evidence: tuple[Entry, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    enrolment: Ref | None = None


class Findings(NamedTuple):
    """The answer of a rule. ``again_on`` is never later than the day the clock changes the answer; None when it cannot."""

    found: tuple[Finding, ...] = ()
    again_on: date | None = None


QUIET = Findings()


class Mark(NamedTuple):
    """From ``day`` on, the finding holds at ``level``."""

    day: date
    level: Level
    threshold: str = ""
    values: Mapping[str, Any] = {}


def earliest(*days: date | None) -> date | None:
    """The first of the days that are known."""
    first = None
    for day in days:
        if day is not None and (first is None or day < first):
            first = day
    return first


def from_marks(
    today: date,
    about: str,
    marks: Iterable[Mark],
    *,
    until: date | None = None,
    evidence: Sequence[Entry] = (),
    values: Mapping[str, Any] | None = None,
    enrolment: Ref | None = None,
) -> Findings:
    """The marks reached on ``today``, up to the last day ``until`` (included); a higher mark does not close a lower one."""
    if until is not None and today > until:
        return QUIET
    found: list[Finding] = []
    again: date | None = None
    for mark in marks:
        if mark.day > today:
            if (until is None or mark.day <= until) and (again is None or mark.day < again):
                again = mark.day
        else:
            found.append(
                Finding(about, mark.level, mark.threshold, tuple(evidence), {**(values or {}), **mark.values}, enrolment)
            )
    if until is not None and found:
        again = earliest(again, until + ONE_DAY)
    return Findings(tuple(found), again) if found or again else QUIET


def together(answers: Iterable[Findings]) -> Findings:
    """Several answers of one rule as one."""
    answers = list(answers)
    return Findings(
        tuple(finding for answer in answers for finding in answer.found),
        earliest(*(answer.again_on for answer in answers)),
    )
