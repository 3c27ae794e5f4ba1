"""The facts rules speak of: one evening of one pathway, in the words of the field. Never who recorded what, or when."""

from collections.abc import Set as AbstractSet
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pathways.detection.circumstances import CALM, Circumstances, Incident, Told
from pathways.workflows import deadlines
from pathways.workflows.actors import EMP, TRAINING_BODIES
from pathways.workflows.attendance import UNJUSTIFIED
from pathways.workflows.calendars import Calendar, calendar_of, without_false_absences
from pathways.workflows.dates import MAJORITY, ONE_DAY, age_on, birthday, days, working_days
from pathways.workflows.entry import Entry
from pathways.workflows.events import SITUATION_BEARING
from pathways.workflows.states import State
from pathways.workflows.states import State as S

if TYPE_CHECKING:
    from pathways.workflows.fold import Change, Pathway, Step


NOT_ACCOMPANYING = TRAINING_BODIES | {EMP}
STRUCTURING_IMMERSION = 5
"""Working days from which an immersion is a step of its own."""


class Facts:
    """The person on the evening of ``day``."""

    def __init__(self, pathway: "Pathway", day: date, circumstances: Circumstances = CALM, known_at: date | None = None) -> None:
        self.pathway = pathway
        self.day = day
        self.circumstances = circumstances
        self.known_at = known_at or day

    @cached_property
    def steps(self) -> "list[StepFacts]":
        return [StepFacts(step, self) for step in self.pathway.steps.values()]

    @property
    def born(self) -> date | None:
        return self.pathway.born

    @cached_property
    def is_minor(self) -> bool:
        return self.born is not None and age_on(self.born, self.day) < MAJORITY

    @cached_property
    def lead(self) -> "StepFacts | None":
        """The accompaniment whose referent answers for the person."""
        lead = self.pathway.lead_accompaniment
        return next((step for step in self.steps if step.step is lead), None)

    @cached_property
    def last_contact(self) -> Entry | None:
        """The last two-way contact, whoever it was with."""
        return max(self.pathway.contacts, key=lambda entry: entry.occurred_on, default=None)

    @cached_property
    def last_contact_of_a_referent(self) -> Entry | None:
        """The last two-way contact with a body that accompanies the person: those that train or employ them do not count."""
        spoke = (entry for entry in self.pathway.contacts if entry.kind not in NOT_ACCOMPANYING)
        return max(spoke, key=lambda entry: entry.occurred_on, default=None)

    @cached_property
    def situations(self) -> list[Entry]:
        """Every event that says where the person stands, whatever the step."""
        return [
            entry
            for step in self.pathway.steps.values()
            for event in SITUATION_BEARING
            for entry in step.all(event)
        ]

    def active_structuring(self, *, but: "StepFacts | None" = None) -> "list[StepFacts]":
        """Training, contract, immersion… the person is in, still within its planned end."""
        return [step for step in self.steps if step is not but and step.is_structuring_now]

    def confirmed_starts(self, *, within: int) -> "list[StepFacts]":
        """Structuring steps agreed to start from today to ``within`` days from now, both included."""
        last = self.day + days(within)
        return [
            step
            for step in self.steps
            if step.is_confirmed and step.step.planned_start and self.day <= step.step.planned_start <= last
        ]

    @cached_property
    def last_structuring_end(self) -> "tuple[date, StepFacts] | None":
        """The last day of the last structuring step that is over, and that step."""
        over = [(step.structuring_last_day, step) for step in self.steps if step.structuring_last_day]
        return max(over, key=lambda end: (end[0], str(end[1].key)), default=None)

    def contract_started_since(self, day: date, *, but: "StepFacts | None" = None) -> bool:
        """A work contract of the person began on ``day`` or later."""
        return any(
            step is not but and step.is_contract and (started := step.step.last("work_contract_started"))
            and started.occurred_on >= day
            for step in self.steps
        )


class StepFacts:
    """One step on that evening, within the person's facts."""

    def __init__(self, step: "Step", person: Facts) -> None:
        self.step = step
        self.person = person
        self.day = person.day
        self.key = step.key
        self.state = step.state

    def incident(self, kind: str) -> tuple[Incident, Told] | None:
        """The incident of that kind that holds for the step: about its employer, or the body that runs it."""
        return self.person.circumstances.holding(self.step, kind, self.day, self.person.known_at)

    # the entries, shortly

    def all(self, event: str) -> list[Entry]:
        return self.step.all(event)

    def first(self, event: str) -> Entry | None:
        return self.step.first(event)

    def last(self, event: str) -> Entry | None:
        return self.step.last(event)

    def detail(self, event: str, name: str) -> Any:
        return self.step.detail(event, name)

    @property
    def is_lead(self) -> bool:
        lead = self.person.lead
        return lead is not None and lead.step is self.step

    @cached_property
    def cap(self) -> date | None:
        """The last day the scheme allows."""
        return deadlines.cap_of(self.step, self.person.pathway)

    @cached_property
    def age_limit(self) -> int | None:
        """The age that bounds the step; later for somebody recognised as a disabled worker when reaching it."""
        scheme, born, until = self.step.scheme, self.person.born, self.person.pathway.identity.get("rqth_until")
        if scheme.age_limit is None or scheme.age_limit_rqth is None or born is None or until is None:
            return scheme.age_limit
        return scheme.age_limit_rqth if until >= birthday(born, scheme.age_limit) else scheme.age_limit

    @property
    def signed(self) -> Entry | None:
        """The signature, or the start declared in its place; without either, what made the accompaniment active."""
        return self.first("engagement_signed") or self.first("accompaniment_started") or self._begun_otherwise

    @property
    def _begun_otherwise(self) -> Entry | None:
        if self.step.scheme.family.structuring:
            return None
        active = self.step.scheme.family.active
        begun = next((move for move in self.step.history if move.target in active), None)
        return begun.cause or self.first("pass_issued") if begun else None

    # structuring steps

    @property
    def is_contract(self) -> bool:
        return self.step.scheme.family.code == "contract"

    @cached_property
    def is_structuring(self) -> bool:
        """An accompaniment alone is not; an immersion is from five working days."""
        family = self.step.scheme.family
        if family.code == "immersion" and self.step.planned_start and self.step.planned_end:
            return len(list(working_days(self.step.planned_start, self.step.planned_end))) >= STRUCTURING_IMMERSION
        return family.structuring

    @property
    def is_confirmed(self) -> bool:
        return self.is_structuring and self.state in self.step.scheme.family.confirmed

    @cached_property
    def expected_end(self) -> date | None:
        """The last day it is known to run to, whether or not somebody declares the end."""
        if self.state == S.BROKEN_CONTINUING_CFA:
            over = deadlines.end_of_maintenance(self.step, self.person.pathway)
            return over - ONE_DAY if over else None
        if self.state == S.CFA_WITHOUT_CONTRACT:
            return self.cap
        return self.step.planned_end

    @property
    def is_structuring_now(self) -> bool:
        if not self.is_structuring or not self.step.is_active:
            return False
        return self.expected_end is None or self.day <= self.expected_end

    @cached_property
    def structuring_last_day(self) -> date | None:
        """The last day of a structuring step that is over: declared, or passed without anybody saying so."""
        if not self.is_structuring or self.is_structuring_now:
            return None
        if self.step.is_active:
            return self.expected_end
        return self._last_day_of(self._leaving) if self._leaving else None

    @cached_property
    def _leaving(self) -> "Change | None":
        """The move by which the person left the step, if they were ever in it."""
        active = self.step.scheme.family.active
        return next(
            (move for move in reversed(self.step.history) if move.source in active and move.target not in active), None
        )

    @property
    def left_by(self) -> tuple[Entry, ...]:
        """What was declared of the end of a structuring step: nothing where its planned end passed in silence."""
        return (self._leaving.cause,) if self._leaving and self._leaving.cause and not self.step.is_active else ()

    def took_part_since(self, day: date) -> bool:
        """A structuring step the person was in on ``day`` or began after it."""
        active = self.step.scheme.family.active
        if not self.is_structuring or not any(change.target in active for change in self.step.history):
            return False
        return self.structuring_last_day is None or self.structuring_last_day >= day

    @cached_property
    def last_day(self) -> date | None:
        """The last day of an ended step: the eve of the break or of the clock's move, the declared one, or the day itself."""
        return self._last_day_of(self.step.history[-1]) if self.step.history else None

    def _last_day_of(self, end: "Change") -> date | None:
        if end.cause is None or end.cause.enrolment != self.key:
            return end.on - ONE_DAY
        if end.cause.type == "contract_broken":
            broken = deadlines.broken_on(self.step)
            return broken - ONE_DAY if broken else None
        return end.cause.data.get("last_day") or end.on

    @cached_property
    def started_on(self) -> date | None:
        """The first day in the step: entered, begun, or planned to."""
        active = self.step.scheme.family.active
        return next((change.on for change in self.step.history if change.target in active), self.step.planned_start)

    # attendance

    @property
    def calendar(self) -> Calendar:
        """When the person is expected, and where."""
        return calendar_of(self.step)

    @cached_property
    def _not_absent(self) -> dict[date, str]:
        """The days on which a sheet notes an absence though the calendar expected nobody, with what is left of their codes."""
        half_days = self.step.half_days
        return without_false_absences(self.calendar, half_days.codes, half_days.missed) if half_days.missed else {}

    @cached_property
    def half_days(self) -> dict[date, str]:
        """The codes of each day up to this evening, in order of days; a sheet may have been filled in ahead.

        An absence on a day off, on leave or in the company is none: its code is left blank.
        """
        codes, kept = self.step.half_days.codes, self._not_absent
        if kept:
            codes = {day: kept.get(day, code) for day, code in codes.items()}
        if not codes or next(reversed(codes)) <= self.day:
            return codes
        return {day: code for day, code in codes.items() if day <= self.day}

    @cached_property
    def absences(self) -> dict[date, int]:
        """Each day with unjustified half-days up to this evening, and how many."""
        missed, kept = self.step.half_days.missed, self._not_absent
        if kept:
            left = {day: kept[day].count(UNJUSTIFIED) if day in kept else count for day, count in missed.items()}
            missed = {day: count for day, count in left.items() if count}
        if not missed or next(reversed(missed)) <= self.day:
            return missed
        return {day: count for day, count in missed.items() if day <= self.day}

    def sheets(self, first: date, last: date) -> tuple[Entry, ...]:
        """The sheets that speak of days between these two, both included."""
        return tuple(
            sheet
            for sheet in self.all("attendance")
            if sheet.data["from"] <= last and sheet.data["from"] + days(len(sheet.data["halves"]) // 2) > first
        )

    @property
    def next_half_day(self) -> date | None:
        """The next day for which a code is known already."""
        codes = self.step.half_days.codes
        if not codes or next(reversed(codes)) <= self.day:
            return None
        return next(day for day in codes if day > self.day)

    # hours

    @cached_property
    def weeks(self) -> list[tuple[date, float]]:
        """(Monday, validated hours) of each week that counts: not excused, not in an external course, not suspended."""
        weeks = {entry.data["monday"]: entry.data for entry in self.step.all("weekly_hours")}
        away = self.spells({S.EXTERNAL_COURSE, S.SUSPENDED})
        return [
            (monday, weeks[monday]["validated"])
            for monday in sorted(weeks)
            if not weeks[monday].get("excused") and not any(first < monday + days(7) and end > monday for first, end in away)
        ]

    def spells(self, states: AbstractSet[State]) -> list[tuple[date, date]]:
        """From which day to which (not included) the step was in one of these states."""
        history = self.step.history
        ends = [*(move.on for move in history[1:]), date.max]
        return [(move.on, end) for move, end in zip(history, ends, strict=True) if move.target in states] if history else []

    # contracts

    @cached_property
    def broken_on(self) -> date | None:
        """First day without contract, when the contract broke and that was a rupture."""
        return deadlines.broken_on(self.step) if self.state != S.COMPLETED else None

    def company_day(self, n: int) -> date | None:
        return deadlines.company_day(self.step, n)
