"""Disclosures: who saw, exported or received whose data."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from pathways import clock
from pathways.db import Base
from pathways.models.columns import Id


class Disclosure(Base):
    """One look at a named record, one line of an export, one transmission. Append-only by privilege; kept twelve
    months.
    """

    __tablename__ = "disclosure"
    __table_args__ = (
        sa.CheckConstraint("what <> ''", name="what"),
        sa.Index("ix_disclosure_person_id", "person_id", "at"),
        sa.Index("ix_disclosure_at", "at", postgresql_using="brin", postgresql_with={"autosummarize": "on"}),
    )

    id: Mapped[Id]
    at: Mapped[datetime] = mapped_column(default=clock.now, server_default=sa.func.now())
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))
    """None when a machine received the data (feed, webhook)."""
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    what: Mapped[str]
    """The page or export."""
    groups: Mapped[list[str]] = mapped_column(ARRAY(sa.Text), default=list, server_default=sa.text("'{}'"))
    """Field groups shown (I, C, A, S, H, T, K, R, N1, N2, G, O, F)."""
    reason: Mapped[str | None]
    """Asked for before social, health and confidential data are read."""
