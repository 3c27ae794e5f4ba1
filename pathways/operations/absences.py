"""Telling when one is away and who stands in: the alerts of those days are shown to the delegate, and go back by themselves."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import sqlalchemy as sa

from pathways import clock, db
from pathways.errors import NotVisible, Reason, Refused
from pathways.models import Absence, Membership

FURTHEST = timedelta(days=366)


def record_absence(
    user_id: int, *, first_day: date, last_day: date, delegate_id: int | None, recorded_by: int, organisation_id: int
) -> uuid.UUID:
    """``user_id`` is away from one day to another (included). Refused for a stranger, for days gone by, or two at a time."""
    today = clock.today()
    if last_day < first_day or last_day < today:
        raise Refused(Reason("absence_days"))
    if last_day > today + FURTHEST:
        raise Refused(Reason("day_too_far", {"last": today + FURTHEST}))
    if delegate_id == user_id:
        raise Refused(Reason("absence_delegate"))
    with db.atomic() as session:
        for each in {user_id, delegate_id} - {None}:
            if not _belongs(each, organisation_id, today):
                raise Refused(Reason("not_a_colleague"))
        # One at a time: two tabs that tell the same absence do not race for the constraint.
        session.execute(sa.text("SELECT pg_advisory_xact_lock(:space, :user)"), {"space": LOCK, "user": user_id})
        known = sa.exists().where(
            Absence.user_id == user_id,
            Absence.organisation_id == organisation_id,
            Absence.withdrawn_at.is_(None),
            Absence.first_day <= last_day,
            Absence.last_day >= first_day,
        )
        if session.scalar(sa.select(known)):
            raise Refused(Reason("absence_twice"))
        absence = Absence(
            user_id=user_id,
            organisation_id=organisation_id,
            first_day=first_day,
            last_day=last_day,
            delegate_id=delegate_id,
            recorded_by=recorded_by,
        )
        session.add(absence)
        session.flush()
        return absence.public_id


def withdraw_absence(absence: uuid.UUID, *, organisation_id: int, user_id: int | None = None) -> None:
    """As if it had never been told. ``user_id``: only one's own; None for whoever runs the team."""
    with db.atomic() as session:
        query = sa.select(Absence).where(Absence.public_id == absence, Absence.organisation_id == organisation_id)
        if user_id is not None:
            query = query.where(Absence.user_id == user_id)
        found = session.scalar(query.with_for_update())
        if found is None:
            raise NotVisible(f"absence {absence}")
        found.withdrawn_at = found.withdrawn_at or clock.now()
        session.flush()


LOCK = 0x6162
"""Space of the advisory lock: one absence of a user is told at a time."""


def _belongs(user_id: int | None, organisation_id: int, today: date) -> bool:
    return bool(
        db.session().scalar(
            sa.select(
                sa.exists().where(
                    Membership.user_id == user_id,
                    Membership.organisation_id == organisation_id,
                    Membership.started_on <= today,
                    sa.or_(Membership.ended_on.is_(None), Membership.ended_on >= today),
                )
            )
        )
    )
