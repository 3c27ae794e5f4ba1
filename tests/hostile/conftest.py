"""Everything a reader can reach, found as a reader does: by following links and reading the forms of each page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from werkzeug.exceptions import HTTPException

from pathways import clock
from pathways.models import Role
from tests.factories import OrganisationFactory
from tests.scene import Scene, account, build
from tests.views.conftest import app, client, sign_in, submit, token  # noqa: F401 -- fixtures of the pages

PER_ENDPOINT = 2
"""Pages of one endpoint that a crawl opens: others differ by their rows."""
MOST = 12
"""The same of a crawl that looks for one word everywhere."""
SIGNS_OUT = ("/deconnexion", "/static/")


@dataclass(frozen=True)
class Form:
    """One form of a page: where it goes, how, its fields as a browser would send them, and those somebody types in."""

    page: str
    action: str
    method: str
    fields: tuple[tuple[str, str], ...]
    typed: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for name, _ in self.fields if name != "csrf_token"))


class Reader(HTMLParser):
    """The links and forms of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.links, self.forms = page, [], []
        self._form: dict[str, Any] | None = None
        self._select = ""
        self._options: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "a" and given.get("href", "").startswith("/"):
            self.links.append(given["href"])
        elif tag == "form":
            here = urlsplit(self.page)
            action = given.get("action") or (here.path + (f"?{here.query}" if here.query else ""))
            self._form = {"action": action, "method": given.get("method", "get").lower(), "fields": [], "typed": []}
        elif self._form is None:
            return
        elif tag in {"input", "button", "textarea"} and given.get("name"):
            self._control(tag, given)
        elif tag == "select" and given.get("name"):
            self._select, self._options = given["name"], []
        elif tag == "option" and self._select:
            self._options.append((given.get("value", ""), "selected" in given))

    def _control(self, tag: str, given: dict[str, str]) -> None:
        assert self._form is not None
        kind = given.get("type", "text")
        if tag == "button" or (kind in {"checkbox", "radio"} and "checked" not in given and any(
                name == given["name"] for name, _ in self._form["fields"])):  # fmt: skip
            if tag == "button" and not any(name == given["name"] for name, _ in self._form["fields"]):
                self._form["fields"].append((given["name"], given.get("value", "")))
            return
        if kind not in {"hidden", "checkbox", "radio", "submit"}:
            self._form["typed"].append(given["name"])
        self._form["fields"].append((given["name"], given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self._select and self._form is not None:
            chosen = next((value for value, selected in self._options if selected), self._options[0][0] if self._options else "")
            self._form["fields"].append((self._select, chosen))
            self._select = ""
        elif tag == "form" and self._form is not None:
            made = self._form
            self.forms.append(Form(self.page, made["action"], made["method"], tuple(made["fields"]), tuple(made["typed"])))
            self._form = None


@dataclass
class Site:
    """What one reader reaches: a page or two by endpoint, the query parameters of its links, and its forms."""

    pages: dict[str, list[str]] = field(default_factory=dict)
    parameters: dict[str, set[str]] = field(default_factory=dict)
    forms: dict[tuple[str, str, tuple[str, ...]], Form] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    """Address → page, of those opened."""

    @property
    def opened(self) -> int:
        return len(self.texts)


def crawl(app, browser, page: str = "", *, every: bool = False) -> Site:  # noqa: F811 -- the application, not the fixture
    """Opens pages from home on, and ``page`` first. ``every``: all that links lead to, not only two of an endpoint."""
    site, waiting, seen = Site(), [*filter(None, [page]), "/"], set()
    adapter = app.url_map.bind("localhost")
    while waiting:
        url = waiting.pop(0)
        parts = urlsplit(url)
        if url in seen or parts.path.startswith(SIGNS_OUT):
            continue
        seen.add(url)
        try:
            endpoint, _arguments = adapter.match(parts.path, method="GET")
        except HTTPException:  # a link that leads to a redirect, or only takes a POST
            continue
        site.parameters.setdefault(endpoint, set()).update(name for name, _ in parse_qsl(parts.query, keep_blank_values=True))
        opened = site.pages.setdefault(endpoint, [])
        if len(opened) >= (MOST if every else PER_ENDPOINT):
            continue
        answer = browser.get(url)
        if answer.status_code in {301, 302, 303, 308}:
            waiting.append(answer.headers["Location"])
            continue
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        opened.append(url)
        site.texts[url] = answer.text
        read = Reader(url)
        read.feed(answer.text)
        waiting += read.links
        for form in read.forms:
            action = urlsplit(form.action).path
            key = (form.method, re.sub(r"[0-9a-f-]{36}", "<uuid>", action), form.names)
            site.forms.setdefault(key, form)
            if form.method == "get":
                site.parameters.setdefault(endpoint, set()).update(form.names)
    return site


@pytest.fixture
def never_too_many(app):  # noqa: F811 -- the fixture of the pages
    """``never_too_many()``: the counters of requests begin again, for tests that send thousands."""

    def again() -> None:
        with app.app_context():
            for limiter in app.extensions["limiter"]:
                limiter.reset()

    return again


@pytest.fixture
def scene(session, frozen_clock) -> Iterator[Scene]:
    """A small mission locale and its training body, with somebody in every office."""
    made = build()
    made.head = account(made.ml, "Hélène Responsable", "tete@exemple.fr", Role.RESPONSABLE_STRUCTURE)
    made.admin = account(made.ml, "Ada Min", "admin@exemple.fr", Role.ADMINISTRATEUR)
    made.dpo = account(made.ml, "Odile Protectrice", "dpo@exemple.fr", Role.DPO)
    region = OrganisationFactory(kind="region", town="Région des Pays de la Loire")
    made.region = account(region, "Réginald Ional", "region@exemple.fr", Role.GESTIONNAIRE_REGION)
    assert clock.today()
    return made
