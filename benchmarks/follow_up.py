"""How many clicks and seconds a follow-up takes, as somebody would do it: from the list, with the mouse, then with the keyboard.

    .venv/bin/python -m benchmarks.follow_up http://127.0.0.1:8000

Runs against a demo that is started already (``./run``), signed in as its counsellor, in Debian's Chromium. Nothing waits for a
human here: what is measured is what the tool costs. Each follow-up is taken back with « Annuler ».
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import time
from collections.abc import Callable

from playwright.sync_api import Page, sync_playwright


class Hand:
    """Counts what it does."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks, self.keys = page, 0, 0

    def click(self, what: str) -> None:
        self.page.locator(what).first.click()
        self.clicks += 1

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.keys += 1


def with_the_mouse(hand: Hand) -> None:
    hand.click("[data-contact]")
    hand.click("text=Contact eu")
    hand.click("button:has-text('Enregistrer')")


def with_the_keyboard(hand: Hand) -> None:
    """The next person, their follow-up, the first result, and Enter."""
    hand.press("j", "c")
    hand.page.wait_for_selector("form [name=result]")
    hand.page.locator("[name=result]").first.focus()
    hand.press("Space", "Enter")


def measure(page: Page, address: str, path: Callable[[Hand], None], times: int) -> None:
    took, hand = [], Hand(page)
    for _ in range(times):
        page.goto(f"{address}/a-traiter")
        hand = Hand(page)
        started = time.perf_counter()
        path(hand)
        page.wait_for_selector(".flash-undo")
        took.append(time.perf_counter() - started)
        page.click(".flash-undo")
        page.wait_for_selector(".flash-success")
    seconds = f"{statistics.median(took):.2f} s (of {min(took):.2f} to {max(took):.2f})"
    print(f"{path.__name__}: {hand.clicks} clicks, {hand.keys} keys, {seconds}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("--times", type=int, default=5)
    asked = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.goto(f"{asked.address}/connexion")
        page.fill("[name=email]", "conseillere.ml@example.org")
        page.fill("[name=password]", "demo-pathways")
        page.click("main button")
        for path in (with_the_mouse, with_the_keyboard):
            measure(page, asked.address, path, asked.times)
        browser.close()


if __name__ == "__main__":
    main()
