"""Somebody's place in a scheme: the states passed with their days, the one now, what may come next, and by when."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pathways import db
from pathways.detection.reading import read_dossiers, read_kinds
from pathways.errors import NotVisible
from pathways.queries.outlook import CLOCK, Coming, outlook_for
from pathways.queries.person import Identity, identity
from pathways.queries.steps import StepRow, steps_of
from pathways.sharing.visibility import Reader
from pathways.workflows.dates import ONE_DAY, add_months
from pathways.workflows.deadlines import cap_of, rules_on
from pathways.workflows.fold import Pathway, Step, pathway
from pathways.workflows.graph import Passage, passages
from pathways.workflows.scheme import Scheme, Version
from pathways.workflows.schemes import SCHEMES
from pathways.workflows.states import NOT_STARTED

MONTHS_TO_SIGN = 1
CAP = "cap_on"


@dataclass(frozen=True, slots=True)
class Stay:
    """One time in a state: from a day to the eve of the next one, still running when ``to`` is None."""

    state: str
    since: date
    to: date | None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day that matters to the step. ``what``: a date of the step, ``sign``, or ``clock:<name>`` with the state it leads to."""

    on: date
    what: str
    state: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a step of somebody stands in the workflow of its scheme. ``version``: the rules it opened under."""

    identity: Identity
    step: StepRow
    scheme: Scheme
    version: Version | None
    stays: tuple[Stay, ...]
    passed: frozenset[tuple[str, str]]
    """(from, to) of every move made."""
    next: tuple[Passage, ...]
    agenda: tuple[Deadline | Coming, ...]
    """The days of the step, and the signals that will show on it if nobody acts, in the order of the days."""

    @property
    def states(self) -> dict[str, str]:
        """State → "now" or "passed", for those the step has been in."""
        known = {stay.state: "passed" for stay in self.stays}
        return known | {self.step.state: "now"} | ({NOT_STARTED: "passed"} if self.stays else {})

    @property
    def entered(self) -> dict[str, date]:
        """State → the last day it was entered."""
        return {stay.state: stay.since for stay in self.stays}


def place(person: uuid.UUID, step: uuid.UUID, reader: Reader) -> Place:
    """The place of a step the reader sees; NotVisible for another one. A fixed number of statements."""
    who = identity(person, reader)
    row = next((each for each in steps_of([who.id], reader).get(who.id, []) if each.public_id == str(step)), None)
    if row is None or row.scheme not in SCHEMES:
        raise NotVisible(f"step {step}")
    session = db.session()
    with db.as_system():
        (dossier,) = read_dossiers(session, [who.id], read_kinds(session, [who.id]), reader.today, lock="none")
    folded = pathway(dossier.entries, reader.today, reader.today)
    scheme, found = SCHEMES[row.scheme], folded.steps.get(row.id)
    version = scheme.version(rules_on(found, row.opened_on) if found else row.opened_on)
    if found is None:
        return Place(who, row, scheme, version, (), frozenset(), (), ())
    coming = [
        each for each in outlook_for(who, [row], reader) if each.enrolment_id == row.id and not each.rule.startswith(CLOCK)
    ]
    return Place(
        who,
        row,
        scheme,
        version,
        tuple(_stays(found)),
        frozenset((str(change.source), str(change.target)) for change in found.history),
        tuple(each for each in passages(scheme.workflow) if found.state in each.sources and found.is_open),
        tuple(sorted([*_deadlines(found, folded, version), *coming], key=lambda each: each.on)),
    )


def _stays(step: Step) -> Iterator[Stay]:
    changes = [change for change in step.history if change.source != change.target]
    for position, change in enumerate(changes):
        after = changes[position + 1].on if position + 1 < len(changes) else None
        yield Stay(str(change.target), change.on, after)


def _deadlines(step: Step, folded: Pathway, version: Version | None) -> Iterator[Deadline]:
    """The days to come of an open step: those of the step, the time to sign, and every move the clock will make from here."""
    if not step.is_open:
        return
    today = folded.day
    for day, what in ((step.planned_start, "planned_start"), (step.planned_end, "planned_end")):
        if day is not None and day >= today:
            yield Deadline(day, what)
    if (due := sign_by(step, version)) is not None:
        yield Deadline(due, "sign")
    cap = cap_of(step, folded)
    if cap is not None:
        yield Deadline(cap, CAP)
    for clock in step.scheme.workflow.clocks.get(step.state, ()):
        due = clock.due(step, folded)
        if due is not None and due > today and due != (cap + ONE_DAY if cap else None):
            yield Deadline(due, f"clock:{clock.name}", str(clock.target))


def sign_by(step: Step, version: Version | None) -> date | None:
    """The last day to sign, while nothing is signed and a month runs to do it."""
    if version is None or version.sign_within is None or step.first("engagement_signed") or step.is_active:
        return None
    anchor = step.first("assessment") if version.sign_within == "assessment" else step.last(version.sign_within)
    return add_months(anchor.occurred_on, MONTHS_TO_SIGN) if anchor else None
