"""The stored passages of persons: what the fold says of their hand-overs and transfers, and what follows when a lead moves.

Written with the evaluation, so that a screen, an import, the night and a rebuild all write the same. Nothing is read or written
for somebody who was never passed on.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pathways.detection.reading import PROJECTED, Dossier
from pathways.workflows.fold import Pathway
from pathways.workflows.passages import SENT_BY, Passage, all_passages

_LEAD = PROJECTED.index("lead_organisation_id")

_STORE = sa.text("""
    INSERT INTO hand_over AS known (entry_id, person_id, enrolment_id, kind, stage, sender_id, receiver_id, asked_by_id,
        awaits_id, sent_on, acknowledged_on, answered_on, reason, until)
    SELECT entry_id, person_id, enrolment_id, kind, stage, sender_id, receiver_id, asked_by_id, awaits_id, sent_on,
        acknowledged_on, answered_on, reason, until
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new(
        entry_id bigint, person_id bigint, enrolment_id bigint, kind text, stage text, sender_id bigint, receiver_id bigint,
        asked_by_id bigint, awaits_id bigint, sent_on date, acknowledged_on date, answered_on date, reason text, until date)
    ON CONFLICT (entry_id) DO UPDATE SET person_id = excluded.person_id, enrolment_id = excluded.enrolment_id,
        stage = excluded.stage, sender_id = excluded.sender_id, receiver_id = excluded.receiver_id,
        awaits_id = excluded.awaits_id, sent_on = excluded.sent_on, acknowledged_on = excluded.acknowledged_on,
        answered_on = excluded.answered_on, reason = excluded.reason, until = excluded.until
    WHERE (known.person_id, known.stage, known.sender_id, known.receiver_id, known.sent_on, known.awaits_id,
            known.acknowledged_on, known.answered_on, known.reason, known.until)
        IS DISTINCT FROM (excluded.person_id, excluded.stage, excluded.sender_id, excluded.receiver_id, excluded.sent_on,
            excluded.awaits_id, excluded.acknowledged_on, excluded.answered_on, excluded.reason, excluded.until)
""")
_FORGET = sa.text("DELETE FROM hand_over WHERE person_id = ANY(:ids) AND NOT entry_id = ANY(CAST(:kept AS bigint[]))")
# A loan is over: the link of the one that had it ends on its last day, and the former referent's begins the day after.
_GIVE_BACK = sa.text("""
    WITH over AS (
        SELECT DISTINCT ON (passed.enrolment_id) passed.person_id, passed.enrolment_id, passed.sender_id, passed.receiver_id,
            passed.until
        FROM hand_over AS passed JOIN enrolment ON enrolment.id = passed.enrolment_id
        WHERE passed.person_id = ANY(:ids) AND passed.kind = 'transfer' AND passed.stage = 'accepted' AND passed.until < :day
            AND enrolment.lead_organisation_id = passed.sender_id AND enrolment.closed_on IS NULL
        ORDER BY passed.enrolment_id, passed.answered_on DESC, passed.id DESC
    ), ended AS (
        UPDATE link SET ended_on = greatest(link.started_on, over.until), ended_recorded_at = :at
        FROM over
        WHERE link.enrolment_id = over.enrolment_id AND link.ended_on IS NULL AND (
            (link.organisation_id, link.role) = (over.receiver_id, 'referent')
            OR (link.organisation_id, link.role) = (over.sender_id, 'co_referent'))
        RETURNING link.enrolment_id, link.role
    )
    INSERT INTO link (person_id, enrolment_id, organisation_id, user_id, role, started_on)
    SELECT over.person_id, over.enrolment_id, over.sender_id, (
            SELECT was.user_id FROM link AS was WHERE was.enrolment_id = over.enrolment_id
                AND was.organisation_id = over.sender_id AND was.role = 'referent'
            ORDER BY was.started_on DESC, was.id DESC LIMIT 1),
        'referent', over.until + 1
    FROM over WHERE EXISTS (SELECT FROM ended WHERE ended.enrolment_id = over.enrolment_id AND ended.role = 'referent')
""")
# What asks to be dealt with on a step goes to whoever leads it now; nobody there is named but its referent.
_FOLLOW_THE_LEAD = sa.text("""
    UPDATE alert SET organisation_id = moved.lead, version = alert.version + 1, owner_id = (
        SELECT link.user_id FROM link WHERE link.person_id = alert.person_id AND link.organisation_id = moved.lead
            AND link.ended_on IS NULL
        ORDER BY link.enrolment_id IS NOT DISTINCT FROM moved.enrolment_id DESC, link.role = 'referent' DESC, link.id DESC
        LIMIT 1)
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS moved(person_id bigint, enrolment_id bigint, was bigint, lead bigint)
    WHERE alert.person_id = moved.person_id AND alert.closed_on IS NULL AND alert.organisation_id = moved.was
        AND (alert.enrolment_id = moved.enrolment_id OR alert.enrolment_id IS NULL)
""")


class Passed:
    """The passages of the persons of one evaluation, gathered one by one and written together."""

    def __init__(self, day: date) -> None:
        self.day = day
        self.persons: list[int] = []
        self.rows: list[dict[str, Any]] = []
        self.moved: list[dict[str, Any]] = []

    def gather(self, dossier: Dossier, folded: Pathway) -> None:
        """Adds what the fold says of that person, if anything was ever sent."""
        if not any(entry.type in SENT_BY for entry in dossier.entries):
            return
        self.persons.append(dossier.person_id)
        self.rows += [row for each in all_passages(folded) if (row := _row(dossier.person_id, each)) is not None]
        for stored in dossier.steps.values():
            step, was = folded.steps.get(stored.id), stored.values[_LEAD]
            if step is not None and step.lead is not None and was is not None and step.lead != was:
                self.moved.append(
                    {"person_id": dossier.person_id, "enrolment_id": stored.id, "was": was, "lead": step.lead}
                )

    def write(self, session: Session, at: datetime) -> None:
        """After the steps are written: loans are read with who leads now."""
        if not self.persons:
            return
        if self.rows:
            session.execute(_STORE, {"rows": _json(self.rows)})
        session.execute(_FORGET, {"ids": self.persons, "kept": [row["entry_id"] for row in self.rows]})
        if any(row["until"] is not None for row in self.rows):
            session.execute(_GIVE_BACK, {"ids": self.persons, "day": self.day, "at": at})
        if self.moved:
            session.execute(_FOLLOW_THE_LEAD, {"rows": _json(self.moved)})


def _row(person_id: int, passage: Passage) -> dict[str, Any] | None:
    """None for one whose organisations the database does not know."""
    names = (passage.sent.id, passage.step.key, passage.sender, passage.receiver)
    if not all(isinstance(each, int) for each in names):
        return None
    refused = passage.answer if passage.stage == "refused" else None
    return {
        "entry_id": passage.sent.id,
        "person_id": person_id,
        "enrolment_id": passage.step.key,
        "kind": str(passage.kind),
        "stage": str(passage.stage),
        "sender_id": passage.sender,
        "receiver_id": passage.receiver,
        "asked_by_id": passage.sent.organisation,
        "awaits_id": passage.answerer if passage.is_pending else None,
        "sent_on": passage.sent.occurred_on.isoformat(),
        "acknowledged_on": _iso(passage.acknowledged_on),
        "answered_on": _iso(passage.answered_on),
        "reason": refused.data.get("reason") if refused is not None else None,
        "until": _iso(passage.until),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _json(rows: Iterable[dict[str, Any]] | Sequence[dict[str, Any]]) -> str:
    return json.dumps(list(rows))
