"""Passages of persons between organisations, as lists read them: hand-overs and transfers, each with where it is."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pathways.db import Base
from pathways.models.columns import Id, PublicId, by_value, one_of
from pathways.workflows.passages import Kind, Stage


class HandOver(Base):
    """One passage: the stored projection of ``workflows.passages``, written by the evaluation of the person alone."""

    __tablename__ = "hand_over"
    __table_args__ = (
        one_of(Kind, "kind"),
        one_of(Stage, "stage"),
        sa.CheckConstraint("(awaits_id IS NOT NULL) = (stage IN ('sent', 'acknowledged'))", name="awaits"),
        sa.Index("ix_hand_over_awaits_id", "awaits_id", "sent_on", postgresql_where=sa.text("awaits_id IS NOT NULL")),
        sa.Index("ix_hand_over_sender_id", "sender_id", "sent_on"),
        sa.Index("ix_hand_over_receiver_id", "receiver_id", "sent_on"),
        sa.Index("ix_hand_over_person_id", "person_id"),
        sa.Index("ix_hand_over_enrolment_id", "enrolment_id"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("journal_entry.id"), unique=True)
    """The entry that sent it, or asked for it."""
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    enrolment_id: Mapped[int] = mapped_column(sa.ForeignKey("enrolment.id"))
    kind: Mapped[Kind] = mapped_column(by_value(Kind))
    stage: Mapped[Stage] = mapped_column(by_value(Stage))
    sender_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    """Who answers for the person until the answer is yes."""
    receiver_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    """Which of the two asked."""
    awaits_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    """Who is to answer; None once answered or withdrawn."""
    sent_on: Mapped[date]
    acknowledged_on: Mapped[date | None]
    answered_on: Mapped[date | None]
    reason: Mapped[str | None]
    """Why it was refused, in a code."""
    until: Mapped[date | None]
    """Last day of a temporary transfer: it goes back the day after."""
