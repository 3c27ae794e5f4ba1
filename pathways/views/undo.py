"""« Annuler », for ten minutes, beside the word that something was recorded."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeSerializer

from pathways import clock
from pathways.errors import Refused
from pathways.operations.incidents import withdraw
from pathways.operations.reassigning import Handed, undo_persons, undo_reassignment
from pathways.operations.requests import undo_request
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
    _offer(text, {"entries": list(entries), "alert": alert}, back)


def say_handed(text: str, handed: Handed, back: str, *, moved: tuple[int, int] | None = None) -> None:
    """Says that work changed hands, with the way to give it back.

    ``moved``: whom the persons left, and who follows them now; None when only alerts changed hands.
    """
    _offer(text, {"batch": handed.batch, "links": handed.links, "moved": moved}, back)


def say_incident(text: str, incident: uuid.UUID, back: str) -> None:
    """Says that an incident was declared, with the way to withdraw it and what it wrote."""
    _offer(text, {"incident": str(incident)}, back)


def say_request(text: str, asked: uuid.UUID | str, back: str) -> None:
    """Says that something was asked of another organisation, or answered, with the way to take it back."""
    _offer(text, {"request": str(asked)}, back)


def _offer(text: str, what: dict[str, Any], back: str) -> None:
    by = [mandate().organisation_id, account().id]
    token = _serializer().dumps(what | {"by": by, "back": back, "at": clock.now().timestamp()})
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
    elif "incident" in asked:
        _withdraw(uuid.UUID(asked["incident"]))
    elif "request" in asked:
        _undo_request(uuid.UUID(asked["request"]))
    elif "batch" in asked:
        _give_back(asked)
    else:
        _take_back(asked["entries"], asked["alert"])
    return redirect(asked["back"], code=303)


def _withdraw(incident: uuid.UUID) -> None:
    """The incident and the entries it wrote."""
    try:
        withdraw(incident, organisation_id=mandate().organisation_id, user_id=account().id)
    except Refused as refusal:
        flash(" ".join(reason_sentences(refusal.reasons)), "info")
    else:
        flash(_("L’incident est retiré, avec ce qu’il avait inscrit dans les fiches."), "success")


def _undo_request(public_id: uuid.UUID) -> None:
    """The request that was asked, or the answer that was given."""
    try:
        undo_request(public_id, organisation_id=mandate().organisation_id, user_id=account().id)
    except Refused as refusal:
        flash(" ".join(reason_sentences(refusal.reasons)), "info")
    else:
        flash(_("C’est annulé."), "success")


def _give_back(asked: dict[str, Any]) -> None:
    """Alerts, or persons with their alerts, go back to whom they came from."""
    if Permission.TEAM_STEER not in mandate().permissions:
        abort(403)
    by = {"organisation_id": mandate().organisation_id, "user_id": account().id}
    if asked["moved"] is None:
        given = undo_reassignment(asked["batch"], **by)
        flash(ngettext("{n} alerte est rendue.", "{n} alertes sont rendues.", given).format(n=given), "success")
        return
    left, follows = asked["moved"]
    links = [(link, entry) for link, entry in asked["links"]]
    try:
        given = undo_persons(links, asked["batch"], from_user_id=left, to_user_id=follows, **by)
    except Refused as refusal:
        flash(" ".join(reason_sentences(refusal.reasons)), "info")
    else:
        said = ngettext("{n} personne retrouve son référent.", "{n} personnes retrouvent leur référent.", given)
        flash(said.format(n=given), "success")


def _take_back(entries: Sequence[int], alert: int | None) -> None:
    try:
        gone = take_back(entries, organisation_id=mandate().organisation_id, user_id=account().id, alert_id=alert)
    except Refused as refusal:
        flash(" ".join(reason_sentences(refusal.reasons)), "info")
    else:
        flash(ngettext("{n} saisie annulée.", "{n} saisies annulées.", gone).format(n=gone), "success")


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="undo")
