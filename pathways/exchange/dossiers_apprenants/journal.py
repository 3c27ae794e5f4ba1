"""The facts of a record against the journal: what is new is declared, what changed is taken back and declared again."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from pathways import clock
from pathways.exchange.dossiers_apprenants.bodies import Body
from pathways.exchange.dossiers_apprenants.facts import Fact
from pathways.models import Enrolment, FeedRecord, FeedRun, JournalEntry, Link, LinkRole, Source
from pathways.workflows.schemes import SCHEMES
from pathways.workflows.states import State

SCHEME = "APPRENTISSAGE"
CORRECTED = "Corrigé par le logiciel du centre"
"""Why an entry of a feed was taken back."""


@dataclass(frozen=True, slots=True)
class Declared:
    """An entry as it stands in the journal."""

    type: str
    on: date
    data: Mapping[str, Any]
    enrolment_id: int | None
    retracted: bool


def read_declared(session: Session, ids: Iterable[int]) -> dict[int, Declared]:
    """These entries, by id."""
    wanted = sorted(ids)
    if not wanted:
        return {}
    undo = aliased(JournalEntry)
    rows = session.execute(
        sa.select(
            JournalEntry.id, JournalEntry.type, JournalEntry.occurred_on, JournalEntry.payload, JournalEntry.enrolment_id,
            sa.exists().where(undo.retracts == JournalEntry.id),
        ).where(JournalEntry.id.in_(wanted))
    )
    return {id_: Declared(*rest) for id_, *rest in rows}


@dataclass(slots=True)
class _Draft:
    """An entry to insert. ``keep``: the record and the key under which its id is kept."""

    values: dict[str, Any]
    step: tuple[FeedRecord, str] | None = None
    keep: tuple[FeedRecord, str] | None = None


@dataclass(slots=True)
class _NewStep:
    record: FeedRecord
    key: str
    person_id: int
    centre: Body
    first_day: date


@dataclass(slots=True)
class Changes:
    """Everything a set of rows adds to the journal, written at once."""

    session: Session
    run: FeedRun
    today: date
    persons: set[int] = field(default_factory=set)
    _drafts: list[_Draft] = field(default_factory=list)
    _steps: dict[tuple[int, str], _NewStep] = field(default_factory=dict)
    _concerned: set[int] = field(default_factory=set)

    def concern(self, record: FeedRecord) -> bool:
        """Whether anything is declared or taken back for that record."""
        return id(record) in self._concerned

    def state(self, person_id: int, centre_id: int, fact: Fact) -> None:
        """An entry about the person."""
        self._add(_Draft(self._values(person_id, centre_id, fact.type, fact.on, fact.data)))

    def declare(self, record: FeedRecord, person_id: int, centre: Body, fact: Fact) -> None:
        assert fact.step is not None
        self._concerned.add(id(record))
        if fact.step not in record.steps:
            key = (id(record), fact.step)
            known = self._steps.get(key)
            first = min(fact.on, known.first_day) if known else fact.on
            self._steps[key] = _NewStep(record, fact.step, person_id, centre, first)
        values = self._values(person_id, centre.id, fact.type, fact.on, fact.data)
        self._add(_Draft(values, step=(record, fact.step), keep=(record, fact.key)))

    def retract(self, record: FeedRecord, person_id: int, centre: Body, entry_id: int) -> None:
        self._concerned.add(id(record))
        values = self._values(person_id, centre.id, "retracted", self.today, {"reason": CORRECTED})
        self._add(_Draft(values | {"retracts": entry_id}))

    def _add(self, draft: _Draft) -> None:
        self.persons.add(draft.values["person_id"])
        self._drafts.append(draft)

    def _values(self, person_id: int, centre_id: int, kind: str, on: date, data: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "person_id": person_id, "organisation_id": centre_id, "user_id": None, "type": kind, "occurred_on": on,
            "payload": dict(data), "source": Source.FEED, "recorded_at": clock.now(), "retracts": None, "enrolment_id": None,
        }

    def write(self) -> int:
        """Inserts steps, links and entries; returns the number of entries."""
        self._open_steps()
        ids = self._reserve("journal_entry", len(self._drafts))
        rows = []
        for draft in self._drafts:
            entry_id = ids.popleft()
            if draft.step is not None:
                record, key = draft.step
                draft.values["enrolment_id"] = record.steps[key]
            if draft.keep is not None:
                record, key = draft.keep
                record.entries = dict(record.entries) | {key: entry_id}
            rows.append(draft.values | {"id": entry_id})
        if rows:
            self.session.execute(sa.insert(JournalEntry).execution_options(render_nulls=True), rows)
        self.session.flush()
        return len(rows)

    def _open_steps(self) -> None:
        """Steps are announced: the evaluation that follows gives them the state their entries say."""
        new = list(self._steps.values())
        if not new:
            return
        ids = self._reserve("enrolment", len(new))
        enrolments, links = [], []
        for step in new:
            enrolment_id = ids.popleft()
            step.record.steps = dict(step.record.steps) | {step.key: enrolment_id}
            version = SCHEMES[SCHEME].version(step.first_day)
            enrolments.append({
                "id": enrolment_id, "person_id": step.person_id, "scheme": SCHEME, "rules_on": step.first_day,
                "rules_version": version.valid_from.isoformat() if version else None, "lead_organisation_id": step.centre.id,
                "operator_id": step.centre.id, "state": str(State.ANNOUNCED), "state_since": step.first_day,
                "opened_on": step.first_day,
            })
            links.append({
                "person_id": step.person_id, "enrolment_id": enrolment_id, "organisation_id": step.centre.id,
                "role": LinkRole.OPERATOR, "started_on": min(step.first_day, self.today),
            })
        self.session.execute(sa.insert(Enrolment).execution_options(render_nulls=True), enrolments)
        self.session.execute(sa.insert(Link), links)

    def _reserve(self, table: str, count: int) -> deque[int]:
        if not count:
            return deque()
        asked = sa.text("SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :count)")
        return deque(self.session.scalars(asked, {"table": table, "count": count}))


def compare(
    record: FeedRecord, centre: Body, wanted: list[Fact], declared: Mapping[int, Declared], changes: Changes, person_id: int
) -> None:
    """Declares what the record does not say yet, and takes back what it says no longer.

    What a human of the centre took back by hand stays so, until the sender says something else.
    """
    entries = dict(record.entries)
    for fact in wanted:
        known = declared.get(entries.get(fact.key, 0))
        if known is not None and _says(known, fact, record):
            continue
        if known is not None and not known.retracted:
            changes.retract(record, person_id, centre, entries[fact.key])
        entries.pop(fact.key, None)
        changes.declare(record, person_id, centre, fact)
    for key in entries.keys() - {fact.key for fact in wanted}:
        known = declared.get(entries.pop(key))
        if known is not None and not known.retracted:
            changes.retract(record, person_id, centre, record.entries[key])
    record.entries = entries


def _says(known: Declared, fact: Fact, record: FeedRecord) -> bool:
    step = record.steps.get(fact.step or "")
    return (known.type, known.on, dict(known.data), known.enrolment_id) == (fact.type, fact.on, dict(fact.data), step)
