"""A real server, a real database and a real browser. Without a browser the tests are skipped, and say so."""

from __future__ import annotations

import contextlib
import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from config.testing import Testing
from pathways import create_app, db
from tests.databases import Servers
from tests.scene import PASSWORD, Scene, build

BROWSERS = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
NARROW = 600
SCREENS = Path(__file__).parents[2] / "docs" / "screens"


def find_browser() -> str | None:
    wanted = (os.environ.get("PATHWAYS_CHROMIUM"), *BROWSERS, shutil.which("chromium"))
    return next((path for path in wanted if path and Path(path).exists()), None)


@dataclass
class Site:
    """Where the pages are, and who is in them."""

    address: str
    scene: Scene


@pytest.fixture(scope="module")
def site(servers: Servers) -> Iterator[Site]:
    """The application on its own database, answering on a free port."""
    database = servers.clone()
    try:
        app = create_app(
            Testing(
                database_url=database.app_url, owner_url=database.owner_url, redis_url=servers.redis_url(0), secret_key="x" * 32
            )
        )
        with db.as_system():
            scene = build()
            db.remove()
        with serving(app) as address:
            yield Site(address, scene)
    finally:
        db.remove()
        db.dispose()
        servers.drop(database)


@contextlib.contextmanager
def serving(app) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def browser():
    """Chromium, headless."""
    executable = find_browser()
    if executable is None:
        pytest.skip("NO BROWSER: no Chromium on this machine, the browser tests did not run")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        options = ["--no-sandbox"] if os.geteuid() == 0 else []
        started = playwright.chromium.launch(executable_path=executable, args=options)
        yield started
        started.close()


class Visitor:
    """Somebody in front of a screen."""

    def __init__(self, page, site: Site) -> None:
        self.page, self.site = page, site
        page.set_default_timeout(8_000)
        self.faults: list[str] = []
        page.on("console", lambda message: self.faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.faults.append(str(error)))

    def go(self, path: str) -> None:
        self.page.goto(self.site.address + path)

    def send(self, button) -> None:
        """Press what sends a form and wait for the answer: what is read at once is read on the page one leaves."""
        with self.page.expect_navigation():
            button.click()

    def sign_in(self, email: str, password: str = PASSWORD) -> None:
        self.go("/connexion")
        self.page.get_by_label("Adresse électronique").fill(email)
        self.page.get_by_label("Mot de passe").fill(password)
        self.page.get_by_role("button", name="Se connecter").click()
        self.page.locator("details.menu").wait_for()
        self.page.wait_for_load_state()

    def picture(self, name: str) -> None:
        """For docs/screens, on demand (PATHWAYS_SCREENS=1)."""
        if "PATHWAYS_SCREENS" not in os.environ:
            return
        SCREENS.mkdir(parents=True, exist_ok=True)
        size = self.page.viewport_size
        height = min(1500, self.page.evaluate("document.documentElement.scrollHeight"))
        self.page.set_viewport_size({"width": size["width"], "height": max(height, 600)})
        self.page.evaluate("window.scrollTo(0, 0)")
        suffix = "-telephone" if size["width"] < NARROW else ""
        self.page.screenshot(path=SCREENS / f"{name}{suffix}.png")
        self.page.set_viewport_size(size)


@pytest.fixture
def visit(browser, site):
    """``visit(width=390)``: a visitor with a screen that wide."""
    contexts = []

    def open_at(width: int = 1400, height: int = 900) -> Visitor:
        context = browser.new_context(viewport={"width": width, "height": height}, locale="fr-FR")
        contexts.append(context)
        return Visitor(context.new_page(), site)

    yield open_at
    for context in contexts:
        context.close()
