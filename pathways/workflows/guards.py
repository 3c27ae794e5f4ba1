"""Conditions checked when an entry is recorded, never when entries are folded.

A guard returns None, or the reason of the refusal, or all of them. What is not known does not refuse: only a known "no" does.
"""

from typing import TYPE_CHECKING

from pathways.errors import Reason
from pathways.workflows import deadlines
from pathways.workflows.dates import MAJORITY, ONE_DAY, age_on
from pathways.workflows.eligibility import not_together, reasons_to_enter, running_beside
from pathways.workflows.entry import Entry
from pathways.workflows.events import called
from pathways.workflows.scheme import Prolongation

if TYPE_CHECKING:
    from pathways.workflows.fold import Pathway, Step


def may_enter(step: "Step", pathway: "Pathway", entry: Entry) -> list[Reason]:
    """The scheme may be entered on that day, by this person, for all that is known: every reason against."""
    return reasons_to_enter(step.scheme, pathway, entry.occurred_on, entry.data)


def may_be_held(step: "Step", pathway: "Pathway", entry: Entry) -> list[Reason]:
    """The table allows to hold the scheme beside what will be running when it begins."""
    on = entry.data.get("planned_start") or entry.occurred_on
    beside = running_beside(step.scheme, pathway, on, but=step)
    return [reason for each in beside if (reason := not_together(step.scheme, each)) is not None]


def representative_signs_for_a_minor(step: "Step", pathway: "Pathway", entry: Entry) -> Reason | None:
    """Somebody under 18 does not sign alone."""
    minor = pathway.born is not None and age_on(pathway.born, entry.occurred_on) < MAJORITY
    return Reason("minor") if minor and not entry.data.get("legal_representative_signed") else None


def only_one_open(step: "Step", pathway: "Pathway", entry: Entry) -> Reason | None:
    """One open accompaniment of a scheme at a time."""
    for other in pathway.steps.values():
        if other is not step and other.scheme is step.scheme and other.is_open:
            return Reason("already_open", {"scheme": step.scheme.code, "since": other.opened_on})
    return None


def previous_phase_reviewed(step: "Step", pathway: "Pathway", entry: Entry) -> Reason | None:
    """Each phase ends with a review before the next begins (CT R5131-11)."""
    phase = step.last("phase_started")
    if phase is None:
        return None
    reviewed = {review.data.get("n") for review in step.all("phase_reviewed")}
    return None if phase.data.get("n") in reviewed else Reason("phase_not_reviewed", {"n": phase.data.get("n")})


def phase_was_started(step: "Step", pathway: "Pathway", entry: Entry) -> Reason | None:
    started = {phase.data.get("n") for phase in step.all("phase_started")}
    return None if entry.data.get("n") in started else Reason("phase_not_started", {"n": entry.data.get("n")})


def transfer_is_pending(step: "Step", pathway: "Pathway", entry: Entry) -> Reason | None:
    """A transfer is accepted or refused once it was asked for, once only, and by the organisation it was asked of."""
    asked = step.last("transfer_requested")
    answers = [*step.all("transfer_accepted"), *step.all("transfer_refused")]
    if asked is None or any(answer.occurred_on >= asked.occurred_on for answer in answers):
        return Reason("no_transfer_pending")
    to = called(asked.type, asked.data)
    return Reason("transfer_to_another") if to is not None and to != entry.organisation else None


def answered_in_time(step: "Step", pathway: "Pathway", entry: Entry) -> Reason | None:
    """A CSP is accepted within the 21 days of reflection."""
    expired = deadlines.end_of_reflection(step, pathway)
    if expired is None or entry.occurred_on < expired:
        return None
    return Reason("answer_too_late", {"last_day": expired - ONE_DAY})


def within_the_longest_duration(step: "Step", pathway: "Pathway", entry: Entry) -> Reason | None:
    """A prolongation is one of those the rules of the step give, and stays within it (PACEA: 24 months in all, CT R5131-13)."""
    start = step.first("engagement_signed") or step.first("accompaniment_started")
    version = step.scheme.version(deadlines.rules_on(step, entry.occurred_on))
    if start is None or version is None or not version.prolongations:
        return None
    asked = deadlines.prolonged_to(step, pathway, entry)
    limits = [deadlines.longest(each, start.occurred_on) for each in prolongations_open_to(step, pathway, entry)]
    if asked is None or None in limits:
        return None
    limit = max((each for each in limits if each is not None), default=deadlines.cap_of(step, pathway))
    return Reason("too_long", {"limit": limit, "source": version.source}) if limit is not None and asked > limit else None


def prolongations_open_to(step: "Step", pathway: "Pathway", entry: Entry) -> list[Prolongation]:
    """Those the rules of the step give, for the reason of the entry if it names one, to somebody not known to be out of it."""
    version = step.scheme.version(deadlines.rules_on(step, entry.occurred_on))
    offered = version.prolongations if version else ()
    named = [each for each in offered if each.code == entry.data.get("reason")] or offered
    granted = step.all("prolongation_granted")
    return [
        each
        for each in named
        if all(asked.holds(pathway, entry.occurred_on, entry.data) is not False for asked in each.entry)
        and (each.times is None or sum(one.data.get("reason") == each.code for one in granted) < each.times)
    ]


def has_begun(step: "Step", pathway: "Pathway", entry: Entry) -> Reason | None:
    """Nobody enters a course before the day it begins."""
    start = step.planned_start
    return Reason("not_begun", {"starts": start}) if start and entry.occurred_on < start else None


def break_is_not_before_the_start(step: "Step", pathway: "Pathway", entry: Entry) -> Reason | None:
    started, broken = step.last("work_contract_started"), entry.data.get("broken_on")
    if started is None or broken is None or broken >= started.occurred_on:
        return None
    return Reason("break_before_start", {"started": started.occurred_on})


def new_employer_in_time(step: "Step", pathway: "Pathway", entry: Entry) -> Reason | None:
    """A CFA cycle begun without employer finds one within its three months (CT L6222-12-1)."""
    last = deadlines.pre_contract_last_day(step)
    return Reason("pre_contract_over", {"last_day": last}) if last and entry.occurred_on > last else None
