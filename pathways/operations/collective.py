"""A collective session: one entry for each person who was expected, and what could not be noted."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from pathways import db
from pathways.errors import NotVisible, Reason, Refused
from pathways.operations.recording import record_event
from pathways.workflows.outcomes import SESSION_KINDS

MOST = 30
"""Persons of one session: more do not fit in a room."""


@dataclass(frozen=True, slots=True)
class Attendance:
    """Somebody expected at the session, the step it is noted on, and whether they came (a status of an appointment)."""

    person_id: int
    enrolment_id: int
    status: str


@dataclass(slots=True)
class Noted:
    """What became of a session: the entries, and for each person left out every reason."""

    reference: str
    entries: dict[int, int] = field(default_factory=dict)
    refused: dict[int, tuple[Reason, ...]] = field(default_factory=dict)


def record_session(
    attendances: Sequence[Attendance], *, kind: str, on: date, organisation_id: int, user_id: int, note: str = ""
) -> Noted:
    """Notes the session for each person it can be noted for, in one transaction; the others are told apart, with reasons.

    Every entry carries the session's kind and its reference. Refused for an unknown kind, for nobody, and beyond ``MOST``
    persons. In order of persons, so that two sessions noted at once do not wait for each other.
    """
    if kind not in SESSION_KINDS:
        raise Refused(Reason("unknown_session"))
    if not 0 < len({each.person_id for each in attendances}) <= MOST:
        raise Refused(Reason("session_size", {"most": MOST}))
    noted = Noted(secrets.token_hex(4))
    data = {"session": kind, "session_ref": [noted.reference]} | ({"note": note} if note else {})
    with db.atomic():
        for each in sorted(attendances, key=lambda attendance: attendance.person_id):
            try:
                noted.entries[each.person_id] = record_event(
                    person_id=each.person_id,
                    type="appointment",
                    occurred_on=on,
                    data={"status": each.status, **data},
                    enrolment_id=each.enrolment_id,
                    organisation_id=organisation_id,
                    user_id=user_id,
                )
            except Refused as refusal:
                noted.refused[each.person_id] = refusal.reasons
            except NotVisible:
                noted.refused[each.person_id] = (Reason("unknown_step"),)
    return noted
