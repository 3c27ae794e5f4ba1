"""The second factor: the code asked for after the password, and the page of one's account that sets it up."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from pathways import db
from pathways.errors import Reason, Refused
from pathways.forms.second_factor import CodeForm
from pathways.operations import second_factor as operations
from pathways.queries import second_factor as queries
from pathways.sharing import second_factor as codes
from pathways.sharing.language import _, moment
from pathways.sharing.refusals import reason_sentences
from pathways.views.addresses import local
from pathways.views.auth import enter, half_way
from pathways.views.gate import account, opened, owes_second_factor, public, signed_in

bp = Blueprint("second_factor", __name__)

SECRET = "new_secret"  # noqa: S105 -- the name of a key of the session, not a secret
"""Where the cookie keeps the secret being set up, encrypted, until a code confirms it: looking at the page writes nothing."""


@bp.route("/connexion/code", methods=["GET", "POST"])
@public
def second_step() -> ResponseReturnValue:
    found, where = half_way(), local(request.args.get("next"))
    if found is None:
        return redirect(url_for("auth.sign_in", next=where), code=303)
    form = CodeForm()
    if form.validate_on_submit():
        if operations.passes(found.id, form.code.data or ""):
            enter(found)
            return redirect(where or url_for("caseload.home"), code=303)
        form.refuse(reason_sentences([Reason("code_wrong")]))
    return render_template("auth/second_step.html", form=form, email=found.email), form.status


@bp.route("/compte/double-authentification", methods=["GET", "POST"])
@signed_in
def show() -> ResponseReturnValue:
    """How things stand; without a second factor, what it takes to set one up."""
    with db.atomic():
        state = queries.state(account().id)
    form = CodeForm()
    if state.since is not None:
        return _in_place(form, state)
    secret = _secret_being_set_up()
    if form.validate_on_submit():
        try:
            made = operations.enrol(account().id, secret, form.code.data or "", session=opened().public_id)
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
        else:
            session.pop(SECRET, None)
            return render_template("account/codes.html", codes=made, renewed=False)
    page = render_template(
        "account/enrol.html",
        form=form,
        state=state,
        # Drawn by us from letters and digits: nothing a visitor typed is in it.
        picture=Markup(codes.picture(secret, account().email)),  # noqa: S704 -- as said above
        secret=codes.in_groups(secret),
        owed=owes_second_factor(),
        moment=moment,
    )
    return page, form.status


@bp.post("/compte/double-authentification/codes")
@signed_in
def codes_anew() -> ResponseReturnValue:
    form = CodeForm()
    if form.validate_on_submit():
        try:
            made = operations.renew_codes(account().id, form.code.data or "")
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
        else:
            return render_template("account/codes.html", codes=made, renewed=True)
    return _again(form)


@bp.post("/compte/double-authentification/retirer")
@signed_in
def remove() -> ResponseReturnValue:
    form = CodeForm()
    if form.validate_on_submit():
        try:
            operations.remove(account().id, form.code.data or "", is_owed=owes_second_factor())
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
        else:
            flash(_("La double authentification est retirée : votre mot de passe suffit de nouveau."), "success")
            return redirect(url_for("account.show"), code=303)
    return _again(form)


def _again(form: CodeForm) -> ResponseReturnValue:
    """The page with what was wrong; without a second factor there is nothing to change, only one to set up."""
    with db.atomic():
        state = queries.state(account().id)
    if state.since is None:
        return redirect(url_for(".show"), code=303)
    return _in_place(form, state)


def _in_place(form: CodeForm, state: queries.State) -> ResponseReturnValue:
    page = render_template(
        "account/second_factor.html", state=state, form=form, owed=owes_second_factor(), moment=moment
    )
    return page, form.status


def _secret_being_set_up() -> str:
    """The same for as long as the page is open, however often it is reloaded."""
    secret = codes.unseal(session.get(SECRET, ""))
    if secret is None:
        secret = codes.new_secret()
        session[SECRET] = codes.seal(secret)
    return secret
