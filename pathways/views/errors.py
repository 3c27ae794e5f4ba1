"""Errors as pages that say what to do next. What went wrong inside is logged, never shown."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from flask import Flask, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError

from pathways import db
from pathways.errors import NotVisible, Refused, Stale
from pathways.sharing.language import N_, _
from pathways.sharing.refusals import reason_sentences
from pathways.views import over
from pathways.views.addresses import here, local

log = logging.getLogger(__name__)

PAGES: Mapping[int, tuple[str, str]] = {
    400: (N_("Demande incomplète"), N_("La page attendait autre chose. Revenez en arrière, rechargez la page et réessayez.")),
    403: (
        N_("Votre rôle n’ouvre pas cette page"),
        N_("Si vous en avez besoin pour votre travail, demandez à votre responsable de structure."),
    ),
    404: (
        N_("Rien à cette adresse"),
        N_(
            "L’adresse est erronée, ou votre organisme n’accompagne pas cette personne en ce moment. "
            "Cherchez-la dans la liste de vos accompagnements."
        ),
    ),
    405: (N_("Cette action n’existe pas ici"), N_("Reprenez depuis la page précédente.")),
    409: (
        N_("Quelqu’un est passé avant vous"),
        N_(
            "Le dossier a changé pendant que vous l’aviez sous les yeux. "
            "Rouvrez-le, vérifiez, puis recommencez : rien n’est perdu."
        ),
    ),
    413: (N_("Fichier trop lourd"), N_("Réduisez le fichier, ou envoyez-le en plusieurs fois.")),
    422: (N_("Saisie refusée"), N_("Corrigez ce qui est indiqué, puis enregistrez de nouveau.")),
    429: (N_("Trop d’essais"), N_("Attendez quelques minutes avant de réessayer.")),
    500: (
        N_("Une erreur de notre côté"),
        N_("Elle est enregistrée. Ce que vous veniez d’enregistrer avec succès est conservé. Réessayez dans un instant."),
    ),
    503: (N_("Service momentanément indisponible"), N_("Réessayez dans un instant.")),
}
TOO_SLOW = N_(
    "La réponse a mis trop longtemps à venir : la demande a été arrêtée, et ce que vous veniez d’envoyer n’est pas enregistré."
)
GAVE_UP = frozenset({"57014", "55P03"})
"""What PostgreSQL says when a statement ran, or waited for a lock, longer than a page may (pathways/db.py)."""
RETRY_AFTER = 5
"""Seconds after which trying again makes sense: whoever held the lock has given up by then."""
FORGED = N_("Votre page est restée ouverte trop longtemps ou vient d’ailleurs. Rechargez-la, puis recommencez.")


def install(app: Flask) -> None:
    app.register_error_handler(HTTPException, on_http)
    app.register_error_handler(CSRFError, on_forged)
    app.register_error_handler(OperationalError, on_database)
    app.register_error_handler(NotVisible, lambda _error: page(404))
    app.register_error_handler(Stale, lambda _error: page(409))
    app.register_error_handler(Refused, lambda refusal: page(409, reason_sentences(refusal.reasons)))
    app.register_error_handler(Exception, on_fault)


def on_http(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    body, _status = page(code if code in PAGES else 500)
    # Redirects and the like go out as they are; Allow and Retry-After travel with the page.
    kept = {name: value for name, value in error.get_headers() if name in {"Allow", "Retry-After", "Location"}}
    return body, code, kept


def on_forged(_error: CSRFError) -> ResponseReturnValue:
    """A form of another session, or of another site. What was typed into one of ours is shown, to be copied."""
    return (over.page(_(FORGED)), 400) if over.typed() else page(400, [_(FORGED)])


def on_database(error: OperationalError) -> ResponseReturnValue:
    """PostgreSQL gave up on a statement: the page says so and asks to try again. Anything else is a fault."""
    if getattr(error.orig, "sqlstate", None) not in GAVE_UP:
        return on_fault(error)
    log.warning("gave up on %s %s: %s", request.method, request.endpoint, error.orig)
    db.remove()
    g.failed = True
    body, code = page(503, [_(TOO_SLOW)], again=local(here()) if request.method == "GET" else None)
    return body, code, {"Retry-After": str(RETRY_AFTER)}


def on_fault(error: Exception) -> ResponseReturnValue:
    """Anything unforeseen: logged with its trace, shown as an apology."""
    log.error("unhandled error on %s %s", request.method, request.endpoint, exc_info=error)
    db.remove()
    g.failed = True
    return page(InternalServerError.code)


def page(code: int, more: list[str] | None = None, again: str | None = None) -> tuple[str, int]:
    """The page of an error. It asks nothing of the database: that may be what failed. ``again``: the address to try again."""
    title, advice = PAGES[code]
    g.setdefault("mandate", None)
    body = render_template("errors/page.html", code=code, title=_(title), advice=_(advice), more=more or [], again=again)
    return body, code
