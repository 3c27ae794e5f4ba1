"""Invitations: somebody is asked, by their address, to take roles in an organisation."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pathways import clock
from pathways.db import Base
from pathways.models.columns import Id, PublicId


class Invitation(Base):
    """One address, some roles, one link. The link's secret is stored as a hash, and a new one replaces it."""

    __tablename__ = "invitation"
    __table_args__ = (
        sa.CheckConstraint("email = lower(email) AND email LIKE '%_@_%'", name="email"),
        sa.CheckConstraint("cardinality(roles) > 0", name="roles"),
        sa.CheckConstraint("(accepted_at IS NULL) = (accepted_by IS NULL)", name="accepted"),
        sa.CheckConstraint("accepted_at IS NULL OR revoked_at IS NULL", name="one_end"),
        sa.Index("ix_invitation_organisation_id_created_at", "organisation_id", "created_at"),
        sa.Index(
            "uq_invitation_waiting",
            "organisation_id",
            "email",
            unique=True,
            postgresql_where=sa.text("accepted_at IS NULL AND revoked_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    email: Mapped[str]
    """Lower case, as in accounts."""
    roles: Mapped[list[str]]
    token_hash: Mapped[str] = mapped_column(unique=True)
    """SHA-256 of a secret of 256 random bits: nothing to slow down, since nothing can be guessed."""
    invited_by: Mapped[int] = mapped_column(sa.ForeignKey("app_user.id"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now, server_default=sa.func.now())
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))
    revoked_at: Mapped[datetime | None]
