"""Groups of a training body: made, changed, filled and left. A group is its body's own; it moves no step of anybody."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from pathways import clock, db
from pathways.errors import NotVisible, Reason, Refused, Stale
from pathways.models import Enrolment, GroupMember, Link, Membership, TrainingGroup
from pathways.workflows.dates import ONE_DAY


@dataclass(frozen=True, slots=True)
class Described:
    """What one says of a group."""

    name: str
    scheme: str
    starts_on: date
    ends_on: date | None = None
    trainer_id: int | None = None
    place: str | None = None


def create_group(described: Described, *, organisation_id: int, members: Sequence[int] = ()) -> uuid.UUID:
    """A new group, with these enrolments in it; returns the public id a URL shows."""
    with db.atomic() as session:
        _check(described, organisation_id)
        group = TrainingGroup(organisation_id=organisation_id, **_columns(described))
        session.add(group)
        session.flush()  # its members need its id
        _join(group, members)
        return group.public_id


def change_group(group_id: int, described: Described, *, organisation_id: int, version: int | None = None) -> None:
    """Other words or dates for a group. `Stale` when somebody changed it since it was read."""
    with db.atomic() as session:
        group = _own(group_id, organisation_id)
        if version is not None and group.version != version:
            raise Stale(f"group {group_id}")
        _check(described, organisation_id)
        for name, value in _columns(described).items():
            setattr(group, name, value)
        session.flush()


def add_members(group_id: int, enrolments: Sequence[int], *, organisation_id: int) -> int:
    """Puts these steps into the group from its first day on, or from today; returns how many are new.

    Those already in a group of the body are moved: they leave the other one the day before.
    """
    with db.atomic():
        return _join(_own(group_id, organisation_id), enrolments)


def leave_group(group_id: int, enrolment_id: int, *, organisation_id: int) -> None:
    """Takes a trainee out from today on; whoever joined today was never in it."""
    with db.atomic():
        _own(group_id, organisation_id)
        _leave([enrolment_id], organisation_id, clock.today(), group_id=group_id)


def _columns(described: Described) -> dict[str, object]:
    return {name: getattr(described, name) for name in Described.__slots__}


def _check(described: Described, organisation_id: int) -> None:
    """Every reason against what is said of the group."""
    reasons = []
    if described.ends_on is not None and described.ends_on < described.starts_on:
        reasons.append(Reason("group_ends_before_start", {"starts": described.starts_on}))
    if described.trainer_id is not None and not _belongs(described.trainer_id, organisation_id):
        reasons.append(Reason("not_a_colleague"))
    if reasons:
        raise Refused(*reasons)


def _belongs(user_id: int, organisation_id: int) -> bool:
    today = clock.today()
    query = sa.select(
        sa.exists().where(
            Membership.user_id == user_id,
            Membership.organisation_id == organisation_id,
            Membership.started_on <= today,
            sa.or_(Membership.ended_on.is_(None), Membership.ended_on >= today),
        )
    )
    return bool(db.session().scalar(query))


def _own(group_id: int, organisation_id: int) -> TrainingGroup:
    """The group, locked, if it is this organisation's."""
    query = sa.select(TrainingGroup).where(TrainingGroup.id == group_id, TrainingGroup.organisation_id == organisation_id)
    group = db.session().scalar(query.with_for_update())
    if group is None:
        raise NotVisible(f"group {group_id}")
    return group


def _join(group: TrainingGroup, enrolments: Sequence[int]) -> int:
    session, today = db.session(), clock.today()
    wanted = dict.fromkeys(enrolments)
    if not wanted:
        return 0
    own = set(session.scalars(sa.select(Enrolment.id).where(Enrolment.id.in_(wanted), _runs(group.organisation_id))))
    if len(own) != len(wanted):
        raise NotVisible("a step of a group")
    there = set(
        session.scalars(
            sa.select(GroupMember.enrolment_id).where(
                GroupMember.group_id == group.id,
                GroupMember.enrolment_id.in_(wanted),
                sa.or_(GroupMember.left_on.is_(None), GroupMember.left_on >= today),
            )
        )
    )
    new = [each for each in wanted if each not in there]
    since = _leave(new, group.organisation_id, today)
    session.add_all(
        GroupMember(
            group_id=group.id,
            organisation_id=group.organisation_id,
            enrolment_id=each,
            joined_on=max(group.starts_on, since.get(each, date.min)),
        )
        for each in new
    )
    session.flush()  # the constraint answers here, not at the commit
    return len(new)


def _leave(enrolments: Sequence[int], organisation_id: int, today: date, *, group_id: int | None = None) -> dict[int, date]:
    """Ends what memberships still run the day before ``today``; returns, by step, the first day free for another group."""
    session, free = db.session(), dict[int, date]()
    query = sa.select(GroupMember).where(GroupMember.organisation_id == organisation_id, GroupMember.enrolment_id.in_(enrolments))
    if group_id is not None:
        query = query.where(GroupMember.group_id == group_id)
    for member in session.scalars(query.with_for_update()):
        if member.left_on is None or member.left_on >= today:
            if member.joined_on >= today:
                session.delete(member)
                continue
            member.left_on = today - ONE_DAY
        free[member.enrolment_id] = max(free.get(member.enrolment_id, date.min), member.left_on + ONE_DAY)
    session.flush()
    return free


def _runs(organisation_id: int) -> sa.ColumnElement[bool]:
    """The organisation runs the step: it leads it, operates it, or follows it."""
    follows = sa.exists().where(
        Link.enrolment_id == Enrolment.id, Link.organisation_id == organisation_id, Link.ended_on.is_(None)
    )
    return sa.or_(Enrolment.lead_organisation_id == organisation_id, Enrolment.operator_id == organisation_id, follows)
