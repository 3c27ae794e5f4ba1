"""Persons to evaluate, read in one id range: their entries, open signals and settings, in a fixed number of statements."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pathways.detection.outages import read_circumstances
from pathways.detection.settings import Setting, Settings
from pathways.workflows.actors import Kind
from pathways.workflows.entry import Entry
from pathways.workflows.events import EVENTS

_DATES = {name: tuple(key for key, spec in kind.fields.items() if spec.kind == "date") for name, kind in EVENTS.items()}
_LISTS = {name: tuple(key for key, spec in kind.fields.items() if spec.kind == "dates") for name, kind in EVENTS.items()}


@dataclass(frozen=True, slots=True)
class OpenSignal:
    """A signal stored as open, or closed earlier on the day of the evaluation: what the next one is compared with."""

    id: int
    rule: str
    enrolment: int | None
    about: str
    threshold: str
    level: str
    shown_on: date
    since_on: date
    details: Mapping[str, Any]
    closed_on: date | None = None
    asked: bool = False
    """Somebody was asked to act on it: an alert was open when it showed, or since."""


@dataclass(frozen=True, slots=True)
class StoredStep:
    """The stored projection of one enrolment, to write only what changed."""

    id: int
    scheme: str
    values: tuple[Any, ...]


@dataclass(slots=True)
class Dossier:
    """All that one evaluation of a person needs. ``evaluated_day`` is None for somebody never looked at."""

    person_id: int
    evaluated_day: date | None
    next_on: date | None
    entries: list[Entry] = field(default_factory=list)
    signals: list[OpenSignal] = field(default_factory=list)
    steps: dict[int, StoredStep] = field(default_factory=dict)


PROJECTED = (
    "state", "state_since", "opened_on", "planned_start", "planned_end", "cap_on", "closed_on", "outcome",
    "lead_organisation_id", "prescriber_id", "operator_id",
)
"""The columns of an enrolment that repeat the fold, in the order in which they are read."""

Lock = Literal["none", "wait", "skip"]
"""A page takes no lock; an operation waits for the person; a sweep leaves out those somebody else is writing."""
_PERSONS = "SELECT id, evaluated_day, next_on FROM person WHERE id = ANY(:ids) AND erased_on IS NULL ORDER BY id"
_LOCKED: dict[Lock, sa.TextClause] = {
    "none": sa.text(_PERSONS),
    "wait": sa.text(f"{_PERSONS} FOR NO KEY UPDATE"),
    "skip": sa.text(f"{_PERSONS} FOR NO KEY UPDATE SKIP LOCKED"),
}
_STEPS = sa.text("""
    SELECT id, person_id, scheme, state, state_since, opened_on, planned_start, planned_end, cap_on, closed_on, outcome,
        lead_organisation_id, prescriber_id, operator_id
    FROM enrolment WHERE person_id = ANY(:ids)
""")
_SIGNALS = sa.text(
    "SELECT id, person_id, rule, enrolment_id, about, threshold, level, shown_on, since_on, details, closed_on, "
    "EXISTS (SELECT FROM alert WHERE alert.person_id = signal.person_id AND alert.family = signal.family "
    "AND alert.enrolment_id IS NOT DISTINCT FROM signal.enrolment_id "
    "AND (alert.closed_on IS NULL OR alert.closed_on >= signal.shown_on)) "
    "FROM signal WHERE person_id = ANY(:ids) AND (closed_on IS NULL OR closed_on = :day) ORDER BY id"
)
_ENTRIES = sa.text(
    "SELECT id, person_id, enrolment_id, type, occurred_on, (recorded_at AT TIME ZONE 'Europe/Paris')::date, organisation_id, "
    "retracts, payload::text FROM journal_entry WHERE person_id = ANY(:ids) ORDER BY person_id, id"
)
_KINDS = sa.text("""
    SELECT id, kind FROM organisation WHERE id IN (
        SELECT organisation_id FROM journal_entry WHERE person_id = ANY(:persons) UNION SELECT unnest(CAST(:and_of AS bigint[])))
""")
_SETTINGS = sa.text(
    "SELECT organisation_id, scheme, name, value, valid_from, (recorded_at AT TIME ZONE 'Europe/Paris')::date FROM setting "
    "WHERE withdrawn_at IS NULL ORDER BY recorded_at, id"
)


def read_settings(session: Session, persons: Sequence[int] | None = None) -> Settings:
    """Every dated threshold, every incident, and the spans in which a feed was silent: two or three statements.

    ``persons``: whose evaluation it is for; silences are read for the bodies of their steps alone. None: for everybody.
    """
    settings = Settings.of(
        Setting(name, _frozen(value), valid_from, known_on, scheme, organisation)
        for organisation, scheme, name, value, valid_from, known_on in session.execute(_SETTINGS)
    )
    return replace(settings, circumstances=read_circumstances(session, settings, persons))


def read_kinds(session: Session, persons: Sequence[int] | None = None, and_of: Sequence[int] = ()) -> dict[int, str]:
    """Kind of each organisation. ``persons``: of those alone that declared something of them, ``and_of`` these.

    A country has fifty thousand: what follows one entry does not read them all.
    """
    if persons is None:
        rows = session.execute(sa.text("SELECT id, kind FROM organisation"))
    else:
        rows = session.execute(_KINDS, {"persons": list(persons), "and_of": list(and_of)})
    return {row.id: row.kind for row in rows}


def read_dossiers(session: Session, ids: Sequence[int], kinds: Mapping[int, str], day: date, *, lock: Lock) -> list[Dossier]:
    """The dossiers of these persons on ``day``, in a fixed number of statements."""
    dossiers = {row[0]: Dossier(*row) for row in session.execute(_LOCKED[lock], {"ids": list(ids)})}
    locked: dict[str, Any] = {"ids": list(dossiers)}
    for id_, person_id, scheme, *values in session.execute(_STEPS, locked):
        dossiers[person_id].steps[id_] = StoredStep(id_, scheme, tuple(values))
    schemes = {step.id: step.scheme for dossier in dossiers.values() for step in dossier.steps.values()}
    for id_, person_id, *rest in session.execute(_SIGNALS, locked | {"day": day}):
        dossiers[person_id].signals.append(OpenSignal(id_, *rest))
    for row in session.execute(_ENTRIES, locked):
        dossiers[row[1]].entries.append(as_entry(row, kinds, schemes))
    return list(dossiers.values())


def as_entry(row: Sequence[Any], kinds: Mapping[int, str], schemes: Mapping[int, str]) -> Entry:
    """One journal row as the core reads it."""
    id_, _person, enrolment, kind, occurred_on, known_on, organisation, retracts, content = row
    return Entry(
        id_, kind, occurred_on, known_on, organisation, kinds.get(organisation), enrolment,
        schemes.get(enrolment) if enrolment is not None else None, details(kind, content), retracts, id_, content,
    )


def details(kind: str, content: str) -> dict[str, Any]:
    """The details of a payload, its days as dates."""
    if content == "{}":
        return {}
    data: dict[str, Any] = json.loads(content)
    for name in _DATES.get(kind, ()):
        if data.get(name):
            data[name] = date.fromisoformat(data[name])
    for name in _LISTS.get(kind, ()):
        if data.get(name) is not None:
            data[name] = [date.fromisoformat(day) for day in data[name]]
    return data


NEVER_ASKED = (
    Kind.EMPLOYEUR, Kind.ORGANISME_SERVICE_CIVIQUE, Kind.REGION, Kind.OPCO, Kind.DREETS, Kind.CARIFOREF, Kind.CREFOP,
)  # fmt: skip
"""Kinds of organisation to whom the sharing matrix shows no signal."""


def accompanying(session: Session, ids: Iterable[int], day: date) -> dict[tuple[int, int], int | None]:
    """(person, organisation) → its user in charge, for every organisation that accompanies the person on ``day``.

    Who reads no signal is never asked to act.
    """
    rows = session.execute(
        sa.text("""
            SELECT person_id, organisation_id, user_id FROM link JOIN organisation ON organisation.id = organisation_id
            WHERE person_id = ANY(:ids) AND started_on <= :day AND (ended_on IS NULL OR ended_on >= :day)
                AND organisation.kind <> ALL(:never)
            ORDER BY user_id IS NOT NULL, role = 'referent', started_on, link.id
        """),
        {"ids": list(ids), "day": day, "never": list(NEVER_ASKED)},
    )
    return {(person, organisation): user for person, organisation, user in rows}


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
