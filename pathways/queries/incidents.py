"""Incidents as one organisation sees them: which there are, whom they concern among those it sees, and what was done since.

An incident is read when it was declared by the reader's organisation, is about it, or concerns somebody whose signal it sees.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from pathways import db
from pathways.detection.concerned import RULE_OF
from pathways.errors import NotVisible
from pathways.models import (
    Alert,
    Enrolment,
    Incident,
    IncidentStatement,
    JournalEntry,
    Organisation,
    Person,
    Signal,
    User,
)
from pathways.queries.entries import stands
from pathways.sharing.groups import Group
from pathways.sharing.visibility import Reader, readable, signals_visible_to, visible_to
from pathways.workflows.incidents import OUTAGE

_STATED = aliased(IncidentStatement)
_STEP = aliased(Enrolment)
_ENTRY, _CONTRACT = aliased(JournalEntry), aliased(JournalEntry)

MOST, PEOPLE = 100, 200
"""Incidents and persons of a page; beyond, their number is told."""
_RULES = tuple(RULE_OF.values())
_ref = Signal.details["incident"].astext


@dataclass(frozen=True, slots=True)
class Version:
    """What was said of it at a moment, and by whom."""

    starts_on: date
    ends_on: date | None
    procedure: str | None
    withdrawn: bool
    recorded_at: datetime
    user: str | None


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """One incident with its last version. ``persons``: those the reader sees; ``open``: whose signal still holds."""

    id: int
    public_id: uuid.UUID
    kind: str
    name: str
    siren: str | None
    declared_by: str
    own: bool
    now: Version
    persons: int = 0
    open: int = 0

    def is_over(self, today: date) -> bool:
        return self.now.withdrawn or (self.now.ends_on is not None and self.now.ends_on < today)


@dataclass(frozen=True, slots=True)
class Concerned:
    """One person of an incident. ``contacted_on``: the last two-way contact since it began; ``contract_on``: a new contract."""

    id: int
    public_id: str
    family_name: str
    given_name: str
    phone: str | None
    scheme: str
    state: str
    holds: bool
    alert: uuid.UUID | None
    owner: str | None
    contacted_on: date | None
    contract_on: date | None


@dataclass(frozen=True, slots=True)
class IncidentPage:
    """``people`` is bounded; ``incident.persons`` counts them all. ``versions``: the last first."""

    incident: IncidentRow
    people: list[Concerned]
    versions: list[Version]
    contacted: int = 0
    moved_on: int = 0


@dataclass(frozen=True, slots=True)
class Mention:
    """An incident as a row of another page names it. ``others``: how many more persons the reader sees it concerns."""

    public_id: str
    others: int


_DECLARER = aliased(Organisation)
_SAID = (
    IncidentStatement.starts_on, IncidentStatement.ends_on, IncidentStatement.procedure, IncidentStatement.withdrawn,
    IncidentStatement.recorded_at, User.name,
)


def incidents(reader: Reader) -> list[IncidentRow]:
    """Those the reader's organisation declared, is the subject of, or sees somebody concerned by: the latest first."""
    counts = _counts(reader)
    rows = _rows(sa.or_(Incident.public_id.in_(list(counts)), *_ours(reader)), reader, counts)
    return sorted(rows, key=lambda row: (row.is_over(reader.today), -row.now.starts_on.toordinal(), -row.id))


def incident_page(public_id: uuid.UUID, reader: Reader) -> IncidentPage:
    """`NotVisible` for an incident that concerns nobody the reader sees, and is not its organisation's own."""
    counts = _counts(reader, public_id)
    rows = _rows(sa.and_(Incident.public_id == public_id, sa.or_(sa.literal(bool(counts)), *_ours(reader))), reader, counts)
    if not rows:
        raise NotVisible(f"incident {public_id}")
    row = rows[0]
    said = db.session().execute(
        sa.select(*_SAID).outerjoin(User, User.id == IncidentStatement.user_id)
        .where(IncidentStatement.incident_id == row.id)
        .order_by(IncidentStatement.recorded_at.desc(), IncidentStatement.id.desc())
    )
    versions = [_version(each) for each in said]
    people = _people(row, reader)
    contacted = sum(each.contacted_on is not None for each in people)
    return IncidentPage(row, people, versions, contacted, sum(each.contract_on is not None for each in people))


def mentioned(signals: Iterable[Any]) -> set[str]:
    """The references that the signals of a page carry."""
    return {signal.values["incident"] for signal in signals if signal is not None and signal.values.get("incident")}


def mentions(refs: Collection[str], reader: Reader) -> Mapping[str, Mention]:
    """By reference, for rows that come from an incident; nothing is asked where none does."""
    if not refs:
        return {}
    return {ref: Mention(ref, persons - 1) for ref, (persons, _open) in _counts(reader).items() if ref in refs}


def _ours(reader: Reader) -> list[sa.ColumnElement[bool]]:
    return [Incident.organisation_id == reader.organisation_id, Incident.subject_id == reader.organisation_id]


def _counts(reader: Reader, only: uuid.UUID | None = None) -> dict[str, tuple[int, int]]:
    """Reference → persons the reader sees it concerns, and those of them whose signal holds."""
    persons = sa.func.count(sa.distinct(Signal.person_id))
    query = (
        sa.select(_ref, persons, persons.filter(Signal.closed_on.is_(None)))
        .where(*_of_incidents(reader))
        .group_by(_ref)
    )
    if only is not None:
        query = query.where(_ref == str(only))
    return {ref: (number, still) for ref, number, still in db.session().execute(query)}


def _of_incidents(reader: Reader) -> list[sa.ColumnElement[bool]]:
    return [
        Signal.rule.in_(_RULES), _ref.is_not(None), Signal.close_reason.is_distinct_from("corrected"),
        visible_to(reader, Signal.person_id), signals_visible_to(reader),
    ]


def _rows(wanted: Any, reader: Reader, counts: Mapping[str, tuple[int, int]]) -> list[IncidentRow]:
    last = (
        sa.select(_STATED.id).where(_STATED.incident_id == Incident.id)
        .order_by(_STATED.recorded_at.desc(), _STATED.id.desc()).limit(1).correlate(Incident).scalar_subquery()
    )
    found = db.session().execute(
        sa.select(
            Incident.id, Incident.public_id, sa.cast(Incident.kind, sa.Text), Incident.name, Incident.siren, _DECLARER.name,
            Incident.organisation_id == reader.organisation_id, *_SAID,
        )
        .join(_DECLARER, _DECLARER.id == Incident.organisation_id)
        .join(IncidentStatement, IncidentStatement.id == last)
        .outerjoin(User, User.id == IncidentStatement.user_id)
        .where(wanted).order_by(Incident.id.desc()).limit(MOST)
    )
    return [IncidentRow(*row[:7], _version(row[7:]), *counts.get(str(row[1]), (0, 0))) for row in found]


def _people(row: IncidentRow, reader: Reader) -> list[Concerned]:
    """Those the incident concerns, whose signal holds first, then by name. One statement."""
    if row.kind == OUTAGE:
        return []
    since = row.now.starts_on
    contacted = (
        sa.select(sa.func.max(_ENTRY.occurred_on))
        .where(
            _ENTRY.person_id == Person.id, _ENTRY.occurred_on >= since, _two_way(_ENTRY),
            stands(_ENTRY),
        ).scalar_subquery()
    )
    new_contract = (
        sa.select(sa.func.max(_CONTRACT.occurred_on))
        .where(
            _CONTRACT.person_id == Person.id, _CONTRACT.enrolment_id != Signal.enrolment_id, _CONTRACT.occurred_on >= since,
            _CONTRACT.type == "work_contract_started", stands(_CONTRACT),
        ).scalar_subquery()
    )
    # Of several signals of one person, the one that holds, else the last.
    one_each = (
        sa.select(Signal.id).where(*_of_incidents(reader), _ref == str(row.public_id))
        .ext(distinct_on(Signal.person_id)).order_by(Signal.person_id, Signal.closed_on.is_(None).desc(), Signal.id.desc())
    )
    rows = db.session().execute(
        sa.select(
            Person.id, sa.cast(Person.public_id, sa.Text), Person.family_name, Person.given_name,
            readable(reader, Group.CONTACT, Person.phone).label("phone"), _STEP.scheme, sa.cast(_STEP.state, sa.Text),
            Signal.closed_on.is_(None), Alert.public_id, User.name, contacted, new_contract,
        )
        .join(Signal, Signal.person_id == Person.id)
        .join(_STEP, _STEP.id == Signal.enrolment_id)
        .outerjoin(Alert, sa.and_(
            Alert.person_id == Person.id, Alert.enrolment_id == Signal.enrolment_id, Alert.family == Signal.family,
            Alert.closed_on.is_(None), Alert.organisation_id == reader.organisation_id))
        .outerjoin(User, User.id == Alert.owner_id)
        .where(Signal.id.in_(one_each))
        .order_by(Signal.closed_on.is_(None).desc(), Person.sort_key, Person.id)
        .limit(PEOPLE)
    )
    return [_concerned(each) for each in rows]


def _concerned(row: Iterable[Any]) -> Concerned:
    return Concerned(*row)


def _version(row: Iterable[Any]) -> Version:
    return Version(*row)


def _two_way(entry: Any) -> sa.ColumnElement[bool]:
    """The person was spoken with: a contact, an appointment seen, an attempt that reached."""
    return sa.or_(
        entry.type == "contact",
        sa.and_(entry.type == "appointment", entry.payload["status"].astext == "seen"),
        sa.and_(entry.type == "contact_attempt", entry.payload["result"].astext == "reached"),
    )
