"""Pages: thin views that read a form, call one operation, and render or redirect."""

from __future__ import annotations

from flask import Flask

from pathways.views import (
    absences,
    account,
    alerts,
    attendance,
    auth,
    calendars,
    caseload,
    collective,
    corrections,
    disclosures,
    discordances,
    duplicates,
    eligibility,
    errors,
    events,
    feeds,
    flags,
    follow_up,
    followups,
    former,
    gate,
    groups,
    handovers,
    headers,
    health,
    identifiers,
    incidents,
    invitations,
    limits,
    members,
    obligation,
    obstacles,
    organisation_numbers,
    own_page,
    partners,
    person,
    persons,
    positions,
    presentation,
    retention,
    rights,
    schemes,
    screening,
    second_factor,
    security_txt,
    seek,
    signals,
    silence,
    steering,
    style,
    territories,
    thresholds,
    undo,
    visibility,
    worklist,
)

PAGES = (
    auth,
    worklist,
    caseload,
    former,
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
    absences,
    silence,
    health,
    style,
    undo,
    steering,
    account,
    second_factor,
    security_txt,
    members,
    invitations,
    thresholds,
    obligation,
    obstacles,
    partners,
    own_page,
    rights,
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
    seek,
    disclosures,
    signals,
    visibility,
    retention,
)
"""Modules with a blueprint ``bp``."""


def install(app: Flask) -> None:
    """Wire every page into the application. Everything is set up here, before the first request."""
    presentation.install(app)
    headers.install(app)
    screening.install(app)  # before anything reads what was sent
    auth.install(app)
    gate.install(app)
    errors.install(app)
    for module in PAGES:
        app.register_blueprint(module.bp)
    limits.install(app)
