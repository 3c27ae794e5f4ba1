"""« Trouver le référent »: who accompanies somebody one does not see; and the record opened for an imminent danger."""

from __future__ import annotations

import uuid

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pathways import clock, db
from pathways.errors import Refused
from pathways.forms.seek import EmergencyForm, SeekForm
from pathways.operations.seeking import HOURS, SHOWN, find_referent, open_in_emergency, opened_in_emergency
from pathways.queries.emergency import essential
from pathways.sharing.disclosure import disclose
from pathways.sharing.permissions import Permission
from pathways.sharing.refusals import reason_sentences
from pathways.views.gate import account, mandate, requires

bp = Blueprint("seek", __name__, url_prefix="/trouver")


@bp.route("", methods=["GET", "POST"])
@requires(Permission.PERSON_SEEK)
def find() -> ResponseReturnValue:
    """The answer comes to a POST: what was typed stays out of addresses, histories and logs."""
    form, found = SeekForm(), None
    if form.validate_on_submit() and form.born.data:
        try:
            family, given = form.family_name.data or "", form.given_name.data or ""
            found = find_referent(family, given, form.born.data, form.commune.code)
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
    return render_template("seek/find.html", form=form, found=found), form.status


@bp.route("/<uuid:sought>/urgence", methods=["GET", "POST"])
@requires(Permission.PERSON_SEEK)
def emergency(sought: uuid.UUID) -> ResponseReturnValue:
    """Asked for on a page of its own: what it opens, to whom it is told, and for how long."""
    form = EmergencyForm()
    if form.validate_on_submit():
        try:
            access = open_in_emergency(
                sought, reason=form.reason.data, explanation=form.explanation.data or "",
                organisation_id=mandate().organisation_id, user_id=account().id,
            )
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
        else:
            return redirect(url_for("seek.opened", access=access.public_id), code=303)
    return render_template("seek/emergency.html", form=form, hours=HOURS), form.status


@bp.get("/urgence/<uuid:access>")
@requires(Permission.PERSON_SEEK)
def opened(access: uuid.UUID) -> ResponseReturnValue:
    with db.atomic():
        person_id, until = opened_in_emergency(access, organisation_id=mandate().organisation_id, user_id=account().id)
        who = essential(person_id, clock.today())
        disclose([person_id], "seek.opened", SHOWN)
    return render_template("seek/opened.html", who=who, until=until.astimezone(clock.PARIS))
