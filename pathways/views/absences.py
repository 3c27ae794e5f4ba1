"""Absences of a team: one's own, and everybody's for whoever runs it."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pathways import db
from pathways.errors import Reason, Refused
from pathways.forms.absences import AbsenceForm
from pathways.forms.base import BaseForm
from pathways.operations.absences import record_absence, withdraw_absence
from pathways.queries.absences import absences
from pathways.queries.alerts import colleagues
from pathways.sharing.language import _
from pathways.sharing.permissions import Permission
from pathways.sharing.refusals import reason_sentence, reason_sentences
from pathways.views.gate import account, mandate, reader, requires

bp = Blueprint("absences", __name__, url_prefix="/absences")


@bp.route("", methods=["GET", "POST"])
@requires(Permission.ALERT_ACT)
def index() -> ResponseReturnValue:
    """Those to come; sent back, one more."""
    steers = Permission.TEAM_STEER in mandate().permissions
    with db.acting_for(mandate().organisation_id, account().id):
        team = [(each.user_id, each.name) for each in colleagues(reader())]
        known = absences(reader(), None if steers else account().id)
    me = (account().id, account().name)
    form = AbsenceForm()
    form.offer([me, *team] if steers else [me], [me, *team] if steers else team)
    if form.validate_on_submit() and _recorded(form):
        flash(_("L’absence est notée : pendant ces jours, les alertes vont à qui prend le relais."), "success")
        return redirect(url_for(".index"), code=303)
    return render_template("absences/index.html", form=form, rows=known, steers=steers), form.status


def _recorded(form: AbsenceForm) -> bool:
    user, first, last = form.user_id, form.first_day.data, form.last_day.data
    if not form.knows_its_people or user is None or first is None or last is None:
        form.refuse([reason_sentence(Reason("not_a_colleague"))])
        return False
    try:
        record_absence(
            user,
            first_day=first,
            last_day=last,
            delegate_id=form.delegate_id,
            recorded_by=account().id,
            organisation_id=mandate().organisation_id,
        )
    except Refused as refusal:
        form.refuse(reason_sentences(refusal.reasons))
        return False
    return True


@bp.post("/<uuid:absence>/retirer")
@requires(Permission.ALERT_ACT)
def withdraw(absence: uuid.UUID) -> ResponseReturnValue:
    """One's own; anybody's for whoever runs the team."""
    if BaseForm().validate():
        steers = Permission.TEAM_STEER in mandate().permissions
        withdraw_absence(absence, organisation_id=mandate().organisation_id, user_id=None if steers else account().id)
        flash(_("L’absence est retirée."), "success")
    return redirect(url_for(".index"), code=303)
