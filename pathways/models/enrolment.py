"""Enrolments: a person in a scheme."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pathways.db import Base
from pathways.models.columns import Id, PublicId, Version
from pathways.models.organisation import Organisation

if TYPE_CHECKING:
    from pathways.models.person import Person  # noqa: TC004 -- found by name; an import would be a circle


class EnrolmentState(Base):
    """The states the schemes' pages name, and whether a step in them is over. Filled by ``reference.sync_states``."""

    __tablename__ = "enrolment_state"

    code: Mapped[str] = mapped_column(primary_key=True)
    final: Mapped[bool] = mapped_column(primary_key=True)
    """Part of the key: the same word may end a step on one page and not on another."""


class Enrolment(Base):
    """One step: a person in one scheme, from prescription to exit.

    Everything from ``state`` on is the stored projection of the journal (the fold's answer for today); one function
    writes it.
    """

    __tablename__ = "enrolment"
    __table_args__ = (
        sa.CheckConstraint("scheme <> ''", name="scheme"),
        # A step is in a final state if and only if it has a closing day: closed is computed from the day, and the
        # pair must exist.
        sa.ForeignKeyConstraint(
            ["state", "closed"],
            ["enrolment_state.code", "enrolment_state.final"],
            name="fk_enrolment_state_enrolment_state",
        ),
        # Lets entries and links prove that their enrolment is their person's.
        sa.UniqueConstraint("id", "person_id"),
        sa.Index(
            "ix_enrolment_lead_open", "lead_organisation_id", "person_id", postgresql_where=sa.text("closed_on IS NULL")
        ),
        sa.Index(
            "ix_enrolment_operator_open", "operator_id", "person_id", postgresql_where=sa.text("closed_on IS NULL")
        ),
        sa.Index("ix_enrolment_scheme", "scheme", "state"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    scheme: Mapped[str]
    """Code of the scheme's page (PACEA, CSP, APPRENTISSAGE…)."""
    rules_on: Mapped[date]
    """Day of the act: the version of the rules in force on it applies to the whole step."""
    rules_version: Mapped[str | None]
    """Id of the page's version when the step was opened, for replays under the rules of the time."""
    lead_organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    prescriber_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    operator_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    """Who runs the step where it is not the lead: training body, CFA, employer."""
    state: Mapped[str]
    state_since: Mapped[date]
    opened_on: Mapped[date]
    planned_start: Mapped[date | None]
    planned_end: Mapped[date | None]
    cap_on: Mapped[date | None]
    """Last day the law or the sheet allows; None while suspended, or without a maximum."""
    closed_on: Mapped[date | None]
    closed: Mapped[bool] = mapped_column(sa.Computed("closed_on IS NOT NULL", persisted=True))
    outcome: Mapped[str | None]
    """Exit code of the common list (``workflows.outcomes.EXITS``)."""
    version: Mapped[Version] = mapped_column()

    person: Mapped[Person] = relationship(lazy="raise", back_populates="enrolments")
    lead_organisation: Mapped[Organisation] = relationship(lazy="raise", foreign_keys=[lead_organisation_id])
    prescriber: Mapped[Organisation | None] = relationship(lazy="raise", foreign_keys=[prescriber_id])
    operator: Mapped[Organisation | None] = relationship(lazy="raise", foreign_keys=[operator_id])

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy reads it as a plain dict
