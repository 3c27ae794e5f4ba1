"""The application behind a test client, with real forms, tokens and sessions."""

from __future__ import annotations

import re

import pytest

from config.testing import Testing
from pathways import create_app
from tests.scene import PASSWORD


@pytest.fixture(scope="session")
def app(database):
    """Made before the session of a test is bound to its transaction."""
    return create_app(
        Testing(database_url=database.app_url, owner_url=database.owner_url, redis_url="memory://", secret_key="x" * 32)
    )


@pytest.fixture
def client(app, session):
    with app.app_context():
        for limiter in app.extensions["limiter"]:
            limiter.reset()
    return app.test_client()


def token(page) -> str:
    """The token of the page's main form (the sign-out form has one of its own)."""
    return re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)[-1]


def submit(client, url: str, **fields):
    """What a browser does: read the form, then send it with its token."""
    page = client.get(url)
    assert page.status_code == 200, page.text
    return client.post(url, data=fields | {"csrf_token": token(page)})


@pytest.fixture
def sign_in(client):
    """``sign_in(user)``: the client, signed in through the page."""

    def go(user, password: str = PASSWORD):
        answer = submit(client, "/connexion", email=user.email, password=password)
        assert answer.status_code == 303, answer.text
        return client

    return go
