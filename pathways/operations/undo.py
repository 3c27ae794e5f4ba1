"""Taking back what one has just done: one gesture, whatever the number of entries, and the alert it closed."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pathways import clock, db
from pathways.errors import NotVisible, Refused
from pathways.models import JournalEntry
from pathways.operations.alerts import reopen_alert
from pathways.operations.declaring import RETRACTED, Asked, declare_together

UNDONE = "undone"
"""The reason kept with the retraction."""


def take_back(entries: Sequence[int], *, organisation_id: int, user_id: int, alert_id: int | None = None) -> int:
    """Retracts these entries of one's own, all or none; those already taken back are left alone. Returns how many were.

    ``alert_id``: an alert the same gesture closed; it is open again, unless somebody acted on it since. `NotVisible` when one
    of the entries is not among those this user recorded for this organisation, `Refused` when one may not be taken back.
    """
    by = aliased(JournalEntry)
    with db.atomic() as session:
        rows = session.execute(
            sa.select(JournalEntry.id, JournalEntry.person_id, sa.exists().where(by.retracts == JournalEntry.id))
            .where(
                JournalEntry.id.in_(entries),
                JournalEntry.organisation_id == organisation_id,
                JournalEntry.user_id == user_id,
            )
            .order_by(JournalEntry.id.desc())
        ).all()
        if len(rows) != len(set(entries)):
            raise NotVisible(f"entries {sorted(entries)}")
        today, reason = clock.today(), {"reason": UNDONE}
        asked = [Asked(person, None, RETRACTED, today, reason, entry) for entry, person, gone in rows if not gone]
        if alert_id is not None:
            reopen_alert(alert_id, user_id=user_id, organisation_id=organisation_id)
        done = declare_together(asked, organisation_id=organisation_id, user_id=user_id)
        if done.refused:
            raise Refused(*(reason for reasons in done.refused.values() for reason in reasons))
    return len(asked)
