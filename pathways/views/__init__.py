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
    followups,
    gate,
    groups,
    handovers,
    headers,
    health,
    identifiers,
    incidents,
    invitations,
    members,
    obligation,
    obstacles,
    organisation_numbers,
    partners,
    person,
    persons,
    positions,
    presentation,
    schemes,
    signals,
    steering,
    style,
    territories,
    thresholds,
    undo,
    worklist,
)

PAGES = (
    auth,
    worklist,
    caseload,
    follow_up,
    followups,
    handovers,
    collective,
    person,
    persons,
    identifiers,
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
    obligation,
    obstacles,
    partners,
    organisation_numbers,
    territories,
    groups,
    attendance,
    calendars,
    positions,
    flags,
    feeds,
    incidents,
    schemes,
    signals,
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
