"""What an export reads of the persons of one batch: everything, or as far as one organisation may see."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, aliased

from pathways.models import Enrolment, ExternalId, JournalEntry, Link, Organisation, Person, Setting
from pathways.queries.agreements import agreed_groups, as_groups
from pathways.sharing.groups import PROTECTED_REASONS, Bond, Group
from pathways.sharing.visibility import Reader, leads, not_ended, own_step, readable, steps_visible_to, visible_to

Rows = Iterable[Sequence[Any]]

ALWAYS = frozenset({Group.IDENTITY, Group.CONTACT, Group.ADMINISTRATIVE})
"""Field groups of every person of an export: who they are, how to reach them, their steps."""


@dataclass(slots=True)
class EntryRow:
    """One journal entry, with what an organisation's standing depends on."""

    id: int
    person_id: int
    reference: str
    person: Any
    enrolment: Any
    type: str
    occurred_on: date
    recorded_at: datetime
    organisation_id: int
    retracts: int | None
    content: str
    own_step: bool
    leads: bool
    agreed: Any

    def bond(self, reader: Reader) -> Bond:
        """What the reader's organisation is to the person."""
        return Bond(reader.kind, self.leads, as_groups(self.agreed))


def reference_of(entry: str, person: str) -> str:
    """SQL: what a journal entry is called in a file: the name it came with, or one made from its own key.

    Hyphens keep its digits apart: fifteen in a row could pass for a social security number.
    """
    key = f"md5({person}.public_id::text || '/' || {entry}.id)"
    return f"coalesce({entry}.reference, regexp_replace(left({key}, 24), '(.{{8}})(.{{8}})', '\\1-\\2-'))"


def persons_of(reader: Reader) -> sa.ColumnElement[bool]:
    """Persons the reader's organisation sees, as its pages show them."""
    return sa.and_(Person.merged_into.is_(None), visible_to(reader, Person.id))


def organisations(session: Session, only: Collection[Any] | None) -> Rows:
    """All of them, or those ``only`` names, in the order of their references."""
    columns = (
        Organisation.public_id, Organisation.kind, Organisation.name, Organisation.siret, Organisation.uai, Organisation.code,
        Organisation.commune, Organisation.phone, Organisation.email, Organisation.has_account,
    )
    query = sa.select(*columns).order_by(Organisation.public_id)
    if only is not None:
        query = query.where(Organisation.public_id.in_(only))
    return (tuple(row) for row in session.execute(query))


def persons(session: Session, ids: Collection[int], reader: Reader | None) -> Rows:
    other = aliased(Person)
    columns = ((Group.CONTACT, Person.phone), (Group.CONTACT, Person.email), (Group.HEALTH, Person.rqth_until))
    phone, email, rqth = (readable(reader, group, column) if reader else column for group, column in columns)
    query = (
        sa.select(
            Person.public_id, Person.family_name, Person.given_name, Person.birth_date, Person.sex, Person.commune, phone,
            email, Person.level, rqth, other.public_id,
        )
        .outerjoin(other, other.id == Person.merged_into)
        .where(Person.id.in_(ids))
        .order_by(Person.public_id)
    )
    return (tuple(row) for row in session.execute(query))


def external_ids(session: Session, ids: Collection[int]) -> Rows:
    query = (
        sa.select(Person.public_id, ExternalId.system, ExternalId.value)
        .join(Person, Person.id == ExternalId.person_id)
        .where(Person.id.in_(ids))
        .order_by(Person.public_id, ExternalId.system.collate("C"), ExternalId.value.collate("C"))
    )
    return (tuple(row) for row in session.execute(query))


def enrolments(session: Session, ids: Collection[int], reader: Reader | None) -> Rows:
    lead, prescriber, operator = aliased(Organisation), aliased(Organisation), aliased(Organisation)
    query = (
        sa.select(
            Enrolment.public_id, Person.public_id, Enrolment.scheme, Enrolment.rules_on, Enrolment.rules_version, lead.public_id,
            prescriber.public_id, operator.public_id, Enrolment.opened_on, Enrolment.state_since, Enrolment.planned_start,
            Enrolment.planned_end, Enrolment.state, Enrolment.cap_on, Enrolment.closed_on, _outcome(reader),
        )
        .join(Person, Person.id == Enrolment.person_id)
        .join(lead, lead.id == Enrolment.lead_organisation_id)
        .outerjoin(prescriber, prescriber.id == Enrolment.prescriber_id)
        .outerjoin(operator, operator.id == Enrolment.operator_id)
        .where(Person.id.in_(ids))
        .order_by(Person.public_id, Enrolment.public_id)
    )
    if reader:
        query = query.where(steps_visible_to(reader))
    return (tuple(row) for row in session.execute(query))


def _outcome(reader: Reader | None) -> Any:
    """The result of a step; one that speaks of health, for the organisations that lead or run it alone."""
    if reader is None:
        return Enrolment.outcome
    mine = sa.or_(
        Enrolment.lead_organisation_id == reader.organisation_id,
        sa.func.coalesce(Enrolment.operator_id == reader.organisation_id, sa.false()),
    )
    return sa.case((sa.or_(mine, Enrolment.outcome.not_in(PROTECTED_REASONS)), Enrolment.outcome))


def links(session: Session, ids: Collection[int], reader: Reader | None) -> Rows:
    """Users are not exchanged: two colleagues with the same link are one row, the one that lasts longest."""
    key = (
        Person.public_id, Enrolment.public_id, Organisation.public_id, sa.cast(Link.role, sa.Text).collate("C"), Link.started_on,
        Link.recorded_at,
    )
    query = (
        sa.select(
            Person.public_id, Enrolment.public_id, Organisation.public_id, Link.role, Link.started_on, Link.ended_on,
            Link.recorded_at, Link.ended_recorded_at,
        )
        .ext(distinct_on(*key))
        .join(Person, Person.id == Link.person_id)
        .join(Organisation, Organisation.id == Link.organisation_id)
        .outerjoin(Enrolment, Enrolment.id == Link.enrolment_id)
        .where(Person.id.in_(ids))
        .order_by(*key, Link.ended_on.desc().nulls_first(), Link.ended_recorded_at.desc())
    )
    if reader:
        query = query.where(
            sa.or_(Link.organisation_id == reader.organisation_id, not_ended(Link, reader)),
            sa.or_(Link.enrolment_id.is_(None), steps_visible_to(reader)),
        )
    return (tuple(row) for row in session.execute(query))


def entries(session: Session, ids: Collection[int], reader: Reader | None) -> list[EntryRow]:
    """The journal of these persons in the order it was recorded; with a reader, of their own steps for a training body."""
    own = own_step(reader, Enrolment) if reader else sa.false()
    columns: tuple[Any, ...] = (
        JournalEntry.id, JournalEntry.person_id, sa.literal_column(reference_of("journal_entry", "person")), Person.public_id,
        Enrolment.public_id, JournalEntry.type, JournalEntry.occurred_on, JournalEntry.recorded_at, JournalEntry.organisation_id,
        JournalEntry.retracts, sa.cast(JournalEntry.payload, sa.Text), sa.func.coalesce(own, sa.false()),
        leads(reader, Person.id) if reader else sa.false(), agreed_groups(reader, Person.id) if reader else sa.null(),
    )
    query = (
        sa.select(*columns)
        .join(Person, Person.id == JournalEntry.person_id)
        .outerjoin(Enrolment, Enrolment.id == JournalEntry.enrolment_id)
        .where(Person.id.in_(ids))
        .order_by(Person.public_id, JournalEntry.id)
    )
    if reader and not reader.accompanies:
        query = query.where(
            sa.or_(JournalEntry.organisation_id == reader.organisation_id, JournalEntry.enrolment_id.is_(None), own)
        )
    return [EntryRow(*tuple(row)) for row in session.execute(query)]


def settings(session: Session, organisation_id: int | None) -> Rows:
    """Thresholds in their order; with an organisation, its own and those of everybody."""
    query = (
        sa.select(
            Setting.name, Setting.scheme, Organisation.public_id, sa.cast(Setting.value, sa.Text), Setting.valid_from,
            Setting.recorded_at,
        )
        .outerjoin(Organisation, Organisation.id == Setting.organisation_id)
        .where(Setting.withdrawn_at.is_(None))
        .order_by(
            Setting.name.collate("C"), Organisation.public_id, Setting.scheme.collate("C"), Setting.valid_from,
            Setting.recorded_at,
        )
    )
    if organisation_id is not None:
        query = query.where(sa.or_(Setting.organisation_id.is_(None), Setting.organisation_id == organisation_id))
    return (tuple(row) for row in session.execute(query))
