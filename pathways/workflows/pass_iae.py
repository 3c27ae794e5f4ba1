"""The days of a PASS IAE: when it begins, its last day with the suspensions, how far a prolongation may go."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, cast

from pathways.errors import Reason
from pathways.workflows import dates, deadlines, guards
from pathways.workflows.dates import ONE_DAY
from pathways.workflows.entry import Entry
from pathways.workflows.states import State as S

if TYPE_CHECKING:
    from pathways.workflows.fold import Pathway, Step

CONTRACTS = frozenset({"CDDI"})
"""Contracts signed under a PASS."""


def contracts(step: "Step", pathway: "Pathway") -> "Iterator[Step]":
    """The CDDI of this PASS: those not over when it opened."""
    for other in pathway.steps.values():
        if other.scheme.code in CONTRACTS and step.opened_on and (other.closed_on is None or other.closed_on >= step.opened_on):
            yield other


def first_contract(step: "Step", pathway: "Pathway") -> date | None:
    """The first day worked under the PASS, none of them under a former one."""
    before = max(_ends_of_former_ones(step, pathway), default=date.min)
    last = step.closed_on or date.max
    starts = (begun.occurred_on for other in contracts(step, pathway) for begun in other.all("work_contract_started"))
    return min((start for start in starts if before <= start <= last), default=None)


def _ends_of_former_ones(step: "Step", pathway: "Pathway") -> Iterator[date]:
    for other in pathway.steps.values():
        ended, opened = other.closed_on, step.opened_on
        if other is not step and other.scheme is step.scheme and ended and opened and ended <= opened:
            yield ended


def begins(step: "Step", pathway: "Pathway") -> date | None:
    """The first day of the PASS: of the first contract, else the one the PASS states, else the day it was issued."""
    issued, worked = step.first("pass_issued"), first_contract(step, pathway)
    if worked is not None or issued is None:
        return worked
    return step.detail("pass_issued", "start") or issued.occurred_on


def becomes_active(step: "Step", pathway: "Pathway") -> date | None:
    """The day an eligible person is in the PASS; one issued for a contract already signed waits for its first day."""
    waits = any(other.state == S.CONTRACT_SIGNED for other in contracts(step, pathway))
    return None if waits and first_contract(step, pathway) is None else begins(step, pathway)


def _shifts(step: "Step") -> Iterator[tuple[date, int]]:
    """Each suspension that is over: the day it ended, and its days from the first suspended one to the eve of the return."""
    since: date | None = None
    for move in step.history:
        if move.target == S.SUSPENDED:
            since = move.on
        elif since is not None and move.source == S.SUSPENDED:
            yield move.on, (move.on - since).days
            since = None


def cap(step: "Step", pathway: "Pathway") -> date | None:
    """24 months and the days suspended, carried on by each prolongation; no day while the PASS is suspended."""
    start = begins(step, pathway)
    version = step.scheme.version(deadlines.rules_on(step, start)) if start else None
    if start is None or version is None or version.cap_months is None or step.state in {S.ELIGIBLE, S.SUSPENDED}:
        return None
    last = dates.last_day_of(start, version.cap_months)
    shifts, granted = list(_shifts(step)), step.all("prolongation_granted")
    for day in sorted({*(back for back, _suspended in shifts), *(entry.occurred_on for entry in granted)}):
        last += dates.days(sum(suspended for back, suspended in shifts if back == day))
        for entry in granted:
            if entry.occurred_on == day:
                last = _prolonged(last, entry)
    return last


def _prolonged(last: date, granted: Entry) -> date:
    if granted.data.get("cap_on"):
        return cast("date", granted.data["cap_on"])
    months = granted.data.get("months")
    return dates.add_months(last + ONE_DAY, months) - ONE_DAY if months else last


def within_the_longest_duration(step: "Step", pathway: "Pathway", entry: Entry) -> Reason | None:
    """A prolongation is one of those of the page, within its step and its longest duration, suspended days aside."""
    start, last, asked = begins(step, pathway), cap(step, pathway), deadlines.prolonged_to(step, pathway, entry)
    version = step.scheme.version(deadlines.rules_on(step, entry.occurred_on))
    if start is None or last is None or asked is None or version is None:
        return None
    shifted = dates.days(sum(suspended for _day, suspended in _shifts(step)))
    limits = []
    for each in guards.prolongations_open_to(step, pathway, entry):
        longest = deadlines.longest(each, start)
        bounds = [longest + shifted] if longest else []
        if each.months is not None:
            bounds.append(dates.add_months(last + ONE_DAY, each.months) - ONE_DAY)
        if not bounds:
            return None
        limits.append(min(bounds))
    limit = max(limits, default=last)
    return Reason("too_long", {"limit": limit, "source": version.source}) if asked > limit else None
