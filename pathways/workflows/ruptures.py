"""Ruptures: a course or a contract that broke, an accompaniment closed because the person had gone.

The formal day is the one declared; the effective day the last presence or exchange before it: between the two, whoever looks
at the journal sees somebody who has already left.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pathways.workflows.attendance import PRESENT
from pathways.workflows.dates import days
from pathways.workflows.entry import Entry, Ref, is_two_way_contact
from pathways.workflows.fold import Pathway, Step
from pathways.workflows.states import State

BROKEN = frozenset({State.DROPPED_OUT, State.EXCLUDED, State.BROKEN_CLOSED, State.BROKEN_CONTINUING_CFA})
LOST = ("ABANDON", "INJOIGNABLE")
"""Outcomes of an accompaniment that mean the person had gone."""
OF_THE_STEP = frozenset({"attendance", "weekly_hours"})
"""Signs of life that say something of their own step alone."""


@dataclass(frozen=True, slots=True)
class Rupture:
    """One rupture of one step. ``came``: the person was there at least once; who never came is counted apart."""

    enrolment: Ref
    scheme: str
    began_on: date
    effective_on: date
    formal_on: date
    came: bool


def last_sign_of_life(entry: Entry) -> date | None:
    """The last day on which, by this entry, the person was present or spoke with somebody; None when it says nothing of that."""
    if is_two_way_contact(entry):
        return entry.occurred_on
    if entry.type == "attendance":
        first, place = entry.data["from"], entry.data["halves"].rfind(PRESENT)
        return first + days(place // 2) if place >= 0 else None
    if entry.type == "weekly_hours":
        return entry.occurred_on if entry.data.get("validated") else None
    return None


def ruptures(pathway: Pathway, entries: Iterable[Entry]) -> list[Rupture]:
    """Every rupture of a folded pathway. ``entries``: those it was folded from, retracted ones left out."""
    broken = [(step, on) for step in pathway.steps.values() if (on := broken_on(step))]
    if not broken:
        return []
    signs = [(seen, entry) for entry in entries if (seen := last_sign_of_life(entry))]
    return [_rupture(step, on, signs) for step, on in broken]


def broken_on(step: Step) -> date | None:
    """The day the step is declared to have broken; None when it did not."""
    first = next((move.on for move in step.history if move.target in BROKEN), None)
    return first or (step.closed_on if step.outcome in LOST else None)


def _rupture(step: Step, formal_on: date, signs: Iterable[tuple[date, Entry]]) -> Rupture:
    began = min(step.opened_on or formal_on, formal_on)
    # Half-days and hours are those of the step; whoever spoke with the person, about whatever, spoke with somebody still there.
    of_it = (day for day, entry in signs if entry.type not in OF_THE_STEP or entry.enrolment == step.key)
    seen = max((day for day in of_it if began <= day <= formal_on), default=None)
    return Rupture(step.key, step.scheme.code, began, seen or began, formal_on, seen is not None or step.outcome in LOST)
