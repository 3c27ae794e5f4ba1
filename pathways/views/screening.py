"""Before any page: nothing that is no text comes in, and no social security number, whether by an address, a form or a file."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from pathways.exchange.dossiers_apprenants.file import MOST_BYTES
from pathways.forms.screening import NumberTyped, as_text, is_text, screened
from pathways.sharing.language import N_, _
from pathways.views.errors import page
from pathways.workflows.nir import holds_a_nir

REFUSED = N_(
    "Un numéro de sécurité sociale a été saisi : il ne doit jamais l’être ici. Rien n’a été enregistré. "
    "Revenez en arrière, retirez-le, puis recommencez."
)

HEAVIEST_FORM = 1024 * 1024
"""Bytes a form may weigh; the limit of the whole application is for files."""
HEAVIEST: Mapping[str, int] = {"feeds.give": MOST_BYTES + HEAVIEST_FORM}
"""Endpoint that takes a file → bytes."""


def install(app: Flask) -> None:
    app.before_request(screen)
    app.register_error_handler(NumberTyped, lambda _error: refuse())


def screen() -> ResponseReturnValue | None:
    """An address with a number is refused whole; a form goes on without it, and says beside which field. Characters that no text
    holds are taken out of what was typed; an address with one leads nowhere.
    """
    request.max_content_length = HEAVIEST.get(request.endpoint or "", HEAVIEST_FORM)
    if not is_text(request.path):
        return page(404)
    request.args = as_text(request.args)
    asked = [request.path, *(each for pair in request.args.items(multi=True) for each in pair)]
    if any(map(holds_a_nir, asked)):
        return refuse()
    return _screen_body() if request.method == "POST" else None


def _screen_body() -> ResponseReturnValue | None:
    try:
        names = [file.filename or "" for file in request.files.values()]
        if any(map(holds_a_nir, names)):
            return refuse()
        sent = as_text(request.form)
    except RequestEntityTooLarge as refusal:
        # The page has a form of its own, which would read the body again.
        request.form, request.files = ImmutableMultiDict(), ImmutableMultiDict()
        return page(refusal.code)
    request.form = screened(sent) or sent
    return None


def refuse() -> tuple[str, int]:
    """The page that says so, and nothing of what was typed."""
    return page(422, [_(REFUSED)])
