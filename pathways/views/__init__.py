"""Pages: thin views that read a form, call one operation, and render or redirect."""

from __future__ import annotations

from flask import Flask

from pathways.views import alerts, auth, caseload, errors, events, gate, headers, health, person, presentation

PAGES = (
    auth,
    caseload,
    person,
    events,
    alerts,
    health,
)
"""Modules with a blueprint ``bp``."""


def install(app: Flask) -> None:
    """Wire every page into the application. Everything is set up here, before the first request."""
    presentation.install(app)
    headers.install(app)
    auth.install(app)
    gate.install(app)
    errors.install(app)
    for module in PAGES:
        app.register_blueprint(module.bp)
    auth.slow_down_guessing(app)
