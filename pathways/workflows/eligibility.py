"""May this person enter this scheme on that day, and beside what? Yes, no with every reason, or unknown with what to ask.

Only a known "no" refuses: what is unknown is asked for, and never held against somebody.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from pathways.errors import Reason
from pathways.workflows.predicates import Details, Predicate, missing
from pathways.workflows.scheme import Scheme, Version
from pathways.workflows.together import Together, Verdict, together

if TYPE_CHECKING:
    from pathways.workflows.fold import Pathway, Step


class Answer(StrEnum):
    """The three values."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Beside:
    """A running step the scheme would be held beside, and what the table says of it."""

    step: "Step"
    told: Together


@dataclass(frozen=True, slots=True)
class Eligibility:
    """The answer for one scheme on one day.

    ``version``: the rules asked, None when none is in force; ``against``: every reason against, with its source and a proposal
    when there is one; ``met`` and ``unknown``: the conditions that hold and those to ask about, with only the facts nobody has
    given; ``beside``: running steps.
    """

    scheme: Scheme
    day: date
    version: Version | None
    against: tuple[Reason, ...]
    met: tuple[Predicate, ...]
    unknown: tuple[Predicate, ...]
    beside: tuple[Beside, ...]

    @property
    def answer(self) -> Answer:
        if self.against:
            return Answer.NO
        return Answer.UNKNOWN if self.unknown else Answer.YES


def eligibility(scheme: Scheme, pathway: "Pathway", day: date, details: Details | None = None) -> Eligibility:
    """Everything the rules of ``day`` say of entering ``scheme``, with these details of the act."""
    details = details or {}
    version = scheme.version(day)
    asked = version.entry if version else ()
    answers = [(each, each.holds(pathway, day, details)) for each in asked]
    beside = tuple(running_beside(scheme, pathway, day))
    against = [
        *already_in(scheme, pathway),
        *reasons_to_enter(scheme, pathway, day, details, asking=True),
        *(reason for each in beside if (reason := not_together(scheme, each)) is not None),
    ]
    return Eligibility(
        scheme,
        day,
        version,
        tuple(against),
        tuple(each for each, holds in answers if holds is True),
        tuple(replace(each, asks=missing(each, pathway, day)) for each, holds in answers if holds is None),
        beside,
    )


def already_in(scheme: Scheme, pathway: "Pathway") -> Iterator[Reason]:
    """One accompaniment of a scheme at a time: the open one goes on. Contracts and courses may follow each other."""
    for step in pathway.steps.values() if scheme.lead_rank is not None else ():
        if step.scheme is scheme and step.is_open:
            yield Reason("already_open", {"scheme": scheme.code, "since": step.opened_on, "source": scheme.sources})


def reasons_to_enter(
    scheme: Scheme, pathway: "Pathway", day: date, details: Details, *, asking: bool = False
) -> list[Reason]:
    """Why nobody, or not this person, may enter the scheme that day; empty when nothing known is against it.

    ``asking``: what an exception would still allow is a question yet, not a reason.
    """
    version = scheme.version(day)
    if version is None:
        return [out_of_force(scheme, day)]
    return [
        sourced(each.why_not(pathway, day, details), version.source)
        for each in version.entry
        if each.keeps_out(pathway, day, details, asking=asking)
    ] + [sourced(reason, version.source) for limit in version.limits for reason in limit(pathway, day, details)]


def out_of_force(scheme: Scheme, day: date) -> Reason:
    """The scheme does not exist yet, or no longer; then what replaces it."""
    first = scheme.versions[0]
    if day < first.valid_from:
        return Reason("scheme_not_open", {"scheme": scheme.code, "opens": first.valid_from, "source": first.source})
    closed = max(version.valid_to for version in scheme.versions if version.valid_to and version.valid_to < day)
    return Reason("scheme_closed", {
        "scheme": scheme.code, "closed": closed, "propose": scheme.successor, "source": scheme.versions[-1].source})


def running_beside(scheme: Scheme, pathway: "Pathway", day: date, *, but: "Step | None" = None) -> Iterator[Beside]:
    """The steps the person is in, each with what the table says of holding ``scheme`` beside it."""
    for step in pathway.steps.values():
        if step is but or not step.is_active or (step.planned_end is not None and step.planned_end < day):
            continue
        told = together(step.scheme.held_as, scheme.held_as, day)
        if told is not None:
            yield Beside(step, told)


def not_together(scheme: Scheme, beside: Beside) -> Reason | None:
    """The refusal to hold ``scheme`` beside a running step, with what to do about it; None when it may be."""
    if beside.told.verdict is not Verdict.REFUSED:
        return None
    return Reason("not_concurrent", {
        "schemes": (beside.step.scheme.code, scheme.code), "since": beside.step.opened_on,
        "do": beside.told.proposal, "source": beside.told.source})


def sourced(reason: Reason, source: str) -> Reason:
    """The reason with the text it comes from."""
    return replace(reason, values={"source": source, **reason.values})
