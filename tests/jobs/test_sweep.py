"""The night as jobs: one per id range, harmless twice, run by a real worker."""

import pytest
import sqlalchemy as sa

from pathways import db, queue
from pathways.detection import sweep
from pathways.jobs import schedule
from pathways.jobs import sweep as night
from pathways.models import Person
from tests.factories import PersonFactory


def waiting(session):
    session.expire_all()
    return session.scalar(sa.select(sa.func.count()).where(Person.evaluated_day.is_(None)))


def test_the_night_asks_for_one_job_per_range_of_persons_who_are_due(session, frozen_clock, asked_jobs, monkeypatch):
    monkeypatch.setattr(sweep, "RANGE", 2)
    due = sorted(person.id for person in PersonFactory.create_batch(5))

    night.due()

    ranges = [(due[0], due[1]), (due[2], due[3]), (due[4], due[4])]
    assert [message.name for message in asked_jobs] == ["sweep.between"] * 3
    assert [message.args[:2] for message in asked_jobs] == ranges
    assert {message.args[2] for message in asked_jobs} == {"2026-03-02"}


def test_a_range_evaluated_twice_is_evaluated_once(session, frozen_clock):
    low, high = (person.id for person in PersonFactory.create_batch(2))

    night.between(low, high, "2026-03-02")
    stamps = session.scalars(sa.select(Person.evaluated_at)).all()
    frozen_clock.advance(hours=1)
    night.between(low, high, "2026-03-02")

    assert waiting(session) == 0
    session.expire_all()
    assert session.scalars(sa.select(Person.evaluated_at)).all() == stamps


@pytest.mark.slow
@pytest.mark.usefixtures("own_database", "valkey")
def test_a_real_worker_evaluates_everybody_who_is_due():
    with db.as_system():
        with db.atomic():
            PersonFactory.create_batch(3)
        queue.later("sweep.due")

        queue.work(burst=True, fork=False)

        assert waiting(db.session()) == 0


def test_the_night_is_scheduled_after_midnight_and_caught_up_during_the_day():
    nights = [each for each in schedule.SCHEDULE if each.job == "sweep.due"]

    assert any(each.at is not None and each.at.hour == 0 for each in nights)
    assert any(each.every is not None for each in nights)
