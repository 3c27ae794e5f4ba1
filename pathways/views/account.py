"""One's own account: name, telephone, language, password."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pathways import clock, db
from pathways.errors import Reason, Refused
from pathways.forms.account import PasswordForm, ProfileForm
from pathways.models import Locale
from pathways.operations import accounts as operations
from pathways.queries import accounts as queries
from pathways.sharing import language, passwords
from pathways.sharing.language import _
from pathways.sharing.refusals import reason_sentences
from pathways.views.auth import go_on
from pathways.views.gate import account, signed_in

bp = Blueprint("account", __name__, url_prefix="/compte")


@bp.route("/", methods=["GET", "POST"])
@signed_in
def show() -> ResponseReturnValue:
    with db.atomic():
        profile = queries.profile(account().id)
    form = ProfileForm(obj=profile)
    if form.validate_on_submit():
        locale = Locale(form.locale.data)
        try:
            operations.change_profile(account().id, name=form.name.data or "", phone=form.phone.data, locale=locale)
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
        else:
            language.use(locale)  # what is said next is said in the language just chosen
            flash(_("Votre compte est à jour."), "success")
            return redirect(url_for(".show"), code=303)
    return render_template("account/show.html", form=form, profile=profile), form.status


@bp.route("/mot-de-passe", methods=["GET", "POST"])
@signed_in
def password() -> ResponseReturnValue:
    form = PasswordForm()
    if form.validate_on_submit():
        if form.new.data != form.again.data:
            form.refuse(reason_sentences([Reason("passwords_differ")]))
        else:
            try:
                operations.change_password(account().id, old=form.old.data or "", new=form.new.data or "")
            except Refused as refusal:
                form.refuse(reason_sentences(refusal.reasons))
            else:
                _stay_signed_in()
                flash(_("Votre mot de passe est changé. Vos autres sessions sont fermées."), "success")
                return redirect(url_for(".show"), code=303)
    return render_template("account/password.html", form=form, least=passwords.SHORTEST), form.status


def _stay_signed_in() -> None:
    """This session goes on under the new stamp; the others have the old one."""
    found = queries.account(account().id, clock.today())
    if found is not None:
        go_on(found)
