"""Signals of intensity: the weekly hours of a CEJ. A week without entry is unknown, an excused one neither low nor normal."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from pathways.detection.facts import StepFacts
from pathways.detection.finding import ALERT, CRITICAL, INFO, Finding, Findings, Level
from pathways.detection.rule import Family, rule
from pathways.workflows.dates import days
from pathways.workflows.states import State as S

_WEEK = days(7)


@rule("weekly_hours_low", "Heures insuffisantes", family=Family.ATTENDANCE, schemes={"CEJ"})
def weekly_hours_low(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """An ISO week under the hours of the contract, shown from the following Monday; not during an external course."""
    found = tuple(
        Finding(f"{monday}", INFO, values={"monday": monday, "hours": hours, "least": least})
        for monday, hours, least in _weeks(step, settings)
        if hours < least and monday + _WEEK <= step.day
    )
    return Findings(found, _next_monday(step, settings))


@rule("weekly_hours_low_repeat", "Heures insuffisantes répétées", family=Family.ATTENDANCE, schemes={"CEJ"})
def weekly_hours_low_repeat(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """Two low weeks in a row, three or more; the first normal week closes it, an unknown one only breaks the run."""
    run: list[date] = []
    raised: dict[int, tuple[Level, date]] = {}
    for monday, hours, least in _weeks(step, settings):
        if monday + _WEEK > step.day:
            break
        if hours >= least:
            run, raised = [], {}
            continue
        run = [*run, monday] if run and run[-1] + _WEEK == monday else [monday]
        if len(run) in _LEVELS:
            raised.setdefault(len(run), (_LEVELS[len(run)], run[0]))
    found = tuple(
        Finding(f"since:{first}", level, str(weeks), values={"weeks": weeks, "first": first})
        for weeks, (level, first) in raised.items()
    )
    return Findings(found, _next_monday(step, settings))


_LEVELS = {2: ALERT, 3: CRITICAL}


def _weeks(step: StepFacts, settings: Mapping[str, Any]) -> Iterator[tuple[date, float, float]]:
    """(Monday, validated hours, least hours) of each week that counts, in order; the latest recorded value of a week."""
    least = step.detail("engagement_signed", "weekly_hours_min") or settings["weekly_hours_low.hours"]
    weeks = {entry.data["monday"]: entry for entry in step.all("weekly_hours")}
    for monday in sorted(weeks):
        data = weeks[monday].data
        if not data.get("excused") and not _elsewhere(step, monday):
            yield monday, data["validated"], least


def _elsewhere(step: StepFacts, monday: date) -> bool:
    """In an external course or suspended on some day of that week."""
    history = step.step.history
    spells = [(move.target, move.on, after.on) for move, after in pairwise(history)]
    spells += [(history[-1].target, history[-1].on, date.max)] if history else []
    return any(
        state in {S.EXTERNAL_COURSE, S.SUSPENDED} and begins < monday + _WEEK and ends > monday for state, begins, ends in spells
    )


def _next_monday(step: StepFacts, settings: Mapping[str, Any]) -> date | None:
    """The Monday on which a week already known begins to count."""
    return min((monday + _WEEK for monday, *_ in _weeks(step, settings) if monday + _WEEK > step.day), default=None)
