"""A request that only asks changes nothing: refused before PostgreSQL hears of it, and counted by PostgreSQL itself."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from pathways import clock, db, reading
from pathways.models import Disclosure, Heartbeat, Kind, Role
from pathways.reading import ANYTHING, MAY_BE_WRITTEN, WroteWhileReading, only_reading, written
from pathways.views import gate
from pathways.views.gate import public
from tests.security.conftest import gives_password
from tests.walls.marked import marked
from tests.walls.walking import walk

FEWEST = 50
ROLES = (Role.CONSEILLER, Role.RESPONSABLE_STRUCTURE, Role.ADMINISTRATEUR, Role.DPO, Role.ANIMATEUR_PSAD)
"""Between them they open every page."""
CHANGED = sa.text(
    "select relname, n_tup_ins + n_tup_upd + n_tup_del from pg_stat_xact_user_tables "
    "where n_tup_ins + n_tup_upd + n_tup_del > 0"
)


def changed_rows() -> dict[str, int]:
    """How many rows of each table the test's transaction has changed so far, as PostgreSQL counts."""
    return dict(db.session().execute(CHANGED).all())


@pytest.mark.parametrize("role", ROLES)
def test_no_page_that_is_asked_for_changes_anything_but_the_log_of_reading(role, app, sign_in, frozen_clock):
    case = marked(Kind.MISSION_LOCALE)
    client = sign_in(case.user(role))
    frozen_clock.advance(minutes=2)
    before = changed_rows()

    answers = list(walk(app, client, case))

    after = changed_rows()
    assert {table for table in after if after[table] != before.get(table, 0)} <= MAY_BE_WRITTEN
    assert [answer.rule.rule for answer in answers if answer.status >= 500] == []
    assert len(answers) > FEWEST


def test_a_page_that_would_write_is_an_error_and_writes_nothing(app, client, monkeypatch):
    @public
    def careless():
        with db.atomic() as session:
            session.add(Heartbeat(name="written by a look", at=clock.now()))
        return "done"

    monkeypatch.setitem(app.view_functions, "health.healthz", careless)

    assert client.get("/healthz").status_code == 500
    assert client.head("/healthz").status_code == 500
    with db.as_system():
        assert db.session().scalars(sa.select(Heartbeat.name)).all() == []


def test_a_form_of_the_same_address_writes(app, claire, client):
    before = changed_rows().get("user_session", 0)

    assert client.get("/connexion").status_code == 200
    assert gives_password(client, claire).status_code == 303
    assert changed_rows()["user_session"] == before + 1


@pytest.mark.parametrize(
    "statement",
    [
        sa.insert(Heartbeat).values(name="x"),
        sa.update(Heartbeat).values(name="x"),
        sa.delete(Heartbeat),
        sa.text("with gone as (delete from heartbeat returning name) select * from gone"),
        sa.text("/* select */ INSERT\n INTO public.heartbeat (name) SELECT 'x'"),
        sa.text("truncate heartbeat"),
        sa.text("create table heartbeat_too (name text)"),
        sa.text("copy heartbeat from stdin"),
    ],
)
def test_whatever_writes_is_refused(session, statement):
    with only_reading(), pytest.raises(WroteWhileReading):
        session.execute(statement)


def test_a_flush_and_a_many_rows_insert_are_refused_too(session, engine):
    with only_reading():
        with pytest.raises(WroteWhileReading), db.atomic():
            session.add(Heartbeat(name="x"))
        with pytest.raises(WroteWhileReading), db.atomic():
            session.execute(sa.insert(Heartbeat), [{"name": "x"}, {"name": "y"}])
        with engine.connect() as connection, pytest.raises(WroteWhileReading):
            connection.execute(sa.insert(Heartbeat).values(name="x"))


def test_it_ends_with_the_request(session):
    with only_reading(), only_reading(really=False):
        session.execute(sa.insert(Heartbeat).values(name="meant", at=clock.now()))
    session.execute(sa.insert(Heartbeat).values(name="afterwards", at=clock.now()))

    assert set(session.scalars(sa.select(Heartbeat.name))) == {"meant", "afterwards"}


@pytest.mark.parametrize(
    ("statement", "tables"),
    [
        ("SELECT 1 FROM person FOR UPDATE OF person", set()),
        ("SELECT 1 FROM person FOR NO KEY UPDATE", set()),
        ("SELECT 'delete from person', update_count, \"update\" FROM x", set()),
        ("SELECT 1 -- update person\n", set()),
        ("INSERT INTO disclosure (at) VALUES (now())", {"disclosure"}),
        ("INSERT INTO alert AS known (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET a = 1", {"alert"}),
        ("WITH a AS (UPDATE ONLY alert SET x = 1 RETURNING 1), b AS (DELETE FROM link) SELECT 1", {"alert", "link"}),
        ('UPDATE "person" SET x = 1', {"person"}),
        ("MERGE INTO person USING x ON true", {"person"}),
        ("DROP TABLE person", {ANYTHING}),
        ("SELECT set_config('app.scope', 'system', true)", set()),
        ("SAVEPOINT a", set()),
    ],
)
def test_what_a_statement_writes_is_read_off_it(statement, tables):
    assert written(statement) == tables


def test_what_may_be_written_exists_and_is_only_ever_added_to_but_for_the_session(session):
    known = set(db.Base.metadata.tables)

    assert known >= MAY_BE_WRITTEN
    for table in MAY_BE_WRITTEN - {"user_session"}:
        for right in ("UPDATE", "DELETE"):
            may = sa.select(sa.func.has_table_privilege(sa.func.current_user(), table, right))
            assert session.scalar(may) is False, f"{right} on {table}"


def test_the_methods_that_only_ask_are_the_safe_ones():
    assert set(gate.SAFE) == {"GET", "HEAD", "OPTIONS"}
    assert Disclosure.__tablename__ in reading.MAY_BE_WRITTEN
