"""Alerts: signals that need a human, with an owner, a deadline and an outcome."""

from __future__ import annotations

from datetime import date, datetime
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
from pathways.workflows.alert_life import CLOSED, AlertState, Held, Reserve

__all__ = ["Alert", "AlertAction", "AlertState", "RuleRecord", "RuleReview"]

_CLOSED = ", ".join(f"'{state}'" for state in CLOSED)


class Alert(Base):
    """What one person's signals of one family ask somebody to do. One open alert per person, step (or none) and family.

    It never changes a state, a right or an allowance.
    """

    __tablename__ = "alert"
    __table_args__ = (
        one_of(SignalFamily, "family"),
        one_of(SignalLevel, "level"),
        one_of(AlertState, "state"),
        one_of(Held, "held_for", optional=True),
        one_of(Reserve, "reserve", optional=True),
        sa.CheckConstraint(f"(state IN ({_CLOSED})) = (closed_on IS NOT NULL)", name="closed_has_a_day"),
        sa.CheckConstraint("(outcome IS NOT NULL) = (closed_on IS NOT NULL)", name="outcome_when_closed"),
        sa.CheckConstraint("closed_on >= opened_on", name="closed_on"),
        sa.CheckConstraint("(state = 'proposed') = (held_for IS NOT NULL)", name="held_while_proposed"),
        sa.CheckConstraint("(state = 'paused') = (paused_until IS NOT NULL)", name="paused_until"),
        sa.CheckConstraint("state IN ('proposed', 'expired') OR shown_on IS NOT NULL OR closed_on IS NOT NULL", name="shown"),
        sa.Index(
            "uq_alert_open",
            "person_id",
            sa.text("coalesce(enrolment_id, 0)"),
            "family",
            unique=True,
            postgresql_where=sa.text("closed_on IS NULL"),
        ),
        sa.Index("ix_alert_organisation_shown", "organisation_id", "shown_on"),
        sa.Index("ix_alert_held", "held_until", postgresql_where=sa.text("state = 'proposed'")),
        sa.Index("ix_alert_paused", "paused_until", postgresql_where=sa.text("state = 'paused'")),
        sa.Index("ix_alert_organisation_open", "organisation_id", "due_on", postgresql_where=sa.text("closed_on IS NULL")),
        sa.Index("ix_alert_owner_open", "owner_id", "due_on", postgresql_where=sa.text("closed_on IS NULL")),
        sa.Index("ix_alert_person_id", "person_id", "opened_on"),
        sa.Index("ix_alert_baseline", "baseline", postgresql_where=sa.text("baseline IS NOT NULL")),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    enrolment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("enrolment.id"))
    family: Mapped[SignalFamily] = mapped_column(by_value(SignalFamily))
    level: Mapped[SignalLevel] = mapped_column(by_value(SignalLevel))
    rule: Mapped[str] = mapped_column(default="", server_default="")
    """The rule that opened it, or raised its level last: whose precision it is counted in."""
    raised_by: Mapped[int] = mapped_column(sa.SmallInteger, default=0, server_default="0")
    """2 the person asked for it, 1 somebody else raised it by hand, 0 a rule alone: the first thing a list is sorted by."""
    state: Mapped[AlertState] = mapped_column(by_value(AlertState), default=AlertState.NEW, server_default="new")
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    """Who is asked to act: the owner's organisation, owner or not."""
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))
    opened_on: Mapped[date]
    due_on: Mapped[date | None]
    held_for: Mapped[Held | None] = mapped_column(by_value(Held))
    held_until: Mapped[date | None]
    """The first day on which what holds it back no longer does; None when no day does it alone."""
    reserve: Mapped[Reserve | None] = mapped_column(by_value(Reserve))
    shown_on: Mapped[date | None]
    """The day it came in front of somebody. None while it never did."""
    acknowledged_on: Mapped[date | None]
    acted_on: Mapped[date | None]
    paused_until: Mapped[date | None]
    """The day on which it comes back by itself."""
    escalated: Mapped[int] = mapped_column(sa.SmallInteger, default=0, server_default="0")
    """How far it was told since it was due: 1 its owner, 2 the team, 3 the manager."""
    closed_on: Mapped[date | None]
    outcome: Mapped[str | None]
    corrected: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """It rested on data that was corrected since: shown as such, and left out of a rule's precision."""
    baseline: Mapped[int | None] = mapped_column(sa.ForeignKey("feed_run.id"))
    """The first file of an organisation that opened it: held for a review until then. None for an ordinary alert."""
    version: Mapped[Version] = mapped_column()

    person: Mapped[Person] = relationship(lazy="raise")
    organisation: Mapped[Organisation] = relationship(lazy="raise")
    owner: Mapped[User | None] = relationship(lazy="raise")
    actions: Mapped[list[AlertAction]] = relationship(lazy="raise", back_populates="alert")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy reads it as a plain dict


class AlertAction(Base):
    """What was done about an alert, by whom or by the clock. Append-only by privilege."""

    __tablename__ = "alert_action"
    __table_args__ = (sa.CheckConstraint("kind <> ''", name="kind"), sa.Index("ix_alert_action_at", "at"))

    id: Mapped[Id]
    alert_id: Mapped[int] = mapped_column(sa.ForeignKey("alert.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=clock.now, server_default=sa.func.now())
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))
    kind: Mapped[str]
    reason: Mapped[str | None]
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default=sa.text("'{}'"))

    alert: Mapped[Alert] = relationship(lazy="raise", back_populates="actions")
    user: Mapped[User | None] = relationship(lazy="raise")


class RuleReview(Base):
    """A rule whose alerts an organisation finds irrelevant too often: held back until somebody decides. One open at a time."""

    __tablename__ = "rule_review"
    __table_args__ = (
        sa.CheckConstraint("(ended_at IS NULL) = (decision IS NULL)", name="ended_with_a_decision"),
        sa.Index(
            "uq_rule_review_open", "organisation_id", "rule", unique=True, postgresql_where=sa.text("ended_at IS NULL")
        ),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    rule: Mapped[str]
    opened_at: Mapped[datetime] = mapped_column(default=clock.now, server_default=sa.func.now())
    alerts: Mapped[int]
    """How many closings it was judged on."""
    irrelevant: Mapped[int]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))
    decision: Mapped[str | None]
    reason: Mapped[str | None]


class RuleRecord(Base):
    """How often a rule's alerts were worth somebody's time, over the whole region: what ranks the next ones. Measured nightly."""

    __tablename__ = "rule_record"

    rule: Mapped[str] = mapped_column(primary_key=True)
    alerts: Mapped[int]
    """Alerts of the rule that a human closed."""
    justified: Mapped[int]
    useful: Mapped[float]
    """Their share, shrunk to the mean of every rule: a rule seen three times is not judged on three."""
    measured_on: Mapped[date]
