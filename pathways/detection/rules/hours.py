"""Signals of intensity: the weekly hours of a CEJ. A week without entry is unknown, an excused one neither low nor normal."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pathways.detection.facts import StepFacts
from pathways.detection.finding import ALERT, CRITICAL, INFO, QUIET, Finding, Findings, Mark, from_marks, together
from pathways.detection.rule import Family, rule
from pathways.workflows.dates import ONE_DAY, days

_WEEK = days(7)
_COUNTED = {"CEJ", "CE_FT"}
"""Hours are followed in a CEJ; in a contrat d'engagement only where the organisation asks for it."""


@rule(
    "weekly_hours_low",
    "Heures insuffisantes",
    family=Family.ATTENDANCE,
    schemes=_COUNTED,
    levels=(INFO,),
    closes="Après quatre semaines.",
    source="CT L5411-6",
    after={"weekly_hours"},
)
def weekly_hours_low(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """An ISO week under the hours of the contract, shown from the following Monday; not during an external course.

    It is news for four weeks.
    """
    if not settings["weekly_hours_low.followed"]:
        return QUIET
    least, news = _least(step, settings), days(settings["weekly_hours_low.news_days"])
    return together(
        from_marks(
            step.day,
            f"{monday}",
            [Mark(monday + _WEEK, INFO)],
            until=monday + _WEEK + news - ONE_DAY,
            values={"monday": monday, "hours": hours, "least": least},
        )
        for monday, hours in step.weeks
        if hours < least
    )


@rule(
    "weekly_hours_low_repeat",
    "Heures insuffisantes répétées",
    family=Family.ATTENDANCE,
    schemes=_COUNTED,
    levels=(ALERT, CRITICAL),
    closes="La première semaine complète.",
    source="CT L5411-6 ; seuils de pratique",
    after={"weekly_hours"},
)
def weekly_hours_low_repeat(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """Two low weeks in a row, three or more; the first normal week closes it, an unknown one only breaks the run."""
    if not settings["weekly_hours_low.followed"]:
        return QUIET
    run: list[date] = []
    raised: dict[int, date] = {}
    least = _least(step, settings)
    for monday, hours in step.weeks:
        if monday + _WEEK > step.day:
            break
        if hours >= least:
            run, raised = [], {}
            continue
        run = [*run, monday] if run and run[-1] + _WEEK == monday else [monday]
        if len(run) in _LEVELS:
            raised.setdefault(len(run), run[0])
    found = tuple(
        Finding(f"since:{first}", _LEVELS[weeks], str(weeks), values={"weeks": weeks, "first": first})
        for weeks, first in raised.items()
    )
    return Findings(found, _next_monday(step))


_LEVELS = {2: ALERT, 3: CRITICAL}


def _least(step: StepFacts, settings: Mapping[str, Any]) -> float:
    """The weekly hours of the contract, else the threshold."""
    agreed = step.detail("engagement_signed", "weekly_hours_min")
    agreed = step.detail("accompaniment_started", "weekly_hours_min") if agreed is None else agreed
    return float(settings["weekly_hours_low.hours"] if agreed is None else agreed)


def _next_monday(step: StepFacts) -> date | None:
    """The Monday on which a week already known begins to count."""
    last = step.weeks[-1][0] if step.weeks else None
    if last is None or last + _WEEK <= step.day:
        return None
    return min(monday + _WEEK for monday, _hours in step.weeks if monday + _WEEK > step.day)
