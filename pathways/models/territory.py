"""Territories: how the region groups whole EPCI, from a day on."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pathways import clock
from pathways.db import Base
from pathways.models.columns import Id, PublicId


class Zoning(Base):
    """All territories of the region from a day on, until another zoning begins. Rows are added, never changed: of two that begin
    on one day the newer one holds, and one that is withdrawn gives way to the one before.
    """

    __tablename__ = "zoning"
    __table_args__ = (
        sa.CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn"),
        sa.Index("ix_zoning_valid_from", "valid_from", "id", postgresql_where=sa.text("withdrawn_at IS NULL")),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    valid_from: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(default=clock.now, server_default=sa.func.now())
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))
    """Who drew it; None for the one everybody begins with, a territory for each département."""
    reason: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))


class Territory(Base):
    """One territory of one zoning. Its code goes on from one zoning to the next; its name and its EPCI may change."""

    __tablename__ = "territory"
    __table_args__ = (
        sa.CheckConstraint("code ~ '^[A-Z0-9-]{1,10}$'", name="code"),
        sa.CheckConstraint("name <> ''", name="named"),
        sa.UniqueConstraint("zoning_id", "code"),
        # Lets an EPCI prove that its territory is of the same zoning.
        sa.UniqueConstraint("id", "zoning_id"),
    )

    id: Mapped[Id]
    zoning_id: Mapped[int] = mapped_column(sa.ForeignKey("zoning.id"))
    code: Mapped[str]
    name: Mapped[str]


class TerritoryEpci(Base):
    """The territory of one EPCI in a zoning: one, because the key says so."""

    __tablename__ = "territory_epci"
    __table_args__ = (
        sa.CheckConstraint("epci ~ '^2[0-9]{8}$'", name="epci"),
        sa.ForeignKeyConstraint(
            ["territory_id", "zoning_id"], ["territory.id", "territory.zoning_id"], name="fk_territory_epci_same_zoning"
        ),
        sa.Index("ix_territory_epci_territory_id", "territory_id"),
    )

    zoning_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    epci: Mapped[str] = mapped_column(primary_key=True)
    territory_id: Mapped[int]
