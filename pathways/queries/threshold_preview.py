"""What another threshold would change today, in numbers: an evaluation in memory. Nothing is written and nobody is named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from pathways import clock, db
from pathways.detection.choices import rules_reading
from pathways.detection.evaluation import Evaluation, evaluate
from pathways.detection.reading import read_dossiers, read_kinds, read_settings
from pathways.detection.settings import Setting, Settings
from pathways.models import Enrolment, Person
from pathways.sharing.visibility import Reader, visible_to
from pathways.workflows.fold import pathway

MOST = 2_000
"""Persons looked at: a few seconds. Beyond, a sample that is the same each time."""
PART = 500
ENDED_LATELY = timedelta(days=366)
"""Steps that ended longer ago have no signal left to open."""


@dataclass(frozen=True, slots=True)
class Preview:
    """Signals that would open, close or change level today. ``persons`` were looked at, out of ``total``."""

    opened: int
    closed: int
    changed: int
    held: int
    persons: int
    total: int

    @property
    def is_sample(self) -> bool:
        return self.persons < self.total


def preview(name: str, value: Any, scheme: str | None, reader: Reader) -> Preview:
    """Today with the settings as they are, against today with this value. ``value`` None: back to that of everybody."""
    session, day = db.session(), reader.today
    now = read_settings(session)
    rows = (*now.rows, Setting(name, value, day, day, scheme, reader.organisation_id))
    then = Settings(rows, circumstances=now.circumstances)
    kinds, rules = read_kinds(session), rules_reading(name)
    ids, total = _whom(reader)
    opened = closed = changed = held = 0
    for first in range(0, len(ids), PART):
        for dossier in read_dossiers(session, ids[first : first + PART], kinds, day, lock="none"):
            folded = pathway(dossier.entries, day, day)
            before, after = (evaluate(folded, day, settings, only=rules) for settings in (now, then))
            opened += len(after.held.keys() - before.held.keys())
            closed += len(before.held.keys() - after.held.keys())
            changed += _moved(before, after)
            held += len(after.held)
    return Preview(opened, closed, changed, held, len(ids), total)


def _moved(before: Evaluation, after: Evaluation) -> int:
    """Findings that hold either way, at another level."""
    return sum(
        before.held[key].finding.level is not after.held[key].finding.level for key in before.held.keys() & after.held.keys()
    )


def _whom(reader: Reader) -> tuple[list[int], int]:
    """The persons whose steps this organisation leads or led lately, at most ``MOST`` of them, and how many there are."""
    led = sa.exists().where(
        Enrolment.person_id == Person.id,
        Enrolment.lead_organisation_id == reader.organisation_id,
        sa.or_(Enrolment.closed_on.is_(None), Enrolment.closed_on >= clock.today() - ENDED_LATELY),
    )
    theirs = sa.select(Person.id).where(Person.merged_into.is_(None), led, visible_to(reader, Person.id))
    session = db.session()
    total = session.scalar(sa.select(sa.func.count()).select_from(theirs.subquery())) or 0
    ids = session.scalars(theirs.order_by(sa.func.hashint8(Person.id), Person.id).limit(MOST)).all()
    return sorted(ids), total
