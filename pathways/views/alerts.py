"""Acting on an alert: taking it upon oneself, handing it to a colleague, closing it with what came of it."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from pathways import db
from pathways.errors import Reason, Refused
from pathways.forms.alerts import CloseAlertForm, HandAlertForm, TakeAlertForm
from pathways.operations import alerts as operations
from pathways.queries.alerts import AlertRow, asked_alert, colleagues
from pathways.queries.person import Identity, identity
from pathways.queries.signals import SignalRow, open_signals
from pathways.sharing.disclosure import disclose
from pathways.sharing.groups import Group
from pathways.sharing.language import _
from pathways.sharing.permissions import Permission
from pathways.sharing.refusals import reason_sentences
from pathways.views.addresses import asked_back
from pathways.views.gate import account, mandate, reader, requires

bp = Blueprint("alerts", __name__, url_prefix="/personnes/<uuid:person>/alertes/<uuid:alert>")


@bp.route("/clore", methods=["GET", "POST"])
@requires(Permission.ALERT_ACT)
def close(person: uuid.UUID, alert: uuid.UUID) -> ResponseReturnValue:
    who, found, signals = _asked(person, alert)
    form = CloseAlertForm(version=found.version)
    if form.validate_on_submit():
        try:
            operations.close_alert(
                found.id,
                outcome=form.outcome.data,
                reason=form.reason.data,
                user_id=account().id,
                organisation_id=mandate().organisation_id,
                version=_read(form.version.data),
            )
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
        else:
            flash(_("L’alerte est close."), "success")
            return redirect(_back(person), code=303)
    page = render_template("alerts/close.html", person=who, alert=found, signals=signals, form=form, back=_back(person))
    return page, form.status


@bp.post("/prendre")
@requires(Permission.ALERT_ACT)
def take(person: uuid.UUID, alert: uuid.UUID) -> ResponseReturnValue:
    _who, found, _signals = _asked(person, alert)
    form = TakeAlertForm()
    operations.take_alert(
        found.id, user_id=account().id, organisation_id=mandate().organisation_id, version=_read(form.version.data)
    )
    flash(_("Cette alerte est à votre nom."), "success")
    return redirect(_back(person), code=303)


@bp.route("/confier", methods=["GET", "POST"])
@requires(Permission.ALERT_ACT)
def hand(person: uuid.UUID, alert: uuid.UUID) -> ResponseReturnValue:
    who, found, signals = _asked(person, alert)
    with db.acting_for(mandate().organisation_id, account().id):
        others = [each for each in colleagues(reader()) if each.user_id != found.owner_id]
    form = HandAlertForm(version=found.version)
    form.offer(others)
    if form.validate_on_submit():
        try:
            operations.hand_alert(
                found.id,
                to_user_id=int(form.colleague.data),
                user_id=account().id,
                organisation_id=mandate().organisation_id,
                version=_read(form.version.data),
            )
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
        else:
            name = next(each.name for each in others if each.user_id == int(form.colleague.data))
            flash(_("L’alerte est confiée à {name}.").format(name=name), "success")
            return redirect(_back(person), code=303)
    page = render_template(
        "alerts/hand.html", person=who, alert=found, signals=signals, form=form, others=others, back=_back(person)
    )
    return page, form.status


def _back(person: uuid.UUID) -> str:
    """The list one came from, else the person's page."""
    return asked_back(url_for("person.show", person=person))


def _asked(person: uuid.UUID, alert: uuid.UUID) -> tuple[Identity, AlertRow, list[SignalRow]]:
    """The alert, if one's own organisation is asked to act on it, and the signals it is made of."""
    with db.atomic():
        who = identity(person, reader())
        found = asked_alert(who.id, alert, reader())
        if found is None:
            raise NotFound
        if not found.is_open:
            raise Refused(Reason("alert_closed", {"on": found.closed_on}))
        signals = open_signals([who.id], reader()).get(who.id, [])
        disclose([who.id], "alerts.act", [Group.IDENTITY, Group.SIGNALS])
    of_it = [each for each in signals if (each.enrolment_id, each.family) == (found.enrolment_id, found.family)]
    return who, found, of_it


def _read(version: str | None) -> int | None:
    """The version that was on the page; None when somebody made it up."""
    return int(version) if version and version.isdecimal() else None
