"""Conditions checked when an entry is recorded, never when entries are folded.

A guard returns None, or the reason of the refusal. What is not known does not refuse: only a known "no" does.
"""

from typing import TYPE_CHECKING

from pathways.errors import Reason
from pathways.workflows import deadlines
from pathways.workflows.dates import MAJORITY, ONE_DAY, add_months, age_on
from pathways.workflows.entry import Entry
from pathways.workflows.events import called

if TYPE_CHECKING:
    from pathways.workflows.fold import Pathway, Step


def scheme_open(step: "Step", pathway: "Pathway", entry: Entry) -> Reason | None:
    """The scheme may be entered on that day."""
    return step.scheme.refusal_to_open(entry.occurred_on, entry.data)


def of_age(step: "Step", pathway: "Pathway", entry: Entry) -> Reason | None:
    """The age is within the bounds of the rules of that day."""
    version, born = step.scheme.version(entry.occurred_on), pathway.born
    if version is None or born is None:
        return None
    age = age_on(born, entry.occurred_on)
    if version.min_age is not None and age < version.min_age:
        return Reason(f"age_below_{version.min_age}", {"age": age, "limit": version.min_age})
    rqth = pathway.identity.get("rqth_until")
    recognised = rqth is not None and rqth >= entry.occurred_on
    limit = version.max_age_rqth if recognised and version.max_age_rqth else version.max_age
    if limit is not None and age >= limit:
        return Reason(f"age_above_{limit}", {"age": age, "limit": limit})
    return None


def representative_signs_for_a_minor(step: "Step", pathway: "Pathway", entry: Entry) -> Reason | None:
    """Somebody under 18 does not sign alone."""
    minor = pathway.born is not None and age_on(pathway.born, entry.occurred_on) < MAJORITY
    return Reason("minor") if minor and not entry.data.get("legal_representative_signed") else None


def registered(step: "Step", pathway: "Pathway", entry: Entry) -> Reason | None:
    """Where the rules ask for it, the person is not known to have left the list of job seekers (CT L5131-4, L5131-6)."""
    version = step.scheme.version(entry.occurred_on)
    left, back = pathway.last("ft_deregistered"), pathway.last("ft_registered")
    if version is None or not version.needs_registration or left is None:
        return None
    gone = back is None or back.occurred_on < left.occurred_on
    return Reason("not_registered", {"since": left.occurred_on}) if gone else None


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
    """A prolongation stays inside the legal duration (PACEA: 24 consecutive months, CT R5131-13; CEJ: 18 in all)."""
    start = step.first("engagement_signed") or step.first("accompaniment_started")
    version = step.scheme.version(deadlines.rules_on(step, entry.occurred_on))
    if start is None or version is None or not version.longest_months:
        return None
    limit = add_months(start.occurred_on, version.longest_months) - ONE_DAY
    cap = deadlines.cap_of(step, pathway)
    asked = entry.data.get("cap_on")
    if asked is None and cap and entry.data.get("months"):
        asked = add_months(cap + ONE_DAY, entry.data["months"]) - ONE_DAY
    return Reason("too_long", {"limit": limit}) if asked and asked > limit else None


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
