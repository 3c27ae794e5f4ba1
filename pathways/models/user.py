"""Users, and the organisations on whose behalf they may act."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pathways import clock
from pathways.db import Base
from pathways.models.columns import Id, PublicId, by_value, one_of
from pathways.models.organisation import Organisation


class Role(StrEnum):
    """What somebody does in an organisation. What a role may do is decided in ``sharing``."""

    CONSEILLER = "conseiller"
    CO_REFERENT = "co_referent"
    CHEF_SERVICE = "chef_service"
    RESPONSABLE_STRUCTURE = "responsable_structure"
    FORMATEUR_REFERENT = "formateur_referent"
    COORDINATEUR_CFA = "coordinateur_cfa"
    REFERENT_HANDICAP = "referent_handicap"
    PRESCRIPTEUR = "prescripteur"
    GESTIONNAIRE_REGION = "gestionnaire_region"
    ANIMATEUR_PSAD = "animateur_psad"
    OBSERVATEUR_AGREGATS = "observateur_agregats"
    DPO = "dpo"
    ADMINISTRATEUR = "administrateur"


class Locale(StrEnum):
    """Languages of the interface."""

    FR = "fr"
    EN = "en"


class User(Base):
    """Somebody who signs in. The table is ``app_user``: ``user`` is a reserved word of SQL."""

    __tablename__ = "app_user"
    __table_args__ = (
        one_of(Locale, "locale"),
        sa.CheckConstraint("email = lower(email) AND email LIKE '%_@_%'", name="email"),
        sa.CheckConstraint("name <> ''", name="named"),
        sa.CheckConstraint("phone ~ '^[+][1-9][0-9]{5,14}$'", name="phone"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    email: Mapped[str] = mapped_column(unique=True)
    """Lower case, whatever was typed: it is what people sign in with."""
    name: Mapped[str]
    phone: Mapped[str | None]
    """International form (+33639980123); shown to partners who accompany the same person."""
    password_hash: Mapped[str | None]
    """Argon2; None for whoever only signs in through an identity provider."""
    locale: Mapped[Locale] = mapped_column(by_value(Locale), default=Locale.FR, server_default="fr")
    active: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    created_at: Mapped[datetime] = mapped_column(default=clock.now, server_default=sa.func.now())
    last_signed_in_at: Mapped[datetime | None]
    """The latest time only: enough to find accounts nobody uses."""

    memberships: Mapped[list[Membership]] = relationship(lazy="raise", back_populates="user")


class Membership(Base):
    """A role in an organisation, from one day to another (included). Rights depend on the one acted under.

    One that ended the day before it began never held: it was given by mistake, and taken back at once.
    """

    __tablename__ = "membership"
    __table_args__ = (
        one_of(Role, "role"),
        sa.CheckConstraint("ended_on >= started_on - 1", name="ended_on"),
        ExcludeConstraint(
            ("user_id", "="),
            ("organisation_id", "="),
            ("role", "="),
            (sa.text("daterange(started_on, ended_on + 1, '[)')"), "&&"),
            name="ex_membership_once_at_a_time",
            using="gist",
        ),
    )

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("app_user.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    role: Mapped[Role] = mapped_column(by_value(Role))
    started_on: Mapped[date]
    ended_on: Mapped[date | None]

    user: Mapped[User] = relationship(lazy="raise", back_populates="memberships")
    organisation: Mapped[Organisation] = relationship(lazy="raise")
