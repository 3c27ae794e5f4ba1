"""How long things are kept: the notice before a term, the hold that stops it, and what is left for statistics."""

from __future__ import annotations

import uuid
from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pathways.db import Base
from pathways.models.columns import Id, PublicId, by_value, one_of
from pathways.models.person import Sex


class NoticeEnd(StrEnum):
    """What became of a notice: somebody was in contact, a hold was placed, or the term came."""

    CONTACT = "contact"
    HOLD = "hold"
    DONE = "done"


class RetentionNotice(Base):
    """A record, or one step of it, comes to its term: announced at least thirty days before. One open notice for each."""

    __tablename__ = "retention_notice"
    __table_args__ = (
        one_of(NoticeEnd, "close_reason", optional=True),
        sa.CheckConstraint("rule <> ''", name="rule"),
        sa.CheckConstraint("(closed_on IS NULL) = (close_reason IS NULL)", name="closed"),
        sa.CheckConstraint("due_on > announced_on", name="due_on"),
        sa.Index(
            "uq_retention_notice_open",
            "person_id",
            sa.text("coalesce(enrolment_id, 0)"),
            unique=True,
            postgresql_where=sa.text("closed_on IS NULL"),
        ),
        sa.Index("ix_retention_notice_due_on", "due_on", "id", postgresql_where=sa.text("closed_on IS NULL")),
        sa.Index(
            "ix_retention_notice_enrolment_id", "enrolment_id", postgresql_where=sa.text("enrolment_id IS NOT NULL")
        ),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    enrolment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("enrolment.id"))
    """The step that comes to its term before the rest of the record; None for the whole record."""
    rule: Mapped[str]
    """Code of ``sharing.retention.RULES``."""
    last_on: Mapped[date]
    """The last contact, or the end, from which the term is counted."""
    announced_on: Mapped[date]
    due_on: Mapped[date]
    """Nothing happens before that day."""
    closed_on: Mapped[date | None]
    close_reason: Mapped[NoticeEnd | None] = mapped_column(by_value(NoticeEnd))


class LegalHold(Base):
    """A record kept beyond its time for a dispute or an audit, until somebody lifts it. It does not lapse by itself: on
    ``review_on`` it is to be looked at again.
    """

    __tablename__ = "legal_hold"
    __table_args__ = (
        sa.CheckConstraint("reason <> ''", name="reason"),
        sa.CheckConstraint("review_on > placed_on", name="review_on"),
        sa.CheckConstraint("(lifted_on IS NULL) = (lifted_by IS NULL)", name="lifted"),
        sa.CheckConstraint("lifted_on >= placed_on", name="lifted_on"),
        sa.Index("ix_legal_hold_person_id", "person_id", postgresql_where=sa.text("lifted_on IS NULL")),
        sa.Index("ix_legal_hold_organisation_id", "organisation_id", "review_on"),
        sa.Index(
            "uq_legal_hold_in_force",
            "person_id",
            "organisation_id",
            unique=True,
            postgresql_where=sa.text("lifted_on IS NULL"),
        ),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    reason: Mapped[str]
    placed_by: Mapped[int] = mapped_column(sa.ForeignKey("app_user.id"))
    placed_on: Mapped[date]
    review_on: Mapped[date]
    lifted_on: Mapped[date | None]
    lifted_by: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))


class StatisticStep(Base):
    """What is left of a step once the person was erased: nothing that leads back to them. Written by the eraser alone."""

    __tablename__ = "statistic_step"
    __table_args__ = (
        one_of(Sex, "sex", optional=True),
        sa.CheckConstraint("extract(day FROM started_month) = 1", name="started_month"),
        sa.CheckConstraint("extract(day FROM ended_month) = 1", name="ended_month"),
        sa.Index("ix_statistic_step_started_month", "started_month", "scheme"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=sa.text("gen_random_uuid()"))
    """Drawn for this row: no other table knows it."""
    scheme: Mapped[str]
    department: Mapped[str | None]
    born_from: Mapped[int | None] = mapped_column(sa.SmallInteger)
    """First year of five: 2000 for somebody born from 2000 to 2004."""
    sex: Mapped[Sex | None] = mapped_column(by_value(Sex))
    started_month: Mapped[date]
    """First day of the month."""
    ended_month: Mapped[date | None]
    outcome: Mapped[str | None]
