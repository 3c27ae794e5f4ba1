"""What entries would change, shown before they are recorded: the person evaluated as they would be, nothing written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from pathways import clock, db
from pathways.detection.evaluation import Key
from pathways.detection.finding import Finding, Level
from pathways.detection.reading import Dossier, accompanying, read_settings
from pathways.detection.settings import Settings
from pathways.detection.sweep import judge
from pathways.detection.timeline import Run, Timeline
from pathways.detection.writing import Outcome, as_text
from pathways.operations.dossier import Opened, open_dossier
from pathways.operations.recording import Draft, prepare
from pathways.workflows.deadlines import cap_of
from pathways.workflows.entry import Entry, Ref
from pathways.workflows.fold import Pathway, Step

DATES = ("planned_start", "planned_end", "cap_on", "closed_on", "opened_on")


@dataclass(frozen=True, slots=True)
class StepChange:
    """A step as it is and as it would be. ``before`` or ``after`` None: it would begin, or would no longer have begun.

    ``since``: the day of the state after. ``dates``: those that would move, each from and to. ``lead``: the organisations
    answerable for it before and after, when that would change.
    """

    step: Ref
    scheme: str
    before: str | None
    after: str | None
    since: date | None
    outcome: str | None
    dates: tuple[tuple[str, date | None, date | None], ...] = ()
    lead: tuple[Ref | None, Ref | None] | None = None


@dataclass(frozen=True, slots=True)
class SignalChange:
    """A signal that would open or close; a discordance is one of them."""

    opens: bool
    rule: str
    level: str
    step: Ref | None
    about: str
    values: Mapping[str, Any]
    declared_by: frozenset[Ref | None] = frozenset()
    """The organisations whose entries it rests on."""


@dataclass(frozen=True, slots=True)
class AlertChange:
    """An alert that would open or end."""

    opens: bool
    family: str
    step: Ref | None


@dataclass(frozen=True, slots=True)
class Effect:
    """What would change. ``version``: of the dossier it was worked out on. ``reappraised``: signals kept, at another level."""

    version: int
    steps: tuple[StepChange, ...] = ()
    signals: tuple[SignalChange, ...] = ()
    alerts: tuple[AlertChange, ...] = ()
    states: Mapping[Ref, str] = field(default_factory=dict)
    """Every step's state as it would be."""
    held: frozenset[Key] = frozenset()
    """Every signal that would be open."""

    @property
    def is_nothing(self) -> bool:
        return not (self.steps or self.signals or self.alerts)


def preview(drafts: Sequence[Draft], *, person_id: int, organisation_id: int) -> Effect:
    """The effect these entries would have if they were recorded now. Raises as `record_entries`, and writes nothing."""
    today = clock.today()
    dossier = open_dossier(person_id, organisation_id, today, lock="none")
    added = prepare(dossier, drafts, today)
    session = db.session()
    with db.as_system():
        settings, there = read_settings(session, [person_id]), accompanying(session, [person_id], today)
        alerts = _open_alerts(person_id)
    return _Comparison(dossier, added, today, settings, there, alerts).effect()


class _Comparison:
    """The evening of ``today`` without and with these entries."""

    def __init__(
        self,
        dossier: Opened,
        added: Sequence[Entry],
        today: date,
        settings: Settings,
        there: Mapping[tuple[int, int], int | None],
        alerts: Iterable[tuple[int | None, str]],
    ) -> None:
        self.version, self.alerts = dossier.version, set(alerts)
        self.was, self.outcome_as_is = _judged(dossier.stored, dossier.entries, today, settings, there)
        self.will, self.outcome = _judged(dossier.stored, [*dossier.entries, *added], today, settings, there)

    def effect(self) -> Effect:
        will = _pathway(self.will)
        return Effect(
            self.version,
            tuple(_steps(_pathway(self.was), will)),
            tuple(self._signals()),
            tuple(self._alerts()),
            {key: str(step.state) for key, step in will.steps.items() if step.state},
            frozenset(run.key for run in self.will.open),
        )

    def _signals(self) -> Iterable[SignalChange]:
        """Of two thresholds of one thing the higher alone is told."""
        was, will = ({run.key: run for run in walk.open} for walk in (self.was, self.will))
        opening = _highest(run for key, run in will.items() if key not in was)
        closing = _highest(run for key, run in was.items() if key not in will)
        for opens, runs in ((False, closing), (True, opening)):
            for run in sorted(runs, key=lambda run: (-run.finding.level, run.key.rule, run.key.about)):
                yield _as_change(run, opens=opens)

    def _alerts(self) -> Iterable[AlertChange]:
        """As `writing.write` opens and ends them: one per step and family, for what needs a human."""
        as_is, after = (_needing(walk) for walk in (self.was, self.will))
        asked = {(raised.enrolment_id, str(raised.family)) for raised in self.outcome.raised}
        anyway = {(raised.enrolment_id, str(raised.family)) for raised in self.outcome_as_is.raised}
        for enrolment, family in sorted(self.alerts, key=str):
            if (enrolment, family) in as_is and (enrolment, family) not in after:
                yield AlertChange(False, family, enrolment)
        for enrolment, family in sorted((asked - anyway) & after - self.alerts, key=str):
            yield AlertChange(True, family, enrolment)


def _judged(
    stored: Dossier, entries: list[Entry], today: date, settings: Settings, there: Mapping[tuple[int, int], int | None]
) -> tuple[Timeline, Outcome]:
    outcome = Outcome(today)
    return judge(replace(stored, entries=entries), outcome, there, settings), outcome


def _pathway(walk: Timeline) -> Pathway:
    assert walk.current is not None
    return walk.current.pathway


def _needing(walk: Timeline) -> set[tuple[int | None, str]]:
    """(step, family) of the signals that need a human."""
    return {(_id(run.key.enrolment), str(run.rule.family)) for run in walk.open if run.finding.level >= Level.WATCH}


def _id(key: Ref | None) -> int | None:
    return key if isinstance(key, int) else None


def _highest(runs: Iterable[Run]) -> list[Run]:
    highest: dict[tuple[str, Ref | None, str], Run] = {}
    for run in runs:
        place = (run.key.rule, run.key.enrolment, run.key.about)
        if place not in highest or highest[place].finding.level < run.finding.level:
            highest[place] = run
    return list(highest.values())


def _as_change(run: Run, *, opens: bool) -> SignalChange:
    finding: Finding = run.finding
    return SignalChange(
        opens, run.key.rule, finding.level.code, run.key.enrolment, run.key.about, as_text(finding.values),
        frozenset(entry.organisation for entry in finding.evidence),
    )


def _steps(was: Pathway, will: Pathway) -> Iterable[StepChange]:
    for key in [*was.steps, *(key for key in will.steps if key not in was.steps)]:
        before, after = was.steps.get(key), will.steps.get(key)
        changed = _changed(key, before if before and before.state else None, after if after and after.state else None, was, will)
        if changed is not None:
            yield changed


def _changed(key: Ref, before: Step | None, after: Step | None, was: Pathway, will: Pathway) -> StepChange | None:
    known = after or before
    if known is None:
        return None
    old, new = (_dates(step, of) for step, of in ((before, was), (after, will)))
    moved = tuple((name, old[name], new[name]) for name in DATES if old[name] != new[name] and before and after)
    lead = (before.lead, after.lead) if before and after and before.lead != after.lead else None
    states = (str(before.state) if before else None, str(after.state) if after else None)
    outcome = after.outcome if after and (before is None or before.outcome != after.outcome) else None
    if states[0] == states[1] and not moved and lead is None and outcome is None:
        return None
    return StepChange(key, known.scheme.code, *states, after.since if after else None, outcome, moved, lead)


def _dates(step: Step | None, of: Pathway) -> dict[str, date | None]:
    if step is None:
        return dict.fromkeys(DATES)
    return {name: cap_of(step, of) if name == "cap_on" else getattr(step, name) for name in DATES}


def _open_alerts(person_id: int) -> list[tuple[int | None, str]]:
    rows = db.session().execute(
        sa.text("SELECT enrolment_id, family FROM alert WHERE person_id = :id AND closed_on IS NULL"), {"id": person_id}
    )
    return [(row.enrolment_id, row.family) for row in rows]
