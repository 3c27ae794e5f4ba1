"""Roles in an organisation: given from a day, ended after a day. Rows are never deleted, and no day gone by changes."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import sqlalchemy as sa

from pathways import clock, db
from pathways.errors import NotVisible, Reason, Refused
from pathways.models import Membership, Organisation, Role, User
from pathways.sharing.roles import OPENS_RECORDS, fits

ONE_DAY = timedelta(days=1)
FURTHEST = timedelta(days=366)
"""How far ahead a role may begin or end."""


def give_role(member: uuid.UUID, role: Role, *, from_day: date, organisation_id: int, by: int) -> None:
    """Gives a member, present or former, one more role of this organisation from a day on: today or later."""
    with db.atomic() as session:
        user_id = _member(member, organisation_id)
        check_roles([role], organisation_id=organisation_id, to_user_id=user_id, by=by)
        _check_day(from_day, clock.today())
        for held in _rows(user_id, organisation_id, role):
            if held.ended_on is None or held.ended_on >= from_day:
                raise Refused(Reason("role_held_already", {"role": role.value, "since": held.started_on}))
            if held.started_on >= from_day:
                raise Refused(Reason("role_held_already", {"role": role.value, "since": held.started_on}))
        session.add(Membership(user_id=user_id, organisation_id=organisation_id, role=role, started_on=from_day))
        session.flush()


def end_role(member: uuid.UUID, role: Role, *, last_day: date | None, organisation_id: int) -> date:
    """Ends a role after ``last_day`` (today or later), or at once when None. Returns the last day it holds.

    At once means that it no longer holds today; one begun today or later never held.
    """
    with db.atomic() as session:
        user_id, today = _member(member, organisation_id), clock.today()
        if last_day is not None:
            _check_day(last_day, today)
        if role is Role.ADMINISTRATEUR:
            _keep_an_administrator(user_id, organisation_id)
        held = next((row for row in _rows(user_id, organisation_id, role) if _goes_on(row, today)), None)
        if held is None:
            raise Refused(Reason("role_not_held", {"role": role.value}))
        held.ended_on = max(last_day or today - ONE_DAY, held.started_on - ONE_DAY)
        session.flush()
        return held.ended_on


def keep_role(member: uuid.UUID, role: Role, *, organisation_id: int) -> None:
    """Takes back an end that has not come: the role goes on."""
    with db.atomic() as session:
        user_id, today = _member(member, organisation_id), clock.today()
        rows = _rows(user_id, organisation_id, role)
        ending = next((row for row in rows if row.ended_on is not None and _goes_on(row, today)), None)
        if ending is None:
            raise Refused(Reason("role_end_not_planned", {"role": role.value}))
        if any(row.started_on > ending.started_on for row in rows):
            raise Refused(Reason("role_held_already", {"role": role.value, "since": rows[-1].started_on}))
        ending.ended_on = None
        session.flush()


def check_roles(roles: list[Role], *, organisation_id: int, to_user_id: int | None, by: int) -> None:
    """Refuses roles that this kind of organisation does not have, and a role that opens records given to oneself."""
    kind = db.session().scalar(sa.select(Organisation.kind).where(Organisation.id == organisation_id))
    assert kind is not None
    reasons = [Reason("role_not_of_kind", {"role": role.value, "place": kind.value}) for role in roles if not fits(role, kind)]
    if to_user_id == by:
        reasons += [Reason("role_to_oneself", {"role": role.value}) for role in roles if role in OPENS_RECORDS]
    if reasons:
        raise Refused(*reasons)


def _goes_on(row: Membership, today: date) -> bool:
    """The role holds today, or will. (Not so for one that was taken back before it began.)"""
    return row.ended_on is None or (row.ended_on >= today and row.ended_on >= row.started_on)


def _rows(user_id: int, organisation_id: int, role: Role) -> list[Membership]:
    """The rows of that role that held or will, the earliest first, locked."""
    return list(
        db.session().scalars(
            sa.select(Membership)
            .where(
                Membership.user_id == user_id,
                Membership.organisation_id == organisation_id,
                Membership.role == role,
                sa.or_(Membership.ended_on.is_(None), Membership.ended_on >= Membership.started_on),
            )
            .order_by(Membership.started_on)
            .with_for_update()
        )
    )


def _member(member: uuid.UUID, organisation_id: int) -> int:
    """The user with that public id, if they are or were of this organisation."""
    found = db.session().scalar(
        sa.select(User.id).where(
            User.public_id == member,
            sa.exists().where(Membership.user_id == User.id, Membership.organisation_id == organisation_id),
        )
    )
    if found is None:
        raise NotVisible(f"member {member}")
    return found


def _keep_an_administrator(leaving: int, organisation_id: int) -> None:
    """Somebody else must go on administering, without an end: two who end each other at once wait here, and one is refused."""
    others = db.session().execute(
        sa.select(Membership.user_id, Membership.ended_on, Membership.started_on, User.active)
        .join(User, User.id == Membership.user_id)
        .where(Membership.organisation_id == organisation_id, Membership.role == Role.ADMINISTRATEUR)
        .order_by(Membership.id)
        .with_for_update(of=Membership)
    )
    today = clock.today()
    if not any(
        user_id != leaving and active and ended_on is None and started_on <= today
        for user_id, ended_on, started_on, active in others
    ):
        raise Refused(Reason("last_administrator"))


def _check_day(day: date, today: date) -> None:
    if day < today:
        raise Refused(Reason("role_day_gone"))
    if day > today + FURTHEST:
        raise Refused(Reason("day_too_far", {"last": today + FURTHEST}))
