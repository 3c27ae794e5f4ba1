"""Taking back what one has just recorded: one gesture, whatever the number of entries."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pathways import clock, db
from pathways.errors import NotVisible
from pathways.models import JournalEntry
from pathways.operations.recording import record_event

UNDONE = "undone"
"""The reason kept with the retraction."""


def take_back(entries: Sequence[int], *, organisation_id: int, user_id: int) -> int:
    """Retracts these entries of one's own, all or none; those already taken back are left alone. Returns how many were.

    `NotVisible` when one of them is not among the entries this user recorded for this organisation.
    """
    retracted = aliased(JournalEntry)
    with db.atomic() as session:
        rows = session.execute(
            sa.select(JournalEntry.id, JournalEntry.person_id, sa.exists().where(retracted.retracts == JournalEntry.id))
            .where(
                JournalEntry.id.in_(entries),
                JournalEntry.organisation_id == organisation_id,
                JournalEntry.user_id == user_id,
            )
            .order_by(JournalEntry.id.desc())
        ).all()
        if len(rows) != len(set(entries)):
            raise NotVisible(f"entries {sorted(entries)}")
        standing = [(entry, person) for entry, person, gone in rows if not gone]
        for entry, person in standing:
            record_event(
                person_id=person,
                type="retracted",
                occurred_on=clock.today(),
                data={"reason": UNDONE},
                retracts=entry,
                user_id=user_id,
                organisation_id=organisation_id,
            )
    return len(standing)
