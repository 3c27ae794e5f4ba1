"""Coded requests between two organisations about one person, and what became of them."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pathways import clock
from pathways.db import Base
from pathways.models.columns import Id, PublicId, by_value, one_of
from pathways.workflows.requests import Stage, StepKind


class Request(Base):
    """One question of one organisation to another. Nothing of it is ever changed but its stage, which its steps say too.

    It is no event of the pathway. Whether it was read is told by the log of consultations, whether it is late by the day.
    """

    __tablename__ = "request"
    __table_args__ = (
        one_of(Stage, "stage"),
        sa.CheckConstraint("question <> ''", name="question"),
        sa.CheckConstraint("asker_id <> asked_id", name="two"),
        sa.Index("ix_request_asked_id", "asked_id", "due_on", postgresql_where=sa.text("stage = 'asked'")),
        sa.Index("ix_request_asker_id", "asker_id", "due_on", postgresql_where=sa.text("stage = 'asked'")),
        sa.Index("ix_request_asked_at", "asked_id", "asked_at"),
        sa.Index("ix_request_asker_at", "asker_id", "asked_at"),
        sa.Index("ix_request_person_id", "person_id"),
        sa.Index(
            "uq_request_waiting", "person_id", "asker_id", "asked_id", "question", unique=True,
            postgresql_where=sa.text("stage = 'asked'"),
        ),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    question: Mapped[str]
    """Code of the catalogue."""
    asker_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    asked_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("app_user.id"))
    """Who asked."""
    user_asked_id: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))
    """Who is asked in particular; None for the whole team."""
    asked_at: Mapped[datetime] = mapped_column(default=clock.now, server_default=sa.func.now())
    due_on: Mapped[date]
    stage: Mapped[Stage] = mapped_column(by_value(Stage), default=Stage.ASKED, server_default="asked")


class RequestStep(Base):
    """One answer, withdrawal or undoing. Append-only by privilege; the last one says where the request is."""

    __tablename__ = "request_step"
    __table_args__ = (
        one_of(StepKind, "kind"),
        sa.CheckConstraint("(kind = 'answered') = (reply IS NOT NULL)", name="reply"),
        sa.CheckConstraint("reply_on IS NULL OR kind = 'answered'", name="reply_on"),
        sa.Index("ix_request_step_request_id", "request_id", "id"),
        sa.Index("ix_request_step_person_id", "person_id"),
    )

    id: Mapped[Id]
    request_id: Mapped[int] = mapped_column(sa.ForeignKey("request.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    """Who did it: the one asked for an answer, the one that asks for a withdrawal."""
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("app_user.id"))
    kind: Mapped[StepKind] = mapped_column(by_value(StepKind))
    reply: Mapped[str | None]
    """Code of the catalogue."""
    reply_on: Mapped[date | None]
    """The day the reply tells."""
    at: Mapped[datetime] = mapped_column(default=clock.now, server_default=sa.func.now())
