"""Two declarations that contradict each other: seen side by side, and settled."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from pathways import db
from pathways.errors import Refused
from pathways.forms.base import BaseForm
from pathways.forms.discordances import AskForm, ConfirmForm, SettleForm
from pathways.operations import discordances as operations
from pathways.queries.annotations import annotations_of
from pathways.queries.discordance import DiscordanceRow, discordance
from pathways.queries.person import Identity, identity
from pathways.queries.steps import steps_of
from pathways.queries.timeline import one_entry
from pathways.sharing.disclosure import disclose
from pathways.sharing.groups import Group
from pathways.sharing.language import _
from pathways.sharing.permissions import Permission
from pathways.sharing.refusals import reason_sentences
from pathways.sharing.sentences import signal_sentence
from pathways.views.gate import account, mandate, reader, requires
from pathways.views.undo import say_done

bp = Blueprint("discordances", __name__, url_prefix="/personnes/<uuid:person>")


@bp.route("/discordances/<int:signal>", methods=["GET", "POST"])
@requires(Permission.ENTRY_RETRACT)
def settle(person: uuid.UUID, signal: int) -> ResponseReturnValue:
    """Both declarations, and what can be done: correct one's own, ask the other organisation, or keep both and say why."""
    who, found = _asked(person, signal)
    form, ask = SettleForm(), AskForm()
    asked_about = request.form.get("entry", "")
    form_sent: BaseForm = ask if asked_about else form
    if form_sent.validate_on_submit():
        try:
            return _ask(who, found, int(asked_about), ask) if asked_about.isdecimal() else _settle(who, found, form)
        except Refused as refusal:
            form_sent.refuse(reason_sentences(refusal.reasons))
    page = render_template(
        "discordances/settle.html",
        person=who,
        found=found,
        sentence=signal_sentence("discordance", found.values),
        form=form,
        ask=ask,
        sent=form_sent,
    )
    return page, form_sent.status if request.method == "POST" else 200


def _settle(who: Identity, found: DiscordanceRow, form: SettleForm) -> ResponseReturnValue:
    entry = operations.settle(
        person_id=who.id,
        kind=found.kind,
        on=found.on,
        entries=found.entries,
        reason=form.reason.data,
        note=(form.note.data or "").strip() or None,
        **_oneself(),
    )
    return _done(who, _("La discordance est réglée ; l’autre organisme en est informé."), entry)


def _ask(who: Identity, found: DiscordanceRow, entry: int, form: AskForm) -> ResponseReturnValue:
    if entry not in found.entries:
        abort(404)
    asked = operations.ask_to_check(person_id=who.id, entry=entry, reason=form.doubt.data, **_oneself())
    name = next(side.organisation for side in found.sides if side.id == entry)
    return _done(who, _("La vérification est demandée à {organisation}.").format(organisation=name), asked)


@bp.post("/saisies/<int:entry>/confirmer")
@requires(Permission.ENTRY_RETRACT)
def confirm(person: uuid.UUID, entry: int) -> ResponseReturnValue:
    """Answers another organisation that one's own entry is right as it is."""
    with db.atomic():
        who = identity(person, reader())
        declared = one_entry(entry, who.id, reader()) or abort(404)
        disclose([who.id], "discordances.confirm", [Group.IDENTITY])
    back = url_for("person.show", person=person)
    form = ConfirmForm()
    if not form.validate_on_submit():
        abort(400)
    try:
        answer = operations.confirm_entry(person_id=who.id, entry=declared.id, **_oneself())
    except Refused as refusal:
        flash(" ".join(reason_sentences(refusal.reasons)), "info")
        return redirect(back, code=303)
    return _done(who, _("Vous confirmez votre saisie ; l’autre organisme en est informé."), answer)


def _done(who: Identity, text: str, entry: int) -> ResponseReturnValue:
    back = url_for("person.show", person=who.public_id)
    say_done(text, [entry], back)
    return redirect(back, code=303)


def _asked(person: uuid.UUID, signal: int) -> tuple[Identity, DiscordanceRow]:
    with db.atomic():
        who = identity(person, reader())
        steps = steps_of([who.id], reader()).get(who.id, [])
        notes = annotations_of(who.id, reader())
        found = discordance(signal, who.id, steps, notes, reader(), who.bond) or abort(404)
        disclose([who.id], "discordances.settle", [Group.IDENTITY, Group.SIGNALS])
    return who, found


def _oneself() -> dict[str, int]:
    return {"organisation_id": mandate().organisation_id, "user_id": account().id}


