"""Bodies not heard of: one line a body, instead of an alert for each of its people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from pathways import db
from pathways.detection.reading import read_settings
from pathways.models import Enrolment, Organisation
from pathways.sharing.visibility import Reader, steps_visible_to, visible_to
from pathways.workflows.dates import ONE_DAY


@dataclass(frozen=True, slots=True)
class SilentFeed:
    """A body whose files no longer come. ``since``: the first day of it; ``persons``: those the reader sees there."""

    organisation_id: int
    name: str
    phone: str | None
    since: date
    persons: int
    own: bool


def silent_feeds(reader: Reader, *, own_alone: bool = False) -> list[SilentFeed]:
    """The reader's own organisation, or every body of the open steps it sees, that a silence or an outage holds today."""
    session = db.session()
    body = sa.func.coalesce(Enrolment.operator_id, Enrolment.lead_organisation_id)
    rows = session.execute(
        sa.select(body, sa.func.count(sa.distinct(Enrolment.person_id)))
        .where(Enrolment.closed_on.is_(None), visible_to(reader, Enrolment.person_id), steps_visible_to(reader))
        .group_by(body)
    )
    bodies: dict[int, int] = {row[0]: row[1] for row in rows}
    wanted = {reader.organisation_id} if own_alone else {reader.organisation_id, *bodies}
    with db.as_system():
        told = read_settings(session).circumstances
    heard = {each: told.heard_until(each, reader.today, reader.today) for each in wanted}
    silent = {each: day for each, day in heard.items() if day is not None}
    if not silent:
        return []
    names = session.execute(
        sa.select(Organisation.id, Organisation.name, Organisation.phone).where(Organisation.id.in_(silent))
    )
    found = [
        SilentFeed(id_, name, phone, silent[id_] + ONE_DAY, bodies.get(id_, 0), id_ == reader.organisation_id)
        for id_, name, phone in names
    ]
    return sorted(found, key=lambda each: (not each.own, each.since, each.name))
