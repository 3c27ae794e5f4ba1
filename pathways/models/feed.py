"""Feeds: the files another software sends, what became of their rows, and the record each row keeps up to date."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from pathways import clock
from pathways.db import Base
from pathways.models.columns import Id, PublicId


class FeedRun(Base):
    """One file received. ``finished_at`` is empty while it is read, and stays so when the import was interrupted."""

    __tablename__ = "feed_run"
    __table_args__ = (
        sa.CheckConstraint("finished_at >= started_at", name="finished_at"),
        sa.Index("ix_feed_run_organisation_id", "organisation_id", "started_at"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    """Who sent it."""
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))
    """Who gave it on the page; None from the command line."""
    file_name: Mapped[str]
    started_at: Mapped[datetime] = mapped_column(default=clock.now, server_default=sa.func.now())
    finished_at: Mapped[datetime | None]
    dry_run: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """A rehearsal: the transaction it belongs to is rolled back, and this row with it."""
    baseline: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """The first file of its organisation: what it opens is to be reviewed, not dealt with within days."""
    total: Mapped[int] = mapped_column(default=0, server_default="0")
    created: Mapped[int] = mapped_column(default=0, server_default="0")
    updated: Mapped[int] = mapped_column(default=0, server_default="0")
    unchanged: Mapped[int] = mapped_column(default=0, server_default="0")
    refused: Mapped[int] = mapped_column(default=0, server_default="0")
    entries: Mapped[int] = mapped_column(default=0, server_default="0")
    """Journal entries written, retractions included."""
    warnings: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default=sa.text("'{}'"))
    """Warning code → how many."""


class FeedRefusal(Base):
    """One error of one refused row: where and why. What the row said is never kept."""

    __tablename__ = "feed_refusal"
    __table_args__ = (
        sa.CheckConstraint("row >= 1", name="row"),
        sa.CheckConstraint("code <> ''", name="code"),
        sa.Index("ix_feed_refusal_run_id", "run_id", "row"),
    )

    id: Mapped[Id]
    run_id: Mapped[int] = mapped_column(sa.ForeignKey("feed_run.id"))
    row: Mapped[int]
    """Rank in the file, from 1."""
    fields: Mapped[list[str]] = mapped_column(ARRAY(sa.Text), default=list, server_default=sa.text("'{}'"))
    code: Mapped[str]
    message: Mapped[str]
    """The sentence senders already know."""


class FeedRecord(Base):
    """What a centre says of one learner in one school year. The key is the sender's own; the person may have several records.

    ``content`` is what the centre sent, normalised and without social security number: it is read for that centre only.
    ``entries`` and ``steps`` say which journal entries and which enrolments come from it.
    """

    __tablename__ = "feed_record"
    __table_args__ = (
        sa.UniqueConstraint("organisation_id", "school_year", "learner"),
        sa.CheckConstraint("learner <> ''", name="learner"),
        sa.CheckConstraint("NOT content ? 'nir_apprenant'", name="no_nir"),
        sa.Index("ix_feed_record_person_id", "person_id"),
        sa.Index("ix_feed_record_run_id", "run_id"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    """The centre that trains (établissement formateur)."""
    school_year: Mapped[str]
    learner: Mapped[str]
    """The sender's identifier of the learner; made from the identity when it is empty."""
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    sender_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    """Who sent it last: the centre itself, or the one that answers for it."""
    run_id: Mapped[int] = mapped_column(sa.ForeignKey("feed_run.id"))
    """The last run that changed it."""
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    entries: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default=sa.text("'{}'"))
    """Key of a fact → the journal entry that declares it."""
    steps: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default=sa.text("'{}'"))
    """Key of a step → its enrolment."""
    first_received_at: Mapped[datetime] = mapped_column(default=clock.now, server_default=sa.func.now())
    last_received_at: Mapped[datetime] = mapped_column(default=clock.now, server_default=sa.func.now())
