"""Keeping a record beyond its time for a dispute or an audit, and letting it go. A hold stops everything for its person."""

from __future__ import annotations

import uuid
from datetime import date

import sqlalchemy as sa

from pathways import clock, db
from pathways.errors import NotVisible, Reason, Refused
from pathways.models import LegalHold, NoticeEnd, Person
from pathways.workflows.dates import add_months

LONGEST = 12
"""Months after which a hold is looked at again, at the latest."""

_OURS = sa.text("""
    SELECT p.id FROM person AS p WHERE p.public_id = :person AND p.erased_on IS NULL AND p.merged_into IS NULL
        AND EXISTS (SELECT FROM link WHERE link.person_id = p.id AND link.organisation_id = :organisation)
    FOR KEY SHARE OF p
""")
_STOP_NOTICES = sa.text(
    "UPDATE retention_notice SET closed_on = :day, close_reason = :reason WHERE person_id = :person AND closed_on IS NULL"
)


def place_hold(person: uuid.UUID, *, reason: str, review_on: date, organisation_id: int, user_id: int) -> uuid.UUID:
    """Holds a record that the organisation accompanies or once did, archived or not. Returns the hold's public id.

    `NotVisible` for any other record, `Refused` without a reason, with a day of review that is past or too far, or when the
    organisation holds it already.
    """
    today, reason = clock.today(), reason.strip()
    with db.atomic() as session:
        with db.as_system():
            person_id = session.scalar(_OURS, {"person": person, "organisation": organisation_id})
        if person_id is None:
            raise NotVisible(f"person {person}")
        _refuse(reason, review_on, today)
        held = session.scalar(sa.select(LegalHold).where(*_in_force(organisation_id), LegalHold.person_id == person_id))
        if held is not None:
            raise Refused(Reason("held_already", {"due": held.review_on}))
        hold = LegalHold(
            public_id=uuid.uuid4(), person_id=person_id, organisation_id=organisation_id, reason=reason, placed_by=user_id,
            placed_on=today, review_on=review_on,
        )  # fmt: skip
        session.add(hold)
        session.flush()
        with db.as_system():
            session.execute(_STOP_NOTICES, {"person": person_id, "day": today, "reason": str(NoticeEnd.HOLD)})
        return hold.public_id


def review_hold(hold: uuid.UUID, *, review_on: date, organisation_id: int) -> None:
    """The hold goes on: it is looked at again on another day. Raises as ``place_hold``."""
    with db.atomic():
        found = _locked(hold, organisation_id)
        _refuse(found.reason, review_on, clock.today())
        found.review_on = review_on


def lift_hold(hold: uuid.UUID, *, organisation_id: int, user_id: int) -> uuid.UUID:
    """The clock runs again: what is past its term is announced anew, thirty days before. Returns the person's public id."""
    with db.atomic() as session:
        found = _locked(hold, organisation_id)
        found.lifted_on, found.lifted_by = clock.today(), user_id
        with db.as_system():
            return session.scalars(sa.select(Person.public_id).where(Person.id == found.person_id)).one()


def _locked(hold: uuid.UUID, organisation_id: int) -> LegalHold:
    found = db.session().scalar(
        sa.select(LegalHold)
        .where(LegalHold.public_id == hold, LegalHold.organisation_id == organisation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotVisible(f"hold {hold}")
    if found.lifted_on is not None:
        raise Refused(Reason("not_held"))
    return found


def _in_force(organisation_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    return (LegalHold.organisation_id == organisation_id, LegalHold.lifted_on.is_(None))


def _refuse(reason: str, review_on: date, today: date) -> None:
    found = [] if reason else [Reason("hold_reason_missing")]
    found += [] if today < review_on <= add_months(today, LONGEST) else [Reason("review_not_ahead")]
    if found:
        raise Refused(*found)
