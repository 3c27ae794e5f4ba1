"""What somebody agreed to share, with whom, until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import array

from pathways import db
from pathways.models import Agreement, Kind, Link, Organisation
from pathways.sharing.matrix import ASKED, MATRIX, Group, place_of
from pathways.sharing.visibility import Criterion, Reader, not_ended, visible_to


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """One agreement; ``in_force`` on the reader's day. ``own``: asked for by the reader's organisation, which may revoke it."""

    public_id: str
    group: Group
    adaptations: tuple[str, ...]
    recipient: str
    asked_by: str
    given_on: date
    until: date | None
    revoked_on: date | None
    in_force: bool
    own: bool


def in_force(reader: Reader) -> Criterion:
    """The agreement holds on the reader's day: on the day it is revoked, nothing of it is read any more."""
    return sa.and_(
        Agreement.given_on <= reader.today,
        sa.or_(Agreement.until.is_(None), Agreement.until >= reader.today),
        sa.or_(Agreement.revoked_on.is_(None), Agreement.revoked_on > reader.today),
    )


def agreed_groups(reader: Reader, person_id: Any) -> Any:
    """A column: the groups that the person of ``person_id`` agreed to share with the reader's organisation."""
    groups = sa.func.array_agg(Agreement.field_group.distinct())
    found = sa.select(groups).where(
        Agreement.person_id == person_id, Agreement.recipient_id == reader.organisation_id, in_force(reader)
    )
    return sa.func.coalesce(found.scalar_subquery(), sa.cast(array([], type_=sa.Text), sa.ARRAY(sa.Text)))


def as_groups(letters: Any) -> frozenset[Group]:
    """What that column holds."""
    return frozenset(Group(str(letter)) for letter in letters or ())


def agreements_of(person_id: int, reader: Reader) -> list[AgreementRow]:
    """Every agreement about that person, those in force first; past ones stay, to be answerable for."""
    asking = sa.orm.aliased(Organisation)
    held = in_force(reader)
    rows = db.session().execute(
        sa.select(
            Agreement.public_id, Agreement.field_group, Agreement.adaptations, Organisation.name.label("recipient"),
            asking.name.label("asked_by"), Agreement.given_on, Agreement.until, Agreement.revoked_on, held.label("held"),
            (Agreement.organisation_id == reader.organisation_id).label("own"),
        )
        .join(Organisation, Organisation.id == Agreement.recipient_id)
        .join(asking, asking.id == Agreement.organisation_id)
        .where(Agreement.person_id == person_id, visible_to(reader, Agreement.person_id))
        .order_by(held.desc(), Agreement.given_on.desc(), Agreement.id.desc())
    )
    return [
        AgreementRow(
            str(row.public_id), Group(row.field_group.value), tuple(row.adaptations), row.recipient, row.asked_by, row.given_on,
            row.until, row.revoked_on, row.held, row.own,
        )
        for row in rows
    ]


def adaptations_for(person_id: int, reader: Reader) -> list[str]:
    """The adaptations the person agreed to make known to the reader's organisation."""
    rows = db.session().scalars(
        sa.select(sa.func.unnest(Agreement.adaptations)).where(
            Agreement.person_id == person_id, Agreement.recipient_id == reader.organisation_id, in_force(reader),
            visible_to(reader, Agreement.person_id),
        )
    )
    return list(dict.fromkeys(rows))


def recipients_for(person_id: int, reader: Reader) -> list[tuple[str, str]]:
    """(public id, name) of the organisations around the person whom an agreement would let read something."""
    kinds = [kind for kind in Kind if any(MATRIX[place_of(kind, leads=False)][group] in ASKED for group in Group)]
    rows = db.session().execute(
        sa.select(Organisation.public_id, Organisation.name)
        .join(Link, Link.organisation_id == Organisation.id)
        .where(
            Link.person_id == person_id, visible_to(reader, Link.person_id), not_ended(Link, reader),
            Organisation.kind.in_(kinds), Organisation.id != reader.organisation_id,
        )
        .distinct()
        .order_by(Organisation.name)
    )
    return [(str(row.public_id), row.name) for row in rows]
