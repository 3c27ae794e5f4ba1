"""Headers, health and errors: what every page owes its reader."""

from __future__ import annotations

import re

import pytest

import config.testing
from pathways import create_app, db
from pathways.errors import Reason, Refused, Stale
from pathways.views.errors import on_fault, page
from tests.factories import OrganisationFactory
from tests.scene import PASSWORD, account
from tests.views.conftest import submit


def headers_of(client, path: str):
    with client.get(path) as answer:  # a file stays open until its answer is closed
        return answer.headers


def test_every_answer_forbids_what_is_not_ours(client):
    for path in ("/connexion", "/nulle-part", "/static/css/theme.css"):
        headers = headers_of(client, path)
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"


def test_pages_are_not_kept_by_browsers_and_files_are(client):
    assert headers_of(client, "/connexion")["Cache-Control"] == "no-store"
    assert "max-age" in headers_of(client, "/static/css/theme.css")["Cache-Control"]


def test_no_page_carries_style_or_script_inline(sign_in):
    client = sign_in(account(OrganisationFactory(), "Claire", "claire@exemple.fr"))
    for path in ("/accompagnements", "/structure", "/organisme", "/nulle-part"):
        text = client.get(path).text
        assert not re.search(r"\sstyle=|\son\w+=|<style|<script>", text), path
        assert "http://" not in text.replace("http://www.w3.org", "")
        assert "cdn" not in text.lower()


def test_alive_and_ready_say_so(client):
    assert client.get("/healthz").json == {"status": "ok"}
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json["database"]) == (200, "ok")
    assert ready.json["queue"] == "unreachable"  # these tests run without one; pages are served all the same


def test_a_database_that_is_gone_gives_an_apology_not_a_trace(servers):
    database = servers.clone()
    try:
        app = create_app(
            config.testing.Testing(
                database_url=database.app_url, owner_url=database.owner_url, redis_url="memory://", secret_key="x" * 32
            )
        )
        with db.as_system():
            claire = account(OrganisationFactory(), "Claire", "claire@exemple.fr")
            db.remove()
        client = app.test_client()
        assert submit(client, "/connexion", email=claire.email, password=PASSWORD).status_code == 303
    finally:
        db.dispose()
        servers.drop(database)

    answer = client.get("/accompagnements")

    assert answer.status_code == 500
    assert "Une erreur de notre côté" in answer.text
    assert client.get("/readyz").status_code == 503
    db.dispose()


def test_a_wrong_address_says_what_to_do(client):
    answer = client.get("/nulle-part")

    assert answer.status_code == 404
    assert "Cherchez-la dans la liste" in answer.text


def test_a_method_that_does_not_exist_keeps_the_list_of_those_that_do(client):
    answer = client.delete("/connexion")

    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize("code", [400, 403, 404, 405, 409, 413, 422, 429, 500, 503])
def test_each_error_page_has_a_next_step(app, code):
    with app.test_request_context():
        text, status = page(code)

    assert status == code
    assert "Revenir à l’accueil" in text


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        (Stale("moved on"), 409, "Quelqu’un est passé avant vous"),
        (Refused(Reason("minor")), 409, "représentant légal"),
        (ZeroDivisionError("a secret"), 500, "Une erreur de notre côté"),
    ],
)
def test_what_goes_wrong_inside_is_told_without_its_insides(app, error, status, sentence):
    with app.test_request_context():
        text, code = app.handle_user_exception(error) if not isinstance(error, ZeroDivisionError) else on_fault(error)

    assert code == status
    assert sentence in text
    assert "secret" not in text


def test_what_a_page_loads_is_kept_under_a_name_that_changes_with_its_content(client):
    page = client.get("/connexion").get_data(as_text=True)
    address = re.search(r'href="(/static/pathways\.css\?v=\w+)"', page)

    assert address is not None
    assert headers_of(client, address[1])["Cache-Control"] == "max-age=31536000, immutable"
    assert headers_of(client, "/static/pathways.css")["Cache-Control"] == "max-age=0"
