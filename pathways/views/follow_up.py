"""Noting what came of a call or of an appointment, on one screen, and what follows from it."""

from __future__ import annotations

import uuid
from datetime import date
from typing import NamedTuple

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from pathways import db
from pathways.errors import Refused
from pathways.forms.follow_up import RESULTS, AppointmentResultForm, FollowUpForm
from pathways.operations.alerts import close_alert
from pathways.operations.recording import record_event
from pathways.queries.alerts import AlertRow, asked_alert
from pathways.queries.appointments import planned_appointment
from pathways.queries.attendants import own_open_steps
from pathways.queries.person import Identity, identity
from pathways.queries.signals import SignalRow, open_signals
from pathways.queries.steps import StepRow, steps_of
from pathways.sharing import naming
from pathways.sharing.disclosure import disclose
from pathways.sharing.groups import Group
from pathways.sharing.language import _
from pathways.sharing.permissions import Permission
from pathways.sharing.refusals import reason_sentences
from pathways.sharing.sentences import signal_title
from pathways.views.addresses import asked_back
from pathways.views.declaring import SETTLED_BY_WORD
from pathways.views.gate import account, mandate, reader, requires
from pathways.views.undo import say_done

bp = Blueprint("follow_up", __name__, url_prefix="/personnes/<uuid:person>")


class Asked(NamedTuple):
    """Whom the follow-up is about, what it may be noted on, and the alert it was opened from."""

    who: Identity
    steps: list[StepRow]
    signals: list[SignalRow]
    alert: AlertRow | None


@bp.route("/suivi", methods=["GET", "POST"])
@requires(Permission.ENTRY_RECORD)
def record(person: uuid.UUID) -> ResponseReturnValue:
    """``?alerte=`` is the alert it answers, ``?retour=`` the list to go back to, ``?suivant=`` the next person there."""
    asked = _asked(person)
    form = FollowUpForm(version=asked.alert.version if asked.alert else None)
    form.offer(
        [(step.public_id, f"{naming.scheme(step.scheme)} · {step.organisation}") for step in asked.steps],
        [(rule, signal_title(rule)) for rule in sorted({each.rule for each in asked.signals} & SETTLED_BY_WORD)],
        alert=asked.alert is not None,
        rupture=_is_about_a_rupture(asked),
    )
    if asked.steps and form.validate_on_submit():
        try:
            entries = _record(asked, form)
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
        else:
            say_done(_done(asked, form), entries, _next(), alert=asked.alert.id if asked.alert and form.closes else None)
            return redirect(_next(), code=303)
    page = render_template("follow_up/record.html", person=asked.who, asked=asked, form=form, back=_back(asked.who))
    return page, form.status


def _asked(person: uuid.UUID) -> Asked:
    who = reader()
    with db.atomic():
        found = identity(person, who)
        steps = own_open_steps(steps_of([found.id], who).get(found.id, []), who)
        signals = open_signals([found.id], who).get(found.id, [])
        alert = _alert(found, request.args.get("alerte"))
        disclose([found.id], "follow_up.record", [Group.IDENTITY, Group.CONTACT, Group.SIGNALS])
    return Asked(found, steps, signals, alert)


def _alert(who: Identity, asked: str | None) -> AlertRow | None:
    """The alert of the address, while it is open: another tab may have closed it meanwhile."""
    try:
        public_id = uuid.UUID(asked or "")
    except ValueError:
        return None
    found = asked_alert(who.id, public_id, reader())
    return found if found is not None and found.is_open else None


RUPTURES = frozenset({"contract_broken", "contract_broken_no_employer"})


def _is_about_a_rupture(asked: Asked) -> bool:
    """The alert rests on a contract that broke."""
    alert = asked.alert
    return alert is not None and any(
        each.rule in RUPTURES and (each.enrolment_id, each.family) == (alert.enrolment_id, alert.family) for each in asked.signals
    )


def _record(asked: Asked, form: FollowUpForm) -> list[int]:
    """All of it or nothing. The alert first: the facts recorded next might end it before its outcome is known."""
    step = next(each for each in asked.steps if each.public_id == form.step.data)
    with db.atomic():
        if asked.alert is not None and form.closes:
            version = form.version.data or ""
            close_alert(
                asked.alert.id,
                outcome=form.closes,
                reason=form.reason.data,
                version=int(version) if version.isdecimal() else None,
                user_id=account().id,
                organisation_id=mandate().organisation_id,
            )
        return [
            record_event(
                person_id=asked.who.id,
                type=act.event,
                occurred_on=act.on,
                data=act.data,
                enrolment_id=step.id,
                user_id=account().id,
                organisation_id=mandate().organisation_id,
            )
            for act in form.acts
        ]


def _done(asked: Asked, form: FollowUpForm) -> str:
    name = f"{asked.who.given_name} {asked.who.family_name}"
    said = _("{name} : « {result} » est enregistré.").format(name=name, result=_(RESULTS[form.result.data]))
    return f"{said} {_('L’alerte est close.')}" if form.closes else said


def _back(who: Identity) -> str:
    return asked_back(url_for("person.show", person=who.public_id))


def _next() -> str:
    """The list one came from, at the next person."""
    back = asked_back(url_for("person.show", person=(request.view_args or {})["person"]))
    try:
        return f"{back.partition('#')[0]}#personne-{uuid.UUID(request.args.get('suivant', ''))}"
    except ValueError:
        return back


@bp.post("/rendez-vous/<int:entry>")
@requires(Permission.ENTRY_RECORD)
def appointment(person: uuid.UUID, entry: int) -> ResponseReturnValue:
    """What came of an appointment that was planned, in one click: noted on its day and its step."""
    with db.atomic():
        who = identity(person, reader())
        planned = planned_appointment(entry, who.id, reader())
    if planned is None:
        raise NotFound
    form, back = AppointmentResultForm(), asked_back(url_for("person.show", person=person))
    if form.validate():
        _answer(who, planned, str(form.result.data), back)
    else:
        flash(_("Choisissez ce qui s’est passé."), "info")
    return redirect(back, code=303)


def _answer(who: Identity, planned: tuple[date, int | None], status: str, back: str) -> None:
    day, step = planned
    try:
        recorded = record_event(
            person_id=who.id,
            type="appointment",
            occurred_on=day,
            data={"status": status},
            enrolment_id=step,
            user_id=account().id,
            organisation_id=mandate().organisation_id,
        )
    except Refused as refusal:
        flash(" ".join(reason_sentences(refusal.reasons)), "info")
    else:
        name = f"{who.given_name} {who.family_name}"
        said = _("{name} : « {result} » est enregistré.").format(name=name, result=_(RESULTS[status]))
        say_done(said, [recorded], back)
