"""Coded requests as each of the two organisations reads them: what is asked of mine, what mine asked, and about one person.

Whether a request was read is told by the log of consultations alone: the first time somebody of the organisation asked opened a
page that showed it, the person's or the list of what waits. Overdue is told by the day. Neither is stored.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pathways import clock, db
from pathways.errors import NotVisible
from pathways.models import Disclosure, JournalEntry, Link, Organisation, Person, Request, RequestStep, User
from pathways.queries.entries import stands
from pathways.queries.paging import Key, asked_backwards, ordering, page, paged
from pathways.sharing.visibility import Criterion, Reader, not_ended, visible_to
from pathways.workflows.actors import Kind
from pathways.workflows.requests import Question, Stage, StepKind, questions_between

_ASKER, _ASKED = aliased(Organisation), aliased(Organisation)
_AUTHOR, _ADDRESSEE, _CLOSER = aliased(User), aliased(User), aliased(User)
_WAITS_TOO = aliased(Request)

PAGE = 25
RECEIVED, SENT = "received", "sent"
WAITING, OVERDUE, ANSWERED, WITHDRAWN, ALL = "waiting", "overdue", "answered", "withdrawn", "all"
PERSON_PAGE, LIST_PAGE, OTHER_PAGE = "person.show", "requests.received", "requests.index"
"""What the log calls the pages: the first two show every request that waits about the persons they name."""
LATELY = timedelta(days=10)
"""How long an answer stays on the page of the person."""
KEYS = (Key("closed", int), Key("place", int), Key("id", int, descending=True))
_DAY_ONE = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One request as one of the two organisations sees it. ``person``: public id; ``mine``: the reader's organisation."""

    id: int
    public_id: str
    person_id: int
    person: str
    family_name: str
    given_name: str
    birth_date: date | None
    question: str
    stage: Stage
    asker_id: int
    asker: str
    asker_phone: str | None
    author: str
    author_phone: str | None
    asked_id: int
    asked: str
    asked_phone: str | None
    addressee: str | None
    addressee_id: int | None
    asked_at: datetime
    due_on: date
    read_at: datetime | None
    reply: str | None
    reply_on: date | None
    closed_at: datetime | None
    closed_by: str | None
    of_person: int
    """How many requests about that person wait for an answer of the organisation asked."""
    mine: int

    @property
    def waits(self) -> bool:
        return self.stage is Stage.ASKED

    @property
    def sent_by_me(self) -> bool:
        return self.asker_id == self.mine

    @property
    def awaits_me(self) -> bool:
        return self.waits and self.asked_id == self.mine

    @property
    def other(self) -> str:
        return self.asked if self.sent_by_me else self.asker

    @property
    def other_phone(self) -> str | None:
        return self.asked_phone if self.sent_by_me else self.author_phone or self.asker_phone

    def is_late(self, today: date) -> bool:
        return self.waits and today > self.due_on


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list shows: ``side`` received or sent, ``state`` waiting, overdue…, one question, and only what is mine."""

    side: str = RECEIVED
    state: str = WAITING
    question: str = ""
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Requests:
    """One page. ``waiting``: by side, how many wait; ``counts``: by state, on this side and with these filters."""

    rows: Sequence[RequestRow]
    waiting: Mapping[str, int]
    counts: Mapping[str, int]
    before: str = ""
    after: str = ""

    @property
    def shown_whole(self) -> list[int]:
        """Persons of whom the page shows every request that waits: it counts as read."""
        shown: dict[int, int] = {}
        for each in self.rows:
            shown[each.person_id] = shown.get(each.person_id, 0) + each.awaits_me
        return [person for person, n in shown.items() if n and n == next(r.of_person for r in self.rows if r.person_id == person)]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for an answer of the reader's organisation, and how much of it is late."""

    total: int
    late: int


@dataclass(slots=True)
class Partner:
    """Another organisation that accompanies the person today, who follows the person there, and what may be asked of it."""

    id: int
    public_id: str
    name: str
    kind: Kind
    questions: Sequence[Question]
    people: dict[str, str] = field(default_factory=dict)
    """Public id → name."""


def requests_of(reader: Reader, filters: Filters, cursor: str = "") -> Requests:
    """One page of the list: what waits first, by deadline, so that what is late leads; then the latest. Three statements."""
    wanted = sa.and_(*_asked_for(reader, filters), _state(filters.state, reader))
    closed = sa.case((Request.stage == Stage.ASKED, 0), else_=1)
    since = sa.cast(Request.asked_at, sa.Date)
    place = sa.case((Request.stage == Stage.ASKED, Request.due_on - _DAY_ONE), else_=_DAY_ONE - since)
    order = sa.select(Request.id, closed.label("closed"), place.label("place")).where(wanted).subquery("wanted")
    here = paged(sa.select(order), order, KEYS, cursor, PAGE).subquery("page")
    direction = "<" if asked_backwards(cursor, KEYS) else ">"
    query = (
        _rows(reader)
        .join(here, here.c.id == Request.id)
        .add_columns(here.c.closed, here.c.place)
        .order_by(*ordering(here, KEYS, direction))
    )
    shown = page(db.session().execute(query).all(), KEYS, cursor, PAGE)
    rows = [_row(each, reader) for each in shown.rows]
    return Requests(rows, _waiting_by_side(reader), _counts(reader, filters), shown.before, shown.after)


def waiting(reader: Reader) -> Waiting:
    """What waits for an answer of the reader's organisation."""
    late = sa.func.count().filter(Request.due_on < reader.today)
    query = sa.select(sa.func.count(), late).select_from(Request).where(
        Request.asked_id == reader.organisation_id, Request.stage == Stage.ASKED, visible_to(reader, Request.person_id)
    )
    return Waiting(*db.session().execute(query).one())


def about(person_id: int, reader: Reader) -> list[RequestRow]:
    """Of that person, for the page both organisations open: what waits, and what was answered lately."""
    answered = sa.select(RequestStep.id).where(
        RequestStep.request_id == Request.id, RequestStep.kind == StepKind.ANSWERED, RequestStep.at >= clock.now() - LATELY
    )
    lately = sa.and_(Request.stage == Stage.ANSWERED, answered.exists())
    query = _rows(reader).where(Request.person_id == person_id, sa.or_(Request.stage == Stage.ASKED, lately))
    return [_row(each, reader) for each in db.session().execute(query.order_by(Request.stage, Request.due_on, Request.id))]


def one(public_id: uuid.UUID, reader: Reader) -> RequestRow:
    """That request; NotVisible for one of other organisations, or about somebody the reader no longer sees."""
    row = db.session().execute(_rows(reader).where(Request.public_id == public_id)).first()
    if row is None:
        raise NotVisible(f"request {public_id}")
    return _row(row, reader)


def partners(person_id: int, reader: Reader) -> list[Partner]:
    """The organisations that may be asked something about that person today, by name."""
    rows = db.session().execute(
        sa.select(
            Organisation.id,
            sa.cast(Organisation.public_id, sa.Text).label("organisation"),
            Organisation.name,
            Organisation.kind,
            sa.cast(User.public_id, sa.Text).label("user"),
            User.name.label("user_name"),
        )
        .select_from(Link)
        .join(Organisation, Organisation.id == Link.organisation_id)
        .outerjoin(User, sa.and_(User.id == Link.user_id, User.active))
        .where(
            Link.person_id == person_id,
            Link.organisation_id != reader.organisation_id,
            visible_to(reader, Link.person_id),
            not_ended(Link, reader),
            Organisation.has_account,
        )
        .order_by(Organisation.name, Organisation.id, User.name)
    )
    found: dict[int, Partner] = {}
    for number, public_id, name, kind, user, user_name in rows:
        if number not in found:
            found[number] = Partner(number, public_id, name, kind, questions_between(reader.kind, kind))
        if user:
            found[number].people[user] = user_name
    return [each for each in found.values() if each.questions]


def is_declared(person_id: int, events: Sequence[str], since: datetime, reader: Reader) -> bool:
    """The reader's organisation has declared one of these events about that person since then."""
    query = sa.exists().where(
        JournalEntry.person_id == person_id,
        visible_to(reader, JournalEntry.person_id),
        JournalEntry.organisation_id == reader.organisation_id,
        JournalEntry.type.in_(events),
        JournalEntry.recorded_at >= since,
        stands(),
    )
    return bool(db.session().scalar(sa.select(query)))


def _either(reader: Reader) -> Criterion:
    mine = sa.or_(Request.asker_id == reader.organisation_id, Request.asked_id == reader.organisation_id)
    return sa.and_(mine, Request.stage != Stage.UNDONE, visible_to(reader, Request.person_id))


def _asked_for(reader: Reader, filters: Filters) -> list[Criterion]:
    """The side, the question and whose, without the state."""
    sent = filters.side == SENT
    found = [_either(reader), (Request.asker_id if sent else Request.asked_id) == reader.organisation_id]
    if filters.question:
        found.append(Request.question == filters.question)
    if filters.mine:
        found.append((Request.user_id if sent else Request.user_asked_id) == reader.user_id)
    return found


def _state(state: str, reader: Reader) -> Criterion:
    is_asked = Request.stage == Stage.ASKED
    match state:
        case "waiting":
            return is_asked
        case "overdue":
            return sa.and_(is_asked, Request.due_on < reader.today)
        case "answered":
            return Request.stage == Stage.ANSWERED
        case "withdrawn":
            return Request.stage == Stage.WITHDRAWN
        case _:
            return sa.true()


def _counts(reader: Reader, filters: Filters) -> dict[str, int]:
    states = (WAITING, OVERDUE, ANSWERED, WITHDRAWN, ALL)
    counted = (sa.func.count().filter(_state(each, reader)) for each in states)
    row = db.session().execute(sa.select(*counted).select_from(Request).where(*_asked_for(reader, filters))).one()
    return dict(zip(states, row, strict=True))


def _waiting_by_side(reader: Reader) -> dict[str, int]:
    sides = {RECEIVED: Request.asked_id, SENT: Request.asker_id}
    counted = (sa.func.count().filter(each == reader.organisation_id) for each in sides.values())
    query = sa.select(*counted).select_from(Request).where(_either(reader), Request.stage == Stage.ASKED)
    return dict(zip(sides, db.session().execute(query).one(), strict=True))


def _rows(reader: Reader) -> Any:
    last = (
        sa.select(RequestStep.reply, RequestStep.reply_on, RequestStep.at, RequestStep.user_id, RequestStep.kind)
        .where(RequestStep.request_id == Request.id)
        .order_by(RequestStep.id.desc())
        .limit(1)
        .lateral("last")
    )
    closed_at = sa.case((Request.stage == Stage.ASKED, None), else_=last.c.at)
    return (
        sa.select(
            Request.id,
            sa.cast(Request.public_id, sa.Text).label("public_id"),
            Request.person_id,
            sa.cast(Person.public_id, sa.Text).label("person"),
            Person.family_name,
            Person.given_name,
            Person.birth_date,
            Request.question,
            Request.stage,
            Request.asker_id,
            _ASKER.name.label("asker"),
            _ASKER.phone.label("asker_phone"),
            _AUTHOR.name.label("author"),
            _AUTHOR.phone.label("author_phone"),
            Request.asked_id,
            _ASKED.name.label("asked"),
            _ASKED.phone.label("asked_phone"),
            _ADDRESSEE.name.label("addressee"),
            Request.user_asked_id.label("addressee_id"),
            Request.asked_at,
            Request.due_on,
            _first_look(closed_at).label("read_at"),
            last.c.reply,
            last.c.reply_on,
            closed_at.label("closed_at"),
            _CLOSER.name.label("closed_by"),
            sa.select(sa.func.count())
            .where(
                _WAITS_TOO.person_id == Request.person_id,
                _WAITS_TOO.asked_id == Request.asked_id,
                _WAITS_TOO.stage == Stage.ASKED,
            )
            .scalar_subquery()
            .label("of_person"),
        )
        .join(Person, Person.id == Request.person_id)
        .join(_ASKER, _ASKER.id == Request.asker_id)
        .join(_ASKED, _ASKED.id == Request.asked_id)
        .join(_AUTHOR, _AUTHOR.id == Request.user_id)
        .outerjoin(_ADDRESSEE, _ADDRESSEE.id == Request.user_asked_id)
        .outerjoin(last, sa.true())
        .outerjoin(_CLOSER, sa.and_(_CLOSER.id == last.c.user_id, Request.stage != Stage.ASKED))
        .where(_either(reader), Person.merged_into.is_(None))
    )


def _first_look(closed_at: Any) -> Any:
    """When somebody of the organisation asked first opened a page that showed it; answering is reading at the latest."""
    look = (
        sa.select(sa.func.min(Disclosure.at))
        .where(
            Disclosure.person_id == Request.person_id,
            Disclosure.organisation_id == Request.asked_id,
            Disclosure.user_id.is_not(None),
            Disclosure.what.in_((PERSON_PAGE, LIST_PAGE)),
            Disclosure.at >= Request.asked_at,
            sa.or_(closed_at.is_(None), Disclosure.at <= closed_at),
        )
        .scalar_subquery()
    )
    return sa.case((Request.stage == Stage.ANSWERED, sa.func.least(look, closed_at)), else_=look)


def _row(row: Any, reader: Reader) -> RequestRow:
    told = {each.name: getattr(row, each.name) for each in fields(RequestRow) if each.name != "mine"}
    return RequestRow(**told, mine=reader.organisation_id)
