"""The groups of the demo's training bodies: whoever is in a course or an apprenticeship there, gathered as a body would."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pathways.models import Enrolment, GroupMember, Membership, Organisation, TrainingGroup
from pathways.workflows.actors import TRAINING_BODIES
from pathways.workflows.schemes import SCHEMES

FULL = 15
"""Beyond, a second group begins."""
_IDS = uuid.UUID("5d0b7a52-6a0e-4a86-9a4e-1a3f6f0f7c11")


@dataclass(slots=True)
class _Gathered:
    """One group to make: its place among those of the body, and its members."""

    organisation_id: int
    family: str
    number: int
    members: list[sa.Row[Any]] = field(default_factory=list)

    @property
    def starts_on(self) -> date:
        return min(_start(each) for each in self.members)

    @property
    def scheme(self) -> str:
        """What most of them follow: a small body gathers several courses in one room."""
        return Counter(str(each.scheme) for each in self.members).most_common(1)[0][0]

    @property
    def name(self) -> str:
        label = "Apprentis" if self.family == "contract" else "Session"
        return f"{label} {self.starts_on.year}, groupe {self.number}"


def gather(session: Session) -> int:
    """Makes the groups, in three statements; returns how many. Those admitted and not yet in are left for people to place."""
    made = list(_gathered(session))
    if not made:
        return 0
    trainers = _trainers(session)
    groups = [
        {
            "public_id": uuid.uuid5(_IDS, f"{each.organisation_id}:{each.family}:{each.number}"),
            "organisation_id": each.organisation_id,
            "name": each.name,
            "scheme": each.scheme,
            "starts_on": each.starts_on,
            "ends_on": max((row.planned_end for row in each.members if row.planned_end), default=None),
            "trainer_id": trainers.get(each.organisation_id),
        }
        for each in made
    ]
    ids = session.scalars(sa.insert(TrainingGroup).returning(TrainingGroup.id, sort_by_parameter_order=True), groups).all()
    members = [
        {
            "group_id": group_id,
            "organisation_id": each.organisation_id,
            "enrolment_id": row.id,
            "joined_on": _start(row),
        }
        for group_id, each in zip(ids, made, strict=True)
        for row in each.members
    ]
    session.execute(sa.insert(GroupMember), members)
    return len(made)


def _gathered(session: Session) -> Iterator[_Gathered]:
    """By body, courses apart from contracts, in the order in which they came, so that those who began together are together."""
    present = [state for code in SCHEMES for state in SCHEMES[code].family.active if _of_a_body(code)]
    schemes = [code for code in SCHEMES if _of_a_body(code)]
    rows: Any = session.execute(
        sa.select(
            Enrolment.id,
            Enrolment.operator_id,
            Enrolment.scheme,
            Enrolment.planned_start,
            Enrolment.opened_on,
            Enrolment.planned_end,
        )
        .join(Organisation, Organisation.id == Enrolment.operator_id)
        .where(Organisation.kind.in_(TRAINING_BODIES), Enrolment.scheme.in_(schemes), Enrolment.state.in_(set(present)))
        .order_by(sa.func.coalesce(Enrolment.planned_start, Enrolment.opened_on), Enrolment.id)
    )
    numbers: dict[tuple[int, str], list[_Gathered]] = defaultdict(list)
    for row in rows:
        family = SCHEMES[row.scheme].family.code
        of_body = numbers[row.operator_id, family]
        if not of_body or len(of_body[-1].members) == FULL:
            of_body.append(_Gathered(row.operator_id, family, len(of_body) + 1))
        of_body[-1].members.append(row)
    for of_body in numbers.values():
        yield from of_body


def _of_a_body(code: str) -> bool:
    return SCHEMES[code].family.code in {"training", "contract"}


def _start(row: sa.Row[Any]) -> date:
    start: date = row.planned_start or row.opened_on
    return start


def _trainers(session: Session) -> dict[int, int]:
    """The first user of each body: the demo's own account where there is one."""
    query = sa.select(Membership.organisation_id, sa.func.min(Membership.user_id)).group_by(Membership.organisation_id)
    return {row[0]: row[1] for row in session.execute(query)}
