"""Who signs in, and for which organisations they may act today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from pathways import db
from pathways.models import Kind, Membership, Organisation, Role, User
from pathways.sharing.permissions import Permission, permissions_of
from pathways.workflows.actors import ACCOMPANYING


@dataclass(frozen=True, slots=True)
class Mandate:
    """One organisation a user may act for, with every role held there."""

    organisation_id: int
    public_id: str
    name: str
    kind: Kind
    roles: tuple[Role, ...]

    @property
    def permissions(self) -> frozenset[Permission]:
        return permissions_of(self.roles)

    @property
    def accompanies(self) -> bool:
        """Whether it may be the referent of an accompaniment."""
        return self.kind in ACCOMPANYING


@dataclass(frozen=True, slots=True)
class Account:
    """A user as the pages know them: no password, no mapped object that a rollback would empty."""

    id: int
    email: str
    name: str
    locale: str
    stamp: str
    """Changes with the password: sessions opened before are over."""
    mandates: tuple[Mandate, ...] = field(default=())

    def mandate(self, public_id: str | None) -> Mandate | None:
        """The mandate chosen, or the only one there is."""
        chosen = next((each for each in self.mandates if each.public_id == public_id), None)
        return chosen or (self.mandates[0] if len(self.mandates) == 1 else None)


@dataclass(frozen=True, slots=True)
class Profile:
    """What somebody may change of their own account."""

    name: str
    email: str
    phone: str | None
    locale: str


def profile(user_id: int) -> Profile:
    row = db.session().execute(sa.select(User.name, User.email, User.phone, User.locale).where(User.id == user_id)).one()
    return Profile(row.name, row.email, row.phone, str(row.locale))


def account(user_id: int, today: date) -> Account | None:
    """An active user with their present mandates, in one query; None for anybody else."""
    return account_of(db.session().execute(selected(user_id, today)).all())


def selected(user_id: int, today: date) -> sa.Select[*tuple[Any, ...]]:
    """The rows ``account_of`` reads: one a role, at least one."""
    present = sa.and_(
        Membership.user_id == User.id,
        Membership.started_on <= today,
        sa.or_(Membership.ended_on.is_(None), Membership.ended_on >= today),
    )
    return (
        sa.select(
            User.id,
            User.email,
            User.name,
            User.locale,
            User.password_hash,
            Organisation.id,
            Organisation.public_id,
            Organisation.name,
            Organisation.kind,
            Membership.role,
        )
        .outerjoin(Membership, present)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .where(User.id == user_id, User.active)
        .order_by(Organisation.name, Membership.role)
    )


def account_of(rows: Sequence[Any]) -> Account | None:
    """The user of these rows; what stands after their ten columns is somebody else's."""
    if not rows:
        return None
    id_, email, name, locale, password_hash = rows[0][:5]
    return Account(id_, email, name, str(locale), (password_hash or "")[-12:], _mandates(rows))


def _mandates(rows: Sequence[Any]) -> tuple[Mandate, ...]:
    roles: dict[tuple[int, str, str, Kind], list[Role]] = {}
    for organisation_id, public_id, name, kind, role in (row[5:10] for row in rows):
        if organisation_id is not None:
            roles.setdefault((organisation_id, str(public_id), name, Kind(kind)), []).append(Role(role))
    return tuple(Mandate(*organisation, tuple(held)) for organisation, held in roles.items())


def credentials(email: str) -> tuple[int, str | None] | None:
    """Id and password hash of the active user with that address."""
    row = (
        db.session()
        .execute(sa.select(User.id, User.password_hash).where(User.email == email.strip().lower(), User.active))
        .first()
    )
    return (row[0], row[1]) if row else None
