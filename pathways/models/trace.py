"""Besides the log of readings: what was made of an unusual one, records opened in an emergency, former identities."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pathways.db import Base
from pathways.models.columns import Id, PublicId, by_value, one_of


class Verdict(StrEnum):
    """What a manager or the data protection officer made of an unusual reading."""

    JUSTIFIED = "justified"
    TO_DISCUSS = "to_discuss"
    INCIDENT = "incident"


class EmergencyReason(StrEnum):
    """Why a record nobody here accompanies had to be opened."""

    LIFE = "life"
    MINOR = "minor"
    VIOLENCE = "violence"
    OTHER = "other"


class ReadingReview(Base):
    """One verdict on one day of one reader, for one reason it was shown. Append-only: the last one counts."""

    __tablename__ = "reading_review"
    __table_args__ = (
        one_of(Verdict, "verdict"),
        sa.CheckConstraint("rule <> ''", name="rule"),
        sa.Index("ix_reading_review_organisation_id", "organisation_id", "on_day"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("app_user.id"))
    """Who read."""
    on_day: Mapped[date]
    rule: Mapped[str]
    verdict: Mapped[Verdict] = mapped_column(by_value(Verdict))
    by_user_id: Mapped[int] = mapped_column(sa.ForeignKey("app_user.id"))
    at: Mapped[datetime] = mapped_column(server_default=sa.func.now())


class EmergencyAccess(Base):
    """The essential of a record, opened to one user for some hours because of an imminent danger. Append-only."""

    __tablename__ = "emergency_access"
    __table_args__ = (
        one_of(EmergencyReason, "reason"),
        sa.CheckConstraint("explanation <> ''", name="explanation"),
        sa.CheckConstraint("until > opened_at", name="until"),
        sa.Index("ix_emergency_access_organisation_id", "organisation_id", "opened_at"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("app_user.id"))
    reason: Mapped[EmergencyReason] = mapped_column(by_value(EmergencyReason))
    explanation: Mapped[str]
    initials: Mapped[str]
    """Of the person, for those who examine the reading and need not know whom it was about."""
    opened_at: Mapped[datetime]
    until: Mapped[datetime]


class PersonChange(Base):
    """What an identity was before it was changed, and after; written by a trigger, whatever changed it. Append-only."""

    __tablename__ = "person_change"
    __table_args__ = (sa.Index("ix_person_change_person_id", "person_id", "at"),)

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]


