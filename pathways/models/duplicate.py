"""Two records that may be one person: the proposal a human decides on, and what joining them moved."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from pathways import clock
from pathways.db import Base
from pathways.models.columns import Id, PublicId, by_value, one_of
from pathways.models.person import Person


class ProposalState(StrEnum):
    """What a human made of two records that look alike."""

    OPEN = "open"
    JOINED = "joined"
    APART = "apart"


class DuplicateProposal(Base):
    """Two records that may be one person, the older one first. One row a pair, whatever is said of it over time."""

    __tablename__ = "duplicate_proposal"
    __table_args__ = (
        one_of(ProposalState, "state"),
        sa.CheckConstraint("first_id < second_id", name="ordered"),
        sa.CheckConstraint("(state = 'open') = (decided_on IS NULL)", name="decided"),
        sa.UniqueConstraint("first_id", "second_id"),
        sa.Index("ix_duplicate_proposal_second_id", "second_id"),
        sa.Index(
            "ix_duplicate_proposal_open", sa.text("strength DESC"), "id", postgresql_where=sa.text("state = 'open'")
        ),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    first_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    second_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    state: Mapped[ProposalState] = mapped_column(by_value(ProposalState), default=ProposalState.OPEN, server_default="open")
    strength: Mapped[int] = mapped_column(sa.SmallInteger)
    """3: everything says so; 2: likely; 1: possible. Only orders the list."""
    matches: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """``{"same": […], "differs": […]}``, codes of ``models.likeness``."""
    facts: Mapped[str]
    """Digest of both identities when it was proposed or decided: a pair judged apart is proposed again only if it changed."""
    proposed_on: Mapped[date]
    decided_on: Mapped[date | None]
    decided_by: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))
    decided_for: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    reason: Mapped[str | None]


class PersonMerge(Base):
    """Two records joined by a human, and exactly which rows that moved: undoing it moves those back.

    ``moved`` is written by the function that moves the rows; the application may only note that it was undone.
    """

    __tablename__ = "person_merge"
    __table_args__ = (
        sa.CheckConstraint("kept_id <> merged_id", name="two"),
        sa.CheckConstraint("(undone_at IS NULL) = (undone_for IS NULL)", name="undone"),
        sa.Index("ix_person_merge_kept_id", "kept_id"),
        sa.Index(
            "uq_person_merge_merged_id", "merged_id", unique=True, postgresql_where=sa.text("undone_at IS NULL")
        ),
    )

    id: Mapped[Id]
    kept_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    merged_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(default=clock.now, server_default=sa.func.now())
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("app_user.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    reason: Mapped[str | None]
    moved: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default=sa.text("'{}'"))
    """Table → ids of the rows that went from the merged record to the kept one."""
    before: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default=sa.text("'{}'"))
    """``identity``: columns of the kept record that were replaced, as ``[before, after]``; ``alerts``: ids and versions of
    the alerts closed because the kept record had one for the same thing; ``merged``: the other record's names.
    """
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))
    undone_for: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))


# Looked up when a number or an address is typed, and for every record that is new.
sa.Index("ix_person_phone", Person.phone, postgresql_where=Person.phone.is_not(None))
sa.Index("ix_person_email", Person.email, postgresql_where=Person.email.is_not(None))

