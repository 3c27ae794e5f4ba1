"""The unit of work and the context it gives to the database."""

from __future__ import annotations

import logging
from functools import partial

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pathways import db
from pathways.models import ExternalId, Heartbeat, Organisation, Person
from tests.factories import OrganisationFactory, PersonFactory


def beat(name: str, session) -> None:
    session.execute(sa.text("insert into heartbeat (name, at) values (:name, now())"), {"name": name})


def beat_twice(name: str, session) -> None:
    """The second time is refused by the primary key."""
    beat(name, session)
    beat(name, session)


def beat_twice_apart(session) -> None:
    beat("first", session)
    beat("second", session)


def fail_after(step, *args) -> None:
    step(*args)
    raise ZeroDivisionError


def names(session) -> set[str]:
    return set(session.scalars(sa.select(Heartbeat.name)))


def test_the_outermost_block_commits(own_database):
    with db.atomic() as session:
        beat("sweep", session)
    db.remove()

    assert names(db.session()) == {"sweep"}


def test_an_exception_takes_everything_back(own_database):
    with pytest.raises(ZeroDivisionError), db.atomic() as session:
        fail_after(beat, "sweep", session)

    assert names(db.session()) == set()


def test_an_inner_block_that_fails_takes_back_only_itself(session):
    with db.atomic():
        beat("outer", session)
        with pytest.raises(IntegrityError), db.atomic():
            beat_twice("inner", session)
        beat("after", session)

    assert names(session) == {"outer", "after"}


def test_callbacks_run_once_after_the_outermost_commit(own_database):
    seen = []

    def look(label):
        with db.engine().connect() as other:
            seen.append((label, other.scalar(sa.text("select count(*) from heartbeat"))))

    with db.atomic() as session:
        db.on_commit(look, "outer")
        with db.atomic():
            beat("sweep", session)
            db.on_commit(look, "inner")
        assert seen == []

    assert seen == [("outer", 1), ("inner", 1)]


def test_callbacks_of_a_block_that_was_taken_back_are_dropped(session):
    seen = []
    with db.atomic():
        db.on_commit(seen.append, "outer")
        with pytest.raises(ZeroDivisionError), db.atomic():
            fail_after(db.on_commit, seen.append, "inner")
        db.on_commit(seen.append, "after")

    assert seen == ["outer", "after"]


def test_callbacks_of_a_unit_of_work_that_failed_are_forgotten(session):
    seen = []
    with pytest.raises(ZeroDivisionError), db.atomic():
        fail_after(db.on_commit, seen.append, "never")
    with db.atomic():
        pass

    assert seen == []


def test_a_callback_that_fails_does_not_undo_what_was_acknowledged(session, caplog):
    seen = []
    with caplog.at_level(logging.ERROR), db.atomic():
        beat("sweep", session)
        db.on_commit(lambda: 1 / 0)
        db.on_commit(seen.append, "next")

    assert (names(session), seen) == ({"sweep"}, ["next"])
    assert "after the commit" in caplog.text


def test_outside_a_unit_of_work_a_callback_runs_at_once(session):
    seen = []
    db.on_commit(seen.append, "now")

    assert seen == ["now"]


def test_callbacks_may_open_a_unit_of_work_of_their_own(session):
    def write():
        with db.atomic() as inner:
            beat("from a callback", inner)

    with db.atomic():
        db.on_commit(write)

    assert names(session) == {"from a callback"}


def ways_to_smuggle(person):
    yield print, [person]
    yield print, [[person]]
    yield print, [{"person": person}]
    yield partial(print, person), []
    yield (lambda: person.id), []
    yield (lambda whom=person: whom), []


@pytest.mark.parametrize("way", range(6))
def test_a_mapped_object_cannot_be_kept_for_after_the_commit(session, way):
    run, args = list(ways_to_smuggle(Person(family_name="Guérin", given_name="Chloé")))[way]

    with pytest.raises(TypeError, match="pass its id"), db.atomic():
        db.on_commit(run, *args)


def test_each_transaction_tells_the_database_for_whom_it_works(own_database, frozen_clock):
    settings = sa.text(
        "select current_setting('app.scope'), current_setting('app.organisation'), current_setting('app.today')"
    )

    with db.acting_for(12, 7), db.atomic() as session:
        assert session.execute(settings).one() == ("organisation", "12", "2026-03-02")
        with db.as_system():
            assert session.execute(settings).one() == ("system", "", "2026-03-02")
        assert session.execute(settings).one() == ("organisation", "12", "2026-03-02")
        assert session.scalar(sa.text("select current_setting('app.user')")) == "7"
    db.remove()
    with db.engine().connect() as pooled:
        assert pooled.scalar(sa.text("select current_setting('app.scope', true)")) == ""


def test_what_was_added_under_a_context_is_written_under_it(session, acting_for):
    mission, stranger = OrganisationFactory(), PersonFactory()

    with (
        pytest.raises(sa.exc.ProgrammingError, match="row-level security"),
        db.atomic() as current,
        acting_for(mission),
    ):
        current.add(ExternalId(person_id=stranger.id, system="ine", value="0123456789X"))


def test_the_context_survives_an_inner_failure(session, acting_for):
    mission = OrganisationFactory()
    person = PersonFactory(followed_by=mission)
    PersonFactory()

    with acting_for(mission), db.atomic():
        with pytest.raises(IntegrityError), db.atomic(), db.as_system():
            beat_twice("twice", session)
        assert session.scalars(sa.select(Person.id)).all() == [person.id]


def test_requests_do_not_share_a_session(own_database):
    first = db.session()
    assert db.session() is first
    db.remove()

    assert db.session() is not first


def test_a_statement_that_takes_too_long_is_cut(own_database):
    db.configure(own_database.app_url, statement_timeout="50ms")

    with pytest.raises(sa.exc.OperationalError, match="statement timeout"):
        db.session().execute(sa.text("select pg_sleep(5)"))


def test_a_lock_that_is_not_freed_is_given_up(own_database):
    db.configure(own_database.app_url, lock_timeout="50ms")
    with db.atomic() as session:
        beat("sweep", session)
    lock = sa.text("select 1 from heartbeat where name = 'sweep' for update")

    with db.atomic() as session, db.engine().connect() as other:
        session.execute(lock)
        with pytest.raises(sa.exc.OperationalError, match="lock timeout"):
            other.execute(lock)


def test_fifty_rows_are_counted_as_one_query(session, counting):
    OrganisationFactory()
    with counting() as for_one:
        session.scalars(sa.select(Organisation)).all()
    OrganisationFactory.create_batch(3)
    with counting(at_most=1) as for_four:
        session.scalars(sa.select(Organisation)).all()

    assert for_four.cost_as_much_as(for_one)
    with counting() as for_more:
        beat_twice_apart(session)
    with pytest.raises(AssertionError, match=r"2 queries instead of 1:\n  1\. insert into heartbeat .*\n  2\. insert"):
        for_more.cost_as_much_as(for_one)
