"""What one was told of one's alerts, and how one wants to hear of it."""

from __future__ import annotations

import uuid
from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pathways import db
from pathways.forms.base import BaseForm
from pathways.forms.notifications import ChoiceForm
from pathways.models import Digest
from pathways.operations import notifications as operations
from pathways.queries import notifications as queries
from pathways.sharing.disclosure import disclose
from pathways.sharing.groups import Group
from pathways.sharing.language import N_, _, ngettext
from pathways.sharing.permissions import Permission
from pathways.views.gate import account, mandate, reader, requires

bp = Blueprint("notifications", __name__, url_prefix="/notifications")

KINDS = {
    "opened": N_("Nouvelle alerte"),
    "worsened": N_("Alerte aggravée"),
    "handed": N_("Une alerte vous est confiée"),
    "reminded": N_("Échéance d’une alerte"),
    "escalated": N_("Alerte en retard"),
    "pause_ended": N_("Fin d’une pause"),
}
UNREAD = "non-lues"


@bp.get("")
@requires(Permission.ALERT_ACT)
def index() -> ResponseReturnValue:
    """``?vue=non-lues`` leaves out what was read."""
    only = request.args.get("vue") == UNREAD
    with db.atomic():
        rows, before, after = queries.told(reader(), request.args.get("page", ""), only_unread=only)
        waiting = queries.unread(reader())
        disclose([row.person_id for row in rows], "notifications.index", [Group.IDENTITY, Group.SIGNALS])
    days = [(day, list(told)) for day, told in groupby(rows, key=lambda row: row.on)]
    return render_template(
        "notifications/index.html", days=days, waiting=waiting, only=only, before=before, after=after, kinds=KINDS, unread=UNREAD
    )


@bp.post("/lues")
@requires(Permission.ALERT_ACT)
def read() -> ResponseReturnValue:
    """One, or all of them; ``non`` makes one unread again."""
    if BaseForm().validate():
        only = _asked(request.form.get("notification"))
        changed = operations.read(
            None if only is None else [only],
            user_id=account().id,
            organisation_id=mandate().organisation_id,
            unread=request.form.get("non") == "1" and only is not None,
        )
        if only is None:
            flash(ngettext("{n} notification lue.", "{n} notifications lues.", changed).format(n=changed), "success")
    return redirect(url_for(".index", vue=request.args.get("vue")), code=303)


@bp.route("/choix", methods=["GET", "POST"])
@requires(Permission.ALERT_ACT)
def choose() -> ResponseReturnValue:
    with db.atomic():
        digest, immediate = queries.choice(reader())
    form = ChoiceForm(data={"digest": str(digest), "immediate": immediate})
    if form.validate_on_submit():
        operations.choose(
            account().id, mandate().organisation_id, digest=Digest(form.digest.data), immediate=form.immediate.data
        )
        flash(_("Votre choix est noté."), "success")
        return redirect(url_for(".index"), code=303)
    return render_template("notifications/choose.html", form=form), form.status


def _asked(text: str | None) -> str | None:
    try:
        return str(uuid.UUID(text or ""))
    except ValueError:
        return None
