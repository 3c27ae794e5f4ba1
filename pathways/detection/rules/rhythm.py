"""Silence measured by what was planned with the person, rather than by a number of days that is the same for all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from statistics import median
from typing import Any

from pathways.detection.facts import StepFacts
from pathways.detection.finding import QUIET, WATCH, Findings, Mark, earliest, from_marks
from pathways.detection.rule import Family, rule
from pathways.workflows.dates import ONE_DAY, days

PLANNED = {"seen", "noshow", "excused"}
"""Outcomes of an appointment that was to take place: what the service cancelled itself says nothing of a rhythm."""
LATEST = 7
"""Appointments from which a rhythm is read: what was agreed a year ago no longer holds."""


@rule(
    "rhythm_broken",
    "Rythme rompu",
    family=Family.CONTACT,
    kinds={"accompaniment"},
    fed=True,
    levels=(WATCH,),
    closes="Un signe de vie : un échange, un rendez-vous honoré, une présence.",
    source="Rythme convenu avec la personne ; mesuré sur des abandons réels (benchmarks/oulad.md)",
    after={"appointment"},
)
def rhythm_broken(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """Longer without a sign of life than half as much again as the usual time between two planned appointments.

    The rhythm is the median of the last intervals, once three appointments were planned. While the person is in a course, a
    contract or another structuring step, appointments are rarer by agreement, and nothing is said; nor where the scheme itself
    allows no longer silence.
    """
    signed, planned = step.signed, _planned(step)
    if not step.is_lead or signed is None or len(planned) < settings["rhythm_broken.planned"]:
        return QUIET
    elsewhere = step.person.active_structuring(but=step)
    if elsewhere:
        return Findings(again_on=earliest(*(each.expected_end + ONE_DAY for each in elsewhere if each.expected_end)))
    rhythm = median((second - first).days for first, second in pairwise(planned))
    allowed = max(round(settings["rhythm_broken.share"] * rhythm), settings["rhythm_broken.days"])
    in_any_case = settings["contact_silence.days"]
    if in_any_case and in_any_case <= allowed:
        return QUIET  # the silence of the scheme speaks first
    last = _last_sign(step, signed.occurred_on)
    return from_marks(
        step.day,
        f"{last}",
        [Mark(last + days(allowed + 1), WATCH)],
        evidence=[entry for entry in step.all("appointment") if entry.occurred_on in planned[-2:]],
        # A silence passes before the week's budget by what the scheme allows; a broken rhythm alone waits its turn.
        values={"since": last, "rhythm": round(rhythm), "allowed": in_any_case or allowed},
    )


def _planned(step: StepFacts) -> list[date]:
    """The days of the latest appointments that were to take place, in order."""
    told = {entry.occurred_on for entry in step.all("appointment") if entry.data.get("status") in PLANNED}
    return sorted(day for day in told if day <= step.day)[-LATEST:]


def _last_sign(step: StepFacts, start: date) -> date:
    """The last day on which somebody spoke with the person or saw them, in any step, since this one was signed."""
    spoken = step.person.last_contact
    seen = (each.step.half_days.last_present for each in step.person.steps)
    return max(day for day in (start, spoken.occurred_on if spoken else None, *seen) if day is not None)
