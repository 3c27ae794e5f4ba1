"""One rupture nobody was warned of, looked at again: what was known when, and which rule came closest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from pathways.detection.evaluation import Key
from pathways.detection.finding import Finding, Level
from pathways.detection.settings import Settings
from pathways.detection.timeline import Timeline, Visit
from pathways.workflows.dates import ONE_DAY, days
from pathways.workflows.entry import Entry, Ref, standing
from pathways.workflows.fold import Folding
from pathways.workflows.ruptures import BROKEN, Rupture, ruptures

AFTER = days(90)
"""How far a rule may have been from speaking and still be told."""
LATELY = 60
"""Days before the last sign of life within which a signal that had ended is still told."""


@dataclass(frozen=True, slots=True)
class Near:
    """A signal that showed, or would have, on the evening of ``on``. ``late``: days after the last sign of life, or before."""

    rule: str
    on: date
    late: int
    finding: Finding
    enrolment: Ref | None

    @property
    def values(self) -> Mapping[str, Any]:
        """What its sentence needs."""
        return self.finding.values

    @property
    def about(self) -> str:
        return self.finding.about


@dataclass(slots=True)
class LookedBack:
    """``told_on``: the day the rupture became known. ``before``: signals that held before the last sign of life, by what was
    known then. ``on_time``: those that would have, had every fact been known on its day. ``after``: those that would have come
    next, had the rupture never been declared, the first one first.
    """

    rupture: Rupture
    told_on: date
    before: list[Near] = field(default_factory=list)
    on_time: list[Near] = field(default_factory=list)
    after: list[Near] = field(default_factory=list)


def look_back(entries: Sequence[Entry], settings: Settings, enrolment: Ref, today: date) -> LookedBack | None:
    """None when the step, by what is known today, did not break: the declaration was taken back."""
    told = standing(entries, today)
    pathway = Folding(told).advance(today)
    rupture = next((each for each in ruptures(pathway, told) if each.enrolment == enrolment), None)
    if rupture is None:
        return None
    step = pathway.steps[enrolment]
    causes = [move.cause for move in step.history if move.cause and (move.target in BROKEN or move.on == rupture.formal_on)]
    told_on = min((cause.known_on for cause in causes), default=rupture.formal_on)
    found = LookedBack(rupture, told_on)
    until = max(told_on, rupture.effective_on) + AFTER
    known = [entry for entry in entries if entry.known_on < told_on]
    for near in _signals(known, settings, until, rupture):
        (found.before if near.late < 0 else found.after).append(near)
    held = {(each.rule, each.enrolment) for each in found.before}
    at_once = [
        replace(entry, known_on=min(entry.effective_on, entry.known_on))
        for entry in told
        if entry.effective_on <= rupture.effective_on and entry not in causes
    ]
    eve = rupture.effective_on - ONE_DAY
    found.on_time = [near for near in _signals(at_once, settings, eve, rupture) if (near.rule, near.enrolment) not in held]
    return found


def _signals(entries: Sequence[Entry], settings: Settings, until: date, rupture: Rupture) -> list[Near]:
    """The signals of watch level or above that show until then and hold on the last sign of life, or show after it."""
    shown: dict[Key, Near] = {}
    over: list[Near] = []

    def look(visit: Visit) -> None:
        held = visit.evaluation.held
        over.extend(shown.pop(key) for key in [key for key in shown if key not in held])
        for key, each in held.items():
            if key not in shown and each.finding.level >= Level.WATCH:
                late = (visit.day - rupture.effective_on).days
                shown[key] = Near(key.rule, visit.day, late, each.finding, key.enrolment)

    Timeline(entries, settings).run_to(until, every=look)
    # What had ended long before says nothing of this rupture.
    recent = [near for near in over if near.late >= -LATELY]
    found = sorted([*recent, *shown.values()], key=lambda near: (near.on, near.rule))
    first: dict[tuple[str, Ref | None, bool], Near] = {}
    for near in found:
        first.setdefault((near.rule, near.enrolment, near.late < 0), near)  # a second threshold of a rule says nothing more
    return list(first.values())
