"""Groups of a training body, who is in them, and who is in none."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from pathways import db
from pathways.errors import NotVisible
from pathways.models import Enrolment, GroupMember, Link, LinkRole, Membership, Person, TrainingGroup, User
from pathways.models.person import fold
from pathways.sharing.permissions import PERMISSIONS, Permission
from pathways.sharing.visibility import Criterion, Reader, still_open, visible_to
from pathways.workflows.schemes import SCHEMES
from pathways.workflows.states import State

BODY_FAMILIES = ("training", "contract")
SCHEMES_OF_BODIES = tuple(code for code, scheme in SCHEMES.items() if scheme.family.code in BODY_FAMILIES)
PRESENT = tuple(sorted({str(state) for code in SCHEMES_OF_BODIES for state in SCHEMES[code].family.active}))
EXPECTED = (str(State.ADMITTED), str(State.CONTRACT_SIGNED))
MOST = 200
"""Trainees a page lists at most; beyond, a search or a filter narrows it, and the page says so."""
RECENT = timedelta(days=30)
"""A group that ended so lately is still in the list of those under way."""
TRAINERS = [role for role, permissions in PERMISSIONS.items() if Permission.GROUP_MANAGE in permissions]


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group. ``size``: how many are in it today."""

    id: int
    public_id: uuid.UUID
    name: str
    scheme: str
    starts_on: date
    ends_on: date | None
    place: str | None
    trainer_id: int | None
    trainer: str | None
    version: int
    size: int

    def is_over(self, today: date) -> bool:
        return self.ends_on is not None and self.ends_on < today

    @property
    def has_entries(self) -> bool:
        """Entries and exits of its scheme are declared by the body: a course, not a contract."""
        return self.scheme in SCHEMES and SCHEMES[self.scheme].family.code == "training"


@dataclass(frozen=True, slots=True)
class Trainee:
    """One step of somebody the body trains, with the group they are in today, if any."""

    enrolment_id: int
    step: uuid.UUID
    person_id: int
    public_id: uuid.UUID
    family_name: str
    given_name: str
    birth_date: date | None
    scheme: str
    state: str
    state_since: date
    planned_start: date | None
    planned_end: date | None
    closed_on: date | None
    outcome: str | None
    group_id: int | None = None
    group: str | None = None
    group_public_id: uuid.UUID | None = None
    joined_on: date | None = None
    left_on: date | None = None

    @property
    def is_open(self) -> bool:
        return self.closed_on is None

    @property
    def is_present(self) -> bool:
        """In the course or the contract now."""
        return self.state in PRESENT


@dataclass(frozen=True, slots=True)
class Proposal:
    """Trainees without group that a group could gather: those of one scheme and the same dates."""

    scheme: str
    starts_on: date
    ends_on: date | None
    size: int


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address of the list of trainees asks for. ``group``: a public id, or ``none``."""

    search: str = ""
    state: str = ""
    group: str = ""
    scheme: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A page of trainees, and how many there are."""

    rows: list[Trainee] = field(default_factory=list)
    total: int = 0


# --- groups ------------------------------------------------------------------------------------------------------------


def groups(reader: Reader, *, mine: bool = False, over: bool = False) -> list[GroupRow]:
    """The groups under way or to come, those under way first; ``over``: those that ended, the latest first."""
    ended = TrainingGroup.ends_on < reader.today - RECENT
    query = _groups(reader).where(ended if over else sa.or_(TrainingGroup.ends_on.is_(None), sa.not_(ended)))
    if mine:
        query = query.where(TrainingGroup.trainer_id == reader.user_id)
    order = [TrainingGroup.ends_on.desc()] if over else [TrainingGroup.starts_on > reader.today, TrainingGroup.starts_on.desc()]
    rows = db.session().execute(query.order_by(*order, TrainingGroup.name, TrainingGroup.id).limit(MOST))
    return [GroupRow(*row) for row in rows]


def group(public_id: uuid.UUID, reader: Reader) -> GroupRow:
    """That group; `NotVisible` for another organisation's."""
    row = db.session().execute(_groups(reader).where(TrainingGroup.public_id == public_id)).first()
    if row is None:
        raise NotVisible(f"group {public_id}")
    return GroupRow(*row)


def counts(reader: Reader) -> tuple[int, int, int]:
    """How many groups under way are mine, how many there are, and how many ended."""
    ended = TrainingGroup.ends_on < reader.today - RECENT
    now = sa.or_(TrainingGroup.ends_on.is_(None), sa.not_(ended))
    mine = TrainingGroup.trainer_id == reader.user_id
    query = sa.select(sa.func.count().filter(now, mine), sa.func.count().filter(now), sa.func.count().filter(ended)).where(
        TrainingGroup.organisation_id == reader.organisation_id
    )
    row = db.session().execute(query).one()
    return row[0], row[1], row[2]


def trainers(reader: Reader) -> list[tuple[int, str]]:
    """Who of one's organisation may lead a group, by name."""
    query = (
        sa.select(User.id, User.name)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.organisation_id == reader.organisation_id,
            Membership.role.in_(TRAINERS),
            Membership.started_on <= reader.today,
            sa.or_(Membership.ended_on.is_(None), Membership.ended_on >= reader.today),
            User.active,
        )
        .distinct()
        .order_by(User.name, User.id)
    )
    return [(row[0], row[1]) for row in db.session().execute(query)]


def _groups(reader: Reader) -> sa.Select[Any]:
    size = (
        sa.select(sa.func.count())
        .where(GroupMember.group_id == TrainingGroup.id, _in_it(reader.today))
        .correlate(TrainingGroup)
        .scalar_subquery()
    )
    columns = (
        TrainingGroup.id,
        TrainingGroup.public_id,
        TrainingGroup.name,
        TrainingGroup.scheme,
        TrainingGroup.starts_on,
        TrainingGroup.ends_on,
        TrainingGroup.place,
        TrainingGroup.trainer_id,
        User.name,
        TrainingGroup.version,
        size,
    )
    query = sa.select(*columns).outerjoin(User, User.id == TrainingGroup.trainer_id)
    return query.where(TrainingGroup.organisation_id == reader.organisation_id)


def _in_it(day: date) -> Criterion:
    """The membership is not over on ``day``; somebody who is to join counts already."""
    return sa.or_(GroupMember.left_on.is_(None), GroupMember.left_on >= day)


# --- trainees ----------------------------------------------------------------------------------------------------------


def members(group_ids: Sequence[int], reader: Reader, first: date, last: date) -> dict[int, list[Trainee]]:
    """Who was in these groups at some time between two days, by name."""
    during = sa.and_(GroupMember.joined_on <= last, sa.or_(GroupMember.left_on.is_(None), GroupMember.left_on >= first))
    query = _trainees(reader, GroupMember.enrolment_id == Enrolment.id).where(GroupMember.group_id.in_(group_ids), during)
    found: dict[int, list[Trainee]] = {each: [] for each in group_ids}
    for row in db.session().execute(query.order_by(Person.sort_key, Person.id)):
        trainee = Trainee(*row)
        found[trainee.group_id or 0].append(trainee)
    return found


def trainees(reader: Reader, filters: Filters) -> Found:
    """Those the body trains or is to train, by name, as filtered; at most ``MOST`` of them, with the honest number."""
    here = sa.and_(GroupMember.enrolment_id == Enrolment.id, _in_it(reader.today))
    query = _trainees(reader, here, outer=True).where(runs(reader), Enrolment.scheme.in_(SCHEMES_OF_BODIES))
    query = query.where(*_criteria(filters))
    total = db.session().scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    rows = db.session().execute(query.order_by(Person.sort_key, Person.id, Enrolment.id).limit(MOST))
    return Found([Trainee(*row) for row in rows], total)


def some_trainees(reader: Reader, steps: Iterable[uuid.UUID]) -> list[Trainee]:
    """These steps, where the body runs them; those it does not are left out."""
    here = sa.and_(GroupMember.enrolment_id == Enrolment.id, _in_it(reader.today))
    query = _trainees(reader, here, outer=True).where(runs(reader), Enrolment.public_id.in_(list(steps)))
    return [Trainee(*row) for row in db.session().execute(query.order_by(Person.sort_key, Person.id))]


def trainee(reader: Reader, step: uuid.UUID) -> Trainee:
    """That step; `NotVisible` where the body does not run it."""
    found = some_trainees(reader, [step])
    if not found:
        raise NotVisible(f"step {step}")
    return found[0]


def proposals(reader: Reader) -> tuple[int, list[Proposal]]:
    """How many present or admitted trainees are in no group, and the groups they could make: same scheme, same dates."""
    start = sa.func.coalesce(Enrolment.planned_start, Enrolment.opened_on)
    rows = db.session().execute(
        sa.select(Enrolment.scheme, start, Enrolment.planned_end, sa.func.count())
        .where(*_without_group(reader))
        .group_by(Enrolment.scheme, start, Enrolment.planned_end)
        .order_by(sa.func.count().desc(), start.desc(), Enrolment.scheme)
    )
    found = [Proposal(*row) for row in rows]
    return sum(each.size for each in found), [each for each in found if each.size > 1]


def proposed(reader: Reader, scheme: str, starts_on: date, ends_on: date | None) -> list[int]:
    """The enrolments a proposal would gather now."""
    start = sa.func.coalesce(Enrolment.planned_start, Enrolment.opened_on)
    end = Enrolment.planned_end.is_(None) if ends_on is None else Enrolment.planned_end == ends_on
    query = sa.select(Enrolment.id).where(*_without_group(reader), Enrolment.scheme == scheme, start == starts_on, end)
    return list(db.session().scalars(query.order_by(Enrolment.id)))


def runs(reader: Reader) -> Criterion:
    """The reader's organisation runs the step: it leads or operates it, or is linked to it as its operator."""
    return sa.or_(
        Enrolment.lead_organisation_id == reader.organisation_id,
        Enrolment.operator_id == reader.organisation_id,
        sa.exists().where(
            Link.enrolment_id == Enrolment.id,
            Link.organisation_id == reader.organisation_id,
            Link.role == LinkRole.OPERATOR,
            still_open(Link, reader),
        ),
    )


def _without_group(reader: Reader) -> list[Criterion]:
    grouped = sa.exists().where(GroupMember.enrolment_id == Enrolment.id, _in_it(reader.today))
    return [
        visible_to(reader, Enrolment.person_id),
        runs(reader),
        Enrolment.scheme.in_(SCHEMES_OF_BODIES),
        Enrolment.closed_on.is_(None),
        Enrolment.state.in_((*PRESENT, *EXPECTED)),
        sa.not_(grouped),
    ]


def _criteria(filters: Filters) -> list[Criterion]:
    """« présents » without another word: those in the course now, or admitted."""
    criteria: list[Criterion] = [Person.search_key.contains(word, autoescape=True) for word in fold(filters.search).split()]
    if filters.scheme:
        criteria.append(Enrolment.scheme == filters.scheme)
    if filters.state == "sortis":
        criteria.append(Enrolment.closed_on.is_not(None))
    elif filters.state == "admis":
        criteria.append(Enrolment.state.in_(EXPECTED))
    else:
        criteria.append(Enrolment.state.in_(PRESENT if filters.state == "presents" else (*PRESENT, *EXPECTED)))
    if filters.group == "aucun":
        criteria.append(GroupMember.id.is_(None))
    elif filters.group:
        criteria.append(TrainingGroup.public_id == filters.group)
    return criteria


def _trainees(reader: Reader, membership: Criterion, *, outer: bool = False) -> sa.Select[Any]:
    columns: tuple[Any, ...] = (
        Enrolment.id,
        Enrolment.public_id,
        Person.id,
        Person.public_id,
        Person.family_name,
        Person.given_name,
        Person.birth_date,
        Enrolment.scheme,
        Enrolment.state,
        Enrolment.state_since,
        Enrolment.planned_start,
        Enrolment.planned_end,
        Enrolment.closed_on,
        Enrolment.outcome,
        TrainingGroup.id,
        TrainingGroup.name,
        TrainingGroup.public_id,
        GroupMember.joined_on,
        GroupMember.left_on,
    )
    query: sa.Select[Any] = sa.select(*columns).select_from(Enrolment)
    query = query.join(Person, Person.id == Enrolment.person_id).join(GroupMember, membership, isouter=outer)
    query = query.join(TrainingGroup, TrainingGroup.id == GroupMember.group_id, isouter=outer)
    return query.where(Person.merged_into.is_(None), visible_to(reader, Enrolment.person_id))
