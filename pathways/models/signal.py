"""Signals: what the rules found, from which day to which, and on what evidence."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from pathways.db import Base
from pathways.models.columns import Id, by_value, one_of


class SignalLevel(StrEnum):
    """Info is only shown; watch and above open or join an alert."""

    INFO = "info"
    WATCH = "watch"
    ALERT = "alert"
    CRITICAL = "critical"


class SignalFamily(StrEnum):
    """What a signal is about; with the person and the enrolment, the unit of an alert."""

    CONTACT = "contact"
    ATTENDANCE = "attendance"
    CONTRACT = "contract"
    DEADLINE = "deadline"
    GAP = "gap"
    TRAINING_RISK = "training_risk"
    ELIGIBILITY = "eligibility"
    DATA = "data"


class CloseReason(StrEnum):
    """``corrected``: what it rested on was retracted, so it should not have shown."""

    ENDED = "ended"
    CORRECTED = "corrected"


class Signal(Base):
    """A finding shown to people during a run of days. Never rewritten once closed: a gap in the run is a new signal."""

    __tablename__ = "signal"
    __table_args__ = (
        one_of(SignalLevel, "level"),
        one_of(SignalFamily, "family"),
        one_of(CloseReason, "close_reason"),
        sa.CheckConstraint("(closed_on IS NULL) = (close_reason IS NULL)", name="closed_with_a_reason"),
        # Opened by the night and closed by an event of the same day is kept, and not counted.
        sa.CheckConstraint("closed_on >= shown_on", name="closed_on"),
        sa.Index(
            "uq_signal_open",
            "person_id",
            sa.text("coalesce(enrolment_id, 0)"),
            "rule",
            "about",
            "threshold",
            unique=True,
            postgresql_where=sa.text("closed_on IS NULL"),
        ),
        sa.Index("ix_signal_person_id", "person_id", "shown_on"),
        sa.Index("ix_signal_rule", "rule", "shown_on"),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    enrolment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("enrolment.id"))
    rule: Mapped[str]
    family: Mapped[SignalFamily] = mapped_column(by_value(SignalFamily))
    about: Mapped[str] = mapped_column(default="", server_default="")
    """The anchor: the appointment, week, contract, phase or cap day it is about. Part of the key."""
    threshold: Mapped[str] = mapped_column(default="", server_default="")
    level: Mapped[SignalLevel] = mapped_column(by_value(SignalLevel))
    shown_on: Mapped[date]
    """First day of the run of days on which it held with what was known that day. Never moves."""
    since_on: Mapped[date]
    """First day it held by what is known now. A late entry may move it."""
    closed_on: Mapped[date | None]
    close_reason: Mapped[CloseReason | None] = mapped_column(by_value(CloseReason))
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default=sa.text("'[]'"))
    """Dated items, each with its field group and owner organisation; the sentence is composed for the reader."""
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default=sa.text("'{}'"))
    """What the sentence says: the typed values of the finding, days as ISO text."""
    rule_version: Mapped[str] = mapped_column(default="", server_default="")
