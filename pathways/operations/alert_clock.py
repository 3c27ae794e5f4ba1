"""What the clock does to alerts: pauses that end, places of the week's budget, reminders, and how far a late one is told.

Set by set, and the same day twice writes nothing more: it may run every hour, and after a night that did not run.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pathways import clock, db
from pathways.detection.budget import PRIOR, show_waiting
from pathways.workflows.alert_life import AFTER_DUE, DISMISSALS, JUSTIFIED, NO_LONGER_FOLLOWED
from pathways.workflows.dates import ONE_DAY, is_working_day

JUDGED_ON, TOO_IRRELEVANT = 50, 0.6
"""A rule is put under review by itself above this share of its last closings found irrelevant, in one organisation."""

_END_PAUSES = sa.text("""
    WITH back AS (
        UPDATE alert SET paused_until = NULL, version = version + 1, state = CASE WHEN acted_on IS NOT NULL THEN 'in_action'
            WHEN acknowledged_on IS NOT NULL THEN 'acknowledged' ELSE 'new' END
        WHERE state = 'paused' AND paused_until <= :day RETURNING id
    )
    INSERT INTO alert_action (alert_id, at, kind) SELECT id, :at, 'pause_ended' FROM back RETURNING alert_id
""")
_OUT_OF_SIGHT = sa.text("""
    WITH gone AS (
        UPDATE alert SET state = CASE WHEN acted_on IS NULL THEN 'expired' ELSE 'resolved' END, closed_on = :day,
            outcome = :outcome, held_for = NULL, held_until = NULL, paused_until = NULL, version = version + 1
        WHERE closed_on IS NULL AND NOT EXISTS (SELECT FROM visibility AS v WHERE v.organisation_id = alert.organisation_id
            AND v.person_id = alert.person_id AND v.until >= :day)
        RETURNING id, state
    )
    INSERT INTO alert_action (alert_id, at, kind, data)
    SELECT id, :at, CASE state WHEN 'expired' THEN 'expired' ELSE 'ended' END,
        jsonb_build_object('outcome', CAST(:outcome AS text))
    FROM gone RETURNING alert_id
""")
_RELEASE = sa.text("""
    UPDATE alert SET held_for = 'budget', held_until = NULL
    WHERE state = 'proposed' AND held_for IN ('muted', 'contact') AND held_until <= :day
""")
_TELL = sa.text("""
    WITH late AS (
        SELECT id, CASE WHEN due_on <= :manager THEN 3 WHEN due_on <= :team THEN 2 ELSE 1 END AS told FROM alert
        WHERE state IN ('new', 'acknowledged', 'in_action') AND due_on <= :owner
    ), said AS (
        UPDATE alert SET escalated = late.told FROM late WHERE late.id = alert.id AND alert.escalated < late.told
        RETURNING alert.id, alert.escalated
    )
    INSERT INTO alert_action (alert_id, at, kind, data)
    SELECT id, :at, CASE escalated WHEN 1 THEN 'reminded' ELSE 'escalated' END,
        jsonb_build_object('to', CASE escalated WHEN 1 THEN 'owner' WHEN 2 THEN 'team' ELSE 'manager' END)
    FROM said RETURNING alert_id
""")
_MEASURE = sa.text("""
    WITH judged AS (
        SELECT rule, count(*) AS alerts, count(*) FILTER (WHERE outcome = ANY(:justified)) AS justified
        FROM alert WHERE closed_on IS NOT NULL AND NOT corrected AND rule <> ''
            AND (outcome = ANY(:justified) OR outcome = ANY(:dismissals))
        GROUP BY rule
    ), overall AS (SELECT coalesce(sum(justified)::float / nullif(sum(alerts), 0), 0.5) AS mean FROM judged)
    INSERT INTO rule_record AS known (rule, alerts, justified, useful, measured_on)
    SELECT rule, alerts, justified, (justified + :prior * mean) / (alerts + :prior), :day FROM judged, overall
    ON CONFLICT (rule) DO UPDATE SET alerts = excluded.alerts, justified = excluded.justified, useful = excluded.useful,
        measured_on = excluded.measured_on
    WHERE (known.alerts, known.justified, known.useful) IS DISTINCT FROM (excluded.alerts, excluded.justified, excluded.useful)
""")
_REVIEW = sa.text("""
    WITH last AS (
        SELECT alert.organisation_id, alert.rule, alert.outcome, row_number() OVER (
            PARTITION BY alert.organisation_id, alert.rule ORDER BY alert.closed_on DESC, alert.id DESC) AS place
        FROM alert
        WHERE alert.closed_on IS NOT NULL AND NOT alert.corrected AND alert.rule <> '' AND alert.raised_by = 0
            AND (alert.outcome = ANY(:justified) OR alert.outcome = ANY(:dismissals))
            -- What was judged once is not judged again.
            AND alert.closed_on > coalesce((SELECT max((review.opened_at AT TIME ZONE 'Europe/Paris')::date)
                FROM rule_review AS review
                WHERE review.organisation_id = alert.organisation_id AND review.rule = alert.rule), '-infinity')
    ), judged AS (
        SELECT organisation_id, rule, count(*) AS alerts, count(*) FILTER (WHERE outcome = 'not_relevant') AS irrelevant
        FROM last WHERE place <= :judged_on GROUP BY organisation_id, rule
    )
    INSERT INTO rule_review (organisation_id, rule, opened_at, alerts, irrelevant)
    SELECT organisation_id, rule, :at, alerts, irrelevant FROM judged
    WHERE alerts >= :judged_on AND irrelevant > :share * alerts
    ON CONFLICT (organisation_id, rule) WHERE ended_at IS NULL DO NOTHING
    RETURNING id
""")


@dataclass(frozen=True, slots=True)
class Ticked:
    """How many alerts came back from a pause, were shown, were told further; how many rules were put under review."""

    resumed: int = 0
    shown: int = 0
    told: int = 0
    reviews: int = 0


def tick(day: date | None = None) -> Ticked:
    """Everything the clock does to alerts on ``day`` (today), for every organisation, in one transaction."""
    day, at = day or clock.today(), clock.now()
    with db.as_system(), db.atomic() as session:
        _count(session, _OUT_OF_SIGHT, {"day": day, "at": at, "outcome": NO_LONGER_FOLLOWED})
        resumed = _count(session, _END_PAUSES, {"day": day, "at": at})
        _measure(session, day)
        reviews = _review(session, at)
        session.execute(_RELEASE, {"day": day})
        shown = show_waiting(session, day, at)
        told = _count(session, _TELL, {"at": at} | {str(to): _due_before(day, n) for to, n in AFTER_DUE.items()})
    return Ticked(resumed, shown, told, reviews)


def _measure(session: Session, day: date) -> None:
    session.execute(_MEASURE, _CODES | {"prior": PRIOR, "day": day})


def _review(session: Session, at: datetime) -> int:
    return _count(session, _REVIEW, _CODES | {"judged_on": JUDGED_ON, "share": TOO_IRRELEVANT, "at": at})


_CODES = {"justified": list(JUSTIFIED), "dismissals": list(DISMISSALS)}


def _count(session: Session, statement: sa.TextClause, values: dict[str, object]) -> int:
    return len(session.execute(statement, values).all())


def _due_before(day: date, working: int) -> date:
    """The last day an alert may have been due for ``working`` working days to have passed since."""
    while working > 0:
        working -= is_working_day(day)
        day -= ONE_DAY
    return day


