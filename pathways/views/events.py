"""Declaring an event about a person, and taking one back."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from pathways import clock, db
from pathways.errors import Refused
from pathways.forms.events import EventForm, RetractionForm, event_form
from pathways.operations.recording import record_event
from pathways.queries.person import Identity, identity
from pathways.queries.signals import open_signals
from pathways.queries.steps import StepRow, steps_of
from pathways.queries.timeline import one_entry
from pathways.sharing import naming
from pathways.sharing.disclosure import disclose
from pathways.sharing.groups import Group
from pathways.sharing.language import _
from pathways.sharing.permissions import Permission
from pathways.sharing.refusals import reason_sentences
from pathways.sharing.sentences import signal_title
from pathways.views.gate import account, mandate, reader, requires
from pathways.workflows.events import ABOUT_THE_PERSON, EVENTS
from pathways.workflows.schemes import SCHEMES

bp = Blueprint("events", __name__, url_prefix="/personnes/<uuid:person>")

RETRACTED = "retracted"
SETTLED_BY_WORD = frozenset({"training_risk_flag"})
"""Signals that a contact closes only when it says so; the others close by the facts."""


@bp.route("/declarer/<event>", methods=["GET", "POST"])
@requires(Permission.ENTRY_RECORD)
def record(person: uuid.UUID, event: str) -> ResponseReturnValue:
    """``?etape=`` names the step it is about, ``?dispositif=`` the scheme it opens."""
    if event not in EVENTS or event == RETRACTED:
        abort(404)
    who, step, scheme, form = _asked(person, event)
    if form.validate_on_submit():
        try:
            _record(who, event, step, scheme, form)
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
        else:
            flash(_("« {event} » est enregistré.").format(event=naming.event(event)), "success")
            return redirect(url_for("person.show", person=person), code=303)
    return render_template("events/record.html", person=who, event=event, step=step, scheme=scheme, form=form), form.status


def _asked(person: uuid.UUID, event: str) -> tuple[Identity, StepRow | None, str | None, EventForm]:
    """What the page is about: reading it is logged, since it shows a name."""
    with db.atomic():
        who = identity(person, reader())
        steps = steps_of([who.id], reader()).get(who.id, [])
        signals = open_signals([who.id], reader()).get(who.id, [])
        disclose([who.id], "events.record", [Group.IDENTITY])
    step = next((each for each in steps if each.public_id == request.args.get("etape")), None)
    scheme = request.args.get("dispositif")
    if (request.args.get("etape") and step is None) or (scheme and scheme not in SCHEMES):
        raise NotFound
    if step is None and scheme is None and event not in ABOUT_THE_PERSON:
        raise NotFound
    resolves = [(rule, signal_title(rule)) for rule in sorted({each.rule for each in signals} & SETTLED_BY_WORD)]
    return who, step, scheme, event_form(event, today=clock.today(), choices={"resolves": resolves})


def _record(who: Identity, event: str, step: StepRow | None, scheme: str | None, form: EventForm) -> None:
    with db.atomic():
        record_event(
            person_id=who.id,
            type=event,
            occurred_on=form.occurred_on.data or clock.today(),
            data=form.answers,
            user_id=account().id,
            organisation_id=mandate().organisation_id,
            enrolment_id=step.id if step else None,
            scheme=None if step else scheme,
        )


@bp.route("/saisies/<int:entry>/annuler", methods=["GET", "POST"])
@requires(Permission.ENTRY_RETRACT)
def retract(person: uuid.UUID, entry: int) -> ResponseReturnValue:
    """Nothing is erased: the entry stays, struck out, with who took it back and why."""
    with db.atomic():
        who = identity(person, reader())
        declared = one_entry(entry, who.id, reader()) or abort(404)
        disclose([who.id], "events.retract", [Group.IDENTITY])
    form = RetractionForm()
    if form.validate_on_submit():
        try:
            _retract(who, entry, form)
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
        else:
            flash(_("« {event} » est annulé.").format(event=naming.event(declared.event)), "success")
            return redirect(url_for("person.show", person=person), code=303)
    return render_template("events/retract.html", person=who, entry=declared, form=form), form.status


def _retract(who: Identity, entry: int, form: RetractionForm) -> None:
    with db.atomic():
        record_event(
            person_id=who.id,
            type=RETRACTED,
            occurred_on=clock.today(),
            data={"reason": form.reason.data},
            retracts=entry,
            user_id=account().id,
            organisation_id=mandate().organisation_id,
        )
