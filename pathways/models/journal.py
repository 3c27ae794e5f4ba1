"""The journal: every dated fact every organisation declared. The truth, of which everything else is a projection."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from pathways import clock
from pathways.db import Base
from pathways.models.columns import Id, by_value, one_of


class Source(StrEnum):
    """How an entry reached the journal."""

    SCREEN = "screen"
    FEED = "feed"
    IMPORT = "import"
    DEMO = "demo"
    REPLAY = "replay"


class JournalEntry(Base):
    """One declared fact. Append-only by privilege: a mistake is retracted by another entry, once, and never edited.

    Its volume is the system's volume (10^8 rows are planned for), hence fixed-width columns first, three small
    indexes, and no relationship: it is read in ranges of persons. A sheet of attendance is one entry of at most seven
    days.
    """

    __tablename__ = "journal_entry"
    __table_args__ = (
        one_of(Source, "source"),
        sa.CheckConstraint("type <> ''", name="type"),
        sa.CheckConstraint("type <> 'retracted' OR retracts IS NOT NULL", name="retracts"),
        sa.CheckConstraint("jsonb_typeof(payload) = 'object'", name="payload"),
        sa.CheckConstraint("reference <> ''", name="reference"),
        sa.ForeignKeyConstraint(
            ["enrolment_id", "person_id"], ["enrolment.id", "enrolment.person_id"], name="fk_journal_entry_same_person"
        ),
        # Serves one person's timeline and the sweep's ranges of persons alike.
        sa.Index("ix_journal_entry_person_id", "person_id", "occurred_on"),
        # Recorded in the order of the file: a few pages per gigabyte find what is newer than a stamp.
        sa.Index(
            "ix_journal_entry_recorded_at",
            "recorded_at",
            postgresql_using="brin",
            postgresql_with={"autosummarize": "on"},
        ),
        sa.Index(
            "uq_journal_entry_retracts", "retracts", unique=True, postgresql_where=sa.text("retracts IS NOT NULL")
        ),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    enrolment_id: Mapped[int | None]
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("app_user.id"))
    retracts: Mapped[int | None] = mapped_column(sa.ForeignKey("journal_entry.id"))
    recorded_at: Mapped[datetime] = mapped_column(default=clock.now, server_default=sa.func.now())
    """When it became known: the application's clock, so that a replay records at the time it plays."""
    imported_at: Mapped[datetime | None]
    """When it reached this database, where ``recorded_at`` is another system's: the tables import only."""
    occurred_on: Mapped[date]
    """The Europe/Paris day it happened, which may be long before it was known, or still to come."""
    type: Mapped[str]
    """Name of an event type (``workflows.events.EVENTS``), whose schema the payload follows."""
    source: Mapped[Source] = mapped_column(by_value(Source))
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default=sa.text("'{}'"))
    reference: Mapped[str | None]
    """What the file it was imported from calls it, unique among the entries of the person; None for what was recorded here."""
    erased_on: Mapped[date | None]
    """When its details were erased by the role that alone may (``operations.erasure``)."""


class RecordingDay(Base):
    """A day on which an organisation recorded something that happened: its last days say whether it is heard of.

    Written by a trigger on the journal, and by an import before its entries are all in; never changed nor deleted. No foreign
    key: the journal it follows has one.
    """

    __tablename__ = "recording_day"

    organisation_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    """Of Europe/Paris."""
