"""The access log: who came when, and no secret of anybody."""

from __future__ import annotations

import logging
import secrets
from datetime import timedelta
from types import SimpleNamespace

import pytest
from gunicorn.config import Config

from config import gunicorn
from config.access_log import AccessLog, without_secrets


@pytest.fixture
def written(caplog):
    """What one request leaves in the log."""
    settings = Config()
    for name in ("access_log_format", "accesslog", "logger_class"):
        settings.set(name, getattr(gunicorn, name))
    log = AccessLog(settings)
    log.access_log.propagate = True

    def request(path: str, query: str = "") -> str:
        environ = {
            "REQUEST_METHOD": "GET", "PATH_INFO": path, "RAW_URI": f"{path}?{query}", "QUERY_STRING": query,
            "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "192.0.2.77", "HTTP_REFERER": f"http://x{path}?{query}",
        }  # fmt: skip
        answer = SimpleNamespace(status="200 OK", status_code=200, sent=1, headers=[], response_length=1)
        with caplog.at_level(logging.INFO):
            log.access(answer, SimpleNamespace(headers=[]), environ, timedelta(milliseconds=3))
        return caplog.text

    return request


def test_the_link_of_somebody_s_own_page_is_not_written(written):
    secret = secrets.token_urlsafe(32)

    line = written(f"/ma-page/{secret}/rendez-vous")

    assert "/ma-page/…/rendez-vous 200" in line
    assert secret not in line


def test_neither_a_search_nor_an_invitation_is_written(written):
    line = written("/invitation", "jeton=tres-secret")

    assert "GET /invitation 200" in line
    assert "secret" not in line


def test_other_addresses_are_written_as_they_are():
    assert without_secrets("/accompagnements/ma-page/x") == "/accompagnements/ma-page/x"


def test_the_secrets_are_those_of_the_application(app):
    """Every address that carries a secret in its path, and not in its query, is known to the log."""
    carrying = [rule.rule for rule in app.url_map.iter_rules() if {"secret", "token", "jeton"} & rule.arguments]

    assert [rule for rule in carrying if without_secrets(rule.replace("<secret>", "s3cr3t")).find("s3cr3t") >= 0] == []
