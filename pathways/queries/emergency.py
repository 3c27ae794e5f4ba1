"""The essential of a record opened for an imminent danger: whom to call, where the person is in their pathway, since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from pathways import db
from pathways.models import Enrolment, JournalEntry, Link, LinkRole, Organisation, Person, User
from pathways.queries.entries import spoke, stands


@dataclass(frozen=True, slots=True)
class Companion:
    """Somebody, or an organisation, that accompanies the person today."""

    organisation: str
    phone: str | None
    email: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class Essential:
    """No note, no obstacle, no health, no signal: what helps to reach the person and those who know them."""

    family_name: str
    given_name: str
    birth_date: date | None
    commune: str | None
    phone: str | None
    email: str | None
    companions: list[Companion]
    steps: list[tuple[str, str, date]]
    """(scheme, state, since) of the open ones."""
    last_contact: date | None


def essential(person_id: int, today: date) -> Essential:
    """Read as the system, for an access that was granted to the reader and is running."""
    with db.as_system():
        session = db.session()
        who = session.execute(
            sa.select(
                Person.family_name, Person.given_name, Person.birth_date, Person.commune, Person.phone, Person.email
            ).where(Person.id == person_id)
        ).one()
        companions = session.execute(
            sa.select(Organisation.name, sa.func.coalesce(User.phone, Organisation.phone), Organisation.email, User.name)
            .select_from(Link)
            .join(Organisation, Organisation.id == Link.organisation_id)
            .outerjoin(User, User.id == Link.user_id)
            .where(Link.person_id == person_id, sa.or_(Link.ended_on.is_(None), Link.ended_on >= today))
            .order_by(Link.role != LinkRole.REFERENT, User.name.is_(None), Link.started_on)
        )
        steps = session.execute(
            sa.select(Enrolment.scheme, Enrolment.state, Enrolment.state_since)
            .where(Enrolment.person_id == person_id, Enrolment.closed_on.is_(None))
            .order_by(Enrolment.opened_on)
        )
        last = sa.select(sa.func.max(JournalEntry.occurred_on)).where(
            JournalEntry.person_id == person_id, spoke(JournalEntry), stands()
        )
        once = dict.fromkeys(Companion(*row) for row in companions)
        return Essential(*who, list(once), [(row.scheme, str(row.state), row.state_since) for row in steps], session.scalar(last))
