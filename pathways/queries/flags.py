"""What became of the difficulties a training body flagged: who was asked, who read it, who took it, what came of it.

Codes and days only: neither notes nor the reason somebody typed. That it was read is told by the log of consultations (the
person's page, opened by somebody of the organisation asked after the flag was recorded) or by the alert's own log: it is stored
nowhere else.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from pathways import clock, db
from pathways.models import (
    Alert,
    AlertAction,
    Disclosure,
    Enrolment,
    JournalEntry,
    Link,
    LinkRole,
    Organisation,
    Person,
    Signal,
    User,
)
from pathways.queries.entries import stands
from pathways.queries.first_looks import Shown, first_looks
from pathways.sharing.visibility import Reader, not_ended, visible_to

MOST = 100
RULE, FAMILY = "training_risk_flag", "training_risk"
PAGE = "flags.index"
"""What the log of consultations calls the page: from it one knows which answers somebody has seen."""
RECORD = "person.show"
"""The page that shows a flag, whole, to the organisation asked."""
TAKEN, HANDED, CLOSED, CONTACT, FLAG_CLOSED = "taken", "handed", "closed", "contact", "risk_flag_closed"


class Stage(StrEnum):
    """How far the organisation asked has come; ``NOBODY``: there is none."""

    NOBODY = "nobody"
    RECEIVED = "received"
    READ = "read"
    TAKEN = "taken"
    ACTING = "acting"
    CLOSED = "closed"


WAY = (Stage.RECEIVED, Stage.READ, Stage.TAKEN, Stage.ACTING, Stage.CLOSED)


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing done about a flag. ``kind``: taken, handed, closed (with its ``outcome``), contact, risk_flag_closed."""

    at: datetime
    on: date
    kind: str
    who: str | None
    organisation: str
    outcome: str | None = None
    own: bool = False
    """The reader's organisation did it itself: no news."""
    is_new: bool = False


@dataclass(slots=True)
class Flag:
    """One flag of the body and its answers, in the order in which they came. ``asked``: who is to act on it."""

    id: int
    on: date
    recorded_at: datetime
    dimension: str
    level: int
    themes: list[str]
    author: str | None
    person_id: int
    public_id: uuid.UUID
    family_name: str
    given_name: str
    enrolment_id: int
    scheme: str
    ended_on: date | None = None
    """The day it ceased to hold: somebody answered, or the step ended."""
    asked_id: int | None = None
    asked: str | None = None
    asked_person: str | None = None
    due_on: date | None = None
    read_at: datetime | None = None
    """When somebody of the organisation asked first opened the person's page, or acted on the alert, with the flag there."""
    answers: list[Answer] = field(default_factory=list)

    @property
    def unread(self) -> int:
        return sum(answer.is_new for answer in self.answers)

    @property
    def story(self) -> list[Answer]:
        """The answers, and among them the first reading where it came before any act."""
        acts = {each.at for each in self.answers}
        if self.read_at is None or self.asked is None or self.read_at in acts:
            return self.answers
        read = Answer(self.read_at, clock.paris_day(self.read_at), Stage.READ, None, self.asked)
        return sorted([*self.answers, read], key=lambda each: each.at)

    @property
    def stage(self) -> Stage:
        reached = [each for each, day in self.way if day is not None]
        return reached[-1] if reached else Stage.NOBODY

    @property
    def way(self) -> list[tuple[Stage, date | None]]:
        """Each stage with the day it was reached; None where it was not, or was passed over."""
        first = {each.kind: each.on for each in reversed(self.answers) if not each.own or each.kind == FLAG_CLOSED}
        taken = [first[kind] for kind in (TAKEN, HANDED) if kind in first]
        reached = {
            Stage.RECEIVED: clock.paris_day(self.recorded_at) if self.asked else None,
            Stage.READ: clock.paris_day(self.read_at) if self.read_at else None,
            Stage.TAKEN: min(taken, default=None),
            Stage.ACTING: first.get(CONTACT),
            Stage.CLOSED: self.closed_on,
        }
        return [(each, reached[each]) for each in WAY]

    @property
    def closed_on(self) -> date | None:
        """The day the alert was closed or the flag ceased to hold, whichever came first."""
        days = [each.on for each in self.answers if each.kind in {CLOSED, FLAG_CLOSED}]
        return min([*days, *([self.ended_on] if self.ended_on else [])], default=None)

    @property
    def outcome(self) -> str | None:
        """The code the alert was closed with, the last one."""
        return next((each.outcome for each in reversed(self.answers) if each.kind == CLOSED), None)


@dataclass(frozen=True, slots=True)
class Told:
    """Who is asked when the body flags a difficulty: an organisation, and its person when one is named."""

    organisation: str
    phone: str | None
    name: str | None


def flags(reader: Reader, *, mine: bool) -> list[Flag]:
    """The body's flags, the latest first, with what became of them; ``mine``: those I raised."""
    query = _flags(reader).order_by(JournalEntry.id.desc()).limit(MOST)
    if mine:
        query = query.where(JournalEntry.user_id == reader.user_id)
    found = [_flag(row) for row in db.session().execute(query)]
    if found:
        _answer(found, reader)
    return found


def counts(reader: Reader) -> tuple[int, int]:
    """How many flags are mine, and how many are the body's."""
    each = _flags(reader).with_only_columns(JournalEntry.user_id, maintain_column_froms=True).subquery()
    mine = sa.func.count().filter(each.c.user_id == reader.user_id)
    row = db.session().execute(sa.select(mine, sa.func.count()).select_from(each)).one()
    return row[0], row[1]


def unread_answers(reader: Reader) -> int:
    """How many answers to my flags came since I last looked at them."""
    return sum(flag.unread for flag in flags(reader, mine=True))


def told(person_id: int, reader: Reader) -> Told | None:
    """Who is asked first: the referent of the person today, else whoever prescribed; None where nobody accompanies them."""
    rows = db.session().execute(
        sa.select(Organisation.name, Organisation.phone, User.name)
        .select_from(Link)
        .join(Organisation, Organisation.id == Link.organisation_id)
        .outerjoin(User, User.id == Link.user_id)
        .where(
            Link.person_id == person_id,
            visible_to(reader, Link.person_id),
            Link.role.in_((LinkRole.REFERENT, LinkRole.PRESCRIBER)),
            not_ended(Link, reader),
        )
        .order_by(Link.role != LinkRole.REFERENT, User.name.is_(None), Link.started_on.desc(), Link.id.desc())
        .limit(1)
    )
    row = rows.first()
    return Told(*row) if row else None


def _flags(reader: Reader) -> sa.Select[Any]:
    columns = (
        JournalEntry.id,
        JournalEntry.occurred_on,
        JournalEntry.recorded_at,
        JournalEntry.payload,
        User.name.label("author"),
        Person.id.label("person_id"),
        Person.public_id,
        Person.family_name,
        Person.given_name,
        Enrolment.id.label("enrolment_id"),
        Enrolment.scheme,
    )
    return (
        sa.select(*columns)
        .select_from(JournalEntry)
        .join(Enrolment, Enrolment.id == JournalEntry.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(User, User.id == JournalEntry.user_id)
        .where(
            JournalEntry.organisation_id == reader.organisation_id,
            JournalEntry.type == "risk_flag",
            visible_to(reader, JournalEntry.person_id),
            Person.merged_into.is_(None),
            stands(),
        )
    )


def _flag(row: Any) -> Flag:
    said = row.payload
    return Flag(
        row.id,
        row.occurred_on,
        row.recorded_at,
        said["dimension"],
        int(said["level"]),
        list(said.get("themes") or ()),
        row.author,
        row.person_id,
        row.public_id,
        row.family_name,
        row.given_name,
        row.enrolment_id,
        row.scheme,
    )


# --- what became of them -----------------------------------------------------------------------------------------------


def _answer(found: Sequence[Flag], reader: Reader) -> None:
    """Adds to each flag who is asked and what was done, from the alert of its step and the journal."""
    persons = sorted({flag.person_id for flag in found})
    ended, alerts = _ended(persons), _alerts(persons)
    actions = _actions([alert.id for of_step in alerts.values() for alert in of_step])
    said, seen = _said(persons, reader), _last_look(persons, reader)
    for flag in found:
        flag.ended_on = ended.get((flag.enrolment_id, f"{flag.dimension}:{flag.on.isoformat()}"))
        until = flag.ended_on or date.max
        held = (each for each in alerts[flag.enrolment_id] if each.closed_on is None or each.closed_on >= flag.on)
        alert = next((each for each in held if each.opened_on <= until), None)
        of_step = {None, flag.enrolment_id}
        answers = [each for step, each in said[flag.person_id] if step in of_step and flag.on <= each.on <= until]
        if alert is not None:
            flag.asked_id, flag.asked = alert.organisation_id, alert.organisation
            flag.asked_person, flag.due_on = alert.owner, alert.due_on
            answers += [each for each in actions[alert.id] if each.at >= flag.recorded_at and each.on <= until]
        last = seen.get(flag.person_id)
        flag.answers = [
            replace(each, is_new=not each.own and (last is None or each.at > last))
            for each in sorted(answers, key=lambda each: each.at)
        ]
    _read(found)


def _read(found: Sequence[Flag]) -> None:
    """Adds when each was first read. Who acts on the alert has read the flag, by whatever page."""
    shown = [
        Shown(flag.id, flag.person_id, flag.asked_id, flag.recorded_at, _end_of(flag.ended_on))
        for flag in found
        if flag.asked_id is not None
    ]
    looks = first_looks(shown, RECORD)
    for flag in found:
        acted = [each.at for each in flag.answers if each.kind in {TAKEN, HANDED, CLOSED} and each.who is not None]
        look = [looks[flag.id]] if flag.id in looks else []
        flag.read_at = min([*acted, *look], default=None)


def _end_of(day: date | None) -> datetime:
    """The end of that day in Paris; of today when it has not come."""
    return datetime.combine((day or clock.today()) + timedelta(days=1), time.min, clock.PARIS)


def _ended(persons: Sequence[int]) -> dict[tuple[int | None, str], date | None]:
    """(Enrolment, what the signal is about) → the day the signal of a flag closed."""
    query = sa.select(Signal.enrolment_id, Signal.about, Signal.closed_on).where(
        Signal.person_id.in_(persons), Signal.rule == RULE
    )
    return {(row[0], row[1]): row[2] for row in db.session().execute(query.order_by(Signal.id))}


def _alerts(persons: Sequence[int]) -> dict[int, list[Any]]:
    """Enrolment → its alerts on a flag, the earliest first."""
    query = (
        sa.select(
            Alert.id,
            Alert.enrolment_id,
            Alert.opened_on,
            Alert.closed_on,
            Alert.due_on,
            Alert.organisation_id,
            Organisation.name.label("organisation"),
            User.name.label("owner"),
        )
        .join(Organisation, Organisation.id == Alert.organisation_id)
        .outerjoin(User, User.id == Alert.owner_id)
        .where(Alert.person_id.in_(persons), Alert.family == FAMILY)
        .order_by(Alert.opened_on, Alert.id)
    )
    found: dict[int, list[Any]] = defaultdict(list)
    for row in db.session().execute(query):
        found[row.enrolment_id].append(row)
    return found


def _actions(alerts: Sequence[int]) -> dict[int, list[Answer]]:
    """Alert → what was done about it. The reason somebody typed stays with their organisation: it is not read."""
    query = (
        sa.select(
            AlertAction.alert_id,
            AlertAction.at,
            # For whoever flagged it, put aside and resolved are both answers: the outcome tells which.
            sa.case((AlertAction.kind == "dismissed", CLOSED), else_=AlertAction.kind).label("kind"),
            User.name.label("who"),
            Organisation.name.label("organisation"),
            AlertAction.data["outcome"].astext.label("outcome"),
        )
        .join(Alert, Alert.id == AlertAction.alert_id)
        .join(Organisation, Organisation.id == Alert.organisation_id)
        .outerjoin(User, User.id == AlertAction.user_id)
        .where(AlertAction.alert_id.in_(alerts), AlertAction.kind.in_((TAKEN, HANDED, CLOSED, "dismissed")))
    )
    found: dict[int, list[Answer]] = defaultdict(list)
    for row in db.session().execute(query):
        answer = Answer(row.at, clock.paris_day(row.at), row.kind, row.who, row.organisation, row.outcome)
        found[row.alert_id].append(answer)
    return found


def _said(persons: Sequence[int], reader: Reader) -> dict[int, list[tuple[int | None, Answer]]]:
    """Person → declarations that say they answer a flag, with the step they are tied to (None: any of the person).

    A contact of another organisation is not the body's to read; its day, and that it answers the body's own flag, are.
    """
    resolves = sa.and_(JournalEntry.type.in_(("contact", "appointment")), JournalEntry.payload["resolves"].contains([RULE]))
    query = (
        sa.select(
            JournalEntry.person_id,
            JournalEntry.enrolment_id,
            JournalEntry.type,
            JournalEntry.occurred_on,
            JournalEntry.recorded_at,
            Organisation.name.label("organisation"),
            (JournalEntry.organisation_id == reader.organisation_id).label("own"),
        )
        .join(Organisation, Organisation.id == JournalEntry.organisation_id)
        .where(
            JournalEntry.person_id.in_(persons),
            sa.or_(JournalEntry.type == FLAG_CLOSED, resolves),
            stands(),
        )
    )
    found: dict[int, list[tuple[int | None, Answer]]] = defaultdict(list)
    for row in db.session().execute(query):
        closes = row.type == FLAG_CLOSED
        answer = Answer(row.recorded_at, row.occurred_on, FLAG_CLOSED if closes else CONTACT, None, row.organisation, own=row.own)
        found[row.person_id].append((row.enrolment_id if closes else None, answer))
    return found


def _last_look(persons: Sequence[int], reader: Reader) -> dict[int, datetime]:
    """Person → when I last saw this page show them."""
    query = (
        sa.select(Disclosure.person_id, sa.func.max(Disclosure.at))
        .where(Disclosure.person_id.in_(persons), Disclosure.user_id == reader.user_id, Disclosure.what == PAGE)
        .group_by(Disclosure.person_id)
    )
    return {row[0]: row[1] for row in db.session().execute(query)}
