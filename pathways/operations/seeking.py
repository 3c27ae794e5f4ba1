"""Finding who accompanies somebody one does not see, and opening the essential of a record for an imminent danger.

The network may know of anybody their identity, contact and referent organisation (CT R5312-38-1), asked for by an exact name and
birth date. The rest opens to one user for some hours, against a reason, on the responsibility of who says it (domain D5, rule 3).
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from pathways import clock, db
from pathways.errors import NotVisible, Reason, Refused
from pathways.models import EmergencyAccess, EmergencyReason, Person
from pathways.models.person import search_key
from pathways.sharing.disclosure import disclose
from pathways.sharing.matrix import Group

HOURS = 4
"""How long a record stays open for an imminent danger."""
MOST = 3
"""Namesakes born the same day that are shown; beyond, the commune has to be known otherwise."""
SHORTEST = 15
"""Characters of an explanation: a word explains nothing."""
SHOWN = (Group.IDENTITY, Group.CONTACT, Group.ADMINISTRATIVE, Group.TRAINING, Group.CONTRACT, Group.APPOINTMENTS)


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody of that name and birth date, and who answers for them; None where nobody does."""

    public_id: uuid.UUID
    family_name: str
    given_name: str
    birth_date: date
    commune: str | None
    organisation: str | None
    phone: str | None
    email: str | None
    referent: str | None


def find_referent(family_name: str, given_name: str, born: date, commune: str | None = None) -> Sequence[Found]:
    """Everybody of exactly that name born that day, for the organisation acted for; what was told is written in the log.

    ``commune``: their INSEE code, to tell namesakes apart.

    `Refused` when there are more than ``MOST``.
    """
    with db.atomic() as session:
        rows = session.execute(
            sa.text("SELECT * FROM find_referent(:typed, :born, :place)"),
            {"typed": search_key(family_name, given_name), "born": born, "place": commune},
        ).all()
        if len(rows) > MOST:
            raise Refused(Reason("too_many_namesakes"))  # nobody is told of, so nothing is written
        return [Found(*row) for row in rows]


def open_in_emergency(
    person: uuid.UUID, *, reason: str, explanation: str, organisation_id: int, user_id: int
) -> EmergencyAccess:
    """Opens the essential of that record to this user for ``HOURS`` hours. Written, with its reason, in the person's log.

    `Refused` without an explanation, `NotVisible` for nobody.
    """
    explanation = explanation.strip()
    if len(explanation) < SHORTEST:
        raise Refused(Reason("explanation_missing", {"characters": SHORTEST}))
    now = clock.now()
    with db.atomic() as session:
        with db.as_system():
            who = session.scalar(sa.select(Person).where(Person.public_id == person, Person.merged_into.is_(None), _kept()))
            if who is None:
                raise NotVisible(f"person {person}")
            person_id, initials = who.id, f"{who.given_name[:1]}. {who.family_name[:1]}."
        access = EmergencyAccess(
            person_id=person_id, organisation_id=organisation_id, user_id=user_id, reason=EmergencyReason(reason),
            explanation=explanation, initials=initials, opened_at=now, until=now + timedelta(hours=HOURS),
        )
        session.add(access)
        disclose([person_id], "seek.emergency", SHOWN, f"{reason} : {explanation}",
                 organisation_id=organisation_id, user_id=user_id)
        session.flush()
        return access


def opened_in_emergency(access: uuid.UUID, *, organisation_id: int, user_id: int) -> tuple[int, datetime]:
    """The person a running access of this very user opens, and until when. `NotVisible` once it is over, and for anybody else."""
    row = db.session().execute(
        sa.select(EmergencyAccess.person_id, EmergencyAccess.until).where(
            EmergencyAccess.public_id == access, EmergencyAccess.organisation_id == organisation_id,
            EmergencyAccess.user_id == user_id, EmergencyAccess.until > clock.now(),
        )
    ).first()
    if row is None:
        raise NotVisible(f"emergency access {access}")
    return row.person_id, row.until


def _kept() -> sa.ColumnElement[bool]:
    return sa.and_(Person.archived_on.is_(None), Person.erased_on.is_(None))
