"""Ruptures that no alert came before: found every night, looked at by the team, concluded once."""

from __future__ import annotations

import uuid
from datetime import timedelta

import sqlalchemy as sa

from pathways import clock, db
from pathways.backtest.broken import broken, first_shown
from pathways.errors import NotVisible, Reason, Refused
from pathways.models import Enrolment, JournalEntry, MissedRupture, Person
from pathways.workflows.hindsight import Conclusion

OLDEST = timedelta(days=120)
"""How old a rupture may be when it becomes known and still be looked at."""
LATELY = timedelta(days=14)
"""Within how many days something must have been recorded about the step: a caseload taken over is no failure of ours."""


def open_missed() -> int:
    """Opens an entry for each rupture its referent organisation was not warned of; returns how many. Twice opens nothing more."""
    today = clock.today()
    with db.as_system(), db.atomic() as session:
        news = sa.exists().where(JournalEntry.enrolment_id == Enrolment.id, JournalEntry.recorded_at > clock.now() - LATELY)
        broke = broken(today - OLDEST, today, news)
        found = (
            sa.select(
                broke.c.person_id, broke.c.id, broke.c.organisation_id, broke.c.formal_on, broke.c.effective_on,
                sa.literal(today, sa.Date), sa.func.gen_random_uuid(),
            )
            .join(Person, Person.id == broke.c.person_id)
            .where(
                broke.c.came,
                broke.c.organisation_id.is_not(None),
                Person.merged_into.is_(None),
                Person.erased_on.is_(None),
                first_shown(broke, broke.c.organisation_id).is_(None),
            )
        )  # fmt: skip
        columns = ["person_id", "enrolment_id", "organisation_id", "formal_on", "effective_on", "found_on", "public_id"]
        opened = session.execute(
            sa.dialects.postgresql.insert(MissedRupture)
            .from_select(columns, found)
            .on_conflict_do_nothing(index_elements=["enrolment_id", "formal_on"])
            .returning(MissedRupture.id)
        )
        return len(opened.all())


def conclude(missed: uuid.UUID, conclusion: str, *, organisation_id: int, user_id: int) -> None:
    """Says why no alert came before. It may be said again: the last one holds."""
    if conclusion not in set(Conclusion):
        raise Refused(Reason("unknown_decision"))
    with db.atomic() as session:
        said = (
            sa.update(MissedRupture)
            .where(MissedRupture.public_id == missed, MissedRupture.organisation_id == organisation_id)
            .values(conclusion=Conclusion(conclusion), concluded_at=clock.now(), concluded_by=user_id)
            .returning(MissedRupture.id)
        )
        if session.execute(said).first() is None:
            raise NotVisible(f"missed rupture {missed}")
