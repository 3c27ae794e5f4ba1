"""Alerts: signals that need a human, with an owner, a deadline and an outcome."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pathways import clock
from pathways.db import Base
from pathways.models.columns import Id, PublicId, Version, by_value, one_of
from pathways.models.organisation import Organisation
from pathways.models.person import Person
from pathways.models.signal import SignalFamily, SignalLevel
from pathways.models.user import User


class AlertState(StrEnum):
    """Acknowledging is not acting: an alert is open until somebody closes it with an outcome, or nothing holds any
    more.
    """

    OPEN = "open"
    CLOSED = "closed"


class Alert(Base):
    """What one person's signals of one family ask somebody to do. One open alert per person, step (or none) and family.

    It never changes a state, a right or an allowance.
    """

    __tablename__ = "alert"
    __table_args__ = (
        one_of(SignalFamily, "family"),
        one_of(SignalLevel, "level"),
        one_of(AlertState, "state"),
        sa.CheckConstraint("(state = 'closed') = (closed_on IS NOT NULL)", name="closed_has_a_day"),
        sa.CheckConstraint("outcome IS NULL OR state = 'closed'", name="outcome_when_closed"),
        sa.CheckConstraint("closed_on >= opened_on", name="closed_on"),
        sa.Index(
            "uq_alert_open",
            "person_id",
            sa.text("coalesce(enrolment_id, 0)"),
            "family",
            unique=True,
            postgresql_where=sa.text("state = 'open'"),
        ),
        sa.Index("ix_alert_organisation_open", "organisation_id", "due_on", postgresql_where=sa.text("state = 'open'")),
        sa.Index("ix_alert_owner_open", "owner_id", "due_on", postgresql_where=sa.text("state = 'open'")),
        sa.Index("ix_alert_person_id", "person_id", "opened_on"),
        sa.Index("ix_alert_baseline", "baseline", postgresql_where=sa.text("baseline IS NOT NULL")),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    enrolment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("enrolment.id"))
    family: Mapped[SignalFamily] = mapped_column(by_value(SignalFamily))
    level: Mapped[SignalLevel] = mapped_column(by_value(SignalLevel))
    state: Mapped[AlertState] = mapped_column(by_value(AlertState), default=AlertState.OPEN, server_default="open")
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    """Who is asked to act: the owner's organisation, owner or not."""
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))
    opened_on: Mapped[date]
    due_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    outcome: Mapped[str | None]
    corrected: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """It rested on data that was corrected since: shown as such, and left out of a rule's precision."""
    baseline: Mapped[int | None] = mapped_column(sa.ForeignKey("feed_run.id"))
    """The first file of an organisation that opened it: to be reviewed, not due. None for an ordinary alert."""
    version: Mapped[Version] = mapped_column()

    person: Mapped[Person] = relationship(lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise")
    owner: Mapped[User | None] = relationship(lazy="raise")
    actions: Mapped[list[AlertAction]] = relationship(lazy="raise", back_populates="alert")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy reads it as a plain dict


class AlertAction(Base):
    """What was done about an alert, by whom or by the clock. Append-only by privilege."""

    __tablename__ = "alert_action"
    __table_args__ = (sa.CheckConstraint("kind <> ''", name="kind"),)

    id: Mapped[Id]
    alert_id: Mapped[int] = mapped_column(sa.ForeignKey("alert.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=clock.now, server_default=sa.func.now())
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))
    kind: Mapped[str]
    reason: Mapped[str | None]
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default=sa.text("'{}'"))

    alert: Mapped[Alert] = relationship(lazy="raise", back_populates="actions")
    user: Mapped[User | None] = relationship(lazy="raise")
