"""Headers of every answer: nothing is loaded, framed or sent anywhere but here, and pages with names are not kept."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from werkzeug.middleware.proxy_fix import ProxyFix

from pathways.views.gate import STATIC

# Bootstrap's own arrows and ticks are data: images.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
ALWAYS = {
    "Content-Security-Policy": POLICY,
    # Our own pages need it (the token against forged requests checks it over HTTPS); nobody else learns an address.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
A_YEAR = 31_536_000


@cache
def version_of(path: Path) -> str:
    """A mark that changes with the content of a file."""
    return blake2b(path.read_bytes(), digest_size=5).hexdigest()


def install(app: Flask) -> None:
    behind = app.extensions["pathways"].trusted_proxies
    if behind:
        # As many as stand in front, and no more: anybody may write such a header. Limits by address depend on it.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=behind, x_proto=behind, x_host=behind)  # type: ignore[method-assign]  # as documented
    secure = bool(app.config["SESSION_COOKIE_SECURE"])

    @app.after_request
    def protect(response: Response) -> Response:
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        if secure:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={A_YEAR}; includeSubDomains")
        if request.endpoint in STATIC:
            # Asked for under a name of its own: what changes has another one, and nobody has to ask again.
            response.cache_control.no_cache = None
            response.cache_control.max_age = A_YEAR if "v" in request.args else 0
            response.cache_control.immutable = "v" in request.args
        else:
            response.headers["Cache-Control"] = "no-store"
        return response

    @app.url_defaults
    def name_by_content(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and app.static_folder is not None:
            file = Path(app.static_folder, values["filename"])
            if file.is_file():
                values.setdefault("v", version_of(file))
