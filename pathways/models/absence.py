"""When a colleague is away, and who answers in the meantime."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pathways import clock
from pathways.db import Base
from pathways.models.columns import Id, PublicId


class Absence(Base):
    """Days (the last included) on which a user of an organisation is away. No reason is kept: it is nobody's business here.

    The alerts of whoever is away are shown to the delegate; to the whole team where none is named. Owners do not change.
    """

    __tablename__ = "absence"
    __table_args__ = (
        sa.CheckConstraint("last_day >= first_day", name="last_day"),
        sa.CheckConstraint("delegate_id <> user_id", name="delegate"),
        ExcludeConstraint(
            ("user_id", "="),
            ("organisation_id", "="),
            (sa.text("daterange(first_day, last_day + 1, '[)')"), "&&"),
            where=sa.text("withdrawn_at IS NULL"),
            name="ex_absence_once_at_a_time",
            using="gist",
        ),
        sa.Index("ix_absence_delegate_id", "delegate_id", "last_day"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("app_user.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    delegate_id: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))
    recorded_by: Mapped[int] = mapped_column(sa.ForeignKey("app_user.id"))
    recorded_at: Mapped[datetime] = mapped_column(default=clock.now, server_default=sa.func.now())
    withdrawn_at: Mapped[datetime | None]
