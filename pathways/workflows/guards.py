"""Conditions checked when an entry is recorded, never when entries are folded.

A guard returns None, or the reason of the refusal, or all of them. What is not known does not refuse: only a known "no" does.
"""

from typing import TYPE_CHECKING

from pathways.errors import Reason
from pathways.workflows import deadlines
from pathways.workflows.dates import MAJORITY, ONE_DAY, add_months, age_on
from pathways.workflows.eligibility import not_together, reasons_to_enter, running_beside
from pathways.workflows.entry import Entry
from pathways.workflows.outcomes import TRIAL_REASONS
from pathways.workflows.passages import answered_by, passages
from pathways.workflows.scheme import Prolongation

if TYPE_CHECKING:
    from pathways.workflows.fold import Pathway, Step


COURSES_BEGIN_MONTHS = 3


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


def transfer_may_be_asked(step: "Step", pathway: "Pathway", entry: Entry) -> Reason | None:
    """By whoever answers for the step, towards another; or by another, for itself."""
    to, leads = entry.data.get("to"), entry.organisation == step.lead
    if step.closed_on is not None:
        return Reason("nothing_to_transfer", {"on": step.closed_on})
    if step.lead is None or not isinstance(to, type(entry.organisation)):
        return None
    if leads and to == entry.organisation:
        return Reason("calls_oneself", {"field": "to", "label": "Vers"})
    return None if leads or to == entry.organisation else Reason("transfer_not_yours")


def transfer_is_pending(step: "Step", pathway: "Pathway", entry: Entry) -> Reason | None:
    """A transfer is accepted or refused once it was asked for, once only, and by the one of the two that did not ask."""
    asked = step.last("transfer_requested")
    passage = next((each for each in passages(step, pathway) if each.sent is asked), None)
    if passage is not None:
        if not passage.is_pending:
            return Reason("no_transfer_pending")
        return None if passage.answerer in (None, entry.organisation) else Reason("transfer_to_another")
    # Asked of somebody known by a name alone: whoever answers is taken at their word.
    answers = [*step.all("transfer_accepted"), *step.all("transfer_refused")]
    if asked is None or any(each.occurred_on >= asked.occurred_on for each in answers):
        return Reason("no_transfer_pending")
    return None


def not_handed_over_already(step: "Step", pathway: "Pathway", entry: Entry) -> Reason | None:
    """One hand-over to one organisation at a time."""
    to = entry.data.get("to")
    waiting = [each for each in passages(step, pathway) if each.kind == "hand_over" and each.is_pending and each.receiver == to]
    return Reason("handed_over_already", {"on": waiting[-1].sent.occurred_on}) if waiting else None


def hand_over_is_pending(step: "Step", pathway: "Pathway", entry: Entry) -> Reason | None:
    """Somebody handed over is received, accepted or refused by the organisation they were sent to, once."""
    found = passages(step, pathway)
    answered = answered_by(found, entry)
    if answered is not None:
        again = entry.type == "hand_over_acknowledged" and answered.acknowledged_on is not None
        return Reason("no_hand_over_pending") if again else None
    if any(each.is_pending and each.kind == "hand_over" for each in found):
        return Reason("hand_over_to_another")
    return Reason("no_hand_over_pending")


def passage_may_be_withdrawn(step: "Step", pathway: "Pathway", entry: Entry) -> Reason | None:
    """Only by the organisation that sent it, while it waits for an answer."""
    return None if answered_by(passages(step, pathway), entry) else Reason("nothing_to_withdraw")


def answered_in_time(step: "Step", pathway: "Pathway", entry: Entry) -> Reason | None:
    """A CSP is accepted within the 21 days of reflection."""
    expired = deadlines.end_of_reflection(step, pathway)
    if expired is None or entry.occurred_on < expired:
        return None
    return Reason("answer_too_late", {"last_day": expired - ONE_DAY})


def within_the_longest_duration(step: "Step", pathway: "Pathway", entry: Entry) -> Reason | None:
    """A prolongation is one of those the rules of the step give, and stays within it (PACEA: 24 months in all, CT R5131-13)."""
    start = deadlines.counted_from(step)
    version = step.scheme.version(deadlines.rules_on(step, entry.occurred_on))
    if start is None or version is None or not version.prolongations:
        return None
    asked = deadlines.prolonged_to(step, pathway, entry)
    offered = prolongations_open_to(step, pathway, entry)
    limits = [deadlines.longest(each, start.occurred_on) for each in offered]
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


def may_be_renewed(step: "Step", pathway: "Pathway", entry: Entry) -> Reason | None:
    """A contract is carried on as often and as long as its rules allow; without such rules nothing is known against it."""
    version = step.scheme.version(deadlines.rules_on(step, entry.occurred_on))
    started, end = step.first("work_contract_started"), entry.data.get("planned_end")
    if version is None or not version.prolongations or started is None or end is None:
        return None
    reason, renewed = entry.data.get("reason"), [each.data.get("reason") for each in step.all("work_contract_renewed")]
    offered = [each for each in version.prolongations if each.code == reason] or version.prolongations
    free = [
        each
        for each in offered
        if all(asked.holds(pathway, entry.occurred_on, entry.data) is not False for asked in each.entry)
        and (each.times is None or sum(one in (each.code, None) for one in renewed) < each.times)
    ]
    if not free:
        return Reason("renewed_already", {"source": version.source})
    limits = [deadlines.renewed_to(each, started.occurred_on, step.planned_end) for each in free]
    latest = max((each for each in limits if each is not None), default=None)
    if None in limits or latest is None or end <= latest:
        return None
    return Reason("too_long", {"limit": latest, "source": version.source})


def has_begun(step: "Step", pathway: "Pathway", entry: Entry) -> Reason | None:
    """Nobody enters a course before the day it begins."""
    start = step.planned_start
    return Reason("not_begun", {"starts": start}) if start and entry.occurred_on < start else None


def break_is_not_before_the_start(step: "Step", pathway: "Pathway", entry: Entry) -> Reason | None:
    started, broken = step.last("work_contract_started"), entry.data.get("broken_on")
    if started is None or broken is None or broken >= started.occurred_on:
        return None
    return Reason("break_before_start", {"started": started.occurred_on})


def breaks_without_trial(step: "Step", pathway: "Pathway", entry: Entry) -> Reason | None:
    """Nothing breaks during a trial where there is none."""
    return Reason("no_trial") if entry.data.get("reason") in TRIAL_REASONS else None


def new_employer_in_time(step: "Step", pathway: "Pathway", entry: Entry) -> Reason | None:
    """A CFA cycle begun without employer finds one within its three months (CT L6222-12-1)."""
    last = deadlines.pre_contract_last_day(step)
    return Reason("pre_contract_over", {"last_day": last}) if last and entry.occurred_on > last else None

def courses_begin_soon(step: "Step", pathway: "Pathway", entry: Entry) -> Reason | None:
    """The first week in the CFA comes within three months of the first day (CT L6222-12), where the weeks are known."""
    first = min(entry.data.get("cfa_weeks") or (), default=None)
    latest = add_months(entry.occurred_on, COURSES_BEGIN_MONTHS)
    return Reason("training_too_late", {"starts": first, "last_day": latest}) if first and first > latest else None
