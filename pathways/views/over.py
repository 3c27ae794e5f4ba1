"""When nobody is signed in, or no longer: what happened, where to go on, and what was typed, so that it is not lost."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from flask import current_app, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from pathways.queries.sessions import Over
from pathways.sharing.language import N_, _
from pathways.views.addresses import here, local
from pathways.workflows.nir import holds_a_nir

UNAUTHORISED = 401
SENTENCES: Mapping[Over, str] = {
    Over.IDLE: N_("Votre session s’est fermée après {minutes} minutes sans activité. Connectez-vous pour continuer."),
    Over.TOO_LONG: N_("Votre session a duré {hours} heures : elle s’est fermée. Connectez-vous pour continuer."),
    Over.ENDED: N_(
        "Votre session a été fermée, depuis un autre appareil ou par un administrateur. Connectez-vous pour continuer."
    ),
    Over.CHANGED: N_("Votre mot de passe a changé, ou votre compte : connectez-vous pour continuer."),
    Over.MOVED: N_("Vous avez changé de réseau ou de navigateur : par précaution, votre session est fermée. Connectez-vous."),
}
UNTOLD = frozenset({"csrf_token", "password", "old", "new", "again", "code", "token", "jeton"})
"""Fields that are never shown again, whatever becomes of the request: passwords, codes, secrets."""
LONGEST, MOST = 20_000, 20
"""Characters of one text, and texts, that are shown again."""


def to_sign_in() -> ResponseReturnValue:
    """The sign-in page, which leads back here; whoever was in the middle of writing gets the text first."""
    from pathways.views.auth import HALF_WAY, half_way

    if session.get(HALF_WAY) is not None and half_way() is not None:
        return redirect(url_for("second_factor.second_step", next=_asked_for()), code=302)
    why = sentence()
    session.pop("_user_id", None)  # said once
    if request.method == "POST" and g.was_in:
        return page(why), UNAUTHORISED
    flash(why, "info")
    return redirect(url_for("auth.sign_in", next=_asked_for()), code=302)


def sentence() -> str:
    """Why one is not, or no longer, signed in."""
    if not g.was_in:
        return _("Connectez-vous pour continuer.")
    why = g.get("over") or Over.MOVED
    idle, longest = current_app.config["SESSION_IDLE"], current_app.config["SESSION_LONGEST"]
    return _(SENTENCES[why]).format(minutes=int(idle.total_seconds() // 60), hours=int(longest.total_seconds() // 3600))


def page(why: str) -> str:
    """Says that nothing was recorded, and shows the sentences that were typed, to be copied."""
    g.setdefault("mandate", None)
    return render_template("auth/over.html", why=why, typed=typed(), back=_asked_for())


def typed() -> list[str]:
    """The sentences of the form that was just refused.

    Only those of a form of ours, which its browser says: another site that posts here shows nothing on our pages.
    """
    if not _is_ours():
        return []
    texts = [text for name, text in request.form.items(multi=True) if name not in UNTOLD and len(text.split()) > 1]
    return [text[:LONGEST] for text in texts if not holds_a_nir(text)][:MOST]


def _is_ours() -> bool:
    from_where = urlsplit(request.headers.get("Origin") or request.headers.get("Referer") or "")
    return (from_where.scheme, from_where.netloc) == (request.scheme, request.host)


def _asked_for() -> str | None:
    """The page to come back to: the one asked for, or the one whose form was sent."""
    if request.method == "GET":
        return local(here())
    came_from = urlsplit(request.referrer or "")
    return local(f"{came_from.path}?{came_from.query}".rstrip("?")) if came_from.netloc == request.host else None
