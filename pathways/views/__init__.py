"""Pages: thin views that read a form, call one operation, and render or redirect."""

from __future__ import annotations

from flask import Flask

from pathways.views import (
    account,
    alerts,
    attendance,
    auth,
    calendars,
    caseload,
    collective,
    corrections,
    discordances,
    duplicates,
    eligibility,
    errors,
    events,
    feeds,
    flags,
    follow_up,
    gate,
    groups,
    headers,
    health,
    invitations,
    members,
    partners,
    person,
    persons,
    positions,
    presentation,
    steering,
    style,
    thresholds,
    undo,
    worklist,
)

PAGES = (
    auth,
    worklist,
    caseload,
    follow_up,
    collective,
    person,
    persons,
    duplicates,
    eligibility,
    events,
    corrections,
    discordances,
    alerts,
    health,
    style,
    undo,
    steering,
    account,
    members,
    invitations,
    thresholds,
    partners,
    groups,
    attendance,
    calendars,
    positions,
    flags,
    feeds,
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
