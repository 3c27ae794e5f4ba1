"""A person's journal, told day by day: what the tests of workflows and signals are written in.

::

    journal = Journal(csp="CSP")
    journal.on("2025-03-10", "csp_proposed", "csp")
    assert journal.state("csp", "2025-04-01") == "declined"
    assert journal.shown("csp_reflection_expired", "2025-06-30") == ["alert 2025-04-01 → 2025-04-02"]
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from pathways.detection.evaluation import Key, evaluate
from pathways.detection.settings import Settings
from pathways.detection.timeline import Run, Timeline, timeline
from pathways.workflows.entry import Entry
from pathways.workflows.events import EVENTS
from pathways.workflows.fold import Pathway, Step, pathway
from pathways.workflows.objections import Acting, objections
from pathways.workflows.schemes import SCHEMES

KINDS = {
    "ml": "mission_locale", "ft": "france_travail", "cap": "cap_emploi", "cd": "departement", "of": "organisme_formation",
    "cfa": "cfa", "emp": "employeur", "psad": "psad", "lycee": "etablissement_scolaire", "siae": "siae", "region": "region",
    "e2c": "e2c", "epide": "epide",
}
"""The organisations of a journal are named after what they are: ``ml``, or ``ml2`` for another one."""
RUNS = {"accompaniment": "ml", "training": "of", "contract": "of", "immersion": "ml", "leavers": "psad",
        "advice": "ft", "validation": "ml", "creation": "ft"}
BY_SCHEME = {"CSP": "ft", "PPAE": "ft", "CE_FT": "ft", "GLOBAL": "ft", "AIJ": "ft", "APPRENTISSAGE": "cfa", "EMPLOI": "ml"}
BY_EVENT = {"prescribed": "ml", "csp_proposed": "emp"}
ONE_DAY = timedelta(days=1)


def day(text: str | date) -> date:
    return text if isinstance(text, date) else date.fromisoformat(text)


def kind_of(name: str) -> str:
    return KINDS[name.rstrip("0123456789")]


class Journal:
    """The entries of one person. ``steps``: a name → the code of a scheme."""

    def __init__(self, *, born: str | None = None, settings: Settings | None = None, **steps: str) -> None:
        self.steps = steps
        self.settings = settings or Settings()
        self.entries: list[Entry] = []
        if born:
            self.on("2015-01-01", "identity_stated", born=born)

    # telling

    def on(
        self, when: str | date, event: str, step: str | None = None, *, known: str | date | None = None, by: str | None = None,
        **data: Any,
    ) -> Entry:
        """``event`` happened on that day; it is known that day too, unless ``known`` says when it was recorded."""
        entry = self._entry(day(when), event, step, day(known or when), by, data)
        self.entries.append(entry)
        return entry

    def every(self, days: int, first: str, last: str, event: str, step: str, **data: Any) -> None:
        """The same event every so many days."""
        today = day(first)
        while today <= day(last):
            self.on(today, event, step, **data)
            today += timedelta(days=days)

    def sheet(self, first: str | date, halves: str, step: str, *, known: str | None = None) -> Entry:
        """A sheet of two codes a day from ``first`` on; known on its last day unless said otherwise."""
        codes = halves.replace(" ", "")
        last = day(first) + timedelta(days=len(codes) // 2 - 1)
        return self.on(first, "attendance", step, known=known or last.isoformat(), **{"from": first, "halves": codes})

    def weeks(self, first: str, last: str, halves: str, step: str) -> None:
        """The same sheet for each week whose Monday lies between the two days."""
        monday = day(first)
        while monday <= day(last):
            self.sheet(monday, halves, step)
            monday += timedelta(days=7)

    def retract(self, entry: Entry, known: str) -> Entry:
        """``entry`` is taken back on that day."""
        back = self._entry(day(known), "retracted", None, day(known), "ml", {"reason": "SAISIE_ERREUR"}, entry.id)
        self.entries.append(back)
        return back

    # asking

    def pathway(self, when: str | date, known_at: str | date | None = None) -> Pathway:
        return pathway(self.entries, day(when), day(known_at or when))

    def step(self, name: str, when: str | date, known_at: str | date | None = None) -> Step:
        return self.pathway(when, known_at).steps[name]

    def state(self, name: str, when: str | date, known_at: str | date | None = None) -> str | None:
        """The state of a step on that evening, as known then or on ``known_at``; None before anything is known of it."""
        step = self.pathway(when, known_at).steps.get(name)
        return str(step.state) if step else None

    def states(self, name: str) -> list[str]:
        """Every move of the step, with its day: ``2025-03-10 proposed``."""
        last = max(max(entry.effective_on, entry.known_on) for entry in self.entries)
        return [f"{move.on} {move.target}" for move in self.step(name, last + timedelta(days=3000)).history]

    def refused(self, when: str, event: str, step: str, by: str | None = None, *, late: bool = False, **data: Any) -> list[str]:
        """The codes of the reasons against recording this."""
        return [reason.code for reason in self.reasons(when, event, step, by, late=late, **data)]

    def reasons(self, when: str, event: str, step: str, by: str | None = None, *, late: bool = False, **data: Any) -> list[Any]:
        entry = self._entry(day(when), event, step, day(when), by, data)
        folded = self.pathway(when)
        at = folded.steps.get(step) or Step(step, SCHEMES[self.steps[step]])
        return objections(at, folded, entry, Acting(entry.organisation, str(entry.kind)), late=late)

    def timeline(self, until: str | date) -> Timeline:
        return timeline(self.entries, self.settings, day(until))

    def held(self, when: str | date) -> set[Key]:
        """What every rule finds on that evening, folded afresh with what was known then."""
        when = day(when)
        return set(evaluate(self.pathway(when), when, self.settings).held)

    def runs(self, rule: str, until: str | date, step: str | None = None) -> list[Run]:
        runs = self.timeline(until).runs
        return [run for run in runs if run.key.rule == rule and step in (None, run.key.enrolment)]

    def shown(self, rule: str, until: str | date, step: str | None = None) -> list[str]:
        """Each signal as ``level first day → first day it is gone``, or ``level first day →`` while it is shown.

        Each first and each last evening, and those beside them, are evaluated once more on their own.
        """
        runs = self.runs(rule, until, step)
        for run in runs:
            eve = (run.closed_on or day(until) + ONE_DAY) - ONE_DAY
            assert run.key not in self.held(run.shown_on - ONE_DAY)
            assert run.key in self.held(run.shown_on)
            assert run.key in self.held(eve)
            assert run.closed_on is None or run.key not in self.held(run.closed_on)
        return [line(run) for run in runs]

    def _entry(
        self, when: date, event: str, step: str | None, known: date, by: str | None, data: dict[str, Any], retracts: Any = None
    ) -> Entry:
        scheme = self.steps[step] if step else None
        who = by or BY_EVENT.get(event) or BY_SCHEME.get(scheme or "") or (RUNS[SCHEMES[scheme].family.code] if scheme else "ml")
        details = {name: _read(event, name, value) for name, value in data.items()}
        number = len(self.entries) + 1
        return Entry(
            id=number, type=event, occurred_on=when, known_on=known, organisation=who, kind=kind_of(who), enrolment=step,
            scheme=scheme, data=details, retracts=retracts, number=number,
            content=json.dumps(details, sort_keys=True, default=str),
        )


def line(run: Run) -> str:
    """A signal in one line."""
    end = f" {run.closed_on}" if run.closed_on else ""
    why = " (corrected)" if run.reason == "corrected" else ""
    return f"{run.finding.level.code} {run.shown_on} →{end}{why}"


def _read(event: str, name: str, value: Any) -> Any:
    field = EVENTS[event].fields.get(name)
    if field and field.kind == "date":
        return day(value)
    if field and field.kind == "dates":
        return [day(each) for each in _listed(value)]
    return value


def _listed(value: Iterable[Any]) -> list[Any]:
    return list(value)
