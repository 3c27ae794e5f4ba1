"""Groups: how a training body gathers its trainees. They are its own; nothing of the pathway depends on them."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pathways import clock
from pathways.db import Base
from pathways.models.columns import Id, PublicId, Version
from pathways.models.user import User


class TrainingGroup(Base):
    """One session, class or cohort of an organisation: « Session CAP cuisine 2026 »."""

    __tablename__ = "training_group"
    __table_args__ = (
        sa.CheckConstraint("name <> ''", name="named"),
        sa.CheckConstraint("ends_on >= starts_on", name="ends_on"),
        # Lets a membership prove that it is of the same organisation.
        sa.UniqueConstraint("id", "organisation_id"),
        sa.Index("ix_training_group_organisation_id", "organisation_id", "starts_on"),
        sa.Index("ix_training_group_trainer_id", "trainer_id"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    name: Mapped[str]
    scheme: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    """Last day; None while nobody knows."""
    place: Mapped[str | None]
    trainer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))
    """The referent trainer: whose groups come first on their page."""
    created_at: Mapped[datetime] = mapped_column(default=clock.now, server_default=sa.func.now())
    version: Mapped[Version] = mapped_column()

    trainer: Mapped[User | None] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy reads it as a plain dict


class GroupMember(Base):
    """One step of one trainee in a group, from one day to another (included). In one group of a body at a time."""

    __tablename__ = "group_member"
    __table_args__ = (
        sa.CheckConstraint("left_on >= joined_on", name="left_on"),
        sa.ForeignKeyConstraint(
            ["group_id", "organisation_id"],
            ["training_group.id", "training_group.organisation_id"],
            name="fk_group_member_same_organisation",
        ),
        ExcludeConstraint(
            ("organisation_id", "="),
            ("enrolment_id", "="),
            (sa.func.daterange(sa.column("joined_on"), sa.column("left_on"), sa.text("'[]'")), "&&"),
            name="ex_group_member_once_at_a_time",
            using="gist",
        ),
        sa.Index("ix_group_member_group_id", "group_id"),
        sa.Index("ix_group_member_enrolment_id", "enrolment_id"),
    )

    id: Mapped[Id]
    group_id: Mapped[int]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    enrolment_id: Mapped[int] = mapped_column(sa.ForeignKey("enrolment.id"))
    joined_on: Mapped[date]
    left_on: Mapped[date | None]
    """Last day in the group."""
