"""Passages between organisations, as each of the two reads them: what is asked of mine, what mine asked, and on which person."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pathways import db
from pathways.errors import NotVisible
from pathways.models import Enrolment, HandOver, JournalEntry, Organisation, Person, User
from pathways.queries.paging import Key, asked_backwards, ordering, page, paged, read_day
from pathways.sharing.visibility import Criterion, Reader, visible_to
from pathways.workflows.dates import add_working_days, days
from pathways.workflows.handing_over import relay_between
from pathways.workflows.passages import PENDING, Kind, Stage

_SENDER, _RECEIVER = aliased(Organisation), aliased(Organisation)
_AUTHOR = aliased(User)

PAGE = 25
RECEIVED, SENT = "received", "sent"
ACKNOWLEDGE_IN, ANSWER_IN = 5, 15
"""Working days to acknowledge, and days to answer, as the page announces them."""
KEYS = (Key("closed", int), Key("sent_on", read_day, descending=True), Key("id", int, descending=True))


@dataclass(frozen=True, slots=True)
class PassageRow:
    """One passage as one of the two organisations sees it. ``asked_by``: which one asked; ``other``: the one that is not mine."""

    id: int
    public_id: str
    kind: Kind
    stage: Stage
    sent_on: date
    acknowledged_on: date | None
    answered_on: date | None
    reason: str | None
    until: date | None
    person_id: int
    person: str
    family_name: str
    given_name: str
    birth_date: date | None
    scheme: str
    step: str
    sender_id: int
    sender: str
    sender_phone: str | None
    receiver_id: int
    receiver: str
    receiver_kind: str
    receiver_phone: str | None
    asked_by_id: int
    awaits_id: int | None
    author: str | None
    author_phone: str | None
    mine: int
    """The reader's organisation."""

    @property
    def is_pending(self) -> bool:
        return self.stage in PENDING

    @property
    def awaits_me(self) -> bool:
        return self.awaits_id == self.mine

    @property
    def asked_by_me(self) -> bool:
        return self.asked_by_id == self.mine

    @property
    def other(self) -> str:
        return self.receiver if self.sender_id == self.mine else self.sender

    @property
    def other_phone(self) -> str | None:
        return self.receiver_phone if self.sender_id == self.mine else self.author_phone or self.sender_phone

    @property
    def to_acknowledge(self) -> bool:
        return self.awaits_me and self.kind is Kind.HAND_OVER and self.stage is Stage.SENT

    @property
    def due_on(self) -> date:
        """Until when it is to be acknowledged, then answered."""
        if self.kind is Kind.HAND_OVER and self.stage is Stage.SENT:
            return add_working_days(self.sent_on, ACKNOWLEDGE_IN)
        return self.sent_on + days(ANSWER_IN)

    @property
    def expected_on(self) -> date | None:
        """Until when the next step is to begin, where organisations agreed on it."""
        relay = relay_between(self.scheme, self.receiver_kind) if self.kind is Kind.HAND_OVER else None
        return self.sent_on + days(relay.days) if relay else None

    def is_late(self, today: date) -> bool:
        return self.is_pending and today > self.due_on


@dataclass(frozen=True, slots=True)
class Passages:
    """One page of a tab. ``counts``: by tab, how many wait for an answer."""

    rows: Sequence[PassageRow]
    counts: Mapping[str, int]
    before: str = ""
    after: str = ""


def hand_overs(reader: Reader, tab: str, cursor: str = "") -> Passages:
    """The passages asked of the reader's organisation, or by it: those that wait first, then the latest. Two statements."""
    asked = _of(tab, reader)
    order = sa.select(
        HandOver.id, HandOver.sent_on, sa.case((HandOver.awaits_id.is_(None), 1), else_=0).label("closed")
    ).where(asked, visible_to(reader, HandOver.person_id)).subquery("passed")
    here = paged(sa.select(order), order, KEYS, cursor, PAGE).subquery("page")
    direction = "<" if asked_backwards(cursor, KEYS) else ">"
    query = (
        _rows(reader)
        .join(here, here.c.id == HandOver.id)
        .add_columns(here.c.closed)
        .order_by(*ordering(here, KEYS, direction))
    )
    shown = page(db.session().execute(query).all(), KEYS, cursor, PAGE)
    return Passages([_row(each, reader) for each in shown.rows], _counts(reader), shown.before, shown.after)


def waiting(reader: Reader) -> int:
    """How many passages wait for an answer of the reader's organisation."""
    query = sa.select(sa.func.count()).select_from(HandOver).where(
        HandOver.awaits_id == reader.organisation_id, visible_to(reader, HandOver.person_id)
    )
    return db.session().scalar(query) or 0


def of_person(person_id: int, reader: Reader) -> list[PassageRow]:
    """What concerns that person now, for the two organisations: what waits, what was lately refused, and a step that is lent."""
    lent = sa.and_(HandOver.stage == Stage.ACCEPTED, HandOver.until >= reader.today)
    refused = sa.and_(HandOver.stage == Stage.REFUSED, HandOver.answered_on >= reader.since)
    query = _rows(reader).where(HandOver.person_id == person_id, sa.or_(HandOver.awaits_id.is_not(None), lent, refused))
    return [_row(each, reader) for each in db.session().execute(query.order_by(HandOver.sent_on.desc(), HandOver.id.desc()))]


def one(public_id: uuid.UUID, reader: Reader) -> PassageRow:
    """That passage; NotVisible for one of other organisations, or about somebody the reader no longer sees."""
    row = db.session().execute(_rows(reader).where(HandOver.public_id == public_id)).first()
    if row is None:
        raise NotVisible(f"hand-over {public_id}")
    return _row(row, reader)


def _of(tab: str, reader: Reader) -> Criterion:
    mine = sa.or_(HandOver.sender_id == reader.organisation_id, HandOver.receiver_id == reader.organisation_id)
    by_me = HandOver.asked_by_id == reader.organisation_id
    return sa.and_(mine, by_me if tab == SENT else sa.not_(by_me))


def _counts(reader: Reader) -> dict[str, int]:
    pending = [HandOver.awaits_id.is_not(None), visible_to(reader, HandOver.person_id)]
    counted = (sa.func.count().filter(_of(tab, reader)) for tab in (RECEIVED, SENT))
    either = sa.or_(HandOver.sender_id == reader.organisation_id, HandOver.receiver_id == reader.organisation_id)
    row = db.session().execute(sa.select(*counted).select_from(HandOver).where(either, *pending)).one()
    return {RECEIVED: row[0], SENT: row[1]}


def _rows(reader: Reader) -> Any:
    either = sa.or_(HandOver.sender_id == reader.organisation_id, HandOver.receiver_id == reader.organisation_id)
    return (
        sa.select(
            HandOver.id,
            sa.cast(HandOver.public_id, sa.Text).label("public_id"),
            HandOver.kind,
            HandOver.stage,
            HandOver.sent_on,
            HandOver.acknowledged_on,
            HandOver.answered_on,
            HandOver.reason,
            HandOver.until,
            HandOver.person_id,
            sa.cast(Person.public_id, sa.Text).label("person"),
            Person.family_name,
            Person.given_name,
            Person.birth_date,
            Enrolment.scheme,
            sa.cast(Enrolment.public_id, sa.Text).label("step"),
            HandOver.sender_id,
            _SENDER.name.label("sender"),
            _SENDER.phone.label("sender_phone"),
            HandOver.receiver_id,
            _RECEIVER.name.label("receiver"),
            _RECEIVER.kind.label("receiver_kind"),
            _RECEIVER.phone.label("receiver_phone"),
            HandOver.asked_by_id,
            HandOver.awaits_id,
            _AUTHOR.name.label("author"),
            _AUTHOR.phone.label("author_phone"),
        )
        .join(Person, Person.id == HandOver.person_id)
        .join(Enrolment, Enrolment.id == HandOver.enrolment_id)
        .join(_SENDER, _SENDER.id == HandOver.sender_id)
        .join(_RECEIVER, _RECEIVER.id == HandOver.receiver_id)
        .join(JournalEntry, JournalEntry.id == HandOver.entry_id)
        .outerjoin(_AUTHOR, _AUTHOR.id == JournalEntry.user_id)
        .where(either, Person.merged_into.is_(None), visible_to(reader, HandOver.person_id))
    )


def _row(row: Any, reader: Reader) -> PassageRow:
    told = {each.name: getattr(row, each.name) for each in fields(PassageRow) if each.name != "mine"}
    return PassageRow(**told, mine=reader.organisation_id)
