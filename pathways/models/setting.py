"""Settings: dated thresholds and choices, of everybody, of an organisation or of a scheme."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from pathways import clock
from pathways.db import Base
from pathways.models.columns import Id


class Setting(Base):
    """The value of one setting from a day on. Rows are added, never changed, so that any past day replays.

    One that has not come into force may be withdrawn: no evaluation ever used it. A JSON null says that nothing is chosen
    here any more: the value is again that of everybody.
    """

    __tablename__ = "setting"
    __table_args__ = (
        sa.CheckConstraint("name <> ''", name="name"),
        sa.Index(
            "uq_setting_name",
            "name",
            "organisation_id",
            "scheme",
            "valid_from",
            "recorded_at",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
    )

    id: Mapped[Id]
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    scheme: Mapped[str | None]
    name: Mapped[str]
    value: Mapped[Any] = mapped_column(JSONB)
    valid_from: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(default=clock.now, server_default=sa.func.now())
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))
    reason: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))
