"""Hostile values in every field, every parameter and every part of every address: refused, never obeyed, never a fault.

The forms are found by crawling as signed-in readers. A value goes into all the typed fields of a form at once; hidden fields and
choices get one each, in turn. Every POST is taken back afterwards, so that the next one meets the same record.
"""

from __future__ import annotations

import io
import os
import sys
from itertools import count, cycle
from urllib.parse import quote, urlsplit

import pytest
import sqlalchemy as sa

from pathways import db
from pathways.db import Base
from tests.hostile.conftest import crawl, token

SCRIPT = "<script>alert('hx')</script>"
HOSTILE = [
    "' OR '1'='1' --",
    "'; DROP TABLE person; --",
    f'">{SCRIPT}',
    "javascript:alert('hx')",
    "<img src=x onerror=alert('hx')>",
    "{{7*191}}hx ${7*191}hx <%=7*191%>hx",
    "a\x00b",
    "\ud800",
    "é" * 20_000,
    "\u202etxet\u2066",
    "👩🏽‍🔧🇫🇷",
    "-1",
    "99999999999999999999999999",
    "1e309",
    "NaN",
    "0000-00-00",
    "9999-12-31",
    "0001-01-01",
    "2026-02-30",
    "../../../../etc/passwd",
    "a\r\nX-Injected: 1",
    "١٢٣٤",
    "https://evil.example/",
    "//evil.example",
    "%s%n%x",
    "00000000-0000-0000-0000-000000000000",
    '{"a": [1, {"b": null}]}',
    "=cmd|' /C calc'!A0",
]
ALIKE = ("javascript", "1e309", "%s", "9999999", "'; DROP", "<img", "-1", "=cmd", "NaN", "0000-")
TYPED = [
    value for value in HOSTILE
    if not value.startswith((*ALIKE, "//", "0001", "..", "é", "\u202e", "\u0661", "https", "2026-", "9999-"))
]
"""In forms: one of each kind, because their fields read the like of the others already."""
ASKED = [
    value for value in HOSTILE
    if not value.startswith((*ALIKE, "a\r\n", '{"a', "https", "2026-", "\U0001f469", "\u202e", "\u0661", "9999-"))
]
"""In addresses, the same."""
if os.environ.get("PATHWAYS_HOSTILE") == "all":
    TYPED = ASKED = HOSTILE
WRITES = ("INSERT", "UPDATE", "DELETE")
OFFICES = ("counsellor", "head", "trainer", "admin", "dpo", "region")
UNTOUCHED = sorted(table for table in Base.metadata.tables if table not in {"disclosure", "visibility"})
"""What a refusal leaves as it was; the log of consultations grows with every look."""


class Checked:
    """Every answer, judged; and how many there were."""

    def __init__(self, caplog, never_too_many) -> None:
        self.never_too_many = never_too_many
        self.requests, self.caplog, self.statuses = 0, caplog, {}
        self.faults: dict[str, str] = {}

    def judge(self, answer, what: str, value: str) -> None:
        self.requests += 1
        if self.requests % 4 == 0:
            self.never_too_many()
        self.statuses[answer.status_code] = self.statuses.get(answer.status_code, 0) + 1
        shown = f"{what} with {value[:60]!a}"
        if answer.status_code >= 500:
            self.faults.setdefault(what, f"{answer.status_code}: {shown}: {self.caplog.text[-700:]}")
            self.caplog.clear()
            return
        try:
            self._judge(answer, shown)
        except AssertionError as fault:
            self.faults.setdefault(what, str(fault))

    def none_failed(self) -> None:
        assert not self.faults, "\n\n".join(self.faults.values())

    def _judge(self, answer, shown: str) -> None:
        text = answer.get_data().decode("utf-8", "replace")  # a document may be no text
        assert "Traceback (most recent call last)" not in text, shown
        assert SCRIPT not in text, f"reflected as markup: {shown}"
        assert "<img src=x onerror" not in text, f"reflected as markup: {shown}"
        assert "1337hx" not in text, f"evaluated: {shown}"
        assert 'href="javascript:' not in text.lower(), shown
        assert answer.status_code != 429, f"nobody asked: {shown}"
        assert "X-Injected" not in answer.headers, shown
        target = urlsplit(answer.headers.get("Location", ""))
        assert target.netloc in {"", "localhost"}, f"sent to {target.netloc}: {shown}"
        assert not answer.headers.get("Location", "").startswith(("//", "/\\")), shown


def say(line: str) -> None:
    """The figures of docs/hostile-input.md: shown by ``pytest -s``."""
    sys.stdout.write(f"{line}\n")


def fingerprint() -> list:
    """Row counts and contents of every table that a refusal may not touch."""
    parts = " UNION ALL ".join(
        f"SELECT '{table}', count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {table} AS t" for table in UNTOUCHED
    )
    with db.as_system():
        return db.session().execute(sa.text(parts)).all()


def a_part_of(values, place: int):
    """Every sixth value, the others at the next places: forms and pages read through the same few fields. All on demand."""
    return values if TYPED is HOSTILE else values[place % 6 :: 6]


@pytest.fixture
def checked(caplog, never_too_many):
    return Checked(caplog, never_too_many)


def as_sent(value: str) -> str:
    """What can travel in a form: a lone surrogate as the bytes it would be."""
    return value.encode("utf-8", "surrogatepass").decode("utf-8", "replace") if "\ud800" in value else value


def test_every_form(app, scene, sign_in, connection, counting, checked):
    turns, before, pairs, done = cycle(HOSTILE), fingerprint(), 0, set()

    def send(browser, form, sent: dict, what: str, value: str) -> None:
        db.remove()  # its savepoint would otherwise outlive the one that takes the request back
        taken_back = connection.begin_nested()
        with counting() as asked:
            answer = browser.post(form.action, data=sent)
        checked.judge(answer, f"POST {form.action} {what}", value)
        wrote = any(statement.startswith(WRITES) and "INTO disclosure" not in statement for statement in asked)
        if answer.status_code >= 400 and wrote and fingerprint() != before:
            checked.faults.setdefault(form.action, f"{form.action} {what} was refused and wrote all the same")
        db.remove()
        taken_back.rollback()

    for office in OFFICES:
        checked.never_too_many()
        browser = sign_in(getattr(scene, office))
        before = fingerprint()
        site = crawl(app, browser)
        for key, form in site.forms.items():
            if key in done or form.method != "post" or form.action.startswith("/deconnexion"):
                continue
            done.add(key)
            sign = token(browser.get(form.page))
            usual = dict(form.fields) | {"csrf_token": sign}
            for value in a_part_of(TYPED, len(done)):
                pairs += len(form.names)
                everything = usual | dict.fromkeys(form.typed or form.names, as_sent(value))
                send(browser, form, everything, "in every typed field", value)
            for name in [each for each in form.names if each not in form.typed]:
                value = next(turns)
                send(browser, form, usual | {name: as_sent(value)}, f"in {name}", value)
            twice = {name: ["a", "b"] for name in form.names} | {f"{name}[]": "c" for name in form.names}
            send(browser, form, {"csrf_token": sign} | twice, "several of each", "a, b")
            send(browser, form, {"csrf_token": sign}, "with nothing", "")
    say(f"forms: {len(done)}, {pairs} pairs of a field and a value, {checked.requests} requests {checked.statuses}")
    assert len(done) > 30
    checked.none_failed()


def test_every_query(app, scene, sign_in, checked):
    """Every parameter that a link or a form of search names, and a few that none names; each value in each parameter once."""
    pairs, done = 0, set()
    for office in OFFICES:
        checked.never_too_many()
        browser = sign_in(getattr(scene, office))
        site = crawl(app, browser)
        for endpoint, pages in site.pages.items():
            if endpoint in done or not pages:
                continue
            done.add(endpoint)
            names = sorted(site.parameters.get(endpoint, set()) | {"page", "q", "retour", "next", "avant"})
            for turn in a_part_of(range(len(ASKED)), len(done)):
                pairs += len(names)
                values = {name: as_sent(ASKED[(turn + place) % len(ASKED)])[:2_000] for place, name in enumerate(names)}
                asked = "&".join(f"{quote(name)}={quote(value)}" for name, value in values.items())
                checked.judge(browser.get(f"{urlsplit(pages[0]).path}?{asked}"), f"{office}: GET {endpoint}", str(values))
    told = f"{len(done)} pages, {pairs} pairs of a parameter and a value, {checked.requests} requests"
    say(f"queries: {told} {checked.statuses}")
    assert len(done) > 30
    checked.none_failed()


def test_every_part_of_every_address(app, scene, sign_in, checked):
    """Wrong, hostile and unknown parts, by GET and by POST, for every rule of the map."""
    numbers = count()
    for office in ("head", "admin"):
        checked.never_too_many()
        browser = sign_in(getattr(scene, office))
        sign = token(browser.get("/", follow_redirects=True))
        for rule in app.url_map.iter_rules():
            if not rule.arguments or rule.endpoint.endswith("static"):
                continue
            for value in (*HOSTILE[2:8], *HOSTILE[19:21], HOSTILE[25], "é" * 500):
                next(numbers)
                path = rule.rule
                for argument in rule.arguments:
                    for shape in (f"<{argument}>", f"<uuid:{argument}>", f"<string:{argument}>", f"<int:{argument}>"):
                        path = path.replace(shape, quote(as_sent(value), safe=""))
                for method in rule.methods & {"GET", "POST"}:
                    sent = {"data": {"csrf_token": sign}} if method == "POST" else {}
                    answer = browser.open(path, method=method, **sent)
                    checked.judge(answer, f"{office}: {method} {rule.rule}", value)
    say(f"addresses: {next(numbers)} of rules and values, {checked.requests} requests {checked.statuses}")
    checked.none_failed()


def test_bodies_that_no_browser_sends(app, scene, sign_in, checked):
    """JSON, files and raw bytes where a form is expected."""
    bodies = [
        {"json": {"a": [1, 2]}}, {"json": [[]]}, {"json": "text"},
        {"data": b"\xff\xfe\x00=%ZZ&=&&", "content_type": "text/plain"},
        {"data": b"a=%ff%fe&%00=1", "content_type": "application/x-www-form-urlencoded"},
        {"data": b"--x\r\nbroken", "content_type": "multipart/form-data; boundary=x"},
        {"data": b"[" * 100_000, "content_type": "application/json"},
        {"data": {"file": (io.BytesIO(b"\x00"), "../../x\x00.json"), "act": "try"}, "content_type": "multipart/form-data"},
    ]  # fmt: skip
    browser = sign_in(scene.head)
    sign = token(browser.get("/", follow_redirects=True))
    posts = [rule for rule in app.url_map.iter_rules() if "POST" in rule.methods and not rule.endpoint.endswith("static")]
    for rule in posts:
        path = rule.rule
        for argument in rule.arguments:
            path = path.replace(f"<uuid:{argument}>", str(scene.persons["Maëlys"].public_id)).replace(f"<{argument}>", "contact")
        for body in bodies:
            sent = {name: {**value} if isinstance(value, dict) else value for name, value in body.items()}
            sent["headers"] = {"X-CSRFToken": sign}
            if isinstance(sent.get("data"), dict):
                sent["data"]["file"] = (io.BytesIO(b"\x00"), "../../x\x00.json")
            checked.judge(browser.post(path, **sent), f"POST {rule.rule} {body.get('content_type', 'json')}", "body")
    say(f"bodies: {len(posts)} addresses, {checked.requests} requests {checked.statuses}")
    checked.none_failed()
