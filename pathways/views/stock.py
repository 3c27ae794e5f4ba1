"""The stock of an organisation that begins with a caseload: what was already true, passed in review."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pathways import db
from pathways.errors import Refused
from pathways.forms.stock import TAKES_UP, StockForm
from pathways.operations import feeds as operations
from pathways.queries.stock import stock
from pathways.sharing.disclosure import disclose
from pathways.sharing.groups import Group
from pathways.sharing.language import ngettext
from pathways.sharing.permissions import Permission
from pathways.sharing.refusals import reason_sentences
from pathways.views.gate import account, mandate, reader, requires

bp = Blueprint("stock", __name__, url_prefix="/equipe/revue-du-stock")


@bp.route("", methods=["GET", "POST"])
@requires(Permission.TEAM_STEER)
def show() -> ResponseReturnValue:
    """The list; sent back, the alerts ticked are taken up or put away."""
    form, rule = StockForm(), request.args.get("regle", "")
    if form.validate_on_submit() and _done(form):
        return redirect(url_for(".show", regle=rule or None), code=303)
    with db.atomic():
        page = stock(reader(), rule)
        disclose([each.person_id for each in page.rows], "stock.show", [Group.IDENTITY, Group.SIGNALS])
    return render_template("stock/show.html", page=page, rule=rule, form=form), form.status


def _done(form: StockForm) -> bool:
    user, organisation = account().id, mandate().organisation_id
    try:
        if form.act.data in TAKES_UP:
            spread = form.act.data == "spread"
            number = operations.take_up(form.chosen(), user_id=user, organisation_id=organisation, within_budget=spread)
            said = ngettext("{n} alerte reprise.", "{n} alertes reprises.", number)
        else:
            outcome, reason = form.outcome.data, form.reason.data
            number = operations.put_away(
                form.chosen(), outcome=outcome, reason=reason, user_id=user, organisation_id=organisation
            )
            said = ngettext("{n} alerte classée.", "{n} alertes classées.", number)
    except Refused as refusal:
        form.refuse(reason_sentences(refusal.reasons))
        return False
    flash(said.format(n=number), "success")
    return True
