"""What was declared about a person, by whom, day by day, as far as the reader may read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from pathways import clock, db
from pathways.models import JournalEntry, Organisation, User
from pathways.queries.annotations import Annotations, annotations_of
from pathways.queries.entries import stands
from pathways.queries.steps import StepRow
from pathways.sharing.groups import Access, Bond, Standing, access_to, shown_details
from pathways.sharing.visibility import Reader, visible_to
from pathways.workflows.events import EVENTS

PAGE = 60
_NOTHING_NOTED = Annotations({}, [], [], frozenset(), {})


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One declared fact. ``late``: the day it was entered when that is another one. ``retracted``: the day it was taken back."""

    id: int
    on: date
    event: str
    scheme: str | None
    organisation: str
    author: str | None
    own: bool
    details: dict[str, Any]
    late: date | None
    retracted: date | None
    retraction_reason: str | None
    replaced_by: int | None = None
    replaces: int | None = None
    awaited: bool = False
    """Another organisation asked the author's to look at it again."""
    enrolment_id: int | None = None

    @property
    def can_be_retracted(self) -> bool:
        return self.own and self.retracted is None

    @property
    def can_be_corrected(self) -> bool:
        return self.can_be_retracted and self.event not in BETWEEN_ORGANISATIONS

    @property
    def can_be_restored(self) -> bool:
        """Taken back, and not because another says it right."""
        return self.own and self.retracted is not None and self.replaced_by is None


BETWEEN_ORGANISATIONS = frozenset({"correction_requested", "entry_confirmed", "discordance_settled"})
"""What is said of entries, rather than of the person."""
NUMBERS_OF_ENTRIES = frozenset({"entry", "about", "replaced_by"})
"""Details that name entries by number: nothing a reader could use."""


def timeline(
    person_id: int,
    steps: Sequence[StepRow],
    reader: Reader,
    bond: Bond,
    *,
    before: str = "",
    notes: Annotations | None = None,
) -> tuple[list[TimelineEntry], str]:
    """The latest entries, newest first, and the cursor of the older ones ("" when there are none)."""
    notes = notes or annotations_of(person_id, reader)
    found = db.session().execute(_query(person_id, steps, reader, before)).all()
    shown = found[:PAGE]
    schemes = {step.id: step.scheme for step in steps}
    own_steps = {step.id for step in steps if step.own}
    entries = []
    for row in shown:
        author = row.organisation_id == reader.organisation_id
        standing = Standing(bond, author=author, own_step=row.enrolment_id in own_steps)
        if access_to(row.type, standing) is not Access.NONE:
            entries.append(_entry(row, schemes, standing, notes))
    return entries, _older(found)


def by_day(entries: Iterable[TimelineEntry]) -> list[tuple[date, list[TimelineEntry]]]:
    """The entries grouped by the day they happened."""
    return [(day, list(group)) for day, group in groupby(entries, key=lambda entry: entry.on)]


def one_entry(entry_id: int, person_id: int, reader: Reader) -> TimelineEntry | None:
    """An entry of the reader's own organisation about that person: what it may take back."""
    row = (
        db.session()
        .execute(
            _columns().where(
                JournalEntry.id == entry_id,
                JournalEntry.person_id == person_id,
                visible_to(reader, JournalEntry.person_id),
                JournalEntry.organisation_id == reader.organisation_id,
            )
        )
        .first()
    )
    standing = Standing(Bond(reader.kind, leads=False), author=True, own_step=True)
    return _entry(row, {}, standing, annotations_of(person_id, reader)) if row else None


def _columns() -> sa.Select[Any]:
    return (
        sa.select(
            JournalEntry.id,
            JournalEntry.occurred_on,
            JournalEntry.type,
            JournalEntry.enrolment_id,
            JournalEntry.organisation_id,
            JournalEntry.payload,
            JournalEntry.recorded_at,
            Organisation.name.label("organisation"),
            User.name.label("author"),
        )
        .join(Organisation, Organisation.id == JournalEntry.organisation_id)
        .outerjoin(User, User.id == JournalEntry.user_id)
    )


def _query(person_id: int, steps: Sequence[StepRow], reader: Reader, before: str) -> sa.Select[Any]:
    query = _columns().where(
        JournalEntry.person_id == person_id, visible_to(reader, JournalEntry.person_id), JournalEntry.type != "retracted"
    )
    if not reader.accompanies:
        own = [step.id for step in steps if step.own]
        query = query.where(
            sa.or_(
                JournalEntry.organisation_id == reader.organisation_id,
                JournalEntry.enrolment_id.is_(None),
                JournalEntry.enrolment_id.in_(own),
            )
        )
    return _latest(query, before)


def own_entries(person_id: int, reader: Reader, before: str = "") -> tuple[list[TimelineEntry], str]:
    """What the reader’s organisation declared itself and that stands, newest first, even once the record is closed to it."""
    query = _columns().where(
        JournalEntry.person_id == person_id, JournalEntry.organisation_id == reader.organisation_id,
        JournalEntry.type != "retracted", stands(),
    )
    found = db.session().execute(_latest(query, before)).all()
    standing = Standing(Bond(reader.kind, leads=False), author=True, own_step=True)
    return [_entry(row, {}, standing, _NOTHING_NOTED) for row in found[:PAGE]], _older(found)


def _latest(query: sa.Select[Any], before: str) -> sa.Select[Any]:
    position = _read_cursor(before)
    if position:
        query = query.where(sa.tuple_(JournalEntry.occurred_on, JournalEntry.id) < sa.tuple_(*position))
    return query.order_by(JournalEntry.occurred_on.desc(), JournalEntry.id.desc()).limit(PAGE + 1)


def _older(found: Sequence[sa.Row[Any]]) -> str:
    """The cursor of what comes after a page; "" when it is the last."""
    return f"{found[PAGE - 1].occurred_on.isoformat()}.{found[PAGE - 1].id}" if len(found) > PAGE else ""


def _read_cursor(text: str) -> tuple[date, int] | None:
    day, _, number = text.partition(".")
    try:
        return date.fromisoformat(day), int(number)
    except ValueError:
        return None


def _entry(row: sa.Row[Any], schemes: dict[int, str], standing: Standing, notes: Annotations) -> TimelineEntry:
    recorded_on = clock.paris_day(row.recorded_at)
    back = notes.retractions.get(row.id)
    details = shown_details(row.type, row.payload, standing)
    return TimelineEntry(
        row.id,
        row.occurred_on,
        row.type,
        schemes.get(row.enrolment_id),
        row.organisation,
        row.author if standing.author else None,
        standing.author,
        {name: value for name, value in details.items() if name not in NUMBERS_OF_ENTRIES},
        recorded_on if recorded_on != row.occurred_on else None,
        back.on if back else None,
        back.reason if back else None,
        back.replaced_by if back else None,
        notes.corrected.get(row.id),
        row.id in notes.awaited,
        row.enrolment_id,
    )


def references(entries: Iterable[TimelineEntry]) -> tuple[set[int | str], set[str]]:
    """The organisations and the users that the details of these entries name."""
    organisations: set[int | str] = set()
    users: set[str] = set()
    for entry in entries:
        for name, spec in (EVENTS[entry.event].fields if entry.event in EVENTS else {}).items():
            value = entry.details.get(name)
            if value is not None and spec.kind == "organisation":
                organisations.add(value)
            elif value is not None and spec.kind == "colleague":
                users.add(str(value))
    return organisations, users


def named(
    entry: TimelineEntry, organisations: Mapping[int | str, str], users: Mapping[str, str]
) -> TimelineEntry:
    """The entry with names in the place of numbers; a name typed by hand, or another system's code, stays as it is."""
    fields = EVENTS[entry.event].fields if entry.event in EVENTS else {}
    names: Mapping[str, Mapping[Any, str]] = {"organisation": organisations, "colleague": users}

    def said(name: str, value: Any) -> Any:
        known = names.get(fields[name].kind) if name in fields else None
        return known.get(value, value) if known is not None else value

    return replace(entry, details={name: said(name, value) for name, value in entry.details.items()})
