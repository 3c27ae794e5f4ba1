"""Work for later: after the commit, once per slot, by a real worker."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from types import ModuleType

import pytest
import sqlalchemy as sa

from pathways import clock, db, queue
from pathways.models import Heartbeat, Person


@pytest.fixture
def jobs(monkeypatch):
    """``pathways.jobs.trial``, a module of jobs that write to the database."""

    def beat(name: str, times: int = 1) -> None:
        with db.as_system(), db.atomic() as session:
            session.add_all(Heartbeat(name=f"{name} {n}", at=clock.now()) for n in range(times))

    def fail() -> None:
        raise ZeroDivisionError

    module = ModuleType("pathways.jobs.trial")
    module.beat, module.fail, module.answer = beat, fail, 42
    monkeypatch.setitem(sys.modules, "pathways.jobs", sys.modules.get("pathways.jobs") or ModuleType("pathways.jobs"))
    monkeypatch.setitem(sys.modules, "pathways.jobs.trial", module)
    return module


def ask_and_fail() -> None:
    queue.later("trial.beat", "sweep")
    raise ZeroDivisionError


def beats() -> set[str]:
    return set(db.session().scalars(sa.select(Heartbeat.name)))


def test_a_job_is_asked_for_after_the_commit(session, asked_jobs):
    with db.atomic():
        queue.later("trial.beat", "sweep", 2)
        assert asked_jobs == []

    assert asked_jobs == [queue.Message("trial.beat", ("sweep", 2))]


def test_a_job_of_work_that_was_taken_back_is_not(session, asked_jobs):
    with pytest.raises(ZeroDivisionError), db.atomic():
        ask_and_fail()

    assert asked_jobs == []


@pytest.mark.parametrize(
    "argument", [date(2026, 3, 2), [1, 2], {"id": 1}, Person(family_name="Guérin", given_name="Chloé")]
)
def test_a_job_takes_ids_numbers_and_strings(session, argument):
    with pytest.raises(TypeError, match=r"trial\.beat: a job takes ids"):
        queue.later("trial.beat", argument)


@pytest.mark.parametrize("name", ["beat", "trial.beat.now", "os.system('ls')", ""])
def test_a_job_is_named_by_module_and_function(name):
    with pytest.raises(ValueError, match="a job is named"):
        queue.later(name)


def test_a_slot_has_no_colon():
    with pytest.raises(ValueError, match="a slot is made of"):
        queue.later("trial.beat", unique="sweep-2026-11-22T18:40")


@pytest.mark.parametrize("name", ["trial.nothing", "nowhere.beat", "trial.answer"])
def test_a_job_that_does_not_exist_is_named(jobs, name):
    with pytest.raises(LookupError, match=name.split(".", maxsplit=1)[1]):
        queue.job_named(name)


def test_a_real_worker_does_the_work(own_database, valkey, jobs):
    with db.atomic():
        queue.later("trial.beat", "sweep", 2)

    assert queue.load().waiting == 1
    assert queue.work(burst=True, with_scheduler=False)
    assert beats() == {"sweep 0", "sweep 1"}
    assert queue.load() == queue.Load(waiting=0, failed=0, scheduled=0, oldest_waits=0.0)


def test_a_worker_that_does_not_fork_does_it_too(own_database, valkey, jobs):
    queue.later("trial.beat", "sweep")

    assert queue.work(burst=True, fork=False, with_scheduler=False)
    assert beats() == {"sweep 0"}


def test_a_slot_is_taken_once_and_free_again_when_done(own_database, valkey, jobs):
    slot = "sweep-2026-03-02T09-00"
    for _ticker in range(3):
        queue.later("trial.beat", "sweep", unique=slot)

    assert queue.load().waiting == 1
    queue.work(burst=True, fork=False, with_scheduler=False)
    assert not queue.connection().exists(f"rq:job:{slot}")


def test_a_delayed_job_waits_for_its_moment(valkey, session):
    for _ticker in range(2):
        queue.later("trial.beat", "sweep", at=clock.now() + timedelta(hours=1), unique="reminder-12")

    assert queue.load() == queue.Load(waiting=0, failed=0, scheduled=1, oldest_waits=0.0)


def test_the_age_of_the_oldest_job_is_known(valkey, session):
    queue.later("trial.beat", "sweep")

    with clock.at(clock.now() + timedelta(minutes=5)):
        assert queue.load().oldest_waits == pytest.approx(300, abs=5)


def test_a_failed_job_is_tried_again_later(own_database, valkey, jobs, caplog):
    queue.later("trial.fail", unique="failing")

    queue.work(burst=True, fork=False, with_scheduler=False)

    job = queue.waiting().fetch_job("failing")
    assert (job.retries_left, job.failure_ttl, job.result_ttl) == (len(queue.RETRY_AFTER) - 1, 3 * 24 * 3600, 0)
    assert "job trial.fail() failed" in caplog.text


def test_work_survives_a_queue_that_does_not_answer(own_database, monkeypatch, caplog):
    queue.configure("unix:///nowhere.sock")
    try:
        with db.atomic() as session:
            session.add(Heartbeat(name="written", at=clock.now()))
            queue.later("trial.beat", "sweep")
    finally:
        queue.configure(None)

    assert beats() == {"written"}
    assert "after the commit" in caplog.text


def test_without_a_server_the_queue_says_what_is_missing(monkeypatch):
    monkeypatch.delenv("REDIS_URL", raising=False)
    with pytest.raises(RuntimeError, match="REDIS_URL"):
        queue.connection()


def test_the_limiter_s_spelling_of_a_unix_socket_is_understood(valkey):
    queue.configure("redis+" + valkey)

    assert queue.connection().ping()
