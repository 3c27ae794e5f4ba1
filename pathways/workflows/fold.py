"""The fold: from dated entries to the state of every step of one person, on any day, as known at any moment.

`pathway` never fails. Guards and rights are checked when an entry is recorded; here only the event and the state count, and
what does not apply is kept as a `Discordance`.
"""

from bisect import insort
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pathways.workflows.attendance import HalfDays
from pathways.workflows.calendars import Calendar
from pathways.workflows.dates import ONE_DAY
from pathways.workflows.definition import Clock, Place, Reaction
from pathways.workflows.entry import DEATH, DECEASED, Entry, Ref, is_death, is_two_way_contact, standing
from pathways.workflows.events import ABOUT_THE_PERSON, EVENTS
from pathways.workflows.leading import GOES_BACK, Lent, name_the_bodies, would_name_a_body
from pathways.workflows.scheme import Scheme
from pathways.workflows.schemes import SCHEMES
from pathways.workflows.states import NOT_STARTED, State

QUIET = frozenset({
    "attendance", "contact", "contact_attempt", "appointment", "weekly_hours", "obstacle", "obstacle_action", "obstacle_lifted",
})
"""Frequent events that can change neither a cap nor a date of another step: they leave other steps' clocks alone."""
COUNTED = frozenset({"attendance", "contact_attempt"})
"""Those of them that may move a clock of their own step: days in the company, attempts failed in a row."""


@dataclass(frozen=True, slots=True)
class Change:
    """One move of a step: on which day, from where to where, because of an entry or of the clock."""

    on: date
    source: Place
    target: State
    cause: Entry | None
    clock: str | None = None


@dataclass(frozen=True, slots=True)
class Discordance:
    """Entries that cannot both be true, or that do not apply to the step as it was."""

    kind: str
    on: date
    entries: tuple[Entry, ...]
    enrolment: Ref | None = None


@dataclass(slots=True, eq=False)
class Step:
    """One enrolment of the person, folded: a step of the pathway.

    ``lead`` is the organisation answerable for it now (the referent, or the body that runs it), ``prescriber`` the one that
    prescribed it, ``prescribed_to`` the body it was prescribed to, ``operator`` the body that runs it by its own declarations.
    Dates are None while unknown.
    """

    key: Ref
    scheme: Scheme
    state: Place = NOT_STARTED
    since: date | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    outcome: str | None = None
    planned_start: date | None = None
    planned_end: date | None = None
    lead: Ref | None = None
    leads: list[tuple[date, Ref]] = field(default_factory=list)
    """Who became answerable for it, and from which day on."""
    lent: Lent | None = None
    prescriber: Ref | None = None
    operator: Ref | None = None
    prescribed_to: Ref | None = None
    entries: dict[str, list[Entry]] = field(default_factory=dict)
    history: list[Change] = field(default_factory=list)
    half_days: HalfDays = field(default_factory=HalfDays)
    company_days: dict[int, tuple[Any, date | None]] = field(default_factory=dict)
    """What `deadlines.company_day` has worked out, each with what it depended on."""
    calendar: tuple[Any, Calendar] | None = None
    """What `calendars.calendar_of` has read, with what it depended on."""
    clock: tuple[date, Clock] | None = None
    clock_known: bool = False

    @property
    def is_final(self) -> bool:
        return self.state in self.scheme.workflow.final

    @property
    def is_active(self) -> bool:
        """The person is in it: signed up and begun, not ended."""
        return self.state in self.scheme.family.active

    @property
    def is_open(self) -> bool:
        return self.state != NOT_STARTED and not self.is_final

    def lead_on(self, day: date) -> Ref | None:
        """Who answered for the step on that evening."""
        return next((lead for since, lead in reversed(self.leads) if since <= day), None)

    def entrust(self, organisation: Ref | None, day: date) -> None:
        """From that day on, that organisation answers for the step."""
        if organisation is not None and organisation != self.lead:
            self.lead = organisation
            self.leads.append((day, organisation))

    def all(self, event: str) -> list[Entry]:
        """The entries of that type, in the order of their days."""
        return self.entries.get(event, [])

    def first(self, event: str) -> Entry | None:
        found = self.entries.get(event)
        return found[0] if found else None

    def last(self, event: str) -> Entry | None:
        found = self.entries.get(event)
        return found[-1] if found else None

    def entered(self, *states: Place) -> date | None:
        """The last day it entered one of ``states``."""
        return next((change.on for change in reversed(self.history) if change.target in states), None)

    def detail(self, event: str, name: str) -> Any:
        """That detail of the last entry of that type which gives it."""
        return next((entry.data[name] for entry in reversed(self.all(event)) if entry.data.get(name) is not None), None)


class Pathway:
    """All steps of one person on the evening of ``day``, with the facts about the person."""

    def __init__(self) -> None:
        self.day: date = date.min
        self.steps: dict[Ref, Step] = {}
        self.person: dict[str, list[Entry]] = {}
        self.identity: dict[str, Any] = {}
        self.contacts: list[Entry] = []
        self.discordances: list[Discordance] = []

    @property
    def born(self) -> date | None:
        return self.identity.get("born")

    def last(self, event: str) -> Entry | None:
        """The last entry of that type about the person."""
        found = self.person.get(event)
        return found[-1] if found else None

    @property
    def objects(self) -> bool:
        """The person objected to automatic signals and has not withdrawn it since (GDPR art. 21).

        Of one day, what was recorded last counts: one may withdraw and object again.
        """
        said = [*self.person.get("objection_stated", ()), *self.person.get("objection_withdrawn", ())]
        last = max(said, key=lambda entry: (entry.occurred_on, entry.number), default=None)
        return last is not None and last.type == "objection_stated"

    def open_steps(self) -> list[Step]:
        return [step for step in self.steps.values() if step.is_open]

    @property
    def lead_accompaniment(self) -> Step | None:
        """The most intensive open accompaniment: the one whose referent answers for the person."""
        open_ones = [step for step in self.steps.values() if step.scheme.lead_rank is not None and step.is_open]
        return min(open_ones, key=lambda step: (step.scheme.lead_rank, step.opened_on, str(step.key)), default=None)


LAST = 10_000
"""A death comes after whatever else was declared of its day."""


class Folding:
    """A fold in progress: entries are given in order of their day, and the clock moves what it must in between."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.pathway = Pathway()
        self._waiting: list[Entry] = []
        self._next = 0
        self._clock: date | None = None
        self._clock_known = False
        self.version = 0
        """Grows with each entry applied and each move: the same number means the same pathway."""
        self.add(entries)

    def add(self, entries: Iterable[Entry]) -> None:
        """Adds entries whose day is still to come; the caller starts a new fold for earlier ones."""
        self._waiting = sorted([*self._waiting[self._next:], *entries], key=_in_order)
        self._next = 0

    def slip_in(self, entry: Entry) -> bool:
        """Takes in an entry of a day already passed, when that changes no move; False when the fold must start again.

        A contact, an appointment or a sheet of half-days is only noted, in any state, whatever came before or after it: most
        late entries are of this kind.
        """
        step = self.pathway.steps.get(entry.enrolment) if entry.enrolment is not None else None
        if step is None or entry.type not in QUIET or entry.type in ABOUT_THE_PERSON or EVENTS[entry.type].sets:
            return False
        workflow = step.scheme.workflow
        line = workflow.notes.get(entry.type)
        if line is None or line.during or would_name_a_body(step, entry):
            return False
        if any(event == entry.type for event, _state in workflow.moves):
            return False
        self.version += 1
        away = step.half_days.changes_away
        insort(step.entries.setdefault(entry.type, []), entry, key=_in_order)
        if entry.type == "attendance":
            step.half_days.add(entry)
        if is_two_way_contact(entry):
            insort(self.pathway.contacts, entry, key=_in_order)
        return not workflow.clocks or away == step.half_days.changes_away

    def advance(self, day: date) -> Pathway:
        """Applies every entry up to the evening of ``day`` and moves the clock to it."""
        waiting = self._waiting
        while self._next < len(waiting) and (today := waiting[self._next].effective_on) <= day:
            self._tick(today - ONE_DAY)
            # The clock of that evening moves with the next tick: after every entry of its day.
            while self._next < len(waiting) and waiting[self._next].effective_on == today:
                self._apply(waiting[self._next], today)
                self._next += 1
        self._tick(day)
        self.pathway.day = day
        return self.pathway

    @property
    def next_on(self) -> date | None:
        """The next day something already known acts by itself: a future-dated entry or a clock step."""
        upcoming = self._waiting[self._next].effective_on if self._next < len(self._waiting) else None
        return min((day for day in (upcoming, self._next_clock()) if day), default=None)

    # the clock

    def _tick(self, until: date) -> None:
        """Fires the clock steps due up to the evening of ``until``, earliest first."""
        while (due := self._next_clock()) is not None and due <= until:
            step = min(
                (step for step in self.pathway.steps.values() if step.clock and step.clock[0] == due),
                key=lambda step: (step.scheme.code, str(step.key)),
            )
            assert step.clock is not None
            clock = step.clock[1]
            self.version += 1
            if clock is GOES_BACK:
                self._give_back(step, due)
                continue
            # A deadline already past when it becomes known acts on the day it is known for, never before the last move.
            on = max(due, step.history[-1].on, self.pathway.day)
            self.pathway.day = on
            step.outcome = clock.outcome or step.outcome
            self._move(step, clock.target, on, None, clock.name)
            self._forget_clocks()

    def _next_clock(self) -> date | None:
        if not self._clock_known:
            for step in self.pathway.steps.values():
                if not step.clock_known:
                    step.clock = self._clock_of(step)
                    step.clock_known = True
            self._clock = min((step.clock[0] for step in self.pathway.steps.values() if step.clock), default=None)
            self._clock_known = True
        return self._clock

    def _give_back(self, step: Step, due: date) -> None:
        """A temporary transfer is over: whoever led before leads again, and the step itself does not move."""
        assert step.lent is not None
        self.pathway.day = max(due, self.pathway.day)
        step.entrust(step.lent.back_to, self.pathway.day)
        step.lent = None
        self._forget_clocks()

    def _clock_of(self, step: Step) -> tuple[date, Clock] | None:
        best = (step.lent.until + ONE_DAY, GOES_BACK) if step.lent and step.is_open else None
        for clock in step.scheme.workflow.clocks.get(step.state, ()):
            due = clock.due(step, self.pathway)
            if due is not None and (best is None or due < best[0]):
                best = (due, clock)
        return best

    def _forget_clocks(self) -> None:
        self._clock_known = False
        for step in self.pathway.steps.values():
            step.clock_known = False

    # entries

    def _apply(self, entry: Entry, day: date) -> None:
        pathway = self.pathway
        pathway.day = day
        self.version += 1
        step = None
        if entry.enrolment is None or entry.type in ABOUT_THE_PERSON:
            self._apply_to_person(entry)
        else:
            step = self._step(entry.enrolment, entry.scheme)
            self._apply_to_step(entry, step, day)
            if is_death(entry):
                self.pathway.person.setdefault(DEATH, []).append(entry)
                self._close_everything(entry)
        if is_two_way_contact(entry):
            pathway.contacts.append(entry)
        if entry.type not in QUIET:
            self._forget_clocks()
        elif step is not None and entry.type in COUNTED and step.scheme.workflow.clocks.get(step.state):
            step.clock_known = self._clock_known = False

    def _apply_to_person(self, entry: Entry) -> None:
        self.pathway.person.setdefault(entry.type, []).append(entry)
        if entry.type == "identity_stated":
            self.pathway.identity.update({name: value for name, value in entry.data.items() if value is not None})
        elif entry.type == "rqth_renewed":
            self.pathway.identity["rqth_until"] = entry.data.get("until")
        elif entry.type == DEATH:
            self._close_everything(entry)

    def _close_everything(self, death: Entry) -> None:
        for step in self.pathway.steps.values():
            if step.is_open:
                step.outcome = DECEASED
                self._move(step, step.scheme.family.at_death, death.effective_on, death)

    def _step(self, key: Ref, scheme: str | None) -> Step:
        step = self.pathway.steps.get(key)
        if step is None:
            step = self.pathway.steps[key] = Step(key, SCHEMES[scheme or ""])
        return step

    def _apply_to_step(self, entry: Entry, step: Step, day: date) -> None:
        workflow = step.scheme.workflow
        move = workflow.move(entry, step.state)
        if move is not None and step.state == NOT_STARTED and (death := self.pathway.last(DEATH)) is not None:
            # Nothing begins after a death; taken back, everything is folded again without it.
            self.pathway.discordances.append(Discordance("does_not_apply", day, (death, entry), step.key))
            return
        if move is None and not workflow.accepts(entry.type, step.state):
            self._disagree(entry, step, day)
            return
        step.entries.setdefault(entry.type, []).append(entry)
        name_the_bodies(step, entry)
        if entry.type == "attendance":
            step.half_days.add(entry)
        if entry.type in QUIET and move is None:
            return
        for detail, name in EVENTS[entry.type].sets.items():
            if (value := entry.data.get(detail)) is not None:
                setattr(step, name, value)
        if move is not None:
            if move.target in workflow.final:
                step.outcome = entry.data.get("outcome") or step.outcome
            self._move(step, move.target, day, entry)
        self._react(entry, step, day)

    def _disagree(self, entry: Entry, step: Step, day: date) -> None:
        cause = step.history[-1].cause if step.history else None
        against = (cause, entry) if cause else (entry,)
        self.pathway.discordances.append(Discordance("does_not_apply", day, against, step.key))

    def _move(self, step: Step, target: State, day: date, cause: Entry | None, clock: str | None = None) -> None:
        step.opened_on = step.opened_on or day
        step.history.append(Change(day, step.state, target, cause, clock))
        if step.state != target:
            step.state, step.since = target, day
        step.closed_on = day if step.is_final else None

    def _react(self, entry: Entry, source: Step, day: date) -> None:
        for step in self.pathway.steps.values():
            reaction = step is not source and _reaction(step, entry, source)
            if reaction:
                self._move(step, reaction.target, day, entry)


def _reaction(step: Step, entry: Entry, source: Step) -> Reaction | None:
    for reaction in step.scheme.workflow.reactions:
        if reaction.event == entry.type and source.scheme.code in reaction.of and step.state in reaction.sources:
            return reaction
    return None


def _in_order(entry: Entry) -> tuple[Any, ...]:
    """By day, then the place of the event on its page, then type and content: never by arrival. Worked out once an entry."""
    if entry.order is None:
        rank = LAST if is_death(entry) else -1
        if entry.enrolment is not None and rank != LAST:
            rank = SCHEMES[entry.scheme or ""].workflow.rank.get(entry.type, 1_000)
        told = (entry.type, entry.content, entry.occurred_on, str(entry.organisation), str(entry.enrolment))
        object.__setattr__(entry, "order", (entry.effective_on, rank, *told))
    return entry.order or ()


def pathway(entries: Iterable[Entry], day: date, known_at: date) -> Pathway:
    """The state of every step on the evening of ``day``, with what was known on the evening of ``known_at``.

    ``entries`` are all entries of one person, in any order. Never raises for contradictory entries.
    """
    return Folding(standing(entries, known_at)).advance(day)
