"""What a user was told, the latest first, and how they want to hear of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from pathways import clock, db
from pathways.models import Alert, Digest, Notification, NotificationChoice, Person
from pathways.queries.paging import Key, page, paged
from pathways.sharing.visibility import Criterion, Reader, visible_to

PAGE = 50
KEYS = (Key("id", int, descending=True),)


@dataclass(frozen=True, slots=True)
class Told:
    """One notification, with whom it is about for whoever still sees them."""

    public_id: uuid.UUID
    kind: str
    pressing: bool
    at: datetime
    is_read: bool
    rule: str
    level: str
    alert: uuid.UUID
    person_id: int
    person: uuid.UUID
    family_name: str
    given_name: str

    @property
    def on(self) -> date:
        return clock.paris_day(self.at)


def unread(reader: Reader) -> int:
    """How many one has not read, of persons one still sees."""
    return db.session().scalar(sa.select(sa.func.count()).select_from(Notification).join(Alert).where(*_mine(reader), _NEW)) or 0


def told(reader: Reader, cursor: str = "", *, only_unread: bool = False, size: int = PAGE) -> tuple[list[Told], str, str]:
    """(one page, the latest first; cursor before; cursor after)."""
    found = (
        sa.select(
            Notification.id, Notification.public_id, Notification.kind, Notification.pressing, Notification.at,
            Notification.read_at.is_not(None).label("is_read"), Alert.rule, sa.cast(Alert.level, sa.Text).label("level"),
            Alert.public_id.label("alert"), Person.id.label("person_id"), Person.public_id.label("person"), Person.family_name,
            Person.given_name,
        )
        .join(Alert, Alert.id == Notification.alert_id)
        .join(Person, Person.id == Alert.person_id)
        .where(*_mine(reader), *([_NEW] if only_unread else []))
        .cte("told")
    )  # fmt: skip
    shown = page(db.session().execute(paged(sa.select(found), found, KEYS, cursor, size)).all(), KEYS, cursor, size)
    return [Told(*tuple(row)[1:]) for row in shown.rows], shown.before, shown.after


def choice(reader: Reader) -> tuple[Digest, bool]:
    """(how often a summary, whether at once when it presses)."""
    known = db.session().get(NotificationChoice, (reader.user_id, reader.organisation_id))
    return (known.digest, known.immediate) if known else (Digest.DAILY, True)


_NEW = Notification.read_at.is_(None)


def _mine(reader: Reader) -> list[Criterion]:
    return [
        Notification.user_id == reader.user_id,
        Notification.organisation_id == reader.organisation_id,
        visible_to(reader, Alert.person_id),
    ]
