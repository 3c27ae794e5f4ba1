"""Who accompanies whom, from when to when; and what follows from it: who sees whom."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pathways import clock
from pathways.db import Base
from pathways.models.columns import Id, by_value, one_of
from pathways.models.enrolment import Enrolment
from pathways.models.organisation import Organisation
from pathways.models.user import User

if TYPE_CHECKING:
    from pathways.models.person import Person  # noqa: TC004 -- found by name; an import would be a circle


class LinkRole(StrEnum):
    """What the organisation is to the person, or to one of their steps."""

    REFERENT = "referent"
    CO_REFERENT = "co_referent"
    OPERATOR = "operator"
    PRESCRIBER = "prescriber"
    FUNDER = "funder"
    PARTNER = "partner"


DAYS_AFTER_END = 30
"""An organisation still sees a person on the 30th day after its last link ended, not on the 31st (rule 1 of the
sharing matrix).
"""


class Link(Base):
    """An organisation, and possibly one of its people, accompanies a person. Links open the door: no link, no row."""

    __tablename__ = "link"
    __table_args__ = (
        one_of(LinkRole, "role"),
        sa.CheckConstraint("ended_on >= started_on", name="ended_on"),
        # Replays need to know when the end became known.
        sa.CheckConstraint("(ended_on IS NULL) = (ended_recorded_at IS NULL)", name="end_recorded"),
        sa.ForeignKeyConstraint(
            ["enrolment_id", "person_id"], ["enrolment.id", "enrolment.person_id"], name="fk_link_same_person"
        ),
        sa.Index("ix_link_organisation_id", "organisation_id", "person_id"),
        sa.Index("ix_link_user_open", "user_id", "person_id", postgresql_where=sa.text("ended_on IS NULL")),
        sa.Index("ix_link_enrolment_id", "enrolment_id", postgresql_where=sa.text("enrolment_id IS NOT NULL")),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    enrolment_id: Mapped[int | None] = mapped_column()
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))
    role: Mapped[LinkRole] = mapped_column(by_value(LinkRole))
    started_on: Mapped[date]
    ended_on: Mapped[date | None]
    """Last day of the link."""
    recorded_at: Mapped[datetime] = mapped_column(default=clock.now, server_default=sa.func.now())
    ended_recorded_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(
        lazy="raise", back_populates="links", primaryjoin="Link.person_id == Person.id", foreign_keys=[person_id]
    )
    enrolment: Mapped[Enrolment | None] = relationship(
        lazy="raise", primaryjoin="Link.enrolment_id == Enrolment.id", foreign_keys=[enrolment_id]
    )
    organisation: Mapped[Organisation] = relationship(lazy="raise")
    user: Mapped[User | None] = relationship(lazy="raise")


class Visibility(Base):
    """Until which day an organisation sees a person: what the row-level policies read, once per row, by primary key.

    Written by triggers on ``link`` and ``person`` alone, hence neither foreign keys nor a write privilege for the
    application. The end of year 9999 stands for an open link.
    """

    __tablename__ = "visibility"

    organisation_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    until: Mapped[date]
