"""Where somebody is signed in, and their second factor."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pathways import clock
from pathways.db import Base
from pathways.models.columns import Id, PublicId, by_value, one_of


class UserSession(Base):
    """One sign-in on one device, from its first request to its end. How long it may last is not stored: it is a setting."""

    __tablename__ = "user_session"
    __table_args__ = (
        sa.CheckConstraint("length(browser) <= 60", name="browser"),
        sa.Index("ix_user_session_user_id_last_seen_at", "user_id", "last_seen_at"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    """What the signed cookie carries."""
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("app_user.id"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now, server_default=sa.func.now())
    last_seen_at: Mapped[datetime] = mapped_column(default=clock.now, server_default=sa.func.now(), index=True)
    """Precise to a minute: a page does not cost a write each time."""
    address: Mapped[str | None]
    """The network it came from (192.0.2.0/24), never the whole address: enough to recognise one's own office."""
    browser: Mapped[str]
    """In a few words: « Firefox, Windows »."""
    ended_at: Mapped[datetime | None]
    """Ended by somebody; one that merely went quiet has none."""


class SecondFactor(Base):
    """The application on somebody's telephone that shows a code every thirty seconds."""

    __tablename__ = "second_factor"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("app_user.id"), primary_key=True)
    secret: Mapped[str]
    """Encrypted by the application: a copy of the database does not make codes."""
    confirmed_at: Mapped[datetime] = mapped_column(default=clock.now, server_default=sa.func.now())
    last_step: Mapped[int]
    """The half-minute of the last code that was accepted: none is accepted twice, nor an older one."""


class RecoveryCode(Base):
    """A code on paper, good once, for whoever lost the telephone."""

    __tablename__ = "recovery_code"
    __table_args__ = (sa.Index("uq_recovery_code_user_id_code_hash", "user_id", "code_hash", unique=True),)

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("app_user.id"))
    code_hash: Mapped[str]
    used_at: Mapped[datetime | None]


class FactorAct(StrEnum):
    """What was done with a second factor."""

    ENROLLED = "enrolled"
    RECOVERED = "recovered"
    CODES_RENEWED = "codes_renewed"
    REMOVED = "removed"
    RESET = "reset"


class SecondFactorAct(Base):
    """Who did what with whose second factor; only ever added to."""

    __tablename__ = "second_factor_act"
    __table_args__ = (
        one_of(FactorAct, "act"),
        sa.CheckConstraint("(act = 'reset') = (organisation_id IS NOT NULL)", name="reset"),
        sa.Index("ix_second_factor_act_user_id_at", "user_id", "at"),
    )

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("app_user.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now, server_default=sa.func.now())
    act: Mapped[FactorAct] = mapped_column(by_value(FactorAct))
    by_user_id: Mapped[int] = mapped_column(sa.ForeignKey("app_user.id"))
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    """For which organisation an administrator reset it."""
