"""Correcting one's own entry, taking it back, and putting it back: nothing is ever edited, and the effect can be seen before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from pathways import clock, db
from pathways.errors import NotVisible, Reason, Refused
from pathways.operations.preview import Effect, preview
from pathways.operations.recording import Draft, record_entries
from pathways.workflows.entry import Entry

RESTORED = "retablie"
"""The reason kept with what puts an entry back."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What is to be done to the entry ``entry``: replaced by other details or, ``data`` None, taken back or put back."""

    entry: int
    reason: str
    occurred_on: date | None = None
    data: Mapping[str, Any] | None = None
    restores: bool = False


def correct(
    correction: Correction, *, person_id: int, organisation_id: int, user_id: int, version: int | None = None
) -> list[int]:
    """Records the correction, all or nothing; the ids of the entries it took, latest last. Raises as `record_entries`."""
    with db.atomic() as session:
        number = session.scalar(sa.text("SELECT nextval(pg_get_serial_sequence('journal_entry', 'id'))"))
        drafts = _drafts(correction, person_id, number)
        return record_entries(drafts, person_id=person_id, organisation_id=organisation_id, user_id=user_id, version=version)


def effect_of(correction: Correction, *, person_id: int, organisation_id: int) -> Effect:
    """What it would change. Raises as `correct`, and writes nothing."""
    with db.atomic():
        return preview(_drafts(correction, person_id), person_id=person_id, organisation_id=organisation_id)


def _drafts(correction: Correction, person_id: int, number: int | None = None) -> list[Draft]:
    """What it takes to record; ``number``: the id of the new entry, which the retraction names."""
    chain = _chain(correction.entry, person_id)
    stands = len(chain) % 2 == 1
    if correction.restores is stands:
        raise Refused(Reason("not_retracted") if stands else Reason("already_retracted", {"event": chain[0].type}))
    # What puts an entry back takes back its retraction, and so on: the last of the chain decides.
    last, today, reason = chain[-1].id, clock.today(), {"reason": correction.reason}
    if correction.data is None or correction.occurred_on is None:
        return [Draft("retracted", today, reason, retracts=last)]
    entry = chain[0]
    if entry.type == "retracted":
        raise Refused(Reason("not_to_correct", {"event": entry.type}))
    link = {} if number is None else {"replaced_by": number}
    new = Draft(entry.type, correction.occurred_on, correction.data, entry.enrolment_id, id=number, restates=True)
    return [new, Draft("retracted", today, reason | link, retracts=last)]


@dataclass(frozen=True, slots=True)
class _Link:
    id: int
    type: str
    enrolment_id: int | None


def _chain(entry: int, person_id: int) -> Sequence[_Link]:
    """The entry, what took it back, what took that back…, in this order. `NotVisible` when there is no such entry."""
    rows = db.session().execute(
        sa.text("""
            WITH RECURSIVE chain AS (
                SELECT id, type, enrolment_id, 1 AS place FROM journal_entry WHERE id = :entry AND person_id = :person
                UNION ALL
                SELECT back.id, back.type, back.enrolment_id, place + 1
                FROM journal_entry AS back JOIN chain ON back.retracts = chain.id
            ) SELECT id, type, enrolment_id FROM chain ORDER BY place
        """),
        {"entry": entry, "person": person_id},
    )
    chain = [_Link(*row) for row in rows]
    if not chain:
        raise NotVisible(f"entry {entry}")
    return chain


def stands(entries: Sequence[Entry], entry: int) -> bool:
    """Whether an entry counts: nothing that counts retracts it."""
    by = next((each for each in entries if each.retracts == entry), None)
    return by is None or not isinstance(by.id, int) or not stands(entries, by.id)
