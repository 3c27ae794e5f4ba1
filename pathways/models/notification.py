"""What a user is told of, whether they have read it, how they want to hear of it, and the mail that waits to be sent."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pathways import clock
from pathways.db import Base
from pathways.models.columns import Id, PublicId, by_value, one_of


class Digest(StrEnum):
    """How often somebody gets a summary by mail."""

    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


class Notification(Base):
    """One line of an alert's log, told to one user. It names nobody: the alert does, to whoever may see it."""

    __tablename__ = "notification"
    __table_args__ = (
        sa.UniqueConstraint("user_id", "action_id"),
        sa.Index("ix_notification_user_id", "user_id", "organisation_id", "id"),
        sa.Index("ix_notification_alert_id", "alert_id"),
        sa.Index("ix_notification_unread", "user_id", "organisation_id", postgresql_where=sa.text("read_at IS NULL")),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("app_user.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    alert_id: Mapped[int] = mapped_column(sa.ForeignKey("alert.id", ondelete="CASCADE"))
    action_id: Mapped[int]
    """The line of the alert's log it tells."""
    kind: Mapped[str]
    pressing: Mapped[bool]
    """Somebody raised it by hand, or it is critical: worth a mail at once."""
    at: Mapped[datetime] = mapped_column(default=clock.now, server_default=sa.func.now())
    read_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]


class NotificationChoice(Base):
    """How a user wants to hear of an organisation's alerts. Without a row: every working day, and at once when it presses."""

    __tablename__ = "notification_choice"
    __table_args__ = (one_of(Digest, "digest"),)

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("app_user.id"), primary_key=True, autoincrement=False)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), primary_key=True, autoincrement=False)
    digest: Mapped[Digest] = mapped_column(by_value(Digest))
    immediate: Mapped[bool]


class Mail(Base):
    """A mail to one user: written with what it tells, sent by a worker. ``public_id`` is its Message-ID at every try."""

    __tablename__ = "mail"
    __table_args__ = (sa.Index("ix_mail_waiting", "next_at", postgresql_where=sa.text("sent_at IS NULL")),)

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("app_user.id"))
    subject: Mapped[str]
    body: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=clock.now, server_default=sa.func.now())
    next_at: Mapped[datetime] = mapped_column(default=clock.now, server_default=sa.func.now())
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    error: Mapped[str | None]
