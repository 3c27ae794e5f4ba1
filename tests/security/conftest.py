"""The application as the tests of pages have it, and somebody with a second factor in front of it."""

from __future__ import annotations

import re

import pyotp
import pytest

from pathways import clock
from pathways.models import Role
from tests.factories import OrganisationFactory
from tests.scene import PASSWORD, account
from tests.views.conftest import app, client, sign_in, submit, token

__all__ = ["app", "client", "sign_in"]

HERE = "http://localhost"
"""Where the test client believes the site is."""
ENROL = "/compte/double-authentification"


@pytest.fixture
def ml(client):
    return OrganisationFactory(town="Mission locale du Pays de Retz")


@pytest.fixture
def claire(ml):
    return account(ml, "Claire Moreau", "claire@exemple.fr")


@pytest.fixture
def head(ml):
    """Somebody whose role reaches much."""
    return account(ml, "Hélène Roux", "helene@exemple.fr", Role.CHEF_SERVICE)


class Authenticator:
    """The application on somebody's telephone."""

    def __init__(self, key: str) -> None:
        self.totp = pyotp.TOTP(key.replace(" ", ""))

    def shows(self, later: int = 0) -> str:
        """The code of now, or of so many half-minutes later."""
        return self.totp.generate_otp(int(clock.now().timestamp()) // 30 + later)


def enrol(client) -> tuple[Authenticator, list[str]]:
    """Through the page: the telephone, and the ten codes shown once."""
    page = client.get(ENROL)
    (key,) = re.findall(r'class="factor-key">([A-Z2-7 ]+)<', page.text)
    phone = Authenticator(key)
    answer = client.post(ENROL, data={"code": phone.shows(), "csrf_token": token(page)})
    assert answer.status_code == 200, answer.text
    return phone, re.findall(r"<li>([a-z2-9-]{14})</li>", answer.text)


def gives_password(client, user):
    """The first step alone."""
    return submit(client, "/connexion", email=user.email, password=PASSWORD)
