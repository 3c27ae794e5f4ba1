"""The other organisations around a step: whom to call, how fresh what they recorded is, and the facts they declared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pathways import clock, db
from pathways.models import Enrolment, JournalEntry, Kind, Link, Organisation, Person, User
from pathways.queries.signals import SignalRow
from pathways.queries.steps import StepRow
from pathways.sharing.groups import Access, Bond, Standing, access_to
from pathways.sharing.visibility import Reader, leads, not_ended, steps_visible_to, visible_to

_LINK = aliased(Link)
_ENTRY = aliased(JournalEntry)


@dataclass(frozen=True, slots=True)
class Partner:
    """An organisation to call, and who there when somebody is named. ``phone``: theirs, else the organisation's."""

    organisation_id: int
    organisation: str
    name: str | None
    phone: str | None


@dataclass(frozen=True, slots=True)
class Around:
    """Whom to call about a step, and the last day they recorded something on it."""

    partner: Partner | None
    fresh_on: date | None


@dataclass(frozen=True, slots=True)
class Fact:
    """One dated entry a signal rests on, and who declared it."""

    on: str
    event: str
    organisation: str


Partners = Mapping[tuple[int, int | None], Around]
"""By person and step; under None, the partner of the person's open step with somebody else, if any."""
NOBODY = Around(None, None)


def partners_of(person_ids: Sequence[int], reader: Reader) -> Partners:
    """For each step the reader may see of these persons: the other organisation that runs it, leads it or prescribed it."""
    rows = db.session().execute(_others(person_ids, reader)).all()
    found: dict[tuple[int, int | None], Around] = {}
    for row in sorted(rows, key=_nearest):
        partner = Partner(row.organisation_id, row.organisation, row.name, row.phone)
        around = Around(partner, clock.paris_day(row.recorded_at) if row.recorded_at else None)
        found.setdefault((row.person_id, row.enrolment_id), around)
        if row.closed_on is None:
            found.setdefault((row.person_id, None), around)
    return found


def _nearest(row: sa.Row[Any]) -> tuple[Any, ...]:
    """A body before an employer, whoever runs or leads the step before who sent there, somebody named before nobody."""
    of_the_step = (row.closed_on is not None, row.kind == Kind.EMPLOYEUR, row.prescribes)
    return (*of_the_step, row.name is None, row.enrolment_id, row.link_id or 0)


def _others(person_ids: Sequence[int], reader: Reader) -> Any:
    last = sa.select(sa.func.max(_ENTRY.recorded_at)).where(
        _ENTRY.person_id == Enrolment.person_id,
        _ENTRY.enrolment_id == Enrolment.id,
        _ENTRY.organisation_id == Organisation.id,
    )
    runs = sa.func.coalesce(Enrolment.operator_id, Enrolment.lead_organisation_id)
    named = sa.and_(
        _LINK.enrolment_id == Enrolment.id,
        _LINK.organisation_id == Organisation.id,
        _LINK.user_id.is_not(None),
        not_ended(_LINK, reader),
    )
    parts = (Enrolment.operator_id, Enrolment.lead_organisation_id, Enrolment.prescriber_id)
    return (
        sa.select(
            Enrolment.person_id,
            Enrolment.id.label("enrolment_id"),
            Enrolment.closed_on,
            Organisation.id.label("organisation_id"),
            Organisation.name.label("organisation"),
            Organisation.kind,
            User.name,
            sa.func.coalesce(User.phone, Organisation.phone).label("phone"),
            _LINK.id.label("link_id"),
            sa.and_(Organisation.id != runs, Organisation.id != Enrolment.lead_organisation_id).label("prescribes"),
            last.scalar_subquery().label("recorded_at"),
        )
        .join(Organisation, Organisation.id.in_(parts))
        .outerjoin(_LINK, named)
        .outerjoin(User, User.id == _LINK.user_id)
        .where(
            Enrolment.person_id.in_(person_ids),
            Organisation.id != reader.organisation_id,
            visible_to(reader, Enrolment.person_id),
            steps_visible_to(reader),
        )
    )


def facts_of(
    signals: Mapping[int, Sequence[SignalRow]], steps: Mapping[int, Sequence[StepRow]], reader: Reader
) -> Mapping[int, list[Fact]]:
    """The dated facts of each signal, as far as the reader may read their kind of entry."""
    declared_by = {item["organisation"] for found in signals.values() for signal in found for item in signal.evidence}
    session = db.session()
    rows = session.execute(sa.select(Organisation.id, Organisation.name).where(Organisation.id.in_(declared_by)))
    names = {row[0]: row[1] for row in rows}
    led = set(session.scalars(sa.select(Person.id).where(Person.id.in_(list(signals)), leads(reader, Person.id))))
    facts: dict[int, list[Fact]] = defaultdict(list)
    for person_id, found in signals.items():
        own, bond = {step.id for step in steps.get(person_id, []) if step.own}, Bond(reader.kind, person_id in led)
        for signal in found:
            for item in signal.evidence:
                author = item["organisation"] == reader.organisation_id
                standing = Standing(bond, author=author, own_step=signal.enrolment_id in own)
                if access_to(item["type"], standing) is not Access.NONE:
                    facts[signal.id].append(Fact(item["on"], item["type"], names.get(item["organisation"], "")))
    return facts
