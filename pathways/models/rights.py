"""The person's own rights: what they were told, what they agreed to, what they asked for, and their own page."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from pathways.db import Base
from pathways.models.columns import Id, PublicId, by_value, one_of


class Channel(StrEnum):
    """How the information sheet reached the person."""

    HAND = "hand"
    LETTER = "letter"
    EMAIL = "email"
    LINK = "link"


class SharedGroup(StrEnum):
    """What an agreement is about: the themes of social obstacles, or adaptations of a course or post."""

    SOCIAL = "S"
    HEALTH = "H"


class Right(StrEnum):
    """A right somebody exercises (GDPR art. 15, 16, 17, 21)."""

    ACCESS = "access"
    CORRECTION = "correction"
    OBJECTION = "objection"
    ERASURE = "erasure"


class InformationGiven(Base):
    """The information sheet given to somebody, in which version. Append-only."""

    __tablename__ = "information_given"
    __table_args__ = (
        one_of(Channel, "channel"),
        sa.CheckConstraint("version <> ''", name="version"),
        sa.Index("ix_information_given_person_id", "person_id", "given_on"),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("app_user.id"))
    version: Mapped[str]
    easy: Mapped[bool]
    """The version in short sentences, for minors and whoever prefers it."""
    channel: Mapped[Channel] = mapped_column(by_value(Channel))
    given_on: Mapped[date]


class Agreement(Base):
    """The person agreed that something reaches one organisation, from a day to another; revoked, it stays written."""

    __tablename__ = "agreement"
    __table_args__ = (
        one_of(SharedGroup, "field_group"),
        sa.CheckConstraint("until >= given_on", name="until"),
        sa.CheckConstraint("(revoked_on IS NULL) = (revoked_by IS NULL)", name="revoked"),
        sa.CheckConstraint("field_group = 'H' OR adaptations = '{}'", name="adaptations"),
        sa.Index("ix_agreement_person_id", "person_id", "recipient_id"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    """Who asked for it."""
    recipient_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    """Whom it lets read."""
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("app_user.id"))
    field_group: Mapped[SharedGroup] = mapped_column(by_value(SharedGroup))
    adaptations: Mapped[list[str]] = mapped_column(ARRAY(sa.Text), default=list, server_default=sa.text("'{}'"))
    given_on: Mapped[date]
    until: Mapped[date | None]
    revoked_on: Mapped[date | None]
    revoked_by: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))


class RightsRequest(Base):
    """Something the person asked for, to be answered within a month (GDPR art. 12)."""

    __tablename__ = "rights_request"
    __table_args__ = (
        one_of(Right, "kind"),
        sa.CheckConstraint("(answered_on IS NULL) = (granted IS NULL)", name="answered"),
        sa.CheckConstraint("answered_on >= received_on", name="answered_on"),
        sa.Index(
            "ix_rights_request_organisation_id", "organisation_id", "received_on",
            postgresql_where=sa.text("answered_on IS NULL"),
        ),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("app_user.id"))
    kind: Mapped[Right] = mapped_column(by_value(Right))
    said: Mapped[str]
    received_on: Mapped[date]
    answered_on: Mapped[date | None]
    answered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))
    granted: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(default="", server_default="")


class OwnLink(Base):
    """A link to the person's own page: for some days, on the one device that opened it. Only a hash of it is kept."""

    __tablename__ = "own_link"
    __table_args__ = (
        sa.CheckConstraint("until > made_at", name="until"),
        sa.CheckConstraint("(device_hash IS NULL) = (opened_at IS NULL)", name="opened"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("app_user.id"))
    token_hash: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    until: Mapped[datetime]
    failures: Mapped[int] = mapped_column(sa.Integer, default=0, server_default="0")
    device_hash: Mapped[str | None]
    opened_at: Mapped[datetime | None]
    locked_at: Mapped[datetime | None]
    """When too many wrong birth dates killed it."""
    revoked_at: Mapped[datetime | None]
