"""Organisations: those that use the system, and partners that are only named in it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pathways.db import Base
from pathways.models.columns import Id, PublicId, by_value, one_of
from pathways.workflows.actors import Kind


class Organisation(Base):
    """A body that accompanies, trains, employs or funds. One that has no account is a partner, named by those who
    have.
    """

    __tablename__ = "organisation"
    __table_args__ = (
        one_of(Kind, "kind"),
        sa.CheckConstraint("name <> ''", name="named"),
        sa.CheckConstraint("siret ~ '^[0-9]{14}$'", name="siret"),
        sa.CheckConstraint("uai ~ '^[0-9]{7}[A-Z]$'", name="uai"),
        sa.CheckConstraint("nda ~ '^[0-9]{11}$'", name="nda"),
        sa.CheckConstraint("dpo_contact <> ''", name="dpo_contact"),
        sa.CheckConstraint("commune ~ '^([0-9]{2}|2A|2B)[0-9]{3}$'", name="commune"),
        # One SIRET may carry several schools (UAI), and one body may be both a CFA and a training body.
        sa.Index(
            "uq_organisation_identifiers",
            "siret",
            "uai",
            "kind",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=sa.text("siret IS NOT NULL OR uai IS NOT NULL"),
        ),
        sa.Index("ix_organisation_uai", "uai", postgresql_where=sa.text("uai IS NOT NULL")),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    kind: Mapped[Kind] = mapped_column(by_value(Kind))
    name: Mapped[str]
    siret: Mapped[str | None]
    uai: Mapped[str | None]
    code: Mapped[str | None] = mapped_column(unique=True)
    """The field's own code: I-MILO structure (44109S00), SAFIR agency…"""
    nda: Mapped[str | None]
    """Declaration number of a training body (déclaration d’activité)."""
    commune: Mapped[str | None]
    phone: Mapped[str | None]
    email: Mapped[str | None]
    dpo_contact: Mapped[str | None]
    """How to reach the data protection officer, as the information sheet says it."""
    has_account: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
