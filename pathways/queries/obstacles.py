"""The obstacles of one person as an organisation may read them: a theme, since when, what is done, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from pathways import clock, db
from pathways.detection.reading import details
from pathways.models import JournalEntry, Organisation
from pathways.queries.entries import stands
from pathways.queries.steps import StepRow
from pathways.sharing.groups import Access, Bond, Standing, access_to, shown_details
from pathways.sharing.visibility import Reader, visible_to
from pathways.workflows.entry import Entry
from pathways.workflows.obstacle_codes import BLOCKING, today_s
from pathways.workflows.obstacles import EVENTS, Obstacle, obstacles


@dataclass(frozen=True, slots=True)
class ObstacleRow:
    """One obstacle. What the reader may not read is None: the theme of a protected one, the severity of another's.

    ``worked_on``: since when something is done; ``action``, ``acted_on``: the last thing done; ``next_on``: the next step.
    """

    theme: str | None
    severity: str | None
    value: str | None
    since: date
    declared_by: str
    own: bool
    worked_on: date | None
    action: str | None
    acted_on: date | None
    next_on: date | None
    lifted_on: date | None

    @property
    def is_open(self) -> bool:
        return self.lifted_on is None

    @property
    def is_blocking(self) -> bool:
        return self.is_open and self.severity == BLOCKING


def obstacles_of(person_id: int, steps: Sequence[StepRow], reader: Reader, bond: Bond) -> list[ObstacleRow]:
    """Open ones first. None for a training body, which reads nothing of them but what it declared itself. Two statements."""
    rows = db.session().execute(_query(person_id, reader)).all()
    own_steps = {step.id for step in steps if step.own}
    standing_of = {row.id: _standing(row, own_steps, reader, bond) for row in rows}
    readable = [row for row in rows if access_to(row.type, standing_of[row.id]) is not Access.NONE]
    payloads = {row.id: row.payload for row in rows}
    names = {row.id: row.organisation for row in rows}
    return [_row(each, payloads, names, standing_of) for each in obstacles(_entry(row) for row in readable)]


def themes_open(rows: Sequence[ObstacleRow]) -> list[str]:
    """The themes one may act on."""
    return [row.theme for row in rows if row.is_open and row.theme]


def _query(person_id: int, reader: Reader) -> Any:
    return (
        sa.select(
            JournalEntry.id, JournalEntry.type, JournalEntry.occurred_on, JournalEntry.recorded_at, JournalEntry.enrolment_id,
            JournalEntry.organisation_id, JournalEntry.payload, Organisation.name.label("organisation"),
            sa.cast(JournalEntry.payload, sa.Text).label("content"),
        )
        .join(Organisation, Organisation.id == JournalEntry.organisation_id)
        .where(
            JournalEntry.person_id == person_id,
            JournalEntry.type.in_(EVENTS),
            JournalEntry.occurred_on <= reader.today,
            visible_to(reader, JournalEntry.person_id),
            stands(),
        )
        .order_by(JournalEntry.id)
    )  # fmt: skip


def _standing(row: sa.Row[Any], own_steps: set[int], reader: Reader, bond: Bond) -> Standing:
    return Standing(bond, author=row.organisation_id == reader.organisation_id, own_step=row.enrolment_id in own_steps)


def _entry(row: sa.Row[Any]) -> Entry:
    return Entry(
        row.id, row.type, row.occurred_on, clock.paris_day(row.recorded_at), row.organisation_id, None, row.enrolment_id,
        data=details(row.type, row.content), number=row.id, content=row.content,
    )  # fmt: skip


def _row(
    each: Obstacle, payloads: Mapping[Any, Any], names: Mapping[Any, str], standing_of: Mapping[Any, Standing]
) -> ObstacleRow:
    def shown(entry: Entry | None) -> dict[str, Any]:
        return shown_details(entry.type, payloads[entry.id], standing_of[entry.id]) if entry is not None else {}

    said, done = shown(each.declared), shown(each.last_action)
    theme = said.get("theme")
    next_on = done.get("next_on")
    return ObstacleRow(
        today_s(theme) if theme else None,
        said.get("severity"),
        said.get("value"),
        each.first.occurred_on,
        names[each.declared.id],
        standing_of[each.declared.id].author,
        each.worked_on.occurred_on if each.worked_on else None,
        done.get("kind"),
        each.last_action.occurred_on if each.last_action else None,
        date.fromisoformat(next_on) if next_on and each.lifted is None else None,
        each.lifted.occurred_on if each.lifted else None,
    )
