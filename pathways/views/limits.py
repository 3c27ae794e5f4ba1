"""How often one may ask, and how often one may be wrong.

Guessing a password is slowed by three counters of *failed* sign-ins; a right password within them resets nothing and costs
nothing, so a whole structure may sign in from one address.

1. by account and address together: whoever guesses from somewhere does not close the account for those who are elsewhere;
2. by address, over all accounts: one machine does not try one password on everybody;
3. by account, over all addresses, slowly: many machines together do not try many passwords on one account.

The last two can be filled by a stranger. They would be a way to lock somebody out, so they do not apply to a device on which the
account signed in before (views/known_devices.py: a signed cookie). Such a device has a counter of its own instead of the first:
whoever steals it guesses as slowly as anybody. What remains: during such an attack, somebody who signs in on a new device waits.

When the queue server is down each process counts on its own: people keep signing in, and guessing stays slow.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from flask import Flask, Response, request
from flask_limiter import ApplicationLimit, Limiter, RateLimitExceeded
from flask_limiter.util import get_remote_address
from flask_login import current_user

from pathways.views import known_devices, own_page
from pathways.views.auth import half_way
from pathways.views.errors import page
from pathways.views.gate import account

PER_PAIR = "10 per 10 minutes"
PER_ADDRESS = "30 per minute"
PER_ACCOUNT = "100 per hour"
PER_CODE = "5 per 5 minutes; 30 per day"
"""Wrong codes after a right password: at that rate a code of six digits is found by chance once in thirty years."""

PER_OWN_LINK, OWN_PAGES_FROM = "10 per minute", "30 per minute; 200 per hour"
"""Links to one's own page that open nothing, and wrong birth dates: for one link, and from one address."""

READING, READING_FROM = "600 per minute", "6000 per minute"
WRITING, WRITING_FROM = "120 per minute", "1200 per minute"
SEARCHING = "60 per minute"
EXPORTING = "20 per 10 minutes"
"""Per account; …_FROM: per address, behind which a whole structure may sit."""

READ, WRITTEN = ("GET", "HEAD"), ("POST", "PUT", "PATCH", "DELETE")
UNLIMITED = frozenset({"health.healthz", "health.readyz"})
EXPORTS = ("export", "download", "csv")
"""How a view that answers with a file of many rows is named."""
SUCCEEDED, NOT_FOUND, REFUSED, TOO_MANY = 303, 404, 422, 429


def install(app: Flask) -> None:
    limiter = Limiter(
        get_remote_address,
        app=app,
        in_memory_fallback_enabled=True,
        key_prefix="pathways-limit",
        application_limits=[
            _everywhere(READING, "read", who, READ),
            _everywhere(READING_FROM, "read-from", get_remote_address, READ),
            _everywhere(WRITING, "write", who, WRITTEN),
            _everywhere(WRITING_FROM, "write-from", get_remote_address, WRITTEN),
            _everywhere(SEARCHING, "search", who, READ, unless=_searches_nothing),
            _everywhere(EXPORTING, "export", who, READ + WRITTEN, unless=_exports_nothing),
        ],
    )
    limiter.request_filter(lambda: request.endpoint in UNLIMITED)
    _slow_down_guessing(app, limiter)

    def on_too_many(_error: RateLimitExceeded) -> tuple[str, int, dict[str, str]]:
        broken = limiter.current_limit
        wait = max(1, int(broken.reset_at - time.time()) + 1) if broken else 60
        body, status = (own_page.too_many(wait), TOO_MANY) if request.blueprint == own_page.bp.name else page(TOO_MANY)
        return body, status, {"Retry-After": str(wait)}

    app.register_error_handler(RateLimitExceeded, on_too_many)


def _everywhere(
    rate: str, scope: str, key: Callable[[], str], methods: tuple[str, ...], *, unless: Callable[[], bool] | None = None
) -> ApplicationLimit:
    return ApplicationLimit(limit_provider=rate, scope=scope, key_function=key, methods=methods, exempt_when=unless)


def who() -> str:
    """The account that asks, or where somebody without one asks from."""
    return f"account:{account().id}" if current_user.is_authenticated else f"address:{get_remote_address()}"


def _searches_nothing() -> bool:
    return not request.args.get("q", "").strip()


def _exports_nothing() -> bool:
    name = (request.endpoint or "").rpartition(".")[2]
    return not any(part in EXPORTS for part in name.split("_"))


def _slow_down_guessing(app: Flask, limiter: Limiter) -> None:
    """Limits on single views: those that say whether a password, a link or a code is right."""

    def limit(
        endpoint: str, rate: str, key: Callable[[], str], failed: Any, *, unless: Callable[[], bool] | None = None,
        methods: tuple[str, ...] = ("POST",), scope: str | None = None,
    ) -> None:
        view: Any = app.view_functions[endpoint]
        kept: dict[str, Any] = {"key_func": key, "methods": list(methods), "deduct_when": failed, "exempt_when": unless}
        limited: Any = limiter.shared_limit(rate, scope, **kept) if scope else limiter.limit(rate, **kept)
        app.view_functions[endpoint] = limited(view)

    limit("auth.sign_in", PER_PAIR, _account_from_here, _failed)
    limit("auth.sign_in", PER_ADDRESS, get_remote_address, _failed, unless=_is_known)
    limit("auth.sign_in", PER_ACCOUNT, _account_asked, _failed, unless=_is_known)
    limit("second_factor.second_step", PER_CODE, _half_way, _failed)
    # A link cannot be guessed; the password asked behind it, and the old one asked for a new one, can be tried.
    for endpoint, whose in (("invitations.accept", _link_followed), ("account.password", _signed_in_as)):
        limit(endpoint, PER_ADDRESS, get_remote_address, _failed)
        limit(endpoint, PER_PAIR, whose, _failed)
    for endpoint in ("second_factor.show", "second_factor.codes_anew", "second_factor.remove"):
        limit(endpoint, PER_PAIR, _signed_in_as, _refused)
    # Somebody's own page: the device that proved itself is let through, whatever its neighbours do.
    for endpoint in [each for each in app.view_functions if each.startswith(f"{own_page.bp.name}.")]:
        for rate, key, scope in ((PER_OWN_LINK, _own_link, "own-link"), (OWN_PAGES_FROM, get_remote_address, "own-pages-from")):
            limit(endpoint, rate, key, _opened_nothing, unless=own_page.is_this_device, methods=READ + WRITTEN, scope=scope)


def _failed(answer: Response) -> bool:
    return answer.status_code != SUCCEEDED


def _refused(answer: Response) -> bool:
    return answer.status_code == REFUSED


def _opened_nothing(answer: Response) -> bool:
    return answer.status_code in {REFUSED, NOT_FOUND}


def _own_link() -> str:
    """Counted under a hash: the secret of a link is written nowhere."""
    return "own-link:" + sha256((request.view_args or {}).get("secret", "").encode()).hexdigest()


def _account_asked() -> str:
    return request.form.get("email", "").strip().lower()[:254]


def _is_known() -> bool:
    return known_devices.number(_account_asked()) is not None


def _account_from_here() -> str:
    device = known_devices.number(_account_asked())
    return f"{f'device:{device}' if device else get_remote_address()}:{_account_asked()}"


def _half_way() -> str:
    found = half_way()
    return f"half-way:{found.id}" if found else get_remote_address()


def _link_followed() -> str:
    return "invitation:" + sha256(request.args.get("jeton", "").encode()).hexdigest()


def _signed_in_as() -> str:
    return f"account:{account().id}"
