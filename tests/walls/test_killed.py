"""A worker killed at any moment: what was answered is in the log, what is in the log with an act is an act that was done."""

from __future__ import annotations

import http.cookiejar
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

import pytest
import sqlalchemy as sa

from pathways import db
from pathways.models import Disclosure, EmergencyAccess
from tests.factories import LinkFactory, OrganisationFactory, PersonFactory
from tests.house_rules.source import ROOT
from tests.scene import PASSWORD, account

CHILD = """
import os, signal, sys
import sqlalchemy as sa
from werkzeug.serving import make_server
from config.testing import Testing
from pathways import create_app
app = create_app(Testing(database_url=sys.argv[1], owner_url=sys.argv[2], redis_url="memory://", secret_key="x" * 32))
moment = sys.argv[3]

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

if moment == "before the trace":
    @sa.event.listens_for(sa.Engine, "before_cursor_execute")
    def _(_connection, _cursor, statement, values, *_rest):
        if "INSERT INTO disclosure" in statement and any(page in str(values) for page in ("person.show", "seek.emergency")):
            die()
if moment == "before the commit":
    @sa.event.listens_for(sa.Engine, "after_cursor_execute")
    def _(_connection, _cursor, statement, values, *_rest):
        if "INSERT INTO disclosure" in statement and any(page in str(values) for page in ("person.show", "seek.emergency")):
            die()
server = make_server("127.0.0.1", 0, app)
print(server.server_port, flush=True)
server.serve_forever()
"""
"""A worker; the database is real, and so is the death."""


class Browser:
    """Signs in and asks a worker that may die meanwhile."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar)

    def get(self, path: str) -> str:
        return self._ask(path, None)

    def submit(self, path: str, **typed: str) -> str:
        key = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', self.get(path))[-1]
        return self._ask(path, urllib.parse.urlencode(typed | {"csrf_token": key}).encode())

    def _ask(self, path: str, sent: bytes | None) -> str:
        with self.opener.open(self.address + path, sent, timeout=60) as answer:
            return answer.read().decode()


@pytest.fixture
def worker(own_database):
    """``worker(moment)``: a signed-in browser and its worker, which dies at that moment, or when it is killed."""
    started = []

    def start(moment: str, user):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, own_database.app_url, own_database.owner_url, moment],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        started.append(child)
        browser = Browser(int(child.stdout.readline()))
        browser.submit("/connexion", email=user.email, password=PASSWORD)
        return child, browser

    yield start
    for child in started:
        child.kill()
        child.wait()
        child.stdout.close()


@pytest.fixture
def person(own_database):
    return PersonFactory(family_name="Tracé", given_name="Témoin")


@pytest.fixture
def user(person):
    """Works where the person is accompanied: the record is the only page that names them to this user."""
    ml = OrganisationFactory()
    LinkFactory(person=person, organisation=ml)
    return account(ml, "Claire Moreau", "claire@exemple.fr")


def written(person, what: str) -> int:
    db.remove()
    return db.session().scalar(
        sa.select(sa.func.count()).select_from(Disclosure).where(Disclosure.person_id == person.id, Disclosure.what == what)
    )


@pytest.mark.slow
def test_what_was_answered_is_in_the_log_though_the_worker_dies_at_once(worker, person, user):
    child, browser = worker("when killed", user)
    page = browser.get(f"/personnes/{person.public_id}")
    os.kill(child.pid, signal.SIGKILL)

    assert "Témoin" in page
    assert child.wait() == -signal.SIGKILL
    assert written(person, "person.show") == 1


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["before the trace", "before the commit"])
def test_a_worker_that_dies_before_the_trace_is_kept_has_answered_nothing(moment, worker, person, user):
    child, browser = worker(moment, user)

    with pytest.raises((urllib.error.URLError, ConnectionError, OSError)):
        browser.get(f"/personnes/{person.public_id}")
    assert child.wait() == -signal.SIGKILL
    assert written(person, "person.show") == 0


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["before the trace", "before the commit"])
def test_an_act_and_its_trace_are_kept_together_or_not_at_all(moment, worker, person, user):
    stranger = account(OrganisationFactory(), "Paul", "paul@exemple.fr")
    child, browser = worker(moment, stranger)
    path, typed = f"/trouver/{person.public_id}/urgence", {"reason": "life", "explanation": "Appel au secours ce matin."}

    with pytest.raises((urllib.error.URLError, ConnectionError, OSError)):
        browser.submit(path, **typed)
    assert child.wait() == -signal.SIGKILL
    assert written(person, "seek.emergency") == 0
    assert db.session().scalar(sa.select(sa.func.count()).select_from(EmergencyAccess)) == 0

    _child, browser = worker("when killed", stranger)
    assert "Témoin" in browser.submit(path, **typed)
    assert written(person, "seek.emergency") == 1
    assert db.session().scalar(sa.select(sa.func.count()).select_from(EmergencyAccess)) == 1
