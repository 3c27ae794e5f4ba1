"""What people read of the terms: the records that come to theirs, the holds, and one archived record."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from pathways import db
from pathways.errors import NotVisible
from pathways.models import Enrolment, LegalHold, Link, Organisation, Person, RetentionNotice, User
from pathways.sharing.visibility import Reader, not_ended, visible_to

MOST = 200
"""Lines of a list; the count beside it says how many there are."""


@dataclass(frozen=True, slots=True)
class Ending:
    """One line of « Fiches arrivant à leur terme »."""

    person_id: int
    public_id: Any
    family_name: str
    given_name: str
    rule: str
    scheme: str | None
    last_on: date
    due_on: date
    held: bool


@dataclass(frozen=True, slots=True)
class Hold:
    """One hold. Names are empty once the record is archived: nobody sees it in passing."""

    public_id: Any
    person_id: int
    person: Any
    family_name: str
    given_name: str
    reason: str
    placed_by: str
    placed_on: date
    review_on: date


def endings(reader: Reader, *, own: bool) -> tuple[list[Ending], int]:
    """Announced terms of the records the reader sees, the nearest first, and how many there are.

    ``own``: of those who accompany the person now; else of everybody the organisation sees.
    """
    session = db.session()
    held = sa.exists().where(LegalHold.person_id == Person.id, LegalHold.lifted_on.is_(None))
    criteria = [RetentionNotice.closed_on.is_(None), visible_to(reader, Person.id), Person.merged_into.is_(None)]
    if own:
        mine = sa.exists().where(
            Link.person_id == Person.id, Link.organisation_id == reader.organisation_id, not_ended(Link, reader)
        )
        criteria.append(mine)
    base = (
        sa.select(
            Person.id, Person.public_id, Person.family_name, Person.given_name, RetentionNotice.rule, Enrolment.scheme,
            RetentionNotice.last_on, RetentionNotice.due_on, held,
        )
        .join(RetentionNotice, RetentionNotice.person_id == Person.id)
        .outerjoin(Enrolment, Enrolment.id == RetentionNotice.enrolment_id)
        .where(*criteria)
    )  # fmt: skip
    total = session.scalar(sa.select(sa.func.count()).select_from(base.subquery())) or 0
    rows = session.execute(base.order_by(RetentionNotice.due_on, Person.sort_key, RetentionNotice.id).limit(MOST))
    return [Ending(*row) for row in rows], total


def holds(reader: Reader) -> list[Hold]:
    """The organisation's holds in force, those to be reviewed first."""
    return [Hold(*row) for row in db.session().execute(_holds(reader).limit(MOST))]


def hold_of(reader: Reader, public_id: uuid.UUID) -> Hold:
    """One of them. `NotVisible` when it is another organisation's, or lifted."""
    row = db.session().execute(_holds(reader).where(LegalHold.public_id == public_id)).one_or_none()
    if row is None:
        raise NotVisible(f"hold {public_id}")
    return Hold(*row)


def _holds(reader: Reader) -> Any:
    return (
        sa.select(
            LegalHold.public_id, LegalHold.person_id, Person.public_id, sa.func.coalesce(Person.family_name, ""),
            sa.func.coalesce(Person.given_name, ""), LegalHold.reason, User.name, LegalHold.placed_on, LegalHold.review_on,
        )
        .join(User, User.id == LegalHold.placed_by)
        .outerjoin(Person, sa.and_(Person.id == LegalHold.person_id, visible_to(reader, Person.id)))
        .where(LegalHold.organisation_id == reader.organisation_id, LegalHold.lifted_on.is_(None))
        .order_by(LegalHold.review_on, LegalHold.id)
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class StepDates:
    """One step of an archived record."""

    scheme: str
    lead: str
    opened_on: date
    closed_on: date | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class Archived:
    """What is shown of an archived record: who it is, and the dates of the steps a funder asks about."""

    person_id: int
    public_id: Any
    family_name: str
    given_name: str
    birth_date: date | None
    archived_on: date
    steps: tuple[StepDates, ...] = ()


_OURS = sa.text("""
    SELECT p.id, p.public_id, p.family_name, p.given_name, p.birth_date, p.archived_on FROM person AS p
    WHERE p.public_id = :person AND p.archived_on IS NOT NULL AND p.erased_on IS NULL AND p.merged_into IS NULL
        AND EXISTS (SELECT FROM link WHERE link.person_id = p.id AND link.organisation_id = :organisation)
""")


def archived(person: Any, reader: Reader) -> Archived:
    """An archived record that the reader's organisation once accompanied. `NotVisible` for any other.

    Nobody sees it any more, so it is read as the system: the permission was asked by the page, the reason goes into the log.
    """
    session = db.session()
    with db.as_system():
        row = session.execute(_OURS, {"person": person, "organisation": reader.organisation_id}).one_or_none()
        if row is None:
            raise NotVisible(f"archived person {person}")
        steps = session.execute(
            sa.select(Enrolment.scheme, Organisation.name, Enrolment.opened_on, Enrolment.closed_on, Enrolment.outcome)
            .join(Organisation, Organisation.id == Enrolment.lead_organisation_id)
            .where(Enrolment.person_id == row.id)
            .order_by(Enrolment.opened_on, Enrolment.id)
        ).all()
    return replace(Archived(*row), steps=tuple(StepDates(*step) for step in steps))

