"""Incidents: declaring one fact about many persons, saying it again corrected or ended, withdrawing it.

The incident is what everybody's evaluation reads; an entry on each step of the declaring organisation's own people keeps its
trace in their record. Both are one act.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import sqlalchemy as sa

from pathways import clock, db
from pathways.detection.circumstances import Incident as Fact
from pathways.detection.concerned import Place, concerned, same_employer, siren_of
from pathways.detection.sweep import evaluate_persons, read_reference
from pathways.errors import NotVisible, Reason, Refused
from pathways.models import Incident, IncidentKind, IncidentStatement, JournalEntry, Organisation
from pathways.operations.declaring import RETRACTED, Asked, declare_together
from pathways.queue import later
from pathways.workflows.incidents import INSOLVENCY, OUTAGE, plain

EARLIEST = timedelta(days=366)
"""How long ago an incident may have begun when it is declared."""


@dataclass(frozen=True, slots=True)
class About:
    """Whom it happened to: an organisation by its number, or an employer as a contract names it (SIRET or name)."""

    organisation_id: int | None = None
    named: str | None = None


@dataclass(frozen=True, slots=True)
class When:
    """What is said of an incident: its first and last day, and the procedure of an employer."""

    starts_on: date
    ends_on: date | None = None
    procedure: str | None = None


@dataclass(slots=True)
class Told:
    """What became of a declaration: the persons concerned, and the entries written on steps of one's own people."""

    public_id: uuid.UUID
    persons: int
    entries: list[int] = field(default_factory=list)


def declare_incident(kind: str, about: About, when: When, *, organisation_id: int, user_id: int) -> Told:
    """Declares it, writes one entry on each step concerned that the organisation sees, and has everybody else looked at again.

    Refused when it is known already, concerns nobody the organisation sees, or its days are wrong. An outage is declared by
    the body whose feed it is.
    """
    _check(when)
    with db.atomic() as session:
        row, fact = _subject(kind, about)
        _one_at_a_time(row)
        if kind == OUTAGE and row.subject_id != organisation_id:
            raise Refused(Reason("incident_not_yours"))
        if _known(row):
            raise Refused(Reason("incident_known"))
        places = concerned(session, fact)
        if not places and kind != OUTAGE:
            raise Refused(Reason("incident_concerns_nobody"))
        row.organisation_id, row.user_id = organisation_id, user_id
        session.add(row)
        session.flush()
        _say(row, when, organisation_id, user_id)
        entries = _keep_trace(row, when, places, organisation_id, user_id)
        _wake(fact, {place.person_id for place in places})
        return Told(row.public_id, len({place.person_id for place in places}), entries)


def say_again(public_id: uuid.UUID, when: When, *, organisation_id: int, user_id: int) -> None:
    """Corrects the days or the procedure, or ends it: a new version, known from today. Only by whoever declared it."""
    _check(when)
    with db.atomic():
        row = _own(public_id, organisation_id)
        _say(row, when, organisation_id, user_id)
        _reconsider(row)


def withdraw(public_id: uuid.UUID, *, organisation_id: int, user_id: int) -> int:
    """It was declared by mistake: the incident no longer holds, and its entries are taken back. Returns how many were."""
    with db.atomic() as session:
        row = _own(public_id, organisation_id)
        last = _last(row)
        if last.withdrawn:
            return 0
        session.add(
            IncidentStatement(
                incident_id=row.id, starts_on=last.starts_on, ends_on=last.ends_on, procedure=last.procedure, withdrawn=True,
                organisation_id=organisation_id, user_id=user_id,
            )
        )
        session.flush()
        by = sa.orm.aliased(JournalEntry)
        entries = session.execute(
            sa.select(JournalEntry.id, JournalEntry.person_id).where(
                JournalEntry.organisation_id == organisation_id,
                JournalEntry.recorded_at >= row.recorded_at,
                JournalEntry.type == str(row.kind),
                JournalEntry.payload["incident"].astext == str(public_id),
                ~sa.exists().where(by.retracts == JournalEntry.id),
            )
        ).all()
        today, reason = clock.today(), {"reason": "undone"}
        declare_together(
            [Asked(person, None, RETRACTED, today, reason, entry) for entry, person in entries],
            organisation_id=organisation_id, user_id=user_id,
        )
        _reconsider(row)
        return len(entries)


def _check(when: When) -> None:
    today = clock.today()
    if when.starts_on > today:
        raise Refused(Reason("day_to_come", {"today": today}))
    if when.starts_on < today - EARLIEST:
        raise Refused(Reason("incident_too_old", {"from": today - EARLIEST}))
    if when.ends_on is not None and when.ends_on < when.starts_on:
        raise Refused(Reason("incident_ends_before"))


def _subject(kind: str, about: About) -> tuple[Incident, Fact]:
    """The row to write, not in the session yet, and the same as evaluations will read it."""
    session = db.session()
    if kind not in set(IncidentKind):
        raise Refused(Reason("incident_unknown"))
    found = session.get(Organisation, about.organisation_id) if about.organisation_id is not None else None
    if found is None and (kind != INSOLVENCY or not about.named):
        raise Refused(Reason("incident_unknown"))
    siren = None
    if kind == INSOLVENCY:
        siren = siren_of(found.siret if found else about.named)
    name = found.name if found else _employer_name(siren) or about.named
    row = Incident(kind=IncidentKind(kind), subject_id=found.id if found else None, siren=siren, name=name)
    return row, _fact(row)


def _employer_name(siren: str | None) -> str | None:
    """How an employer of that number is called here: people read names."""
    if siren is None:
        return None
    known = sa.select(Organisation.name).where(Organisation.siret.startswith(siren)).order_by(Organisation.siret).limit(1)
    return db.session().scalar(known)


def _fact(row: Incident) -> Fact:
    same = same_employer(db.session(), row.siren) if row.kind == INSOLVENCY else frozenset()
    own = frozenset() if row.subject_id is None else frozenset({row.subject_id})
    return Fact(str(row.public_id), str(row.kind), own | same, (), row.siren, row.name)


def _one_at_a_time(row: Incident) -> None:
    """Two colleagues who report the same at once wait for each other."""
    lock = sa.text("SELECT pg_advisory_xact_lock(hashtext(:what))")
    db.session().execute(lock, {"what": f"incident {row.kind} {row.siren or plain(row.name)}"})


def _known(row: Incident) -> bool:
    """The same already holds, whoever declared it."""
    session = db.session()
    same = [Incident.subject_id == row.subject_id] if row.subject_id is not None else []
    same += [Incident.siren == row.siren] if row.siren is not None else []
    found = session.scalars(sa.select(Incident).where(Incident.kind == row.kind, sa.or_(sa.false(), *same))).all()
    if not same:
        named = session.scalars(sa.select(Incident).where(Incident.kind == row.kind, Incident.subject_id.is_(None)))
        found = [each for each in named if plain(each.name) == plain(row.name)]
    today = clock.today()
    said = [_last(each) for each in found]
    return any(not last.withdrawn and (last.ends_on is None or last.ends_on >= today) for last in said)


def _last(row: Incident) -> IncidentStatement:
    order = (IncidentStatement.recorded_at.desc(), IncidentStatement.id.desc())
    query = sa.select(IncidentStatement).where(IncidentStatement.incident_id == row.id).order_by(*order).limit(1)
    return db.session().scalars(query).one()


def _own(public_id: uuid.UUID, organisation_id: int) -> Incident:
    row = db.session().scalars(sa.select(Incident).where(Incident.public_id == public_id)).first()
    if row is None:
        raise NotVisible(f"incident {public_id}")
    if row.organisation_id != organisation_id:
        raise Refused(Reason("incident_not_yours"))
    return row


def _say(row: Incident, when: When, organisation_id: int, user_id: int) -> None:
    session = db.session()
    session.add(
        IncidentStatement(
            incident_id=row.id, starts_on=when.starts_on, ends_on=when.ends_on,
            procedure=when.procedure if row.kind == INSOLVENCY else None, organisation_id=organisation_id, user_id=user_id,
        )
    )
    session.flush()


def _keep_trace(
    row: Incident, when: When, places: Sequence[Place], organisation_id: int, user_id: int
) -> list[int]:
    """One entry a step, in one act; a step on which the organisation may not declare it has the incident all the same."""
    if row.kind == OUTAGE:
        return []
    data = {"incident": str(row.public_id)} | ({"kind": when.procedure} if row.kind == INSOLVENCY and when.procedure else {})
    asked = [Asked(place.person_id, place.enrolment_id, str(row.kind), when.starts_on, data) for place in places]
    return declare_together(asked, organisation_id=organisation_id, user_id=user_id, linking=False).entries


def _reconsider(row: Incident) -> None:
    """Those the organisation sees are evaluated at once, the others soon."""
    session, fact = db.session(), _fact(row)
    seen = sorted({place.person_id for place in concerned(session, fact)}) if row.kind != OUTAGE else []
    _wake(fact, seen)
    if seen:
        with db.as_system():
            evaluate_persons(session, seen, clock.today(), read_reference(session), lock="wait")


def _wake(fact: Fact, but: Iterable[int]) -> None:
    """Everybody concerned, whoever accompanies them, is due for an evaluation, but those looked at in this very act."""
    session = db.session()
    with db.as_system():
        persons = {place.person_id for place in concerned(session, fact)} - set(but)
        if persons:
            query = sa.text("UPDATE person SET touched_at = :at WHERE id = ANY(:ids)")
            session.execute(query, {"at": clock.now(), "ids": sorted(persons)})
    later("sweep.due")
