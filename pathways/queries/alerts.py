"""Open alerts of a person, as one organisation may act on them, and the colleagues one may be handed to."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from pathways import db
from pathways.detection.alerting import MUTE
from pathways.models import Alert, AlertState, Membership, Organisation, User
from pathways.sharing.permissions import PERMISSIONS, Permission
from pathways.sharing.visibility import Reader, signals_visible_to, visible_to
from pathways.workflows.dates import days

ACTING_ROLES = [role for role, permissions in PERMISSIONS.items() if Permission.ALERT_ACT in permissions]


@dataclass(frozen=True, slots=True)
class AlertRow:
    """An alert: who is to act, by when."""

    id: int
    public_id: uuid.UUID
    enrolment_id: int | None
    family: str
    level: str
    due_on: date | None
    opened_on: date
    version: int
    organisation: str
    owner_id: int | None
    owner: str | None
    closed_on: date | None
    own: bool
    """The reader's organisation is the one asked to act."""
    state: str
    rule: str
    shown_on: date | None
    paused_until: date | None
    held_for: str | None
    held_until: date | None
    corrected: bool

    @property
    def is_open(self) -> bool:
        return self.closed_on is None


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of one's own organisation who may act on an alert."""

    user_id: int
    name: str


def open_alerts(person_id: int, reader: Reader) -> list[AlertRow]:
    """The open alerts of a person the reader may see."""
    query = _alerts_of(person_id, reader).where(Alert.closed_on.is_(None))
    return [AlertRow(*row) for row in db.session().execute(query)]


def asked_alert(person_id: int, public_id: uuid.UUID, reader: Reader) -> AlertRow | None:
    """An alert of that person the reader's organisation is, or was, asked to act on; None where another one is."""
    query = _alerts_of(person_id, reader).where(Alert.public_id == public_id, Alert.organisation_id == reader.organisation_id)
    row = db.session().execute(query).first()
    return AlertRow(*row) if row else None


@dataclass(frozen=True, slots=True)
class Silence:
    """What the reader's organisation is not told of at this moment, and why. ``waiting``: alerts held back or in pause;
    ``lately``: those somebody closed in the last weeks, the latest first.
    """

    waiting: list[AlertRow]
    lately: list[tuple[str, date | None, str | None]]
    """(family, day, outcome code)."""


def silence(person_id: int, reader: Reader) -> Silence:
    """Why nothing of this person may be in front of the reader's organisation."""
    session, own = db.session(), Alert.organisation_id == reader.organisation_id
    waiting = _alerts_of(person_id, reader).where(own, Alert.state.in_((AlertState.PROPOSED, AlertState.PAUSED)))
    closed = (
        sa.select(sa.cast(Alert.family, sa.Text), Alert.closed_on, Alert.outcome)
        .where(Alert.person_id == person_id, own, Alert.closed_on > reader.today - days(MUTE))
        .where(visible_to(reader, Alert.person_id))
        .order_by(Alert.closed_on.desc(), Alert.id.desc())
    )
    lately = [(row[0], row[1], row[2]) for row in session.execute(closed)]
    return Silence([AlertRow(*row) for row in session.execute(waiting)], lately)


def _alerts_of(person_id: int, reader: Reader) -> Any:
    return (
        sa.select(
            Alert.id,
            Alert.public_id,
            Alert.enrolment_id,
            sa.cast(Alert.family, sa.Text),
            sa.cast(Alert.level, sa.Text),
            Alert.due_on,
            Alert.opened_on,
            Alert.version,
            Organisation.name,
            Alert.owner_id,
            User.name,
            Alert.closed_on,
            Alert.organisation_id == reader.organisation_id,
            sa.cast(Alert.state, sa.Text),
            Alert.rule,
            Alert.shown_on,
            Alert.paused_until,
            sa.cast(Alert.held_for, sa.Text),
            Alert.held_until,
            Alert.corrected,
        )
        .join(Organisation, Organisation.id == Alert.organisation_id)
        .outerjoin(User, User.id == Alert.owner_id)
        .where(
            Alert.person_id == person_id,
            visible_to(reader, Alert.person_id),
            sa.or_(Alert.organisation_id == reader.organisation_id, signals_visible_to(reader, Alert)),
        )
    )


def colleagues(reader: Reader) -> list[Colleague]:
    """The others of the reader's organisation whose role lets them act on alerts today, by name."""
    rows = db.session().execute(
        sa.select(User.id, User.name)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.organisation_id == reader.organisation_id,
            Membership.role.in_(ACTING_ROLES),
            Membership.started_on <= reader.today,
            sa.or_(Membership.ended_on.is_(None), Membership.ended_on >= reader.today),
            User.active,
            User.id != reader.user_id,
        )
        .distinct()
        .order_by(User.name, User.id)
    )
    return [Colleague(*row) for row in rows]
