"""Declaring an event about a person, and opening a scheme."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from pathways import clock, db
from pathways.errors import Refused, Stale
from pathways.forms.events import FIELD, EventForm, event_form
from pathways.forms.naming_others import said
from pathways.operations.eligible import opening as opening_of
from pathways.operations.handing_over import Bag, bags
from pathways.operations.possibilities import possible_events
from pathways.operations.preview import preview
from pathways.operations.recording import Draft, record_entries
from pathways.queries.organisations import offer
from pathways.queries.person import identity
from pathways.sharing import naming
from pathways.sharing.acts import act, purpose
from pathways.sharing.disclosure import disclose
from pathways.sharing.groups import Group
from pathways.sharing.language import _
from pathways.sharing.permissions import Permission
from pathways.sharing.refusals import reason_sentences
from pathways.views.declarable import by_family
from pathways.views.declaring import Subject, may_call_oneself, subject
from pathways.views.effects import is_only_asking, sent, shown, version
from pathways.views.gate import account, mandate, reader, requires
from pathways.views.undo import say_done
from pathways.workflows.actors import PRESCRIBERS
from pathways.workflows.eligibility import Eligibility
from pathways.workflows.events import EVENTS

bp = Blueprint("events", __name__, url_prefix="/personnes/<uuid:person>")
bp.add_app_template_filter(act, "act")
bp.add_app_template_filter(purpose, "purpose")

ELSEWHERE = frozenset({"retracted", "correction_requested", "entry_confirmed", "discordance_settled"})
"""Recorded from pages of their own."""


@bp.route("/declarer/<event>", methods=["GET", "POST"])
@requires(Permission.ENTRY_RECORD)
def record(person: uuid.UUID, event: str) -> ResponseReturnValue:
    """``?etape=`` names the step it is about, ``?dispositif=`` the scheme it opens.

    What ends, transfers or suspends something shows its effect first; the rest is recorded at once.
    """
    if event not in EVENTS or event in ELSEWHERE:
        abort(404)
    with db.atomic():
        about = subject(person, event)
        checked = _checked(about)
        carried = _carried(about)
        disclose([about.who.id], "events.record", [Group.IDENTITY])
    form = event_form(event, today=clock.today(), around=about.around)
    if not is_only_asking() and form.validate_on_submit():
        try:
            return _go(about, form)
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
    status = 200 if is_only_asking() else form.status
    page = render_template(
        "events/record.html", person=about.who, event=event, about=about, form=form, checked=checked, bags=carried
    )
    return page, status


def _carried(about: Subject) -> list[Bag]:
    """What a hand-over from that step should carry, and what of it is missing."""
    if about.event != "handed_over" or about.step is None:
        return []
    return bags(about.who.id, mandate().organisation_id, about.step.scheme, about.step.id)


def _checked(about: Subject) -> Eligibility | None:
    """What the rules say of opening the scheme, for those who orient and prescribe."""
    if about.scheme is None or mandate().kind not in PRESCRIBERS:
        return None
    return opening_of(about.who.id, mandate().organisation_id, about.scheme, clock.today(), leads=about.who.led)


def _go(about: Subject, form: EventForm) -> ResponseReturnValue:
    """Records, or shows the effect of what is heavy, also when the dossier changed since it was shown."""
    draft = _draft(about, form)
    seen = version()
    if not about.is_heavy or seen is not None:
        try:
            with db.atomic():
                (entry,) = record_entries(
                    [draft],
                    person_id=about.who.id,
                    organisation_id=mandate().organisation_id,
                    user_id=account().id,
                    version=seen,
                )
        except Stale:
            return _confirm(about, form, draft, changed=True), 409
        back = url_for("person.show", person=about.who.public_id)
        say_done(_("« {event} » est enregistré.").format(event=naming.event(about.event)), [entry], back)
        return redirect(back, code=303)
    return _confirm(about, form, draft), 200


def _confirm(about: Subject, form: EventForm, draft: Draft, *, changed: bool = False) -> str:
    with db.atomic():
        effect = preview([draft], person_id=about.who.id, organisation_id=mandate().organisation_id)
        seen = shown(effect, about.who, about.steps, changed=changed, opens=about.scheme or "")
        disclose([about.who.id], "events.record", [Group.IDENTITY, Group.SIGNALS])
    return render_template(
        "events/confirm.html", person=about.who, event=about.event, about=about, form=form, shown=seen, sent=sent()
    )


def _draft(about: Subject, form: EventForm) -> Draft:
    day = form.occurred_on.data or clock.today()
    return Draft(about.event, day, form.answers, about.step.id if about.step else None, about.scheme)


@bp.get("/ouvrir")
@requires(Permission.ENTRY_RECORD)
def opening(person: uuid.UUID) -> ResponseReturnValue:
    """The schemes this organisation may open today, and those it may not, with why. ``?acte=`` keeps one way of opening."""
    with db.atomic():
        who = identity(person, reader())
        options = possible_events(person_id=who.id, organisation_id=mandate().organisation_id, on=clock.today())
        disclose([who.id], "events.opening", [Group.IDENTITY])
    query, only = request.args.get("q", "").strip(), request.args.get("acte", "")
    families, refused, hidden = by_family([each for each in options if each.enrolment_id is None], query, only)
    return render_template(
        "events/open.html", person=who, families=families, refused=refused, hidden=hidden, query=query, act=only
    )


@bp.get("/organismes")
@requires(Permission.ENTRY_RECORD)
def organisations(person: uuid.UUID) -> ResponseReturnValue:
    """Suggestions while a name is typed: ``?acte=`` and ``?champ=`` name the detail, ``?q=`` what was typed."""
    event, name = request.args.get("acte", ""), request.args.get("champ", "").removeprefix(FIELD)
    spec = EVENTS[event].fields.get(name) if event in EVENTS else None
    if spec is None or spec.kind != "organisation":
        abort(404)
    with db.atomic():
        who = identity(person, reader())
        found = offer(
            who.id, reader(), spec.among, query=request.args.get("q", ""), oneself=may_call_oneself(event, who)
        )
        disclose([who.id], "events.organisations", [Group.IDENTITY])
    rows = [{"value": row.public_id, "label": said(row), "name": row.name} for row in found.rows]
    return jsonify({"rows": rows, "more": found.more})
