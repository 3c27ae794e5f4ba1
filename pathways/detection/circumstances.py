"""What an evaluation knows besides a person's journal and the settings: incidents, and feeds that are silent.

One fact about many persons is read once, like a threshold. Each incident is told in dated versions: an evening is evaluated with
the last one known on it, so that a past evening replays as it was seen.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise

from pathways.workflows.dates import ONE_DAY, add_working_days, days
from pathways.workflows.entry import Ref
from pathways.workflows.fold import Pathway, Step
from pathways.workflows.incidents import INSOLVENCY, OUTAGE, plain

SIREN = 9
"""Digits: of the employer as a whole; its establishments add five more."""


@dataclass(frozen=True, slots=True)
class Told:
    """What was said of an incident from the evening of ``known_on`` on, until something else was. ``ends_on``: its last day."""

    known_on: date
    starts_on: date
    ends_on: date | None = None
    procedure: str | None = None
    withdrawn: bool = False

    def holds(self, day: date) -> bool:
        return not self.withdrawn and self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    @property
    def days(self) -> tuple[date, ...]:
        """The days on which it may change something, from the one it is known on."""
        after = (self.ends_on + ONE_DAY,) if self.ends_on else ()
        return tuple(day for day in (self.known_on, self.starts_on, *after) if day >= self.known_on)


@dataclass(frozen=True, slots=True)
class Incident:
    """One fact about an organisation. ``told``: its versions in the order they became known.

    ``organisations``: numbers by which steps name it. ``siren`` and ``name``: how contracts name an employer nobody registered.
    """

    ref: str
    kind: str
    organisations: frozenset[Ref]
    told: tuple[Told, ...]
    siren: str | None = None
    name: str = ""

    def on(self, day: date, known_at: date) -> Told | None:
        """What holds of it on ``day`` by what is known at ``known_at``; None when nothing does."""
        last = next((told for told in reversed(self.told) if told.known_on <= known_at), None)
        return last if last is not None and last.holds(day) else None

    def names(self, employer: Ref | None) -> bool:
        """Whether a contract that says this of its employer is with the one concerned."""
        if employer is None or employer in self.organisations:
            return employer is not None
        if not isinstance(employer, str):
            return False
        digits = employer.replace(" ", "")
        if digits.isdecimal() and len(digits) >= SIREN:
            return self.siren == digits[:SIREN]
        return bool(self.name) and plain(employer) == plain(self.name)


@dataclass(frozen=True, slots=True)
class Span:
    """Days on which a body is not heard, the last included; None while it is not."""

    first: date
    last: date | None = None


def silences(received: Iterable[date], patience: Callable[[date], int], changes: Iterable[date] = ()) -> tuple[Span, ...]:
    """The spans in which a body that sends files had sent none for more days than it is given.

    ``patience``: how many days are given on a day; ``changes``: the days on which that number changes.
    """
    known, changes = [*sorted(set(received)), date.max], sorted(changes)
    spans: list[Span] = []
    for last, following in pairwise(known):
        turns = {last + ONE_DAY, *(day for day in changes if last < day < following)}
        turns |= {last + days(patience(day) + 1) for day in turns}
        since: date | None = None
        for day in sorted(day for day in turns if last < day < following):
            silent = (day - last).days > patience(day)
            if silent and since is None:
                since = day
            elif not silent and since is not None:
                spans.append(Span(since, day - ONE_DAY))
                since = None
        if since is not None:
            spans.append(Span(since, following - ONE_DAY if following < date.max else None))
    return tuple(spans)


OUT_AFTER = 5
"""Working days without anything recorded from which an organisation that records almost every day is out."""
RECORDS_DAILY, IN_DAYS = 12, 28
"""Days with something recorded, in so many days: of whom a week without any says something."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A gap between two days on which an organisation recorded: the last before, and the first two after, as far as known."""

    last: date
    first_again: date | None = None
    second_again: date | None = None


def out(pauses: Iterable[Pause], today: date) -> tuple[Span, ...]:
    """The spans in which an organisation that records almost every day recorded nothing: out, on leave, moving.

    It is heard again once it has recorded on a second day: the first ones go to what was left undone.
    """
    spans = []
    for pause in pauses:
        first = add_working_days(pause.last, OUT_AFTER)
        if first <= today and (pause.first_again is None or first < pause.first_again):
            spans.append(Span(first, pause.second_again))
    return tuple(spans)


def body_of(step: Step) -> Ref | None:
    """Who runs the step, and whose declarations are waited for: as the stored enrolment says it."""
    for body in (step.operator, step.prescribed_to, step.lead):
        if body is not None:
            return body
    return None


def employer_of(step: Step) -> Ref | None:
    """The employer of a contract as it was last declared: a number, a SIRET, or a name."""
    named: Ref | None = step.detail("work_contract_started", "employer") or step.detail("work_contract_signed", "employer")
    return named


class Circumstances:
    """Every incident and silence that an evaluation may need, found by whom they are about."""

    def __init__(self, incidents: Iterable[Incident] = (), silent: Mapping[Ref, tuple[Span, ...]] | None = None) -> None:
        self.incidents = tuple(incidents)
        self._silent = {body: spans for body, spans in (silent or {}).items() if spans}
        self._employers = [each for each in self.incidents if each.kind == INSOLVENCY]
        self._bodies: dict[Ref, list[Incident]] = {}
        for each in self.incidents:
            for body in each.organisations if each.kind != INSOLVENCY else ():
                self._bodies.setdefault(body, []).append(each)

    @cached_property
    def is_calm(self) -> bool:
        """Nothing was ever told: most evaluations stop here."""
        return not (self.incidents or self._silent)

    def of_step(self, step: Step) -> list[Incident]:
        """The incidents of the body that runs the step and of its employer, whatever the day."""
        if self.is_calm:
            return []
        body, employer = body_of(step), employer_of(step)
        found = list(self._bodies.get(body, ())) if body is not None else []
        return found + [each for each in self._employers if each.names(employer)] if employer is not None else found

    def holding(self, step: Step, kind: str, day: date, known_at: date) -> tuple[Incident, Told] | None:
        """The first incident of that kind that holds for the step on ``day``: told twice, it is still one fact."""
        found = [
            (told.starts_on, each.ref, each, told)
            for each in self.of_step(step)
            if each.kind == kind and (told := each.on(day, known_at))
        ]
        return min(found, key=lambda one: one[:2])[2:] if found else None

    def heard_until(self, body: Ref | None, day: date, known_at: date) -> date | None:
        """The last evening before the outage or silence that lasts on ``day``; None while the body is heard.

        Two that follow each other are one: what stands still does not move between them.
        """
        if self.is_calm or body is None:
            return None
        spans = [
            (span.first, span.last or date.max) for span in self._silent.get(body, ()) if span.first <= known_at
        ]
        spans += [
            (told.starts_on, told.ends_on or date.max)
            for each in self._bodies.get(body, ())
            if each.kind == OUTAGE
            and (told := next((told for told in reversed(each.told) if told.known_on <= known_at), None))
            and not told.withdrawn
        ]
        eve = day
        while covering := [start for start, end in spans if start <= eve <= end]:
            eve = min(covering) - ONE_DAY
        return eve if eve < day else None

    def turning(self) -> Iterator[tuple[Ref, date]]:
        """Each body with a day on which it began or ceased to be heard, or closed or opened again."""
        for body, spans in self._silent.items():
            for span in spans:
                yield body, span.first
                if span.last:
                    yield body, span.last + ONE_DAY
        for body, incidents in self._bodies.items():
            for each in incidents:
                yield from ((body, day) for told in each.told for day in told.days)

    def days_about(self, pathway: Pathway) -> set[date]:
        """The days on which they may change what is said of this person."""
        if self.is_calm:
            return set()
        found = {day for step in pathway.steps.values() for each in self.of_step(step) for told in each.told for day in told.days}
        for step in pathway.steps.values() if self._silent else ():
            for span in self._silent.get(body_of(step) or "", ()):
                found |= {span.first, span.last + ONE_DAY} if span.last else {span.first}
        return found

    def news_about(self, pathway: Pathway, day: date) -> bool:
        """Whether something about the person's bodies or employers became known on that day."""
        return not self.is_calm and any(
            told.known_on == day for step in pathway.steps.values() for each in self.of_step(step) for told in each.told
        )


CALM = Circumstances()
"""Nothing was ever told."""
