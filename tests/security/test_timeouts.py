"""Nothing holds a page for ever: statements and locks are given up, sooner for a page than for a job, and the page says so."""

from __future__ import annotations

import subprocess
import sys

import pytest
import sqlalchemy as sa

from pathways import db
from pathways.cli.processes import gunicorn_arguments
from pathways.views import errors
from pathways.views.gate import public
from tests.databases import ROOT
from tests.views.conftest import token

PATIENCE = sa.text("select current_setting('statement_timeout'), current_setting('lock_timeout')")

SHORT = db.Patience("50ms", "50ms")


def said():
    return tuple(db.session().execute(PATIENCE).one())


def test_a_page_gives_up_sooner_than_a_job(own_database):
    assert said() == ("15min", "30s")
    db.remove()

    with db.within(db.SERVING):
        assert said() == ("10s", "5s")
        db.remove()
    assert said() == ("15min", "30s"), "a pooled connection kept the patience of the page before"


def test_every_request_is_served_with_the_patience_of_a_page(app, client, monkeypatch):
    @public
    def patience():
        with db.atomic():
            return " ".join(said())

    monkeypatch.setitem(app.view_functions, "health.healthz", patience)

    assert client.get("/healthz").text == "10s 5s"


def test_the_web_server_gives_up_later_than_the_database():
    """A worker that is killed for being slow takes three other requests along."""
    from config import gunicorn

    assert gunicorn.timeout > 10
    assert "config/gunicorn.py" in " ".join(gunicorn_arguments("127.0.0.1:1"))


def test_jobs_and_commands_keep_the_patience_of_the_connection(own_database):
    """A worker as production starts it: a process of its own, wired by create_app."""
    program = (
        "from pathways import create_app, db\n"
        "import sqlalchemy as sa\n"
        "with create_app().app_context():\n"
        "    print(db.session().scalar(sa.text('show statement_timeout')))\n"
    )
    environment = {
        "DATABASE_URL": own_database.app_url, "REDIS_URL": "redis://localhost:1", "PATHWAYS_SECRET_KEY": "x" * 40,
        "PATHWAYS_ENV": "production", "PATH": "/usr/bin:/bin",
    }  # fmt: skip
    told = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )

    assert told.stdout.strip() == "15min"


@pytest.fixture
def slow(app, client, monkeypatch):
    """A page whose statement runs longer than a page may."""

    def answer(statement: str, patience: db.Patience = SHORT):
        @public
        def page():
            with db.within(patience), db.atomic() as session:
                session.execute(sa.text(statement))
            return "done"

        monkeypatch.setitem(app.view_functions, "health.healthz", page)
        return client.get("/healthz")

    return answer


def test_a_statement_that_takes_too_long_becomes_a_page_that_says_what_to_do(slow):
    answer = slow("select pg_sleep(5)")

    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) == errors.RETRY_AFTER
    assert "La réponse a mis trop longtemps" in answer.text
    assert "Réessayez" in answer.text
    assert 'href="/healthz"' in answer.text
    assert "pg_sleep" not in answer.text
    assert "statement timeout" not in answer.text


def test_a_lock_somebody_else_holds_does_too(own_database, app):
    db.configure(own_database.app_url)
    with db.engine().begin() as other:
        other.execute(sa.text("insert into heartbeat (name, at) values ('held', now())"))
    client = app.test_client()

    @public
    def page():
        with db.as_system(), db.within(db.Patience("5s", "50ms")), db.atomic() as session:
            session.execute(sa.text("select 1 from heartbeat for update"))
        return "done"

    usual = app.view_functions["health.healthz"]
    app.view_functions["health.healthz"] = page
    try:
        with db.engine().begin() as other:
            other.execute(sa.text("select 1 from heartbeat for update"))
            assert client.get("/healthz").status_code == 503
    finally:
        app.view_functions["health.healthz"] = usual


def test_another_fault_of_the_database_is_still_a_fault(slow):
    assert slow("select 1/0 from (values (1)) as a", db.SERVING).status_code == 500


def test_after_the_page_gave_up_the_next_one_works(slow, client):
    slow("select pg_sleep(5)")

    assert token(client.get("/connexion"))
