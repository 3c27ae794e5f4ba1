"""What organisations write down of a person's life, and when: late, in working hours, sometimes not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from pathways.demo import parameters as p
from pathways.demo.engagement import days_later
from pathways.demo.region import Body
from pathways.workflows.entry import Entry

_ONE = timedelta(1)
SATURDAY = 5
RANKS = 100_000
"""More than anybody has entries: an entry's id is the person's index times this, plus its rank."""
_OPENING, _HOURS = 8 * 3600, 10 * 3600


@dataclass(slots=True)
class Declared:
    """An entry, the second of its day at which it was recorded (Paris), and the user who recorded it (None: a feed)."""

    entry: Entry
    second: int
    user: int | None


CALLED = "partner"
"""The role of a body that was called to somebody, and has not answered yet."""


@dataclass(slots=True)
class Follower:
    """Who follows the step for one organisation, in which role of a link, from when to when."""

    body: Body
    user: int | None
    role: str
    since: date
    until: date | None = None


@dataclass(slots=True)
class StepPlan:
    """One step as it will be stored: its key within the person, who answers for it, and who follows it for each body."""

    key: int
    scheme: str
    lead: Body
    prescriber: Body | None = None
    operator: Body | None = None
    followers: list[Follower] = field(default_factory=list)
    known_from: date | None = None
    """The day its first fact is known: nothing about it is known before."""
    floor: date = date.min
    """No later fact of the step's course is known before an earlier one."""


@dataclass(slots=True)
class Draft:
    """A declaration before everything about the person is put in the order of recording."""

    known_on: date
    second: int
    order: int
    type: str
    occurred_on: date
    body: Body
    step: StepPlan | None
    data: Mapping[str, Any]
    user: int | None
    retracts: Draft | None = None


class Journal:
    """The entries of one person. Nothing that would be known after ``until`` is kept: it has not been written yet."""

    def __init__(self, chance: Random, until: date) -> None:
        self.chance = chance
        self.until = until
        self.steps: list[StepPlan] = []
        self._drafts: list[Draft] = []

    def step(self, scheme: str, lead: Body, *, prescriber: Body | None = None, operator: Body | None = None) -> StepPlan:
        """A new step of the person."""
        plan = StepPlan(len(self.steps) + 1, scheme, lead, prescriber, operator)
        self.steps.append(plan)
        return plan

    def identity(self, on: date, body: Body, data: Mapping[str, Any], user: int | None) -> None:
        """The first entry of everybody: known the day it is stated, before anything else."""
        self._drafts.append(Draft(on, _OPENING - 60, -1, "identity_stated", on, body, None, data, user))

    def mistake(self, on: date, body: Body, step: StepPlan, user: int | None, wrong: str, right: str) -> None:
        """An appointment noted with the wrong result, retracted when somebody sees it, and noted again."""
        if self._write("appointment", on, body, step, user, {"status": wrong}, on) > self.until:
            return
        draft = self._drafts[-1]
        seen = self._write("retracted", on, body, step, user, {"reason": "SAISIE_ERREUR"}, draft.known_on + _ONE)
        if seen <= self.until:
            self._drafts[-1].retracts = draft
            self._write("appointment", on, body, step, user, {"status": right}, seen)

    def note(self, kind: str, on: date, body: Body, step: StepPlan | None, user: int | None = None, /, **data: Any) -> None:
        """A fact somebody writes down after the fact: an interview, a call."""
        if on <= self.until:
            known = on + timedelta(days_later(self.chance, p.NOTE))
            if step is not None:
                known = max(known, step.known_from or step.floor)
            self._write(kind, on, body, step, user, data, known)

    def sheet(self, on: date, body: Body, step: StepPlan, /, **data: Any) -> None:
        """A sheet of attendance. What falls into an outage may be lost."""
        if on <= self.until:
            known = max(on + timedelta(days_later(self.chance, p.SHEET)), step.known_from or step.floor)
            if _outage_end(body, known) and self.chance.random() < p.MISSING_WHILE_OUT:
                return
            self._write("attendance", on, body, step, None, data, known)

    def course(
        self,
        kind: str,
        on: date,
        body: Body,
        step: StepPlan,
        user: int | None = None,
        /,
        *,
        delay: p.Delay = p.NOTE,
        details: Mapping[str, Any] | None = None,
        **data: Any,
    ) -> date | None:
        """A fact that moves the step: known after what moved it before. Returns the day it is known, None when that is to come.

        ``details`` are added to ``data``.
        """
        if details:
            data |= details
        if on > self.until:
            step.floor = max(step.floor, on)
            step.known_from = step.known_from or step.floor
            return None
        known = max(on + timedelta(days_later(self.chance, delay)), step.floor)
        known = self._write(kind, on, body, step, user, data, known)
        step.floor = known
        step.known_from = step.known_from or known
        return known if known <= self.until else None

    def _write(
        self, kind: str, on: date, body: Body, step: StepPlan | None, user: int | None, data: Mapping[str, Any], known: date
    ) -> date:
        known = _working(known)
        if back := _outage_end(body, known):
            known = _working(back + _ONE)
        if known <= self.until:
            second = _OPENING + self.chance.randrange(_HOURS)
            self._drafts.append(Draft(known, second, len(self._drafts), kind, on, body, step, data, user))
        return known

    def declared(self, person: int) -> list[Declared]:
        """Everything in the order of recording."""
        self._drafts.sort(key=lambda draft: (draft.known_on, draft.second, draft.order))
        found = []
        ranks = {draft.order: rank for rank, draft in enumerate(self._drafts, start=1)}
        for rank, draft in enumerate(self._drafts, start=1):
            step, wrong = draft.step, draft.retracts
            entry = Entry(
                _entry_id(person, rank),
                draft.type,
                draft.occurred_on,
                draft.known_on,
                draft.body.number,
                str(draft.body.kind),
                step.key if step else None,
                step.scheme if step else None,
                draft.data,
                _entry_id(person, ranks[wrong.order]) if wrong else None,
                rank,
                content(draft.data),
            )
            found.append(Declared(entry, draft.second, draft.user))
        return found


def _entry_id(person: int, rank: int) -> int:
    return person * RANKS + rank


def content(data: Mapping[str, Any]) -> str:
    """The details as the journal keeps them, in one canonical way."""
    if not data:
        return "{}"
    return json.dumps(data, ensure_ascii=False, sort_keys=True, default=date.isoformat)


def _outage_end(body: Body, day: date) -> date | None:
    return next((last for first, last in body.outages if first <= day <= last), None)


def _working(day: date) -> date:
    """That day, or the Monday after: nobody writes on weekends."""
    weekday = day.weekday()
    return day if weekday < SATURDAY else day + timedelta(7 - weekday)
