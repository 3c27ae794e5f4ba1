"""What browsers are told: headers, cookies, where one may be sent, and where to report a weakness."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest
from flask import Flask, request, url_for

from config.production import Production
from pathways import clock, create_app
from pathways.models import Role
from pathways.sharing import passwords, second_factor
from pathways.views.addresses import local
from tests.factories import OrganisationFactory
from tests.scene import account
from tests.security.conftest import gives_password
from tests.views.conftest import submit, token
from tests.views.test_access import ARGUMENTS, pages

PAGES = ("/connexion", "/accompagnements", "/compte/sessions", "/nulle-part", "/healthz")
HTTPS = {"wsgi.url_scheme": "https", "HTTP_HOST": "pathways.example.org"}


@pytest.fixture
def production(own_database):
    """A real installation, with Claire's account."""
    made = create_app(
        Production(
            database_url=own_database.app_url,
            owner_url=own_database.owner_url,
            redis_url="memory://",
            secret_key="x" * 40,
            trusted_proxies=1,
            security_contact="mailto:securite@exemple.fr",
        )
    )
    account(OrganisationFactory(), "Claire Moreau", "claire@exemple.fr")
    yield made
    passwords.configure("cheapest")
    second_factor.configure("x" * 32)


# --- headers of every answer


@pytest.mark.parametrize("address", PAGES)
def test_no_page_may_be_framed_sniffed_or_kept(sign_in, claire, address):
    headers = sign_in(claire).get(address).headers

    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", PAGES)
def test_the_policy_allows_nothing_written_in_the_page_and_nothing_from_elsewhere(client, address):
    policy = dict(each.split(" ", 1) for each in client.get(address).headers["Content-Security-Policy"].split("; "))

    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert "unsafe" not in " ".join(policy.values())


def test_a_browser_that_came_by_https_is_told_to_stay_there(production):
    told = production.test_client().get("/connexion", environ_overrides=HTTPS).headers["Strict-Transport-Security"]

    assert told == "max-age=31536000; includeSubDomains"


def test_on_one_s_own_machine_nobody_is_told_so(client):
    assert "Strict-Transport-Security" not in client.get("/connexion").headers


# --- cookies


def test_in_production_the_cookies_are_of_this_host_alone_over_https_and_out_of_reach_of_scripts(production):
    browser = production.test_client()
    page = browser.get("/connexion", environ_overrides=HTTPS)
    answer = browser.post(
        "/connexion",
        environ_overrides=HTTPS,
        data={"email": "claire@exemple.fr", "password": "correct-horse-battery", "csrf_token": token(page)},
        headers={"Referer": "https://pathways.example.org/connexion"},
    )

    cookies = answer.headers.getlist("Set-Cookie")
    assert sorted(each.split("=")[0] for each in cookies) == ["__Host-pathways", "__Host-pathways-device"]
    for each in cookies:
        parts = {part.strip() for part in each.split(";")[1:]}
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= parts
        assert not any(part.startswith("Domain") for part in parts)


def test_the_session_cookie_ends_with_the_browser(client, claire):
    answer = gives_password(client, claire)
    cookie = next(each for each in answer.headers.getlist("Set-Cookie") if each.startswith("pathways="))

    assert "Expires" not in cookie
    assert "Max-Age" not in cookie


def test_a_cookie_signed_with_another_key_is_nobody_s(client, claire, app):
    gives_password(client, claire)
    with client.session_transaction() as mine:
        content = dict(mine)
    other = Flask("other")
    other.secret_key = "y" * 32
    thief = app.test_client()
    thief.set_cookie("pathways", other.session_interface.get_signing_serializer(other).dumps(content))

    assert thief.get("/accompagnements").status_code == 302


# --- behind a proxy


def test_the_address_of_a_visitor_is_the_one_the_proxy_in_front_says_and_no_other(production):
    seen = []

    @production.before_request
    def look():
        seen.append((request.remote_addr, request.scheme))

    browser = production.test_client()
    forwarded = {"X-Forwarded-For": "10.9.9.9, 192.0.2.77", "X-Forwarded-Proto": "https"}
    browser.get("/connexion", headers=forwarded)

    assert seen == [("192.0.2.77", "https")]


def test_without_a_proxy_such_a_header_is_not_believed(app, client):
    client.get("/connexion", headers={"X-Forwarded-For": "192.0.2.77"})

    assert "ProxyFix" not in type(app.wsgi_app).__name__


# --- where one may be sent

HOSTILE = [
    "//evil.example", "///evil.example", "////evil.example", "/\\evil.example", "\\\\evil.example", "/\\/evil.example",
    "https:evil.example", "https:/evil.example", "https://evil.example", "HTTPS://evil.example", "http:///evil.example",
    "javascript:alert(1)", "data:text/html,x", "vbscript:x", "evil.example", "evil.example/a", "@evil.example", ":@evil.example",
    "/\t/evil.example", "/\n/evil.example", "/\r\n/evil.example", "\t//evil.example", " //evil.example", "/\x00/evil.example",
    "/\x0b/evil.example", "/\x7f/evil", "/\u2028/evil.example", "/\u202e/evil.example", "/\u200b/evil.example", "/\ufeff/evil",
    "/a\r\nSet-Cookie: x=1", "/a\\..\\..//evil.example", "//[::1", "/\u00a0/evil", "", None,
]  # fmt: skip
OURS = [
    "/", "/accompagnements", "/accompagnements?q=guérin&niveau=alert", "/personnes/1#journal", "/a/..//evil.example",
    "/%2F/evil.example", "/%5cevil.example", "/accompagnements?next=https://evil.example", "/@evil.example",
    "/\uff0fevil.example",
]  # fmt: skip


@pytest.mark.parametrize("address", HOSTILE)
def test_an_address_elsewhere_is_refused_however_it_is_dressed(address):
    assert local(address) is None


@pytest.mark.parametrize("address", OURS)
def test_an_address_of_ours_is_kept(address):
    assert local(address) == address


@pytest.mark.parametrize("address", [each for each in HOSTILE if each])
def test_after_signing_in_nobody_is_led_away(client, claire, address):
    page = client.get("/connexion", query_string={"next": address})
    form = {"email": claire.email, "password": "correct-horse-battery", "csrf_token": token(page)}

    assert client.post("/connexion", query_string={"next": address}, data=form).location == "/"


@pytest.mark.parametrize("address", ["//evil.example", "/\\evil.example", "https://evil.example"])
def test_choosing_an_organisation_leads_nobody_away_either(sign_in, claire, ml, address):
    client = sign_in(claire)
    page = client.get("/organisme")
    form = {"organisation": str(ml.public_id), "csrf_token": token(page)}

    assert client.post("/organisme", query_string={"next": address}, data=form).location == "/"


# --- security.txt


def test_where_to_report_a_weakness_is_said_and_not_out_of_date(production):
    answer = production.test_client().get("/.well-known/security.txt", environ_overrides=HTTPS)
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())

    assert answer.content_type == "text/plain; charset=utf-8"
    assert fields["Contact"] == "mailto:securite@exemple.fr"
    assert clock.now() < datetime.fromisoformat(fields["Expires"]) < clock.now() + timedelta(days=365)
    assert fields["Canonical"] == "https://pathways.example.org/.well-known/security.txt"


def test_without_a_contact_nothing_is_made_up(client):
    assert client.get("/.well-known/security.txt").status_code == 404


# --- forged requests


def test_no_form_is_accepted_without_its_token(app, client):
    """Every form of the application, as whoever has no token: refused before anything is looked at."""
    admin = account(OrganisationFactory(), "Ada Min", "ada@exemple.fr", Role.ADMINISTRATEUR)
    gives_password(client, admin)
    accepted = []
    for rule, _access, methods in pages(app):
        with app.test_request_context():
            url = url_for(rule.endpoint, **{name: ARGUMENTS.get(name, uuid.uuid4()) for name in rule.arguments})
        if "POST" in methods and client.post(url).status_code != 400:
            accepted.append(rule.rule)
    assert accepted == []
    assert submit(client, "/compte/", name="Ada", phone="", locale="fr").status_code == 303
