"""The person: who they are, as last stated, and when their situation is to be looked at again."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from pathways.db import Base
from pathways.models.columns import Id, PublicId, Version, by_value, one_of
from pathways.workflows.nir import NIR_SHAPE

if TYPE_CHECKING:
    from pathways.models.enrolment import Enrolment  # noqa: TC004 -- found by name; an import would be a circle
    from pathways.models.link import Link  # noqa: TC004 -- as above, by name


class Sex(StrEnum):
    """As civil status has it, plus X where another State's papers do."""

    F = "F"
    M = "M"
    X = "X"


class Level(StrEnum):
    """Highest certified level, national framework of 2019; ``infra3`` is no level 3."""

    INFRA3 = "infra3"
    L3 = "3"
    L4 = "4"
    L5 = "5"
    L6 = "6"
    L7 = "7"
    L8 = "8"


class Person(Base):
    """A person accompanied, at some time, by somebody.

    The identity columns are the current projection of the person's ``identity_stated`` entries: the journal is the
    truth. No NIR is ever stored. Ids are drawn from the sequence before the insert: an organisation that creates a
    person cannot read the row back until the link that comes with it is written (row-level security).
    """

    __tablename__ = "person"
    __table_args__ = (
        sa.CheckConstraint("family_name <> '' AND given_name <> ''", name="named"),
        sa.CheckConstraint("birth_date BETWEEN DATE '1900-01-01' AND CURRENT_DATE", name="birth_date"),
        sa.CheckConstraint("commune ~ '^([0-9]{2}|2A|2B)[0-9]{3}$'", name="commune"),
        sa.CheckConstraint("merged_into <> id", name="merged_into"),
        one_of(Sex, "sex"),
        one_of(Level, "level"),
        sa.Index(
            "ix_person_search_key", "search_key", postgresql_using="gin", postgresql_ops={"search_key": "gin_trgm_ops"}
        ),
        sa.Index("ix_person_sort_key", "sort_key", "id"),
        sa.Index("ix_person_next_on", "next_on", postgresql_where=sa.text("next_on IS NOT NULL")),
        sa.Index("ix_person_touched_at", "touched_at", postgresql_where=sa.text("touched_at IS NOT NULL")),
        sa.Index("ix_person_merged_into", "merged_into", postgresql_where=sa.text("merged_into IS NOT NULL")),
        {"implicit_returning": False},
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    family_name: Mapped[str]
    given_name: Mapped[str]
    birth_date: Mapped[date | None] = mapped_column(index=True)
    sex: Mapped[Sex | None] = mapped_column(by_value(Sex))
    commune: Mapped[str | None]
    """INSEE code of the commune of residence, never a postcode."""
    phone: Mapped[str | None]
    email: Mapped[str | None]
    level: Mapped[Level | None] = mapped_column(by_value(Level))
    rqth_until: Mapped[date | None]
    """Last day of validity of the recognition as a disabled worker: a legal deadline, never a rank."""
    search_key: Mapped[str]
    """Folded "given family", looked up by trigrams. Kept by the mapper; bulk writers call ``search_key``."""
    sort_key: Mapped[str]
    """Folded "family given": French alphabetical order without depending on the server's collations."""
    next_on: Mapped[date | None]
    """First day on which the clock alone may change a state or a signal of this person."""
    evaluated_at: Mapped[datetime | None]
    """Stamp of the last evaluation: the newest knowledge it took into account."""
    evaluated_day: Mapped[date | None]
    """Last day the last evaluation covered."""
    touched_at: Mapped[datetime | None]
    """Newest knowledge not evaluated yet; None when everything is."""
    merged_into: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    """The person this one turned out to be. An undoable alias: entries keep their person."""
    archived_on: Mapped[date | None]
    """Since when the record is kept aside: nobody sees it but the data protection officer and the head, with a reason."""
    erased_on: Mapped[date | None]
    """When the identity was erased; what is left is nobody's."""
    last_contact_on: Mapped[date | None]
    """The last contact known when a step was erased: the journal no longer shows it, and terms are counted from it."""
    version: Mapped[Version] = mapped_column()

    external_ids: Mapped[list[ExternalId]] = relationship(
        lazy="raise", back_populates="person", cascade="save-update, merge, delete, delete-orphan"
    )
    enrolments: Mapped[list[Enrolment]] = relationship(lazy="raise", back_populates="person")
    links: Mapped[list[Link]] = relationship(
        lazy="raise", back_populates="person", primaryjoin="Link.person_id == Person.id", foreign_keys="Link.person_id"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy reads it as a plain dict


class ExternalId(Base):
    """The number another system knows the person by: France Travail, i-milo, INE, a training body's ERP. Never the
    NIR.
    """

    __tablename__ = "external_id"
    __table_args__ = (
        sa.UniqueConstraint("system", "value"),
        sa.CheckConstraint("system <> '' AND value <> ''", name="given"),
        sa.CheckConstraint(f"upper(translate(value, ' .-', '')) !~ '{NIR_SHAPE}'", name="no_nir"),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    system: Mapped[str]
    value: Mapped[str]

    person: Mapped[Person] = relationship(lazy="raise", back_populates="external_ids")


def fold(text: str) -> str:
    """Lower case without accents, ligatures or punctuation: what is left when people spell a name in two ways."""
    spelled = text.casefold().translate(_LIGATURES)
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", spelled) if not unicodedata.combining(letter))
    return _NOT_ALPHANUMERIC.sub(" ", plain).strip()


def search_key(family_name: str, given_name: str) -> str:
    """What trigram search reads."""
    return f"{fold(given_name)} {fold(family_name)}"


def sort_key(family_name: str, given_name: str) -> str:
    """What lists are ordered by."""
    return f"{fold(family_name)} {fold(given_name)}"


_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"})
_NOT_ALPHANUMERIC = re.compile(r"[^a-z0-9]+")


@event.listens_for(Person, "before_insert")
@event.listens_for(Person, "before_update")
def _keep_keys(_mapper: Mapper[Any], _connection: sa.Connection, person: Person) -> None:
    person.search_key = search_key(person.family_name, person.given_name)
    person.sort_key = sort_key(person.family_name, person.given_name)
