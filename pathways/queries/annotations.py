"""What entries say of other entries: taken back, corrected, asked to be looked at again, settled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from pathways import clock, db
from pathways.sharing.visibility import Reader

_QUERY = sa.text("""
    SELECT note.id, note.type, note.retracts, note.recorded_at, note.payload, note.organisation_id, organisation.name,
        target.id AS target, target.type AS target_type, target.occurred_on AS target_on, coalesce(settled.mine, false) AS mine
    FROM journal_entry AS note
    JOIN organisation ON organisation.id = note.organisation_id
    LEFT JOIN journal_entry AS target ON target.person_id = note.person_id AND target.organisation_id = :organisation
        AND target.id = (note.payload ->> 'entry')::bigint AND note.type <> 'retracted'
    LEFT JOIN LATERAL (
        SELECT true AS mine FROM journal_entry AS own
        WHERE note.type = 'discordance_settled' AND own.person_id = note.person_id AND own.organisation_id = :organisation
            AND own.id::text = ANY(string_to_array(split_part(note.payload ->> 'about', ':', 3), '-')) LIMIT 1
    ) AS settled ON true
    WHERE note.person_id = :person
        AND note.type IN ('retracted', 'correction_requested', 'entry_confirmed', 'discordance_settled')
    ORDER BY note.id
""")


@dataclass(frozen=True, slots=True)
class Retraction:
    """Why an entry does not count. ``last``: the entry that decides, ``replaced_by``: the one that says it right."""

    on: date
    reason: str | None
    replaced_by: int | None


@dataclass(frozen=True, slots=True)
class Asked:
    """Another organisation asks the reader's to look at one of its entries again."""

    entry: int
    event: str
    occurred_on: date
    organisation: str
    reason: str
    on: date


@dataclass(frozen=True, slots=True)
class Settled:
    """A contradiction with an entry of the reader's organisation was settled by another: how, not the note."""

    id: int
    organisation: str
    reason: str
    kind: str
    day: date
    on: date


@dataclass(frozen=True, slots=True)
class Annotations:
    """All of them about one person, as one organisation may read them."""

    retractions: dict[int, Retraction]
    asked: list[Asked]
    settled: list[Settled]
    awaited: frozenset[int]
    """Entries that wait for an answer, whoever asked."""
    confirmed: dict[int, date]
    """Entries whose organisation answered that they are right, and when."""

    @property
    def corrected(self) -> dict[int, int]:
        """New entry → the one it replaces."""
        return {each.replaced_by: entry for entry, each in self.retractions.items() if each.replaced_by is not None}


RECENT = 30
"""Days during which a settlement is told on the page of the organisations concerned."""


def annotations_of(person_id: int, reader: Reader) -> Annotations:
    """Read in one statement, whatever their number."""
    rows = db.session().execute(_QUERY, {"person": person_id, "organisation": reader.organisation_id}).all()
    by = {row.retracts: row for row in rows if row.retracts is not None}

    def counts(entry: int) -> bool:
        return entry not in by or not counts(by[entry].id)

    standing = [row for row in rows if counts(row.id)]
    back = {
        entry: Retraction(clock.paris_day(row.recorded_at), row.payload.get("reason"), row.payload.get("replaced_by"))
        for entry, row in by.items()
        if not counts(entry) and row.type == "retracted"
    }
    answers: dict[int, Any] = {}
    for row in standing:
        if row.type in {"correction_requested", "entry_confirmed"}:
            answers[row.payload["entry"]] = row
    waiting = {entry: row for entry, row in answers.items() if row.type == "correction_requested" and entry not in back}
    return Annotations(
        {entry: each for entry, each in back.items() if entry not in {row.id for row in rows if row.type == "retracted"}},
        [_asked(row) for row in waiting.values() if row.target is not None],
        [_settled(row) for row in standing if _is_told(row, reader)],
        frozenset(waiting),
        {entry: clock.paris_day(row.recorded_at) for entry, row in answers.items() if row.type == "entry_confirmed"},
    )


def _is_told(row: Any, reader: Reader) -> bool:
    """Another organisation settled it, lately, about an entry of ours."""
    if row.type != "discordance_settled" or not row.mine or row.organisation_id == reader.organisation_id:
        return False
    return (reader.today - clock.paris_day(row.recorded_at)).days <= RECENT


def _asked(row: Any) -> Asked:
    on = clock.paris_day(row.recorded_at)
    return Asked(row.target, row.target_type, row.target_on, row.name, row.payload.get("reason", ""), on)


def _settled(row: Any) -> Settled:
    kind, day, _entries = row.payload["about"].split(":", 2)
    on = clock.paris_day(row.recorded_at)
    return Settled(row.id, row.name, row.payload.get("reason", ""), kind, date.fromisoformat(day), on)
