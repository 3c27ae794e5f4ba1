"""Rows taken into the record, a small set at a time: which record and person each one is, what changes, and in what order.

A set is one transaction: what was acknowledged is committed, and a killed import can be run again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pathways import clock
from pathways.detection.alerting import Review
from pathways.detection.sweep import Reference, evaluate_persons
from pathways.exchange.dossiers_apprenants import facts as of
from pathways.exchange.dossiers_apprenants.bodies import Body
from pathways.exchange.dossiers_apprenants.content import Content, merged
from pathways.exchange.dossiers_apprenants.journal import Changes, compare, read_declared
from pathways.exchange.dossiers_apprenants.persons import Known, Persons, same_person
from pathways.models import FeedRecord, FeedRun
from pathways.operations.likeness import propose_many
from pathways.schemas.dossiers_apprenants.issues import Warn
from pathways.schemas.dossiers_apprenants.kept import CONTRACTS, departure
from pathways.schemas.dossiers_apprenants.payload import Row

FEED_LOCK = 4004
"""First half of the advisory locks that keep two imports of one centre apart."""


@dataclass(slots=True)
class Taken:
    """A row that may be taken: its rank in the file, what it says, and the centre it is about."""

    number: int
    row: Row
    centre: Body
    learner: str

    @property
    def key(self) -> tuple[int, str, str]:
        return self.centre.id, self.row.values["annee_scolaire"], self.learner


@dataclass(slots=True)
class Done:
    """What became of a set."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    entries: int = 0
    warnings: list[tuple[int, Warn]] = field(default_factory=list)


@dataclass(slots=True)
class _Case:
    """One row on its way: its record, its person, and the content before and after."""

    taken: Taken
    record: FeedRecord | None
    person_id: int | None
    content: Content = field(default_factory=dict)
    before: Content | None = None
    is_new: bool = False


def take(session: Session, rows: Sequence[Taken], run: FeedRun, reference: Reference) -> Done:
    """Takes a set of rows in the running transaction, in a number of statements that does not depend on their number."""
    done, today = Done(), clock.today()
    for centre in sorted({taken.centre.id for taken in rows}):
        session.execute(sa.text("SELECT pg_advisory_xact_lock(:feed, :centre)"), {"feed": FEED_LOCK, "centre": centre})
    records = _records(session, rows)
    persons = Persons(session, today)
    cases = [_case(taken, records, persons.look_up(rows), done) for taken in rows]
    siblings = _siblings(session, cases)
    persons.read([case.person_id for case in cases if case.person_id])
    persons.reserve(sum(case.person_id is None for case in cases))
    for case in cases:
        _settle(case, siblings, persons, done, today)
    changes = Changes(session, run, today)
    held = [each for pair in siblings.values() for each in pair] + [case.record for case in cases if case.record]
    declared = read_declared(session, {int(id_) for record in held for id_ in record.entries.values()})
    persons.write()
    for case in cases:
        assert case.record is not None
        assert case.person_id is not None
        person_id = persons.current(case.person_id)
        for said in persons.identity(case.person_id, case.before, case.content, is_new=case.is_new):
            changes.state(person_id, case.taken.centre.id, said)
        compare(case.record, case.taken.centre, of.facts(case.content, today), declared, changes, person_id)
        _keep(case, changes, run, done)
    done.entries = changes.write()
    touched = sorted(changes.persons | persons.created)
    if touched:
        _evaluate(session, touched, today, reference, run, {case.taken.centre.id for case in cases})
    renamed = persons.created | persons.renamed
    if renamed:
        propose_many(sorted(renamed))
    return done


def _records(session: Session, rows: Sequence[Taken]) -> dict[tuple[int, str, str], FeedRecord]:
    asked = sa.tuple_(FeedRecord.organisation_id, FeedRecord.school_year, FeedRecord.learner)
    found = session.scalars(sa.select(FeedRecord).where(asked.in_([taken.key for taken in rows])).with_for_update())
    return {(record.organisation_id, record.school_year, record.learner): record for record in found}


def _case(taken: Taken, records: Mapping[Any, FeedRecord], known: Known, done: Done) -> _Case:
    """Which record the row keeps up to date, and whose it is: a known record's, a known number's, or somebody new."""
    record = records.get(taken.key)
    said = taken.row.values
    if record is not None and not same_person(record.content, said):
        # The sender gave the identifier to somebody else: the record goes on with that person, the former one keeps theirs.
        done.warnings.append((taken.number, Warn("identifier_reused", "id_erp_apprenant")))
        record.content, record.entries, record.steps = {CONTRACTS: []}, {}, {}
        return _Case(taken, record, known.of(taken.centre.id, "", said), is_new=True)
    if record is not None:
        return _Case(taken, record, record.person_id, before=dict(record.content))
    return _Case(taken, None, known.of(taken.centre.id, taken.learner, said), is_new=True)


def _siblings(session: Session, cases: Sequence[_Case]) -> dict[tuple[int, int], list[FeedRecord]]:
    """The records of the same persons at the same centres, the ones of the rows included: other years, other identifiers."""
    pairs = {(case.taken.centre.id, case.person_id) for case in cases if case.person_id}
    if not pairs:
        return {}
    asked = sa.tuple_(FeedRecord.organisation_id, FeedRecord.person_id).in_(sorted(pairs))
    found: dict[tuple[int, int], list[FeedRecord]] = {}
    in_order = sa.select(FeedRecord).where(asked).order_by(FeedRecord.school_year, FeedRecord.id)
    for record in session.scalars(in_order.with_for_update()):
        found.setdefault((record.organisation_id, record.person_id), []).append(record)
    return found


def _settle(
    case: _Case, siblings: Mapping[tuple[int, int], list[FeedRecord]], persons: Persons, done: Done, today: date
) -> None:
    """The content after the row, and the person and record it belongs to."""
    taken, before = case.taken, case.before
    case.record = case.record or FeedRecord(content={}, entries={}, steps={})
    others = [each for each in siblings.get((taken.centre.id, case.person_id or 0), []) if each is not case.record]
    carried = _carried(case, others) if others else None
    base = before if carried is None else carried
    case.content, warnings = merged(base, taken.row, today)
    if case.is_new and _continues(case.content, others):
        case.content["continued"] = True
    if carried is not None:
        warnings = [*warnings, Warn("year_continued", "annee_scolaire")]
    done.warnings += [(taken.number, warning) for warning in warnings]
    if case.person_id is None:
        case.person_id = persons.create(case.content)


def _continues(content: Content, others: Sequence[FeedRecord]) -> bool:
    """Another record of the centre already covers the days this one begins with."""
    start, end = content.get("date_entree_formation", ""), content.get("date_fin_formation", "9999")
    return any(
        each.content.get("date_entree_formation", "9999") <= end and each.content.get("date_fin_formation", "") >= start
        for each in others
    )


def _carried(case: _Case, others: Sequence[FeedRecord]) -> Content | None:
    """The content with the contracts of this row that another record of the person holds: they go on here, entries and all."""
    content: Content = dict(case.before) if case.before else {CONTRACTS: []}
    content[CONTRACTS] = list(content[CONTRACTS])
    own = {contract["start"] for contract in content[CONTRACTS]}
    sent = {
        value.isoformat() for name, value in case.taken.row.values.items() if name.startswith("contrat_date_debut")
    } - own
    assert case.record is not None
    found = False
    for other in others:
        left_on, _excluded = departure(other.content)
        for contract in other.content[CONTRACTS]:
            if contract["start"] in sent and not contract.get("moved"):
                _move(contract, other, case.record, content, left_on)
                found = True
    return content if found else None


def _move(contract: Content, other: FeedRecord, record: FeedRecord, content: Content, left_on: date | None) -> None:
    """Hands one contract, its entries and its step over to the record of the later row."""
    prefix = f"{contract['key']}:"
    entries = {key: id_ for key, id_ in other.entries.items() if key.startswith(prefix)}
    enrolment = next((each for each in _enrolments(other, contract)), None)
    step = f"{other.id}/{contract['key']}"
    stopped = {"stopped": left_on.isoformat()} if left_on and contract["start"] <= left_on.isoformat() else {}
    content[CONTRACTS].append(contract | stopped | {"step": step})
    record.entries = dict(record.entries) | entries
    if enrolment is not None:
        record.steps = dict(record.steps) | {step: enrolment}
    other.entries = {key: id_ for key, id_ in other.entries.items() if key not in entries}
    kept = [each | {"moved": True} if each["key"] == contract["key"] else each for each in other.content[CONTRACTS]]
    other.content = other.content | {CONTRACTS: kept}


def _enrolments(record: FeedRecord, contract: Content) -> Sequence[int]:
    """The enrolment of a contract: its own step, or the one it shares with the entry."""
    names = [contract.get("step"), contract["key"], of.ENTRY]
    return [record.steps[name] for name in names if name in record.steps]


def _keep(case: _Case, changes: Changes, run: FeedRun, done: Done) -> None:
    """Writes the record, and counts it as new, changed or as before."""
    record = case.record
    assert record is not None
    assert case.person_id is not None
    changed = case.before != case.content or changes.concern(record)
    record.content, record.last_received_at, record.sender_id = case.content, clock.now(), run.organisation_id
    if not case.is_new and not changed:
        done.unchanged += 1
        return
    record.run_id = run.id
    if not case.is_new:
        done.updated += 1
        return
    record.organisation_id, record.school_year, record.learner = case.taken.key
    record.person_id = case.person_id
    changes.session.add(record)
    done.created += 1


def _evaluate(
    session: Session, ids: Sequence[int], today: date, reference: Reference, run: FeedRun, centres: set[int]
) -> None:
    """States and signals of the whole set at once. What a first file opens is a baseline: to review, without a due date."""
    session.flush()
    review = Review(frozenset(centres | {run.organisation_id}), run.id) if run.baseline else None
    evaluate_persons(session, ids, today, reference, lock="wait", review=review)
