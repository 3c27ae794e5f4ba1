"""Signing in and out, and choosing the organisation one acts for."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from flask import Blueprint, Flask, Response, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, UserMixin, login_user, logout_user
from flask_wtf import CSRFProtect
from werkzeug.datastructures import MultiDict

from pathways import clock
from pathways.forms.base import choice
from pathways.forms.sign_in import ChooseForm, SignInForm, SignOutForm
from pathways.operations.accounts import note_sign_in
from pathways.queries import accounts
from pathways.sharing import passwords
from pathways.sharing.language import _
from pathways.views.addresses import local
from pathways.views.gate import ORGANISATION, account, public, signed_in

bp = Blueprint("auth", __name__)

PER_ADDRESS = "30 per minute"
PER_ACCOUNT = "10 per 10 minutes"
SUCCEEDED = 303
"""Only failures count: a whole structure may sign in from one address."""


class SignedIn(UserMixin):
    """A user as Flask-Login carries it. The session names the account and a stamp that changes with its password."""

    def __init__(self, account: accounts.Account) -> None:
        self.account = account

    def get_id(self) -> str:
        return f"{self.account.id}.{self.account.stamp}"


def load_user(session_id: str) -> SignedIn | None:
    number, _dot, stamp = session_id.partition(".")
    found = accounts.account(int(number), clock.today()) if number.isdigit() else None
    return SignedIn(found) if found and found.stamp == stamp else None


def install(app: Flask) -> None:
    CSRFProtect(app)
    passwords.configure(app.config["ARGON2_PROFILE"])
    # Its context processor would ask for the user on the very page that says the database is gone.
    login = LoginManager(app, add_context_processor=False)
    login.session_protection = "strong"
    login.login_view = "auth.sign_in"
    login.login_message = _("Connectez-vous pour continuer.")
    login.login_message_category = "info"
    login.user_loader(load_user)


def slow_down_guessing(app: Flask) -> None:
    """Limit failed sign-ins, per address and per account.

    When the queue server is down each process counts on its own: people keep signing in, and guessing stays slow.
    """
    limiter = Limiter(
        get_remote_address, app=app, in_memory_fallback_enabled=True, headers_enabled=True, key_prefix="pathways-limit"
    )

    def failed(answer: Response) -> bool:
        return answer.status_code != SUCCEEDED

    view: Any = app.view_functions["auth.sign_in"]
    view = limiter.limit(PER_ADDRESS, methods=["POST"], deduct_when=failed)(view)
    view = limiter.limit(PER_ACCOUNT, key_func=_account_asked, methods=["POST"], deduct_when=failed)(view)
    app.view_functions["auth.sign_in"] = view

    # A link cannot be guessed; the password asked behind it, and the old one asked for a new one, can be tried.
    for endpoint, whose in (("invitations.accept", _link_followed), ("account.password", _signed_in_as)):
        view = app.view_functions[endpoint]
        view = limiter.limit(PER_ADDRESS, methods=["POST"], deduct_when=failed)(view)
        app.view_functions[endpoint] = limiter.limit(PER_ACCOUNT, key_func=whose, methods=["POST"], deduct_when=failed)(view)


def _account_asked() -> str:
    return request.form.get("email", "").strip().lower()[:254]


def _link_followed() -> str:
    return "invitation:" + sha256(request.args.get("jeton", "").encode()).hexdigest()


def _signed_in_as() -> str:
    return f"account:{account().id}"


def go_on(found: accounts.Account) -> None:
    """The same session after its stamp changed: the password was replaced here, and every other session is over."""
    login_user(SignedIn(found))


@bp.route("/connexion", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    form = SignInForm()
    if form.validate_on_submit():
        known = accounts.credentials(form.email.data or "")
        user_id, stored = known or (0, None)
        found = accounts.account(user_id, clock.today()) if passwords.is_password(stored, form.password.data or "") else None
        if found:
            begin(found)
            return redirect(local(request.args.get("next")) or url_for("caseload.home"), code=303)
        form.refuse_sign_in()
    return render_template("auth/sign_in.html", form=form), form.status


def begin(found: accounts.Account) -> None:
    """A new session: nothing of the previous one, whoever's it was, goes on."""
    note_sign_in(found.id)
    session.clear()
    # Not a permanent session, which strong protection leaves alone: it ends with the browser, or after a working day.
    login_user(SignedIn(found))


@bp.post("/deconnexion")
@signed_in
def sign_out() -> ResponseReturnValue:
    if SignOutForm().validate_on_submit():
        logout_user()
        session.clear()
        flash(_("Vous êtes déconnecté."), "success")
    return redirect(url_for("auth.sign_in"), code=303)


@bp.route("/organisme", methods=["GET", "POST"])
@signed_in
def choose() -> ResponseReturnValue:
    """The organisation one acts for, when there are several; one's rights are those held there."""
    form = ChooseForm(MultiDict(request.form) if request.method == "POST" else None)
    form.organisation.choices = [choice(each.public_id, each.name) for each in account().mandates]
    if form.validate_on_submit():
        session[ORGANISATION] = form.organisation.data
        return redirect(local(request.args.get("next")) or url_for("caseload.home"), code=303)
    return render_template("auth/choose.html", form=form, mandates=account().mandates), form.status
