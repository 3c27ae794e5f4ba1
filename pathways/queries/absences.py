"""Who of an organisation is away, and who stands in for them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pathways import db
from pathways.models import Absence, User
from pathways.sharing.visibility import Criterion, Reader

_DELEGATE = aliased(User)


@dataclass(frozen=True, slots=True)
class AbsenceRow:
    """Days somebody is away, the last included."""

    public_id: uuid.UUID
    user_id: int
    name: str
    first_day: date
    last_day: date
    delegate: str | None


def stood_in_for(reader: Reader) -> Any:
    """Ids of the colleagues the reader stands in for today: a sub-query."""
    return sa.select(Absence.user_id).where(*_today(reader), Absence.delegate_id == reader.user_id)


def away(reader: Reader) -> Any:
    """Ids of the colleagues who are away today and named nobody: a sub-query."""
    return sa.select(Absence.user_id).where(*_today(reader), Absence.delegate_id.is_(None))


def absences(reader: Reader, user_id: int | None = None) -> list[AbsenceRow]:
    """The absences that are not over, the first to come first; of one user, or of everybody."""
    query = (
        sa.select(Absence.public_id, Absence.user_id, User.name, Absence.first_day, Absence.last_day, _DELEGATE.name)
        .join(User, User.id == Absence.user_id)
        .outerjoin(_DELEGATE, _DELEGATE.id == Absence.delegate_id)
        .where(
            Absence.organisation_id == reader.organisation_id,
            Absence.withdrawn_at.is_(None),
            Absence.last_day >= reader.today,
        )
        .order_by(Absence.first_day, User.name)
    )
    if user_id is not None:
        query = query.where(Absence.user_id == user_id)
    return [AbsenceRow(*row) for row in db.session().execute(query)]


def _today(reader: Reader) -> list[Criterion]:
    return [
        Absence.organisation_id == reader.organisation_id,
        Absence.withdrawn_at.is_(None),
        sa.literal(reader.today).between(Absence.first_day, Absence.last_day),
    ]
