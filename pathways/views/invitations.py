"""Inviting somebody, and the public page their link opens.

The link carries its secret in the query string, which access logs leave out. It is shown to whoever invites, once.
"""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import NotFound

from pathways import clock, db
from pathways.errors import NotVisible, Reason, Refused
from pathways.forms.base import BaseForm
from pathways.forms.members import AcceptForm, AcceptSigningInForm, InvitationForm, InviteForm, JoinForm
from pathways.models import Role
from pathways.operations import invitations as operations
from pathways.queries import accounts
from pathways.queries.members import Invited, invited, waiting_invitations
from pathways.sharing import passwords
from pathways.sharing.language import _
from pathways.sharing.permissions import Permission
from pathways.sharing.refusals import reason_sentences
from pathways.sharing.roles import OPENS_RECORDS, roles_for
from pathways.views.auth import begin
from pathways.views.gate import ORGANISATION, account, mandate, public, requires

bp = Blueprint("invitations", __name__)

LINK = "invitation_link"
"""Where the session of whoever invites keeps the new link until its page is shown."""
GONE = 410


@bp.route("/membres/inviter", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_ADMINISTER)
def new() -> ResponseReturnValue:
    form = InviteForm()
    form.offer(roles_for(mandate().kind))
    if form.validate_on_submit():
        try:
            made, token = operations.invite(
                form.email.data or "",
                [Role(role) for role in form.roles.data or []],
                organisation_id=mandate().organisation_id,
                by=account().id,
            )
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
        else:
            return _to_link(made, token)
    return render_template("members/invite.html", form=form), form.status


@bp.get("/membres/invitations/<uuid:invitation>")
@requires(Permission.ACCOUNT_ADMINISTER)
def link(invitation: uuid.UUID) -> ResponseReturnValue:
    """The link to copy, the first time; afterwards only that it waits."""
    with db.atomic():
        found = next((each for each in waiting_invitations(mandate().organisation_id) if each.public_id == invitation), None)
    if found is None:
        raise NotFound
    kept, token = session.pop(LINK, ("", ""))
    address = url_for(".accept", jeton=token, _external=True) if kept == str(invitation) else None
    return render_template("members/link.html", invitation=found, address=address, form=InvitationForm(formdata=None))


@bp.post("/membres/invitations/<uuid:invitation>/renouveler")
@requires(Permission.ACCOUNT_ADMINISTER)
def renew(invitation: uuid.UUID) -> ResponseReturnValue:
    InvitationForm().validate_on_submit()
    token = operations.renew(invitation, organisation_id=mandate().organisation_id, by=account().id)
    return _to_link(invitation, token)


@bp.post("/membres/invitations/<uuid:invitation>/annuler")
@requires(Permission.ACCOUNT_ADMINISTER)
def revoke(invitation: uuid.UUID) -> ResponseReturnValue:
    InvitationForm().validate_on_submit()
    operations.revoke(invitation, organisation_id=mandate().organisation_id)
    flash(_("L’invitation est annulée : son lien n’ouvre plus rien."), "success")
    return redirect(url_for("members.index"), code=303)


@bp.route("/invitation", methods=["GET", "POST"])
@public
def accept() -> ResponseReturnValue:
    """What is said here depends on the link alone: whoever does not hold it learns nothing of any address."""
    token = request.args.get("jeton", "")
    found = invited(token)
    if found is None or found.state != "waiting":
        return render_template("members/accept_over.html", invited=found), GONE
    if current_user.is_authenticated:
        return _accept_signed_in(token, found)
    return _accept_with_password(token, found) if found.has_account else _join(token, found)


def _accept_signed_in(token: str, found: Invited) -> ResponseReturnValue:
    form, theirs = AcceptForm(), account().email == found.email
    if theirs and form.validate_on_submit() and _take(form, token, account().id):
        return _welcome(found)
    return _page(found, form, "signed_in" if theirs else "for_another")


def _accept_with_password(token: str, found: Invited) -> ResponseReturnValue:
    form = AcceptSigningInForm()
    if form.validate_on_submit():
        user_id, stored = accounts.credentials(found.email) or (0, None)
        if not passwords.is_password(stored, form.password.data or ""):
            form.refuse_password()
        elif _take(form, token, user_id):
            return _signed_in_and_welcome(user_id, found)
    return _page(found, form, "sign_in")


def _join(token: str, found: Invited) -> ResponseReturnValue:
    form = JoinForm()
    if form.validate_on_submit():
        if form.password.data != form.again.data:
            form.refuse(reason_sentences([Reason("passwords_differ")]))
            return _page(found, form, "join")
        try:
            user_id = operations.accept_and_join(
                token, name=form.name.data or "", phone=form.phone.data, password=form.password.data or ""
            )
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
        else:
            return _signed_in_and_welcome(user_id, found)
    return _page(found, form, "join")


def _take(form: BaseForm, token: str, user_id: int) -> bool:
    try:
        operations.accept_as(token, user_id)
    except NotVisible:
        form.refuse(reason_sentences([Reason("invitation_over")]))
    except Refused as refusal:
        form.refuse(reason_sentences(refusal.reasons))
    return not form.refusals


def _signed_in_and_welcome(user_id: int, found: Invited) -> ResponseReturnValue:
    known = accounts.account(user_id, clock.today())
    if known is not None:
        begin(known)
    return _welcome(found)


def _welcome(found: Invited) -> ResponseReturnValue:
    session[ORGANISATION] = found.organisation_public_id
    flash(_("Bienvenue : vous agissez maintenant pour {organisation}.").format(organisation=found.organisation), "success")
    return redirect(url_for("caseload.home"), code=303)


def _page(found: Invited, form: BaseForm, how: str) -> ResponseReturnValue:
    opens = any(Role(role) in OPENS_RECORDS for role in found.roles)
    page = render_template(
        "members/accept.html", invited=found, form=form, how=how, opens=opens, least=passwords.SHORTEST
    )
    return page, form.status


def _to_link(invitation: uuid.UUID, token: str) -> ResponseReturnValue:
    session[LINK] = (str(invitation), token)
    return redirect(url_for(".link", invitation=invitation), code=303)
