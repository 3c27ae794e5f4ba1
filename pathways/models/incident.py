"""Incidents: one fact about many persons, told about an organisation, in dated versions."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pathways import clock
from pathways.db import Base
from pathways.models.columns import Id, PublicId, by_value, one_of
from pathways.workflows import incidents
from pathways.workflows.labels import Labelled


class IncidentKind(Labelled):
    """What happened to the organisation."""

    EMPLOYER_INSOLVENCY = incidents.INSOLVENCY, incidents.KINDS[incidents.INSOLVENCY]
    BODY_CLOSED = incidents.CLOSED, incidents.KINDS[incidents.CLOSED]
    FEED_OUTAGE = incidents.OUTAGE, incidents.KINDS[incidents.OUTAGE]


class Incident(Base):
    """What it is about. It names no person: its people are those whose steps name the organisation. Never changed."""

    __tablename__ = "incident"
    __table_args__ = (
        one_of(IncidentKind, "kind"),
        sa.CheckConstraint("name <> ''", name="named"),
        sa.CheckConstraint("siren ~ '^[0-9]{9}$'", name="siren"),
        sa.CheckConstraint("kind = 'employer_insolvency' OR subject_id IS NOT NULL", name="subject"),
        sa.Index("ix_incident_organisation_id", "organisation_id"),
        sa.Index("ix_incident_subject_id", "subject_id"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    kind: Mapped[IncidentKind] = mapped_column(by_value(IncidentKind))
    subject_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    """The organisation concerned; None for an employer known only by what contracts say."""
    siren: Mapped[str | None]
    """Of an employer: every establishment is concerned."""
    name: Mapped[str]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    """Who declared it."""
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))
    recorded_at: Mapped[datetime] = mapped_column(default=clock.now, server_default=sa.func.now())


class IncidentStatement(Base):
    """What is said of an incident from ``recorded_at`` on: the last row counts. Corrected by another row, never rewritten."""

    __tablename__ = "incident_statement"
    __table_args__ = (
        sa.CheckConstraint("ends_on >= starts_on", name="ends_on"),
        sa.Index("ix_incident_statement_incident_id", "incident_id", "id"),
    )

    id: Mapped[Id]
    incident_id: Mapped[int] = mapped_column(sa.ForeignKey("incident.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    """Last day; None while it lasts."""
    procedure: Mapped[str | None]
    withdrawn: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """It was declared by mistake."""
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))
    recorded_at: Mapped[datetime] = mapped_column(default=clock.now, server_default=sa.func.now())
