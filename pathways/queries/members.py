"""Members of one's organisation, their roles, how much is at their name, and the invitations that wait. No record shows."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pathways import clock, db
from pathways.models import Alert, Invitation, Kind, Link, LinkRole, Membership, Organisation, Role, User

_KNOWN, _INVITER = aliased(User), aliased(User)

LONGEST_LIST = 100
DORMANT_DAYS = 180
"""An account nobody used for that long is worth a question."""
PRESENT, FORMER = "present", "former"


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role, and the days it held or holds. ``ended_on`` is the last one."""

    role: Role
    started_on: date
    ended_on: date | None

    @property
    def goes_on(self) -> bool:
        return self.ended_on is None or self.ended_on >= clock.today()

    @property
    def begins_later(self) -> bool:
        return self.started_on > clock.today()


@dataclass(slots=True)
class Member:
    """Somebody who has, had or will have a role here."""

    id: int
    public_id: uuid.UUID
    name: str
    email: str
    phone: str | None
    last_signed_in_at: datetime | None
    created_at: datetime
    roles: list[HeldRole] = field(default_factory=list)

    @property
    def present_roles(self) -> list[HeldRole]:
        return [held for held in self.roles if held.goes_on]

    @property
    def since(self) -> date:
        return min(held.started_on for held in self.roles)

    @property
    def until(self) -> date | None:
        """The last day here, for somebody who left."""
        return None if self.present_roles else max(held.ended_on for held in self.roles if held.ended_on)

    @property
    def is_dormant(self) -> bool:
        """Present, and not seen for half a year (since the account was made, for one never used)."""
        return bool(self.present_roles) and (clock.now() - (self.last_signed_in_at or self.created_at)).days >= DORMANT_DAYS


@dataclass(frozen=True, slots=True)
class Members:
    """One list, its first rows only, and how many there are in all."""

    rows: list[Member]
    total: int
    present: int
    former: int


@dataclass(frozen=True, slots=True)
class Owned:
    """How much stands at somebody's name in this organisation."""

    alerts: int
    persons: int

    def __bool__(self) -> bool:
        return bool(self.alerts or self.persons)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An invitation nobody has answered yet."""

    public_id: uuid.UUID
    email: str
    roles: list[str]
    inviter: str
    created_at: datetime
    expires_at: datetime

    @property
    def is_over(self) -> bool:
        return self.expires_at <= clock.now()


@dataclass(frozen=True, slots=True)
class Invited:
    """What a link opens, for whoever holds it. ``state``: waiting, expired, accepted or revoked."""

    state: str
    email: str
    organisation: str
    organisation_public_id: str
    kind: Kind
    roles: list[str]
    inviter: str
    has_account: bool


def members(organisation_id: int, *, search: str = "", which: str = PRESENT) -> Members:
    """Those who have a role today or will (``present``), or had one (``former``), by name; the search counts both."""
    today = clock.today()
    held = sa.and_(
        Membership.organisation_id == organisation_id,
        sa.or_(Membership.ended_on.is_(None), Membership.ended_on >= Membership.started_on),
    )
    goes_on = sa.func.bool_or(sa.or_(Membership.ended_on.is_(None), Membership.ended_on >= today))
    found = (
        sa.select(User.id, User.name, goes_on.label("present"))
        .join(Membership, sa.and_(Membership.user_id == User.id, held))
        .group_by(User.id)
    )
    if search:
        wanted = f"%{_escaped(search)}%"
        plain = sa.func.unaccent(sa.func.lower(User.name))
        found = found.where(sa.or_(plain.like(sa.func.unaccent(wanted.lower())), User.email.like(wanted.lower())))
    listed = found.subquery()
    session = db.session()
    present, former = session.execute(
        sa.select(sa.func.count().filter(listed.c.present), sa.func.count().filter(~listed.c.present)).select_from(listed)
    ).one()
    ids = session.scalars(
        sa.select(listed.c.id)
        .where(listed.c.present if which == PRESENT else ~listed.c.present)
        .order_by(listed.c.name, listed.c.id)
        .limit(LONGEST_LIST)
    ).all()
    return Members(_read(ids, organisation_id), present if which == PRESENT else former, present, former)


def member(public_id: uuid.UUID, organisation_id: int) -> Member | None:
    """One member, present or former, with every role they had here."""
    user_id = db.session().scalar(sa.select(User.id).where(User.public_id == public_id))
    found = _read([user_id], organisation_id) if user_id is not None else []
    return found[0] if found else None


def owned(user_id: int, organisation_id: int) -> Owned:
    """Open alerts and persons at somebody's name: numbers only, for whoever runs the accounts."""
    today = clock.today()
    alerts = sa.select(sa.func.count()).where(
        Alert.owner_id == user_id, Alert.organisation_id == organisation_id, Alert.closed_on.is_(None)
    )
    persons = sa.select(sa.func.count(sa.distinct(Link.person_id))).where(
        Link.user_id == user_id,
        Link.organisation_id == organisation_id,
        Link.role.in_([LinkRole.REFERENT, LinkRole.CO_REFERENT, LinkRole.OPERATOR]),
        sa.or_(Link.ended_on.is_(None), Link.ended_on >= today),
    )
    session = db.session()
    return Owned(session.scalar(alerts) or 0, session.scalar(persons) or 0)


def waiting_invitations(organisation_id: int) -> list[Waiting]:
    """Those neither accepted nor revoked, the latest first; one whose time is over can still be renewed."""
    rows = db.session().execute(
        sa.select(
            Invitation.public_id,
            Invitation.email,
            Invitation.roles,
            User.name,
            Invitation.created_at,
            Invitation.expires_at,
        )
        .join(User, User.id == Invitation.invited_by)
        .where(
            Invitation.organisation_id == organisation_id,
            Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
        )
        .order_by(Invitation.created_at.desc(), Invitation.id.desc())
        .limit(LONGEST_LIST)
    )
    return [Waiting(*row) for row in rows]


def invited(token: str) -> Invited | None:
    """What this link opens; None for one that was never given, or was replaced. Nobody is signed in yet: read for the system."""
    statement = (
        sa.select(
            Invitation.email,
            Organisation.name,
            Organisation.public_id,
            Organisation.kind,
            Invitation.roles,
            _INVITER.name,
            sa.exists().where(_KNOWN.email == Invitation.email),
            Invitation.accepted_at,
            Invitation.revoked_at,
            Invitation.expires_at,
        )
        .join(Organisation, Organisation.id == Invitation.organisation_id)
        .join(_INVITER, _INVITER.id == Invitation.invited_by)
        .where(Invitation.token_hash == sha256(token.encode()).hexdigest())
    )
    with db.as_system():
        row = db.session().execute(statement).first()
    if row is None:
        return None
    email, organisation, public_id, kind, roles, by, has_account, accepted_at, revoked_at, expires_at = row
    state = _state(accepted_at, revoked_at, expires_at)
    return Invited(state, email, organisation, str(public_id), kind, roles, by, has_account)


def _state(accepted_at: datetime | None, revoked_at: datetime | None, expires_at: datetime) -> str:
    if accepted_at is not None:
        return "accepted"
    if revoked_at is not None:
        return "revoked"
    return "expired" if expires_at <= clock.now() else "waiting"


def _read(ids: Iterable[Any], organisation_id: int) -> list[Member]:
    """These members with their roles, in the order of their names, in one query."""
    rows = db.session().execute(
        sa.select(
            User.id,
            User.public_id,
            User.name,
            User.email,
            User.phone,
            User.last_signed_in_at,
            User.created_at,
            Membership.role,
            Membership.started_on,
            Membership.ended_on,
        )
        .join(Membership, Membership.user_id == User.id)
        .where(
            User.id.in_(list(ids)),
            Membership.organisation_id == organisation_id,
            sa.or_(Membership.ended_on.is_(None), Membership.ended_on >= Membership.started_on),
        )
        .order_by(User.name, User.id, Membership.started_on.desc(), Membership.role)
    )
    found: dict[int, Member] = {}
    for *who, role, started_on, ended_on in rows:
        found.setdefault(who[0], Member(*who)).roles.append(HeldRole(Role(role), started_on, ended_on))
    return list(found.values())


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
