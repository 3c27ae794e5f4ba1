"""One's own account: name, telephone, language, password, and where one is signed in."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pathways import clock, db
from pathways.errors import Reason, Refused
from pathways.forms.account import PasswordForm, ProfileForm
from pathways.forms.second_factor import EndForm
from pathways.models import Locale
from pathways.operations import accounts as operations
from pathways.operations import sessions as session_operations
from pathways.queries import accounts as queries
from pathways.queries import second_factor, sessions
from pathways.sharing import language, passwords
from pathways.sharing.devices import browser_name
from pathways.sharing.language import _, moment, ngettext
from pathways.sharing.refusals import reason_sentences
from pathways.views.auth import go_on, limits
from pathways.views.gate import account, opened, owes_second_factor, signed_in

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
    page = render_template(
        "account/show.html",
        form=form,
        profile=profile,
        has_second_factor=opened().has_second_factor,
        owes_second_factor=owes_second_factor(),
    )
    return page, form.status


@bp.get("/sessions")
@signed_in
def sessions_open() -> ResponseReturnValue:
    """Where one is signed in now, and what was done with the second factor."""
    with db.atomic():
        held = sessions.present(account().id, clock.now(), limits())
        acts = second_factor.state(account().id).acts
    here = opened().public_id
    form = EndForm(formdata=None)
    return render_template(
        "account/sessions.html",
        sessions=held,
        here=here,
        acts=acts,
        form=form,
        limits=limits(),
        browser_name=browser_name,
        moment=moment,
    )


@bp.post("/sessions/<uuid:opened_session>/fin")
@signed_in
def end_session(opened_session: uuid.UUID) -> ResponseReturnValue:
    if EndForm().validate_on_submit():
        ended = session_operations.end_session(account().id, opened_session)
        flash(_("La session est fermée.") if ended else _("Cette session était déjà fermée."), "success")
    return redirect(url_for(".sessions_open"), code=303)


@bp.post("/sessions/autres/fin")
@signed_in
def end_other_sessions() -> ResponseReturnValue:
    if EndForm().validate_on_submit():
        ended = session_operations.end_others(account().id, but=opened().public_id)
        said = ngettext("{n} autre session est fermée.", "{n} autres sessions sont fermées.", ended).format(n=ended)
        flash(said if ended else _("Il n’y avait pas d’autre session ouverte."), "success")
    return redirect(url_for(".sessions_open"), code=303)


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
