"""One alert: its card, and acting on it: taking it, handing it on, letting it wait, closing it with what came of it."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from pathways import db
from pathways.errors import Reason, Refused
from pathways.forms.alerts import CloseAlertForm, HandAlertForm, PauseAlertForm, TakeAlertForm
from pathways.forms.follow_up import RESULTS
from pathways.operations import alerts as operations
from pathways.queries.alert_card import card
from pathways.queries.alerts import AlertRow, asked_alert, colleagues
from pathways.queries.incidents import mentioned, mentions
from pathways.queries.person import Identity, identity
from pathways.queries.signals import SignalRow, open_signals
from pathways.queries.steps import steps_of
from pathways.queries.whom_to_call import NOBODY, facts_of, partners_of
from pathways.sharing.disclosure import disclose
from pathways.sharing.groups import Group
from pathways.sharing.language import _, said_day
from pathways.sharing.permissions import Permission
from pathways.sharing.refusals import reason_sentences
from pathways.views.addresses import asked_back, here
from pathways.views.gate import account, mandate, reader, requires
from pathways.views.undo import say_done
from pathways.workflows.alert_life import BY_KIND, is_dismissal

bp = Blueprint("alerts", __name__, url_prefix="/personnes/<uuid:person>/alertes/<uuid:alert>")


@bp.get("")
@requires(Permission.ALERT_ACT)
def show(person: uuid.UUID, alert: uuid.UUID) -> ResponseReturnValue:
    """What it is about, since when, against what is usual, what was tried, whom to call; also once it is closed."""
    who = reader()
    with db.atomic():
        of = identity(person, who)
        found = asked_alert(of.id, alert, who)
        if found is None:
            raise NotFound
        steps = steps_of([of.id], who).get(of.id, [])
        step = next((each for each in steps if each.id == found.enrolment_id), None)
        signals = _of_it(found, open_signals([of.id], who).get(of.id, []))
        facts = facts_of({of.id: signals}, {of.id: steps}, who)
        around = partners_of([of.id], who)
        told = mentions(mentioned(iter(signals)), who)
        page = card(found, of.id, step, of.bond, who)
        disclose([of.id], "alerts.show", [Group.IDENTITY, Group.CONTACT, Group.APPOINTMENTS, Group.SIGNALS])
    return render_template(
        "alerts/show.html",
        person=of,
        alert=found,
        card=page,
        signals=signals,
        step=step,
        facts=[(signal, facts.get(signal.id, [])) for signal in signals],
        around=around.get((of.id, found.enrolment_id)) or around.get((of.id, None)) or NOBODY,
        told_incidents=told,
        moves=BY_KIND,
        appointments=RESULTS,
        form=TakeAlertForm(version=found.version),
        back=_back(person),
        here=here(),
    )


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
            said = _("L’alerte est écartée.") if is_dismissal(form.outcome.data) else _("L’alerte est close.")
            say_done(said, [], _back(person), alert=found.id)
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


@bp.route("/pause", methods=["GET", "POST"])
@requires(Permission.ALERT_ACT)
def pause(person: uuid.UUID, alert: uuid.UUID) -> ResponseReturnValue:
    who, found, signals = _asked(person, alert)
    form = PauseAlertForm(version=found.version)
    until = form.until.data
    if form.validate_on_submit() and until:
        try:
            operations.pause_alert(
                found.id,
                until=until,
                reason=form.reason.data,
                user_id=account().id,
                organisation_id=mandate().organisation_id,
                version=_read(form.version.data),
            )
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
        else:
            flash(_("L’alerte attend jusqu’au {day}.").format(day=said_day(until)), "success")
            return redirect(_back(person), code=303)
    page = render_template("alerts/pause.html", person=who, alert=found, signals=signals, form=form, back=_back(person))
    return page, form.status


@bp.post("/reprendre")
@requires(Permission.ALERT_ACT)
def resume(person: uuid.UUID, alert: uuid.UUID) -> ResponseReturnValue:
    _who, found, _signals = _asked(person, alert)
    operations.resume_alert(
        found.id, user_id=account().id, organisation_id=mandate().organisation_id, version=_read(TakeAlertForm().version.data)
    )
    flash(_("L’alerte est de nouveau à traiter."), "success")
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
    return who, found, _of_it(found, signals)


def _of_it(alert: AlertRow, signals: list[SignalRow]) -> list[SignalRow]:
    return [each for each in signals if (each.enrolment_id, each.family) == (alert.enrolment_id, alert.family)]


def _read(version: object) -> int | None:
    """The version that was on the page; None when somebody made it up."""
    text = str(version)
    return int(text) if text.isdecimal() else None
