"""The zonings of the region: one of them, and what became of each."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from pathways import clock, db
from pathways.models import Territory, User, Zoning
from pathways.sharing.territories import Composition, drawn_in, may_be_withdrawn

LONGEST_HISTORY = 100


@dataclass(frozen=True, slots=True)
class Change:
    """One zoning of the history. ``until``: its last day, None for no end; ``replaced``: another one of the same day holds."""

    public_id: uuid.UUID
    valid_from: date
    until: date | None
    recorded_at: datetime
    by: str | None
    reason: str | None
    territories: int
    withdrawn_on: date | None
    replaced: bool
    may_be_withdrawn: bool


def composition(public_id: uuid.UUID | None) -> Composition | None:
    """One zoning, whatever became of it; None for none."""
    row = (
        db.session()
        .execute(sa.select(Zoning.id, Zoning.public_id, Zoning.valid_from).where(Zoning.public_id == public_id))
        .first()
    )
    return Composition(*row, drawn_in(row.id)) if row else None


def history() -> list[Change]:
    """The zonings, the one of the latest day first; the newest ``LONGEST_HISTORY``."""
    count = sa.select(sa.func.count()).where(Territory.zoning_id == Zoning.id).scalar_subquery()
    rows = db.session().execute(
        sa.select(Zoning, User.name, count)
        .outerjoin(User, User.id == Zoning.user_id)
        .order_by(Zoning.valid_from.desc(), Zoning.id.desc())
        .limit(LONGEST_HISTORY)
    )
    found: list[Change] = []
    next_day: date | None = None
    for zoning, by, territories in rows:
        stands = zoning.withdrawn_at is None
        replaced = stands and zoning.valid_from == next_day
        until = next_day - timedelta(days=1) if stands and not replaced and next_day else None
        withdrawn_on = None if stands else clock.paris_day(zoning.withdrawn_at)
        found.append(
            Change(
                zoning.public_id, zoning.valid_from, until, zoning.recorded_at, by, zoning.reason, territories, withdrawn_on,
                replaced, stands and may_be_withdrawn(zoning),
            )
        )  # fmt: skip
        next_day = zoning.valid_from if stands else next_day
    return found
