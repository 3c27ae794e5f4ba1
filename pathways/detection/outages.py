"""Incidents, silent feeds and organisations that record nothing, read once for everybody who is evaluated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pathways import clock
from pathways.detection.circumstances import (
    IN_DAYS,
    OUT_AFTER,
    RECORDS_DAILY,
    Circumstances,
    Incident,
    Pause,
    Span,
    Told,
    out,
    silences,
)
from pathways.detection.settings import Settings
from pathways.workflows.dates import ONE_DAY
from pathways.workflows.entry import Ref
from pathways.workflows.incidents import INSOLVENCY

PATIENCE = "end_undeclared.feed_silent_days"
"""The setting: days without a file before the rules that wait for a body's declarations stand still."""

_INCIDENTS = sa.text("""
    SELECT incident.id, CAST(public_id AS text), kind, subject_id, siren, name,
        CASE WHEN siren IS NOT NULL THEN ARRAY(
            SELECT o.id FROM organisation o WHERE o.siret BETWEEN siren || '00000' AND siren || '99999') END,
        (said.recorded_at AT TIME ZONE 'Europe/Paris')::date, starts_on, ends_on, procedure, withdrawn
    FROM incident JOIN incident_statement said ON said.incident_id = incident.id
    ORDER BY incident.id, said.recorded_at, said.id
""")
# A centre is heard when it sends, or when the one that answers for it does; a rehearsal leaves no row.
_RECEIVED = """
    WITH heard AS (
        SELECT DISTINCT organisation_id AS body, organisation_id AS sender, '-infinity'::timestamptz AS since FROM feed_run
        UNION
        SELECT organisation_id, sender_id, min(first_received_at) FROM feed_record WHERE sender_id <> organisation_id
        GROUP BY organisation_id, sender_id
    )
    SELECT DISTINCT heard.body, (run.started_at AT TIME ZONE 'Europe/Paris')::date
    FROM heard JOIN feed_run run ON run.organisation_id = heard.sender AND run.started_at >= heard.since
    WHERE NOT run.dry_run {of_persons}
"""
_OF_PERSONS = """AND heard.body IN (
    SELECT coalesce(operator_id, lead_organisation_id) FROM enrolment WHERE person_id = ANY(:persons))"""
_PAUSES = """
    SELECT organisation_id, day, again, second FROM (
        SELECT organisation_id, day, lead(day) OVER after AS again, lead(day, 2) OVER after AS second
        FROM recording_day {of_persons}
        WINDOW after AS (PARTITION BY organisation_id ORDER BY day)) AS pause
    WHERE (again IS NULL OR again > day + CAST(:out_after AS integer))
        AND (SELECT count(*) FROM recording_day AS before WHERE before.organisation_id = pause.organisation_id
            AND before.day BETWEEN pause.day - CAST(:in_days AS integer) + 1 AND pause.day) >= :daily
    ORDER BY organisation_id, day
"""
# As an array: a join would read the days of everybody.
_LEADING = """WHERE organisation_id = ANY(ARRAY(
    SELECT DISTINCT coalesce(operator_id, lead_organisation_id) FROM enrolment WHERE person_id = ANY(:persons)))"""
_WAKE = sa.text("""
    UPDATE person SET touched_at = :at WHERE id IN (
        SELECT person_id FROM enrolment WHERE coalesce(operator_id, lead_organisation_id) = ANY(:bodies))
""")


def read_circumstances(session: Session, settings: Settings, persons: Sequence[int] | None = None) -> Circumstances:
    """Every incident, and who was not heard when. ``persons``: of the bodies of their steps alone."""
    told: dict[int, list[Told]] = defaultdict(list)
    about: dict[int, tuple[str, str, frozenset[Ref], str | None, str]] = {}
    for id_, ref, kind, subject, siren, name, same, *version in session.execute(_INCIDENTS):
        told[id_].append(Told(*version))
        about[id_] = ref, kind, frozenset({subject, *((same or ()) if kind == INSOLVENCY else ())} - {None}), siren, name
    incidents = [
        Incident(ref, kind, bodies, tuple(told[id_]), siren, name) for id_, (ref, kind, bodies, siren, name) in about.items()
    ]
    by_files = silent_spans(session, settings, persons)
    # Who sends files is judged by them: what they bring is recorded on the day they come.
    return Circumstances(incidents, spans_out(session, persons) | by_files)


def spans_out(session: Session, persons: Sequence[int] | None = None) -> dict[Ref, tuple[Span, ...]]:
    """Organisation → when it recorded nothing, of those that record almost every day."""
    query = sa.text(_PAUSES.format(of_persons="" if persons is None else _LEADING))
    pauses: dict[Ref, list[Pause]] = defaultdict(list)
    named: dict[str, object] = {"in_days": IN_DAYS, "daily": RECORDS_DAILY, "out_after": OUT_AFTER}
    for organisation, *days in session.execute(query, named if persons is None else named | {"persons": list(persons)}):
        pauses[organisation].append(Pause(*days))
    return {organisation: out(found, clock.today()) for organisation, found in pauses.items()}


def silent_spans(session: Session, settings: Settings, persons: Sequence[int] | None = None) -> dict[Ref, tuple[Span, ...]]:
    """Body → when its feed was silent, for every body that ever sent a file."""
    query = sa.text(_RECEIVED.format(of_persons="" if persons is None else _OF_PERSONS))
    received: dict[Ref, list[date]] = defaultdict(list)
    for body, day in session.execute(query, {} if persons is None else {"persons": list(persons)}):
        received[body].append(day)

    changes = [row.acts_on for row in settings.rows if row.name == PATIENCE]
    return {body: silences(days, _patience_with(settings, body), changes) for body, days in received.items()}


def _patience_with(settings: Settings, body: Ref) -> Callable[[date], int]:
    """How many days without a file this body is given, on each day."""
    return lambda day: settings.values("", body, day, day)[PATIENCE]


def wake_after_silence(session: Session, told: Circumstances, sender: int, day: date) -> None:
    """A file has just come, after a silence: everybody of the bodies it is about is due, whether the file names them or not."""
    yesterday = day - ONE_DAY
    query = sa.text("SELECT DISTINCT organisation_id FROM feed_record WHERE sender_id = :sender")
    senders = {sender, *session.scalars(query, {"sender": sender})}
    bodies = [each for each in senders if told.heard_until(each, yesterday, yesterday)]
    if bodies:
        session.execute(_WAKE, {"bodies": bodies, "at": clock.now()})


def last_turns(circumstances: Circumstances, day: date) -> dict[int, date]:
    """Body → the last day up to ``day`` on which it began or ceased to be heard: its people are looked at again."""
    found: dict[int, date] = {}
    for body, on in circumstances.turning():
        if isinstance(body, int) and on <= day:
            found[body] = max(found.get(body, on), on)
    return found
