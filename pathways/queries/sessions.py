"""Where somebody is signed in, and whether one sign-in still holds."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from pathways import db
from pathways.models import SecondFactor, User, UserSession
from pathways.queries import accounts
from pathways.queries.accounts import Account

MOST = 50
"""Sessions shown of one account: more is a script, and ending all others ends them too."""


class Over(StrEnum):
    """Why a session no longer holds."""

    IDLE = "idle"
    TOO_LONG = "too_long"
    ENDED = "ended"
    CHANGED = "changed"
    """The password was changed, or the account closed."""
    MOVED = "moved"
    """The cookie came back from another network or browser."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session holds: without a request, and altogether."""

    idle: timedelta
    longest: timedelta


@dataclass(frozen=True, slots=True)
class Opened:
    """One sign-in on one device."""

    id: int
    public_id: uuid.UUID
    created_at: datetime
    last_seen_at: datetime
    address: str | None
    browser: str
    ended_at: datetime | None
    has_second_factor: bool
    """Whether the account has one now."""

    def over(self, now: datetime, limits: Limits) -> Over | None:
        """Why it no longer holds; None while it does."""
        if self.ended_at is not None:
            return Over.ENDED
        if now - self.created_at >= limits.longest:
            return Over.TOO_LONG
        return Over.IDLE if now - self.last_seen_at >= limits.idle else None


COLUMNS = (
    UserSession.id,
    UserSession.public_id,
    UserSession.created_at,
    UserSession.last_seen_at,
    UserSession.address,
    UserSession.browser,
    UserSession.ended_at,
    sa.exists().where(SecondFactor.user_id == UserSession.user_id),
)
"""What ``Opened`` is made of."""


def account_in(user_id: int, public_id: uuid.UUID, today: date) -> tuple[Account | None, Opened | None]:
    """An active user with their present mandates, and that session of theirs, ended or not: what every page begins with, in one
    query.
    """
    this = sa.and_(UserSession.user_id == User.id, UserSession.public_id == public_id)
    rows = (
        db.session()
        .execute(accounts.selected(user_id, today).add_columns(*COLUMNS).outerjoin(UserSession, this))
        .all()
    )
    held = tuple(rows[0][-len(COLUMNS) :]) if rows else (None,)
    return accounts.account_of(rows), Opened(*held) if held[0] is not None else None


def opened(public_id: uuid.UUID, user_id: int) -> Opened | None:
    """That session of that account, ended or not."""
    row = db.session().execute(_sessions(user_id).where(UserSession.public_id == public_id)).first()
    return Opened(*row) if row else None


def present(user_id: int, now: datetime, limits: Limits) -> list[Opened]:
    """The sessions that hold now, the latest seen first; ``MOST`` at most."""
    rows = db.session().execute(
        _sessions(user_id)
        .where(
            UserSession.ended_at.is_(None),
            UserSession.last_seen_at > now - limits.idle,
            UserSession.created_at > now - limits.longest,
        )
        .order_by(UserSession.last_seen_at.desc(), UserSession.id.desc())
        .limit(MOST)
    )
    return [Opened(*row) for row in rows]


def _sessions(user_id: int) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(*COLUMNS).where(UserSession.user_id == user_id)
