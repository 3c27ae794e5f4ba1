"""The screens in a real browser: what a counsellor does in the morning, with a mouse, a keyboard and a phone."""

from __future__ import annotations

import os

import pytest

from tests.browser.conftest import SCREENS

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.skipif("PATHWAYS_SCREENS" not in os.environ, reason="pictures of the documentation are taken on demand (PATHWAYS_SCREENS=1)")
@pytest.mark.parametrize(("width", "suffix"), [(1400, ""), (390, "-telephone")])
def test_pictures_for_the_documentation(visit, site, width, suffix):
    visitor = visit(width)
    page = visitor.page
    SCREENS.mkdir(parents=True, exist_ok=True)

    def picture(name: str, *, full: bool = True) -> None:
        page.screenshot(path=SCREENS / f"{name}{suffix}.png", full_page=full)

    visitor.go("/connexion")
    picture("connexion", full=False)
    visitor.sign_in(site.scene.counsellor.email)
    picture("accompagnements")
    yanis = site.scene.persons["Yanis"].public_id
    visitor.go(f"/personnes/{yanis}")
    picture("personne")
    page.get_by_role("link", name="Noter un contact").first.click()
    page.wait_for_load_state()
    picture("declarer", full=False)
    visitor.go("/nulle-part")
    picture("introuvable", full=False)
