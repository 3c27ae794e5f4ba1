"""« Annuler », for ten minutes, beside the word that something was recorded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flask import Blueprint, current_app, flash, redirect, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeSerializer

from pathways import clock
from pathways.errors import Refused
from pathways.operations.undo import take_back
from pathways.sharing.language import _, ngettext
from pathways.sharing.permissions import Permission
from pathways.sharing.refusals import reason_sentences
from pathways.views.gate import account, mandate, requires

bp = Blueprint("undo", __name__, url_prefix="/annuler")

OFFERED = timedelta(minutes=10)
UNDO = "undo"
"""Category of a flashed message that carries ``text`` and ``token``; the macro ``flashes`` draws its button."""


def say_done(text: str, entries: Sequence[int], back: str, *, alert: int | None = None) -> None:
    """Says that something was recorded, with the way to take it back.

    ``back``: the local address to return to then. ``alert``: the alert that the same gesture closed.
    """
    by = [mandate().organisation_id, account().id]
    what = {"entries": list(entries), "alert": alert, "by": by, "back": back, "at": clock.now().timestamp()}
    token = _serializer().dumps(what)
    flash({"text": text, "token": token}, UNDO)  # type: ignore[arg-type]  # the session keeps any JSON


@bp.post("/")
@requires(Permission.ENTRY_RETRACT)
def undo() -> ResponseReturnValue:
    """Only by whoever recorded, for the same organisation, soon; afterwards each entry is taken back on its page."""
    try:
        asked = _serializer().loads(request.form.get("token", ""))
    except BadSignature:
        flash(_("Cette annulation n’a pas été comprise. Ouvrez la fiche et annulez la saisie."), "info")
        return redirect("/", code=303)
    if asked["by"] != [mandate().organisation_id, account().id]:
        flash(_("Seule la personne qui a saisi peut annuler d’ici."), "info")
    elif clock.now().timestamp() - asked["at"] > OFFERED.total_seconds():
        flash(_("Il est trop tard pour annuler d’ici : ouvrez la fiche et annulez la saisie."), "info")
    else:
        _take_back(asked["entries"], asked["alert"])
    return redirect(asked["back"], code=303)


def _take_back(entries: Sequence[int], alert: int | None) -> None:
    try:
        gone = take_back(entries, organisation_id=mandate().organisation_id, user_id=account().id, alert_id=alert)
    except Refused as refusal:
        flash(" ".join(reason_sentences(refusal.reasons)), "info")
    else:
        flash(ngettext("{n} saisie annulée.", "{n} saisies annulées.", gone).format(n=gone), "success")


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="undo")
