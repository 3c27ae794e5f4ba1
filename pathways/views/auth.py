"""Signing in and out, and choosing the organisation one acts for."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from flask import Blueprint, Flask, current_app, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, login_user, logout_user
from flask_wtf import CSRFProtect
from werkzeug.datastructures import MultiDict

from pathways import clock
from pathways.forms.base import choice
from pathways.forms.sign_in import ChooseForm, SignInForm, SignOutForm
from pathways.operations import sessions as operations
from pathways.operations.accounts import note_sign_in
from pathways.queries import accounts, second_factor, sessions
from pathways.queries.sessions import Limits, Opened, Over
from pathways.sharing import passwords
from pathways.sharing import second_factor as codes
from pathways.sharing.language import _
from pathways.views import known_devices, over
from pathways.views.addresses import local
from pathways.views.gate import ORGANISATION, account, opened, public, signed_in

bp = Blueprint("auth", __name__)

HALF_WAY = "half_way"
"""Where the cookie keeps who gave the right password and owes a code, and since when."""
PATIENCE = timedelta(minutes=10)
"""Between the password and the code."""


class SignedIn(UserMixin):
    """A user as Flask-Login carries it: an account, and one of its sessions.

    The cookie names both, with a stamp that changes with the password; the session itself is a row, so that it can be ended
    from elsewhere and does not outlive its limits whatever the cookie says.
    """

    def __init__(self, account: accounts.Account, opened: Opened) -> None:
        self.account, self.opened = account, opened

    def get_id(self) -> str:
        return f"{self.account.id}.{self.account.stamp}.{self.opened.public_id}"


def load_user(cookie: str) -> SignedIn | None:
    """Whoever the cookie names, if their session still holds; else ``g.over`` says why not."""
    number, stamp, which = [*cookie.split("."), "", ""][:3]
    found, held = sessions.account_in(int(number), _uuid(which), clock.today()) if number.isdigit() else (None, None)
    if found is None or found.stamp != stamp:
        g.over = Over.CHANGED
        return None
    g.over = held.over(clock.now(), limits()) if held else Over.ENDED
    return SignedIn(found, held) if held and g.over is None else None


def limits() -> Limits:
    """How long a session holds here."""
    return Limits(current_app.config["SESSION_IDLE"], current_app.config["SESSION_LONGEST"])


def _uuid(said: str) -> uuid.UUID:
    try:
        return uuid.UUID(said)
    except ValueError:
        return uuid.UUID(int=0)


def install(app: Flask) -> None:
    CSRFProtect(app)
    passwords.configure(app.config["ARGON2_PROFILE"])
    codes.configure(app.config["SECRET_KEY"], *app.config["SECRET_KEY_FALLBACKS"])
    # Its context processor would ask for the user on the very page that says the database is gone.
    login = LoginManager(app, add_context_processor=False)
    login.session_protection = "strong"
    login.unauthorized_handler(over.to_sign_in)
    login.user_loader(load_user)


def go_on(found: accounts.Account) -> None:
    """The same session after its stamp changed: the password was replaced here, and every other session is over."""
    operations.end_others(found.id, but=opened().public_id)
    login_user(SignedIn(found, opened()))


@bp.route("/connexion", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    form = SignInForm()
    if form.validate_on_submit():
        known = accounts.credentials(form.email.data or "")
        user_id, stored = known or (0, None)
        found = accounts.account(user_id, clock.today()) if passwords.is_password(stored, form.password.data or "") else None
        if found:
            where = local(request.args.get("next"))
            if begin(found):
                return redirect(where or url_for("caseload.home"), code=303)
            return redirect(url_for("second_factor.second_step", next=where), code=303)
        form.refuse_sign_in()
    return render_template("auth/sign_in.html", form=form), form.status


def begin(found: accounts.Account) -> bool:
    """The password was right: a new session, of which nothing of the previous one is part, whoever's it was.

    With a second factor there is none yet: only a note of who is half way in, which opens the page that asks for the code. A
    page asked for meanwhile leads there (views/over.py). Returns whether one is in.
    """
    session.clear()
    if second_factor.has_one(found.id):
        session[HALF_WAY] = {"user": found.id, "stamp": found.stamp, "since": clock.now().isoformat()}
        return False
    enter(found)
    return True


def half_way() -> accounts.Account | None:
    """Who gave the right password here a moment ago and still owes the code."""
    noted = session.get(HALF_WAY)
    if noted is None or clock.now() - datetime.fromisoformat(noted["since"]) > PATIENCE:
        return None
    found = accounts.account(noted["user"], clock.today())
    return found if found and found.stamp == noted["stamp"] else None


def enter(found: accounts.Account) -> None:
    """Signed in, in a new session; what was chosen on the way (the organisation of an invitation) stays."""
    chosen = session.get(ORGANISATION)
    session.clear()
    if chosen:
        session[ORGANISATION] = chosen
    note_sign_in(found.id)
    which = operations.open_session(found.id, address=request.remote_addr, user_agent=request.user_agent.string)
    known_devices.remember(found.email)
    # Not a permanent session, which strong protection leaves alone: the cookie ends with the browser.
    held = sessions.opened(which, found.id)
    assert held is not None
    g.over = None
    login_user(SignedIn(found, held))


@bp.post("/deconnexion")
@signed_in
def sign_out() -> ResponseReturnValue:
    if SignOutForm().validate_on_submit():
        operations.end_session(account().id, opened().public_id)
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
