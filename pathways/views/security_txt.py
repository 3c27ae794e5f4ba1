"""Where to report a weakness: /.well-known/security.txt, as RFC 9116 has it."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, abort, current_app, url_for

from pathways import clock
from pathways.views.gate import public

bp = Blueprint("security_txt", __name__)

VALID = timedelta(days=180)
"""The standard asks for less than a year; the file is made anew each time, so it never expires while the site answers."""


@bp.get("/.well-known/security.txt")
@public
def show() -> Response:
    contact = current_app.config["SECURITY_CONTACT"]
    if not contact:
        abort(404)
    lines = [
        f"Contact: {contact}",
        f"Expires: {(clock.now() + VALID).replace(microsecond=0).isoformat()}",
        "Preferred-Languages: fr, en",
        f"Canonical: {url_for('.show', _external=True)}",
    ]
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
