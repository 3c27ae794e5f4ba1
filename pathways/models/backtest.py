"""Detection judged afterwards: periods replayed with other thresholds, and ruptures no alert came before."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from pathways import clock
from pathways.db import Base
from pathways.models.columns import Id, PublicId, by_value, one_of
from pathways.workflows.hindsight import Conclusion, Stage


class Backtest(Base):
    """One period replayed for one organisation, and its figures. Nobody is named in it."""

    __tablename__ = "backtest"
    __table_args__ = (
        one_of(Stage, "stage"),
        sa.CheckConstraint("first_on <= last_on", name="period"),
        sa.CheckConstraint("(stage = 'done') = (figures IS NOT NULL)", name="figures_when_done"),
        sa.Index("ix_backtest_organisation_id", "organisation_id", "id"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("app_user.id"))
    asked_at: Mapped[datetime] = mapped_column(default=clock.now, server_default=sa.func.now())
    first_on: Mapped[date]
    last_on: Mapped[date]
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default=sa.text("'[]'"))
    """Thresholds replaced on every day of the period: name, value, scheme (null: all)."""
    stage: Mapped[Stage] = mapped_column(by_value(Stage), default=Stage.WAITING, server_default=str(Stage.WAITING))
    done: Mapped[int] = mapped_column(default=0, server_default="0")
    """Persons replayed so far, out of ``total``."""
    total: Mapped[int | None]
    moved_at: Mapped[datetime] = mapped_column(default=clock.now, server_default=sa.func.now())
    """When it last moved: one that stands still was interrupted."""
    figures: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """`pathways.backtest.report.Report` as kept."""


class MissedRupture(Base):
    """A rupture that no alert shown to its referent organisation came before: to be looked at once, and learnt from."""

    __tablename__ = "missed_rupture"
    __table_args__ = (
        sa.UniqueConstraint("enrolment_id", "formal_on"),
        one_of(Conclusion, "conclusion", optional=True),
        sa.CheckConstraint("(conclusion IS NOT NULL) = (concluded_at IS NOT NULL)", name="concluded"),
        sa.Index("ix_missed_rupture_organisation_id", "organisation_id", "found_on"),
        sa.Index("ix_missed_rupture_person_id", "person_id"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    enrolment_id: Mapped[int] = mapped_column(sa.ForeignKey("enrolment.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    formal_on: Mapped[date]
    effective_on: Mapped[date]
    found_on: Mapped[date]
    concluded_at: Mapped[datetime | None]
    concluded_by: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))
    conclusion: Mapped[Conclusion | None] = mapped_column(by_value(Conclusion))
