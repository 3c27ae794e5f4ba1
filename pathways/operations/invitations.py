"""Asking somebody by their address to take roles in an organisation: a link, fourteen days, used once.

The secret of the link is 256 random bits. It is given to whoever invites, once; what is stored is its hash.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256

import sqlalchemy as sa

from pathways import clock, db
from pathways.errors import NotVisible, Reason, Refused
from pathways.models import Invitation, Membership, Role, User
from pathways.operations.accounts import check_password, clean_name, clean_phone
from pathways.operations.members import check_roles
from pathways.sharing.identifiers import email_address
from pathways.sharing.passwords import hash_password

VALID_FOR = timedelta(days=14)
TOKEN_BYTES = 32


def hash_of(token: str) -> str:
    """What is stored of a link. Random bits need no slow hash."""
    return sha256(token.encode()).hexdigest()


def invite(email: str, roles: Sequence[Role], *, organisation_id: int, by: int) -> tuple[uuid.UUID, str]:
    """Asks this address to take these roles. Returns the invitation and the secret of its link.

    Whether the address has an account changes nothing here. One invitation waits per address: renew or revoke it.
    """
    try:
        address = email_address(email)
    except ValueError:
        address = None
    if address is None:
        raise Refused(Reason("email_invalid"))
    if not roles:
        raise Refused(Reason("roles_missing"))
    with db.atomic() as session:
        inviter = session.scalar(sa.select(User.email).where(User.id == by))
        check_roles(list(roles), organisation_id=organisation_id, to_user_id=by if inviter == address else None, by=by)
        _refuse_roles_held(address, roles, organisation_id)
        waiting = session.scalar(_waiting().where(Invitation.organisation_id == organisation_id, Invitation.email == address))
        if waiting is not None and waiting.expires_at > clock.now():
            raise Refused(Reason("already_invited", {"until": clock.paris_day(waiting.expires_at)}))
        if waiting is not None:
            waiting.revoked_at = clock.now()
            session.flush()
        token = secrets.token_urlsafe(TOKEN_BYTES)
        made = Invitation(
            organisation_id=organisation_id,
            email=address,
            roles=[role.value for role in roles],
            token_hash=hash_of(token),
            invited_by=by,
            expires_at=clock.now() + VALID_FOR,
        )
        session.add(made)
        session.flush()
        return made.public_id, token


def renew(invitation: uuid.UUID, *, organisation_id: int, by: int) -> str:
    """A new link for fourteen more days, in the name of whoever renews; the link given before opens nothing any more."""
    with db.atomic() as session:
        found = _own(invitation, organisation_id)
        inviter = session.scalar(sa.select(User.email).where(User.id == by))
        check_roles(
            [Role(role) for role in found.roles],
            organisation_id=organisation_id,
            to_user_id=by if inviter == found.email else None,
            by=by,
        )
        token = secrets.token_urlsafe(TOKEN_BYTES)
        found.token_hash, found.expires_at, found.invited_by = hash_of(token), clock.now() + VALID_FOR, by
        session.flush()
        return token


def revoke(invitation: uuid.UUID, *, organisation_id: int) -> None:
    """The link opens nothing any more."""
    with db.atomic() as session:
        _own(invitation, organisation_id).revoked_at = clock.now()
        session.flush()


def accept_as(token: str, user_id: int) -> None:
    """Somebody who has an account and signed in takes the roles; only whoever was invited may."""
    with db.as_system(), db.atomic() as session:
        found = _by_link(token)
        user = session.get_one(User, user_id)
        if user.email != found.email or not user.active:
            raise Refused(Reason("invitation_for_another"))
        _take(found, user)


def accept_and_join(token: str, *, name: str, phone: str | None, password: str) -> int:
    """Somebody without an account makes one and takes the roles. Returns the new user's id."""
    with db.as_system(), db.atomic() as session:
        found = _by_link(token)
        # Two organisations may have invited the same address, and both links be followed at once.
        session.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext('account:' || :email))"), {"email": found.email})
        if session.scalar(sa.select(sa.exists().where(User.email == found.email))):
            raise Refused(Reason("sign_in_to_accept"))
        said = clean_name(name)
        check_password(password, found.email, said)
        user = User(email=found.email, name=said, phone=clean_phone(phone), password_hash=hash_password(password))
        session.add(user)
        session.flush()
        _take(found, user)
        return user.id


def _take(invitation: Invitation, user: User) -> None:
    session, today = db.session(), clock.today()
    roles = [Role(role) for role in invitation.roles]
    check_roles(roles, organisation_id=invitation.organisation_id, to_user_id=user.id, by=invitation.invited_by)
    held = set(_held(user.id, invitation.organisation_id))
    session.add_all(
        Membership(user_id=user.id, organisation_id=invitation.organisation_id, role=role, started_on=today)
        for role in roles
        if role not in held
    )
    invitation.accepted_at, invitation.accepted_by = clock.now(), user.id
    session.flush()


def _by_link(token: str) -> Invitation:
    """The invitation a link opens, locked; refused once it is over, or when whoever invited no longer administers."""
    found = db.session().scalar(sa.select(Invitation).where(Invitation.token_hash == hash_of(token)).with_for_update())
    if found is None:
        raise NotVisible("invitation")
    if found.accepted_at or found.revoked_at or found.expires_at <= clock.now():
        raise Refused(Reason("invitation_over"))
    if Role.ADMINISTRATEUR not in _held(found.invited_by, found.organisation_id):
        raise Refused(Reason("invitation_inviter_left"))
    return found


def _own(invitation: uuid.UUID, organisation_id: int) -> Invitation:
    """An invitation of this organisation that still waits, locked."""
    found = db.session().scalar(
        _waiting().where(Invitation.public_id == invitation, Invitation.organisation_id == organisation_id)
    )
    if found is None:
        raise NotVisible(f"invitation {invitation}")
    return found


def _waiting() -> sa.Select[Invitation]:
    return (
        sa.select(Invitation)
        .where(Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None))
        .with_for_update()
    )


def _refuse_roles_held(address: str, roles: Sequence[Role], organisation_id: int) -> None:
    """Members of one's own organisation are no secret: a role somebody has is not offered again."""
    user_id = db.session().scalar(sa.select(User.id).where(User.email == address))
    if user_id is not None and set(roles) <= set(_held(user_id, organisation_id)):
        raise Refused(Reason("already_member"))


def _held(user_id: int, organisation_id: int) -> list[Role]:
    today = clock.today()
    return list(
        db.session().scalars(
            sa.select(Membership.role).where(
                Membership.user_id == user_id,
                Membership.organisation_id == organisation_id,
                Membership.started_on <= today,
                sa.or_(Membership.ended_on.is_(None), Membership.ended_on >= today),
            )
        )
    )
