"""The signals of one person over time, by jumping from one day that matters to the next.

Between two visits nothing can change: the visits are the days with new knowledge, the days a known entry or clock step acts,
the days a setting changes, and each ``again_on``. Stepping through every single day gives the same answer (a property test).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pathways.detection.evaluation import Evaluation, Key, evaluate
from pathways.detection.finding import Finding, earliest
from pathways.detection.rule import Rule
from pathways.detection.settings import Settings
from pathways.workflows.dates import ONE_DAY
from pathways.workflows.entry import Entry, standing
from pathways.workflows.fold import Folding, Pathway

CORRECTED, ENDED = "corrected", "ended"
A_WEEK = timedelta(days=7)


@dataclass(slots=True)
class Run:
    """One signal: a run of evenings on which a finding held.

    ``shown_on``: first evening it held by what was known then. ``closed_on``: first evening it no longer did; None while it
    holds. ``reason``: ``ended``, or ``corrected`` when by what became known since it did not hold on the evening it was shown.
    """

    key: Key
    rule: Rule
    finding: Finding
    shown_on: date
    closed_on: date | None = None
    reason: str | None = None


class Knowledge:
    """The entries of one person as they become known: a fold that starts again only when something late arrives."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = sorted(entries, key=lambda entry: (entry.known_on, entry.number))
        self._late = [each for each in self._entries if each.retracts is not None or each.effective_on < each.known_on]
        self._folding = Folding()
        self._known = 0
        self._folded: date | None = None
        self._refolded = 0
        self.pathway = Pathway()

    def on(self, day: date) -> tuple[Pathway, bool]:
        """The pathway on the evening of ``day`` as known then, and whether anything arrived after its day or was taken back."""
        new = []
        while self._known < len(self._entries) and self._entries[self._known].known_on <= day:
            new.append(self._entries[self._known])
            self._known += 1
        late = [entry for entry in new if entry.retracts is not None or (self._folded and entry.effective_on <= self._folded)]
        if late and all(entry.retracts is None and self._folding.slip_in(entry) for entry in late):
            self._folding.add(entry for entry in new if entry not in late)
        elif late:
            self._refolded += 1
            self._folding = Folding(standing(self._entries[: self._known], day))
        elif new:
            self._folding.add(new)
        self._folded, self.pathway = day, self._folding.advance(day)
        return self.pathway, any(entry.retracts is not None or entry.effective_on < entry.known_on for entry in new)

    @property
    def first_on(self) -> date:
        """The first evening on which anything was known."""
        return self._entries[0].known_on if self._entries else date.max

    def start_from(self, day: date) -> None:
        """Passes over the evenings up to ``day``."""
        while self._known < len(self._entries) and self._entries[self._known].known_on <= day:
            self._known += 1
        self._folding = Folding(standing(self._entries[: self._known], day))
        self.pathway = self._folding.advance(day)
        self._folded = day

    def has_changed(self, day: date) -> bool:
        """Whether something recorded on ``day`` or since may say otherwise of that evening than what was said then."""
        assert self._folded is not None
        return any(
            day <= entry.known_on <= self._folded and (entry.retracts is not None or entry.effective_on <= day)
            for entry in self._late
        )

    def as_known_now(self, day: date) -> Pathway:
        """An earlier evening with what is known now."""
        assert self._folded is not None
        return Folding(standing(self._entries[: self._known], self._folded)).advance(day)

    @property
    def version(self) -> tuple[int, int]:
        """The same while the pathway is."""
        return self._refolded, self._folding.version

    @property
    def next_on(self) -> date | None:
        """The next day something becomes known or acts."""
        known = self._entries[self._known].known_on if self._known < len(self._entries) else None
        return earliest(known, self._folding.next_on)


@dataclass(slots=True)
class Visit:
    """One evening that was looked at."""

    day: date
    pathway: Pathway
    evaluation: Evaluation
    version: tuple[int, int]


class Timeline:
    """The runs of one person so far; ``current`` is the last visit, ``next_on`` the first evening after it that matters."""

    def __init__(
        self, entries: Iterable[Entry], settings: Settings, *, ask_everything: bool = False, only: AbstractSet[str] = frozenset()
    ) -> None:
        self._knowledge = Knowledge(entries)
        self._ask_everything = ask_everything
        self._only = frozenset(only)
        self._settings = settings
        self._open: dict[Key, Run] = {}
        self._resumed: tuple[date, date | None] | None = None
        self.runs: list[Run] = []
        self.current: Visit | None = None

    def resume(self, after: date, open_runs: Iterable[Run], next_on: date | None) -> "Timeline":
        """Goes on from the evening of ``after``, where these runs were open and ``next_on`` was the next day that mattered."""
        self._open = {run.key: run for run in open_runs}
        self.runs = list(self._open.values())
        self._knowledge.start_from(after)
        self._resumed = (after, next_on)
        return self

    def begin(self, day: date) -> "Timeline":
        """Begins with the evening of ``day``, as if there had been none before: what holds on it is shown on it."""
        self._knowledge.start_from(day)
        self.visit(day)
        return self

    @property
    def next_on(self) -> date | None:
        if self.current is None and self._resumed:
            after, stored = self._resumed
            upcoming = earliest(self._knowledge.next_on, stored, *self._turns(after))
            return max(upcoming, after + ONE_DAY) if upcoming else None
        after = self.current.day if self.current else date.min
        again = self.current.evaluation.again_on if self.current else None
        upcoming = earliest(self._knowledge.next_on, again, *self._turns(after))
        return max(upcoming, after + ONE_DAY) if upcoming and self.current else upcoming

    def _turns(self, after: date) -> list[date]:
        """The days after that one on which a setting changes, or what was told of the person's bodies and employers."""
        settings = self._settings
        return [day for day in (*settings.days, *settings.circumstances.days_about(self._knowledge.pathway)) if day > after]

    @property
    def open(self) -> list[Run]:
        return list(self._open.values())

    def visit(self, day: date) -> Visit:
        """Looks at the evening of ``day``, which comes after every evening looked at so far."""
        pathway, late = self._knowledge.on(day)
        evaluation = evaluate(pathway, day, self._settings, unchanged=self._last_if_unchanged(day), only=self._only)
        self._close(day, evaluation, late=late, news=self._settings.circumstances.news_about(pathway, day))
        for key, held in evaluation.held.items():
            if key in self._open:
                self._open[key].finding = held.finding
            else:
                self._open[key] = run = Run(key, held.rule, held.finding, day)
                self.runs.append(run)
        self.current = Visit(day, pathway, evaluation, self._knowledge.version)
        return self.current

    def _last_if_unchanged(self, day: date) -> Evaluation | None:
        """The last evaluation, when nothing but the clock has moved since."""
        last = self.current
        if last is None or self._ask_everything or last.version != self._knowledge.version:
            return None
        return None if any(turn <= day for turn in self._turns(last.day)) else last.evaluation

    def _close(self, day: date, evaluation: Evaluation, *, late: bool, news: bool) -> None:
        for key in [key for key in self._open if key not in evaluation.held]:
            run = self._open.pop(key)
            run.closed_on, run.reason = day, ENDED
            if (news or (late and self._knowledge.has_changed(run.shown_on))) and not self._held_when_shown(run, day):
                run.reason = CORRECTED

    def _held_when_shown(self, run: Run, known_at: date) -> bool:
        """Whether it held on the evening it was first shown, by what is known now."""
        then = self._knowledge.as_known_now(run.shown_on)
        return run.key in evaluate(then, run.shown_on, self._settings, known_at, only={run.key.rule}).held

    def run_to(self, until: date, *, every: Callable[[Visit], None] | None = None) -> "Timeline":
        """Visits every evening that matters up to ``until``, and ``until`` itself."""
        while (day := self.next_on) is not None and day <= until:
            self._look(day, every)
        if self.current is None or self.current.day < until:
            self._look(until, every)
        return self

    def _look(self, day: date, every: Callable[[Visit], None] | None) -> None:
        visit = self.visit(day)
        if every:
            every(visit)


def timeline(entries: Iterable[Entry], settings: Settings, until: date) -> Timeline:
    """The signals of one person up to the evening of ``until``, as each evening knew them."""
    return Timeline(entries, settings).run_to(until)


def first_look(entries: Iterable[Entry], settings: Settings, day: date) -> Timeline:
    """What holds on the evening of ``day``, each signal shown on the day it would have been had every evening been looked at.

    What had ended by then is left out: nobody was looking.
    """
    entries = list(entries)
    walk = Timeline(entries, settings).begin(day)
    # It hardly held before what it rests on was known.
    rests_on = [max((entry.known_on for entry in run.finding.evidence), default=day - A_WEEK) for run in walk.runs]
    began = shown_on(entries, settings, day, {run.key for run in walk.runs}, near=min(rests_on, default=day) - ONE_DAY)
    for run in walk.runs:
        run.shown_on = began[run.key]
    return walk


def shown_on(
    entries: Sequence[Entry], settings: Settings, day: date, keys: AbstractSet[Key], *, near: date
) -> dict[Key, date]:
    """For each of these signals that holds on the evening of ``day``, the first evening of its run.

    Looks back to ``near``, and further and further for those that held then already.
    """
    found: dict[Key, date] = {}
    first = min((entry.known_on for entry in entries), default=day)
    until, back = day, 0
    while keys:
        start = max(first, near - back * A_WEEK)
        walk = Timeline(entries, settings, only={key.rule for key in keys}).begin(start).run_to(until)
        runs = [run for run in walk.open if run.key in keys]
        found |= {run.key: run.shown_on for run in runs if run.shown_on > start or start == first}
        # These hold on every evening since: only what was before is left to look at.
        keys = {run.key for run in runs} - found.keys()
        until, back = start, 4 * back + 3
    return found


def as_if_known(entries: Iterable[Entry], until: date) -> list[Entry]:
    """The entries standing on the evening of ``until``, each as if it had been recorded by its own day."""
    return [
        replace(entry, known_on=entry.effective_on) if entry.effective_on < entry.known_on else entry
        for entry in standing(entries, until)
    ]


def in_hindsight(entries: Iterable[Entry], settings: Settings, until: date, *, only: AbstractSet[str] = frozenset()) -> Timeline:
    """The same, as if everything known on ``until`` had been known from the first day.

    ``only``: the rules to ask, all of them when empty.
    """
    return Timeline(as_if_known(entries, until), settings, only=only).run_to(until)


def since_on(entries: Iterable[Entry], settings: Settings, day: date, shown: Mapping[Key, date]) -> dict[Key, date]:
    """For each of these signals (key → the evening it was shown) that holds on ``day``, since when by what is known now."""
    if not shown:
        return {}
    return shown_on(as_if_known(entries, day), settings, day, shown.keys(), near=min(shown.values()) - ONE_DAY)


def day_by_day(entries: Iterable[Entry], settings: Settings, first: date, until: date) -> Timeline:
    """The same timeline by visiting every single evening: slow, and the reference the jumps are tested against."""
    walk = Timeline(entries, settings, ask_everything=True)
    for day in _days(first, until):
        walk.visit(day)
    return walk


def _days(first: date, until: date) -> Iterator[date]:
    day = first
    while day <= until:
        yield day
        day += ONE_DAY
