"""Passages between organisations: what was sent to mine and waits for an answer, what mine sent and what became of it."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pathways import clock, db
from pathways.errors import Refused
from pathways.forms.hand_overs import AcceptForm, RefuseForm
from pathways.operations import handing_over as operations
from pathways.queries.hand_overs import RECEIVED, SENT, PassageRow, hand_overs, one
from pathways.queries.organisations import members
from pathways.sharing.disclosure import disclose
from pathways.sharing.groups import Group
from pathways.sharing.language import _
from pathways.sharing.permissions import Permission
from pathways.sharing.refusals import reason_sentences
from pathways.views.gate import account, mandate, reader, requires
from pathways.views.undo import say_done
from pathways.workflows.passages import Kind

bp = Blueprint("handovers", __name__, url_prefix="/passages-de-relais")

TABS = {"recus": RECEIVED, "envoyes": SENT}
SHOWN = (Group.IDENTITY, Group.ADMINISTRATIVE)


@bp.get("")
@requires(Permission.PERSON_READ)
def index() -> ResponseReturnValue:
    """``?onglet=envoyes`` shows what my organisation sent; what it received without it. ``?page=`` is the cursor of a page."""
    tab = TABS.get(request.args.get("onglet", ""), RECEIVED)
    with db.atomic():
        page = hand_overs(reader(), tab, request.args.get("page", ""))
        disclose([each.person_id for each in page.rows], "handovers.index", SHOWN)
    return render_template("handovers/index.html", page=page, tab=tab, today=clock.today())


@bp.post("/<uuid:passage>/accuser-reception")
@requires(Permission.ENTRY_RECORD)
def acknowledge(passage: uuid.UUID) -> ResponseReturnValue:
    """Received; the answer is still to be given."""
    return _at_once(passage, operations.acknowledge, _("Réception confirmée à {other} : il reste à répondre pour {person}."))


@bp.post("/<uuid:passage>/retirer")
@requires(Permission.ENTRY_RECORD)
def withdraw(passage: uuid.UUID) -> ResponseReturnValue:
    """Taken back by whoever asked."""
    return _at_once(passage, operations.withdraw, _("Demande retirée : {person} reste sous la responsabilité d’avant."))


@bp.route("/<uuid:passage>/accepter", methods=["GET", "POST"])
@requires(Permission.ENTRY_RECORD)
def accept(passage: uuid.UUID) -> ResponseReturnValue:
    """My organisation answers for the person from today on."""
    found, form = _mine_to_answer(passage), AcceptForm()
    with db.atomic():
        form.offer(members(reader()), account().id)
    if form.validate_on_submit():
        try:
            entry = operations.accept(found.id, form.referent.data, **_by())
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
        else:
            back = url_for("person.show", person=found.person)
            who = _("{person} est maintenant sous la responsabilité de votre organisme.")
            say_done(who.format(person=_name(found)), [entry], back)
            return redirect(back, code=303)
    return render_template("handovers/accept.html", each=found, form=form), form.status


@bp.route("/<uuid:passage>/refuser", methods=["GET", "POST"])
@requires(Permission.ENTRY_RECORD)
def refuse(passage: uuid.UUID) -> ResponseReturnValue:
    """The sender stays responsible, and reads why."""
    found, form = _mine_to_answer(passage), RefuseForm()
    if form.validate_on_submit():
        try:
            entry = operations.refuse(found.id, form.reason.data, **_by())
        except Refused as refusal:
            form.refuse(reason_sentences(refusal.reasons))
        else:
            said = _("Refus transmis à {other}, qui reste responsable de {person}.")
            say_done(said.format(other=found.other, person=_name(found)), [entry], url_for("handovers.index"))
            return redirect(url_for("handovers.index"), code=303)
    return render_template("handovers/refuse.html", each=found, form=form), form.status


def _mine_to_answer(passage: uuid.UUID) -> PassageRow:
    """A hand-over; the page of a transfer is the one of the event, which shows its effect first."""
    with db.atomic():
        found = one(passage, reader())
        disclose([found.person_id], "handovers.answer", SHOWN)
    if found.kind is not Kind.HAND_OVER or found.asked_by_me:
        abort(404)
    return found


def _at_once(passage: uuid.UUID, act: Callable[..., int], said: str) -> ResponseReturnValue:
    """One button: done, said, and to be taken back for ten minutes."""
    with db.atomic():
        found = one(passage, reader())
    asked_from = url_for("person.show", person=found.person) if request.form.get("from") == "person" else ""
    back = asked_from or url_for("handovers.index", onglet="envoyes" if found.asked_by_me else None)
    try:
        entry = act(found.id, **_by())
    except Refused as refusal:
        flash(" ".join(reason_sentences(refusal.reasons)), "info")
    else:
        say_done(said.format(other=found.other, person=_name(found)), [entry], back)
    return redirect(back, code=303)


def _by() -> dict[str, int]:
    """Who acts, and for which organisation."""
    return {"organisation_id": mandate().organisation_id, "user_id": account().id}


def _name(found: PassageRow) -> str:
    return f"{found.given_name} {found.family_name}"
