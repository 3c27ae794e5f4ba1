"""The gate: every view declares who may open it, and nothing runs before that is checked.

Registered before any page, so that a view without a declaration is an error of the program, not an open door.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user

from pathways import clock, db, reading
from pathways.models import Locale
from pathways.operations.sessions import note_seen
from pathways.queries.accounts import Account, Mandate
from pathways.queries.sessions import Opened
from pathways.sharing import language, second_factor
from pathways.sharing.permissions import Permission
from pathways.sharing.visibility import Reader

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC, SIGNED_IN = "public", "signed-in"
BY_OWN_LINK = "own link"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that only ask: nothing may be written behind them (pathways/reading.py)."""
TO_ENROL = frozenset({"second_factor.show", "auth.sign_out"})
"""All that is open to somebody who owes a second factor and has none yet."""
STATIC = frozenset({"static", "bootstrap.static", "stylesheet"})
"""Files of ours and of the Bootstrap-Flask wheel: the only endpoints that are not views of this package."""
LANGUAGE, ORGANISATION = "language", "organisation"
"""Where the session keeps the reader's language, and the organisation one acts for (its public id)."""


def requires(permission: Permission) -> Callable[[View], View]:
    """The view is for those whose role, in the organisation they act for, holds this permission."""

    def declare(view: View) -> View:
        vars(view)["access"] = permission
        return view

    return declare


def public(view: View) -> View:
    """Anybody may open the view; it shows nobody's data."""
    vars(view)["access"] = PUBLIC
    return view


def by_own_link(view: View) -> View:
    """The person themselves, by the link they were given: the view checks the link and the device."""
    vars(view)["access"] = BY_OWN_LINK
    return view


def signed_in(view: View) -> View:
    """Anybody with an account, whatever their role; it shows nobody's record."""
    vars(view)["access"] = SIGNED_IN
    return view


def declared_access(view: Callable[..., Any] | None) -> str | None:
    return getattr(view, "access", None)


def account() -> Account:
    """Who asks."""
    found: Account = current_user.account
    return found


def opened() -> Opened:
    """The session they ask in."""
    found: Opened = current_user.opened
    return found


def mandate() -> Mandate:
    """For which organisation they act in this request."""
    found: Mandate = g.mandate
    return found


def reader() -> Reader:
    """Who asks, as the queries need it."""
    return Reader(mandate().organisation_id, clock.today(), account().id, mandate().kind)


def install(app: Flask) -> None:
    app.before_request(check)
    app.teardown_request(leave)


def check() -> ResponseReturnValue | None:
    """Let the request through, send it to the sign-in page, or refuse it."""
    if request.endpoint is None or request.endpoint in STATIC:
        return None
    access = declared_access(current_app.view_functions[request.endpoint])
    if access is None:
        raise RuntimeError(f"the view {request.endpoint} does not say who may open it: @requires, @signed_in or @public")
    g.scope, g.was_in = ExitStack(), "_user_id" in session  # before the user is loaded, which may take it out
    g.scope.enter_context(db.within(db.SERVING))
    if request.method in SAFE:
        g.scope.enter_context(reading.only_reading())
    language.use(spoken())
    if access in {PUBLIC, BY_OWN_LINK}:
        return None
    if not current_user.is_authenticated:
        return to_sign_in()
    return _enter(access)


def spoken() -> str:
    """The language of a page that may not ask the database: the reader’s last one here, else the browser’s first of ours."""
    return str(session.get(LANGUAGE) or request.accept_languages.best_match(list(Locale), default=language.SOURCE))


def to_sign_in() -> ResponseReturnValue:
    """The sign-in page, which leads back here (views/over.py)."""
    manager: LoginManager = vars(current_app)["login_manager"]
    answer: ResponseReturnValue = manager.unauthorized()
    return answer


def _enter(access: str) -> ResponseReturnValue | None:
    who = account()
    note_seen(opened().id, opened().last_seen_at)
    language.use(who.locale)
    if session.get(LANGUAGE) != who.locale:
        session[LANGUAGE] = who.locale
    if owes_second_factor() and not opened().has_second_factor and request.endpoint not in TO_ENROL:
        return redirect(url_for("second_factor.show"), code=303)
    g.mandate = who.mandate(session.get(ORGANISATION))
    if access == SIGNED_IN:
        return None
    if g.mandate is None:
        return redirect(url_for("auth.choose", next=request.full_path if request.method == "GET" else None), code=303)
    if access not in g.mandate.permissions:
        abort(403)
    g.scope.enter_context(db.acting_for(g.mandate.organisation_id, who.id))
    return None


def owes_second_factor() -> bool:
    """Whether this installation asks a second factor of this account, for the most that it may do anywhere."""
    required: bool = current_app.config["TOTP_REQUIRED"]
    return required and any(second_factor.is_owed(each.roles) for each in account().mandates)


def leave(_error: BaseException | None) -> None:
    """The session goes first, so that its transaction ends under the organisation it worked for."""
    scope = g.pop("scope", None)
    db.remove()
    language.use(language.SOURCE)
    if scope is not None:
        scope.close()
