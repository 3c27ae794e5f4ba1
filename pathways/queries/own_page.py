"""What somebody reads of their own pathway: steps in plain words, appointments to come, who accompanies them. Never a signal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pathways import db
from pathways.models import JournalEntry, Organisation
from pathways.queries.emergency import Essential, essential
from pathways.queries.entries import is_planned, stands

MOST = 3


@dataclass(frozen=True, slots=True)
class Appointment:
    """One to come, and what the person answered last."""

    on: date
    organisation: str
    phone: str | None
    answer: str | None


@dataclass(frozen=True, slots=True)
class OwnPage:
    """Everything on it."""

    who: Essential
    appointments: list[Appointment]


def own_page(person_id: int, today: date) -> OwnPage:
    """Read as the system, for the person themselves."""
    answer = aliased(JournalEntry)
    last = (
        sa.select(answer.payload["answer"].astext)
        .where(
            answer.person_id == JournalEntry.person_id, answer.type == "appointment_answered",
            answer.payload["for"].astext == sa.cast(JournalEntry.occurred_on, sa.Text), stands(answer),
        )
        .order_by(answer.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    with db.as_system():
        rows = db.session().execute(
            sa.select(JournalEntry.occurred_on, Organisation.name, Organisation.phone, last)
            .join(Organisation, Organisation.id == JournalEntry.organisation_id)
            .where(
                JournalEntry.person_id == person_id, is_planned(JournalEntry), JournalEntry.occurred_on >= today,
                stands(JournalEntry),
            )
            .order_by(JournalEntry.occurred_on, JournalEntry.id)
            .limit(MOST)
        ).all()
        return OwnPage(essential(person_id, today), [Appointment(*row) for row in rows])
