"""Headers of every answer: nothing is loaded, framed or sent anywhere but here, and pages with names are not kept."""

from __future__ import annotations

from flask import Flask, Response, request

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
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
A_YEAR = 31_536_000
A_DAY = 86_400


def install(app: Flask) -> None:
    secure = bool(app.config["SESSION_COOKIE_SECURE"])

    @app.after_request
    def protect(response: Response) -> Response:
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        if secure:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={A_YEAR}; includeSubDomains")
        if request.endpoint in STATIC:
            response.cache_control.max_age = A_DAY
        else:
            response.headers["Cache-Control"] = "no-store"
        return response
