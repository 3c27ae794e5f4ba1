"""Signing in, being told nothing one should not know, and signing out."""

from __future__ import annotations

import time

import pytest
import sqlalchemy as sa

import config.testing
from config.production import Production
from pathways import create_app, db
from pathways.models import User
from pathways.sharing import passwords
from pathways.sharing.passwords import hash_password
from tests.factories import OrganisationFactory
from tests.scene import PASSWORD, account
from tests.views.conftest import submit, token


@pytest.fixture
def claire(client):
    return account(OrganisationFactory(), "Claire Moreau", "claire@exemple.fr")


def signs_in(client, email="claire@exemple.fr", password=PASSWORD, url="/connexion"):
    return submit(client, url, email=email, password=password)


def test_a_counsellor_signs_in_and_lands_on_her_list(client, claire):
    answer = signs_in(client, email="  Claire@Exemple.FR ")

    assert (answer.status_code, answer.location) == (303, "/")
    assert "Mes accompagnements" in client.get("/", follow_redirects=True).text


def test_the_latest_sign_in_is_kept_and_a_failed_one_is_not(client, claire):
    def last():
        return db.session().scalar(sa.select(User.last_signed_in_at).where(User.id == claire.id))

    signs_in(client, password="pas-celui-la")
    assert last() is None
    signs_in(client)
    assert last() is not None


def test_unknown_address_and_wrong_password_read_the_same(client, claire):
    unknown = signs_in(client, email="inconnue@exemple.fr")
    wrong = signs_in(client, password="pas-celui-la")

    assert unknown.status_code == wrong.status_code == 422
    sentence = "L’adresse ou le mot de passe ne correspond pas."
    assert sentence in unknown.text
    assert sentence in wrong.text
    assert "inconnue@exemple.fr" in unknown.text
    assert "pas-celui-la" not in wrong.text


def test_unknown_address_and_wrong_password_take_the_same_time(client, claire):
    """Both check one hash: with a cost that can be measured, neither is twice as long as the other."""

    def seconds(email):
        page = client.get("/connexion")
        start = time.perf_counter()
        client.post("/connexion", data={"email": email, "password": "non", "csrf_token": token(page)})
        return time.perf_counter() - start

    passwords.configure("default")
    try:
        db.session().execute(sa.update(User).values(password_hash=hash_password(PASSWORD)))
        db.session().commit()
        seconds("inconnue@exemple.fr")
        known, unknown = (
            min(seconds("claire@exemple.fr") for _ in range(3)),
            min(seconds("inconnue@exemple.fr") for _ in range(3)),
        )
    finally:
        passwords.configure("cheapest")
    assert max(known, unknown) < 2 * min(known, unknown)


def test_somebody_without_password_or_inactive_does_not_sign_in(client, claire):
    db.session().execute(sa.update(User).where(User.id == claire.id).values(active=False))
    db.session().commit()

    assert signs_in(client).status_code == 422


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("/structure", "/structure"),
        ("/structure?niveau=alert", "/structure?niveau=alert"),
        ("https://ailleurs.example/", "/"),
        ("//ailleurs.example/", "/"),
        ("/\\ailleurs.example", "/"),
        ("javascript:alert(1)", "/"),
        ("structure", "/"),
    ],
)
def test_after_signing_in_one_only_goes_on_within_this_site(client, claire, asked, given):
    page = client.get("/connexion", query_string={"next": asked})
    answer = client.post(
        "/connexion",
        query_string={"next": asked},
        data={"email": claire.email, "password": PASSWORD, "csrf_token": token(page)},
    )

    assert answer.location == given


def test_a_page_asked_for_before_signing_in_is_where_one_lands(client, claire):
    sent = client.get("/structure").location

    assert signs_in(client, url=sent).location == "/structure"


def test_a_form_without_its_token_is_refused_with_advice(client, claire):
    answer = client.post("/connexion", data={"email": claire.email, "password": PASSWORD})

    assert answer.status_code == 400
    assert "Rechargez" in answer.text


def test_signing_out_takes_a_post_and_ends_the_session(client, claire):
    signs_in(client)
    page = client.get("/accompagnements")
    assert client.get("/deconnexion").status_code == 405

    answer = client.post("/deconnexion", data={"csrf_token": token(page)})

    assert answer.location == "/connexion"
    assert client.get("/accompagnements").status_code == 302


def test_a_new_password_ends_the_sessions_opened_before(client, claire):
    signs_in(client)
    assert client.get("/accompagnements").status_code == 200

    db.session().execute(sa.update(User).values(password_hash=hash_password("un-autre-mot-de-passe")))
    db.session().commit()

    assert client.get("/accompagnements").status_code == 302


def test_a_session_taken_to_another_browser_is_over(client, claire):
    signs_in(client)

    assert client.get("/accompagnements", headers={"User-Agent": "Un autre navigateur"}).status_code == 302


def test_guessing_is_slowed_down_and_the_others_still_sign_in(client, claire):
    page = client.get("/connexion")
    form = {"email": claire.email, "csrf_token": token(page)}
    for _ in range(10):
        assert client.post("/connexion", data=form | {"password": "non"}).status_code == 422

    answer = client.post("/connexion", data=form | {"password": PASSWORD})

    assert answer.status_code == 429
    assert "Trop d’essais" in answer.text
    assert int(answer.headers["Retry-After"]) > 0
    other = account(OrganisationFactory(), "Karim", "karim@exemple.fr")
    assert signs_in(client, email=other.email).status_code == 303


def test_signing_in_often_is_not_guessing(client, claire):
    for _ in range(12):
        assert signs_in(client).status_code == 303


def test_without_a_queue_people_sign_in_and_guessing_stays_slow(servers):
    database = servers.clone()
    lost = "unix:///nowhere/valkey.sock"
    try:
        app = create_app(
            config.testing.Testing(
                database_url=database.app_url, owner_url=database.owner_url, redis_url=lost, secret_key="x" * 32
            )
        )
        with db.as_system():
            claire = account(OrganisationFactory(), "Claire", "claire@exemple.fr")
            db.remove()
        client = app.test_client()
        assert signs_in(client).status_code == 303
        form = {"email": claire.email, "password": "non"}
        guesser = app.test_client()
        form["csrf_token"] = token(guesser.get("/connexion"))
        statuses = [guesser.post("/connexion", data=form).status_code for _ in range(11)]
    finally:
        db.remove()
        db.dispose()
        servers.drop(database)

    assert statuses == [422] * 10 + [429]


def test_the_cookie_is_for_this_site_alone(client, claire, app):
    cookie = signs_in(client).headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_in_production_the_cookie_travels_over_https_only():
    config = Production(database_url="postgresql://x/x", owner_url="postgresql://x/x", redis_url="redis://x", secret_key="x" * 40)

    assert config.flask()["SESSION_COOKIE_SECURE"] is True
