"""How many clicks, keys and seconds the gestures of every day take: a follow-up, a flag, a week's attendance of fifteen trainees.

    python -m benchmarks.gestures [TIMES]

On servers and a small fictitious region of its own, in Debian's Chromium, at a desk and on a phone. Clicks and keys are those the
page received. Nothing waits for a human: the seconds are what the tool costs, from the first gesture to the word that it is
recorded. Each gesture is taken back before the next.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
from playwright.sync_api import Page, sync_playwright

from config.testing import Testing
from pathways import clock, create_app, db
from pathways.demo.accounts import COUNSELLOR, PASSWORD, TRAINER
from pathways.demo.load import evaluate, load
from tests.browser.conftest import NARROW, find_browser, serving
from tests.browser.days.conftest import PERSONS, SEED, WIDTHS, _tell
from tests.databases import running_servers

COUNT = """
    for (const kind of ["pointerdown", "keydown"])
        addEventListener(kind, (event) => {
            if (event.isTrusted) sessionStorage[kind] = 1 + Number(sessionStorage[kind] || 0);
        }, true);
"""
SHEETS = sa.text("SELECT count(*) FROM journal_entry WHERE type = 'attendance' AND recorded_at > now() - interval '1 minute'")


def follow_up(page: Page) -> None:
    page.locator("[data-contact]").first.click()
    page.get_by_text("Contact eu", exact=True).click()
    page.get_by_role("button", name="Enregistrer").click()


def flag(page: Page) -> None:
    page.get_by_role("link", name="Signaler").first.click()
    page.get_by_text("Organisation personnelle").click()
    page.get_by_role("button", name="Signaler", exact=True).click()


def attendance(page: Page) -> None:
    """Everybody present but one, absent on Monday."""
    page.get_by_role("button", name="Tout le monde présent").click()
    cells = page.locator("[role=gridcell]")
    for place in (0, 1):
        cells.nth(place).click()
        page.locator("[data-palette] [data-code=U]").click()
    page.locator("[data-save]").click()


def attendance_by_keyboard(page: Page) -> None:
    page.get_by_role("button", name="Tout le monde présent").click()
    page.locator("[role=gridcell]").first.focus()
    for key in ("a", "a"):
        page.keyboard.press(key)
    page.locator("[data-save]").click()


def measure(page: Page, address: str, path: Callable[[Page], None], times: int) -> tuple[float, int, int]:
    """Median seconds, clicks and keys."""
    took, counted = [], (0, 0)
    for _ in range(times):
        page.goto(address)
        page.evaluate("sessionStorage.clear()")
        started = time.perf_counter()
        path(page)
        page.locator(".flash-undo").wait_for()
        took.append(time.perf_counter() - started)
        clicks, keys = page.evaluate("[sessionStorage.pointerdown || 0, sessionStorage.keydown || 0]")
        counted = (int(clicks), int(keys))
        page.locator(".flash-undo").click()
        page.get_by_text("annulée").first.wait_for()
    return statistics.median(took), *counted


def main(times: int) -> None:
    with running_servers() as servers, sync_playwright() as playwright:
        database = servers.clone()
        urls = {"database_url": database.app_url, "owner_url": database.owner_url, "redis_url": servers.redis_url(0)}
        app = create_app(Testing(**urls, secret_key="x" * 32))
        with db.as_system():
            load(PERSONS, SEED, clock.today())
            evaluate(clock.today())
            _scene, extra = _tell()
            db.remove()
        last_week = (clock.today() - timedelta(days=7)).isoformat()
        week = f"/groupes/{extra['group']}/presence?semaine={last_week}"
        gestures = [
            ("a follow-up, mouse", COUNSELLOR, "/a-traiter", follow_up),
            ("a flag, from the group", TRAINER, f"/groupes/{extra['group']}", flag),
            ("a week of 15 trainees, mouse", TRAINER, week, attendance),
            ("a week of 15 trainees, keyboard", TRAINER, week, attendance_by_keyboard),
        ]
        browser = playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        with serving(app) as address:
            for name, width in WIDTHS.items():
                for told, account, where, path in gestures:
                    if width < NARROW and "keyboard" in told:
                        continue
                    context = browser.new_context(viewport={"width": width, "height": 900}, locale="fr-FR")
                    context.add_init_script(COUNT)
                    page = context.new_page()
                    page.goto(address + "/connexion")
                    page.get_by_label("Adresse électronique").fill(account.email)
                    page.get_by_label("Mot de passe").fill(PASSWORD)
                    page.get_by_role("button", name="Se connecter").click()
                    page.locator("details.menu").wait_for()
                    seconds, clicks, keys = measure(page, address + where, path, times)
                    with db.as_system():
                        sheets = db.session().scalar(SHEETS)
                        db.remove()
                    recorded = f" {sheets} sheets in the last minute" if "week" in told else ""
                    print(f"| {told} | {name} | {clicks} | {keys} | {seconds:.2f} s |{recorded}", flush=True)
                    context.close()
        browser.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
