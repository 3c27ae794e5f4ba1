"""Opening a session, keeping it awake, and ending it."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa

from pathways import clock, db
from pathways.models import UserSession
from pathways.sharing import devices

NOTED_EVERY = timedelta(minutes=1)
KEPT = timedelta(days=90)
"""Afterwards nobody asks any more where somebody was signed in."""


def open_session(user_id: int, *, address: str | None, user_agent: str) -> uuid.UUID:
    """A new session from now on; those of anybody that went quiet long ago are forgotten."""
    public_id, now = uuid.uuid4(), clock.now()
    with db.atomic() as session:
        session.execute(sa.delete(UserSession).where(UserSession.last_seen_at < now - KEPT))
        session.add(
            UserSession(
                public_id=public_id,
                user_id=user_id,
                created_at=now,
                last_seen_at=now,
                address=devices.network(address),
                browser=devices.browser(user_agent),
            )
        )
        session.flush()
    return public_id


def note_seen(session_id: int, last_seen_at: datetime) -> None:
    """The session is in use. Written once a minute at most, in a transaction of its own that waits for nobody."""
    now = clock.now()
    if now - last_seen_at < NOTED_EVERY:
        return
    still = sa.update(UserSession).where(
        UserSession.id == session_id, UserSession.ended_at.is_(None), UserSession.last_seen_at <= now - NOTED_EVERY
    )
    with db.atomic() as session:
        session.execute(still.values(last_seen_at=now))


def end_session(user_id: int, public_id: uuid.UUID) -> bool:
    """Ends one session of that account; whether it was still open."""
    return _end(UserSession.user_id == user_id, UserSession.public_id == public_id) > 0


def end_others(user_id: int, *, but: uuid.UUID | None) -> int:
    """Ends every session of that account except one, or all of them. Returns how many were open."""
    return _end(UserSession.user_id == user_id, UserSession.public_id != but if but else sa.true())


def _end(*which: sa.ColumnElement[bool]) -> int:
    with db.atomic() as session:
        ended = session.execute(
            sa.update(UserSession)
            .where(*which, UserSession.ended_at.is_(None))
            .values(ended_at=clock.now())
            .returning(UserSession.id)
        )
        return len(ended.all())
