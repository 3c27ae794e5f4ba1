"""Two declarations that contradict each other, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from pathways import clock, db
from pathways.models import JournalEntry, Organisation, Signal
from pathways.queries.annotations import Annotations
from pathways.queries.steps import StepRow
from pathways.sharing.groups import Access, Bond, Standing, access_to, shown_details
from pathways.sharing.visibility import Reader, signals_visible_to, visible_to

RULE = "discordance"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the declarations. ``event`` and ``details`` are empty when its kind may not be read by the reader."""

    id: int
    event: str
    on: date
    recorded_on: date
    organisation: str
    own: bool
    scheme: str | None
    details: dict[str, Any]
    awaited: bool
    confirmed: date | None


@dataclass(frozen=True, slots=True)
class DiscordanceRow:
    """An open discordance: its kind, its day, and what was declared."""

    id: int
    kind: str
    on: date
    values: dict[str, Any]
    level: str
    since_on: date
    sides: list[Side]

    @property
    def entries(self) -> list[int]:
        return [side.id for side in self.sides]


def discordance(
    signal_id: int, person_id: int, steps: Sequence[StepRow], notes: Annotations, reader: Reader, bond: Bond
) -> DiscordanceRow | None:
    """None when it has closed, is another signal, or is not for the reader."""
    row = (
        db.session()
        .execute(
            sa.select(Signal.id, Signal.details, Signal.level, Signal.since_on, Signal.evidence).where(
                Signal.id == signal_id,
                Signal.person_id == person_id,
                Signal.rule == RULE,
                Signal.closed_on.is_(None),
                visible_to(reader, Signal.person_id),
                signals_visible_to(reader),
            )
        )
        .first()
    )
    if row is None:
        return None
    sides = _sides([item["entry"] for item in row.evidence], person_id, steps, notes, reader, bond)
    details = row.details
    return DiscordanceRow(row.id, details["kind"], date.fromisoformat(details["on"]), details, row.level, row.since_on, sides)


def _sides(
    entries: Sequence[int], person_id: int, steps: Sequence[StepRow], notes: Annotations, reader: Reader, bond: Bond
) -> list[Side]:
    rows = db.session().execute(
        sa.select(
            JournalEntry.id,
            JournalEntry.type,
            JournalEntry.occurred_on,
            JournalEntry.recorded_at,
            JournalEntry.organisation_id,
            JournalEntry.enrolment_id,
            JournalEntry.payload,
            Organisation.name,
        )
        .join(Organisation, Organisation.id == JournalEntry.organisation_id)
        .where(JournalEntry.id.in_(entries), JournalEntry.person_id == person_id, visible_to(reader, JournalEntry.person_id))
    )
    schemes = {step.id: step.scheme for step in steps}
    own_steps = {step.id for step in steps if step.own}
    sides = []
    for row in sorted(rows, key=lambda row: entries.index(row.id)):
        own = row.organisation_id == reader.organisation_id
        standing = Standing(bond, author=own, own_step=row.enrolment_id in own_steps)
        read = access_to(row.type, standing) is not Access.NONE
        side = Side(
            row.id,
            row.type if read else "",
            row.occurred_on,
            clock.paris_day(row.recorded_at),
            row.name,
            own,
            schemes.get(row.enrolment_id),
            shown_details(row.type, row.payload, standing) if read else {},
            row.id in notes.awaited,
            notes.confirmed.get(row.id),
        )
        sides.append(side)
    return sides
