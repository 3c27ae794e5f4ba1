"""What a manager or the data protection officer makes of an unusual reading. Nothing is taken back: the last verdict counts."""

from __future__ import annotations

import uuid
from datetime import date

import sqlalchemy as sa

from pathways import db
from pathways.errors import NotVisible, Reason, Refused
from pathways.models import Membership, ReadingReview, User, Verdict


def review_reading(
    reader: uuid.UUID, on: date, rule: str, verdict: str, *, organisation_id: int, user_id: int
) -> None:
    """Notes the verdict on that day of that reader. `Refused` on one's own readings: somebody else examines them.

    `NotVisible` for somebody who never belonged to this organisation.
    """
    with db.atomic() as session:
        reader_id = session.scalar(
            sa.select(Membership.user_id).join(User, User.id == Membership.user_id).where(
                User.public_id == reader, Membership.organisation_id == organisation_id
            ).limit(1)
        )
        if reader_id is None:
            raise NotVisible(f"reader {reader}")
        if reader_id == user_id:
            raise Refused(Reason("own_reading"))
        session.add(ReadingReview(
            organisation_id=organisation_id, user_id=reader_id, on_day=on, rule=rule, verdict=Verdict(verdict), by_user_id=user_id
        ))
