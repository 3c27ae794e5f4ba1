"""The week's budget: how many persons one may be asked to look at, and which of those who wait come first.

Nothing is lost: what does not fit stays proposed, is counted for the manager, and comes up as places free themselves.
"""

import json
from collections.abc import Iterable
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pathways.detection.finding import Level
from pathways.workflows.dates import add_working_days

DUE_IN = {Level.CRITICAL: 2, Level.ALERT: 5, Level.WATCH: 10}
"""Working days to act on an alert, by level, from the day it is shown."""
ELSEWHERE, IN_A_CEJ = 5 / 100, 2 / 30
"""Persons brought to a counsellor in seven days, for each they follow: two for thirty in a CEJ, five for a hundred elsewhere."""
LEAST, MOST = 2, 7
"""What the budget of a counsellor never goes below, nor above."""
PRIOR = 20
"""Alerts of average usefulness that a rule is given to begin with: a rule seen three times is not judged on three."""

# The reserve is shown at once and spends the week like the rest: what it leaves goes to the others, and what it took beyond the
# week is given back the next one, so that heavy weeks do not raise the mean. A budget is counted in persons: whoever is called is
# called about everything at once, and somebody already on the list costs nothing more. What nobody owns is the team's, which is
# as large as what it follows.
_SHOW = sa.text("""
    WITH waiting AS MATERIALIZED (
        SELECT alert.id, alert.person_id, alert.organisation_id, coalesce(alert.owner_id, 0) AS owner, alert.raised_by,
            alert.level, alert.opened_on, alert.reserve, coalesce(record.useful, 0.5) AS useful
        FROM alert LEFT JOIN rule_record AS record ON record.rule = alert.rule
        WHERE alert.state = 'proposed' AND (alert.held_for = 'budget'
                OR (alert.held_for IN ('muted', 'contact') AND alert.held_until <= :day))
            AND (CAST(:owners AS jsonb) IS NULL OR (alert.organisation_id, coalesce(alert.owner_id, 0)) IN (
                SELECT * FROM jsonb_to_recordset(CAST(:owners AS jsonb)) AS asked(organisation bigint, owner bigint)))
    ), owners AS MATERIALIZED (SELECT DISTINCT organisation_id, owner FROM waiting
    ), followed AS (
        SELECT organisation_id, owner,
            sum(CASE WHEN cej THEN CAST(:in_a_cej AS float) ELSE CAST(:elsewhere AS float) END) AS weight
        FROM (SELECT owners.organisation_id, owners.owner, link.person_id,
                bool_or(coalesce(enrolment.scheme = 'CEJ' AND enrolment.closed_on IS NULL, false)) AS cej
            FROM owners JOIN link ON link.organisation_id = owners.organisation_id AND coalesce(link.user_id, 0) = owners.owner
            LEFT JOIN enrolment ON enrolment.id = link.enrolment_id
            WHERE link.ended_on IS NULL OR link.ended_on >= :day
            GROUP BY 1, 2, 3) AS person
        GROUP BY 1, 2
    ), spent AS (
        SELECT organisation_id, owner, count(DISTINCT person_id) FILTER (WHERE alert.shown_on > CAST(:day AS date) - 7) AS week,
            count(DISTINCT person_id) AS fortnight
        FROM owners JOIN alert USING (organisation_id)
        WHERE coalesce(alert.owner_id, 0) = owner AND alert.shown_on > CAST(:day AS date) - 14
            AND alert.reserve IS DISTINCT FROM 'same_person'
        GROUP BY 1, 2
    ), budget AS MATERIALIZED (
        SELECT organisation_id, owner, most, greatest(coalesce(week, 0), coalesce(fortnight, 0) - most) AS spent
        FROM owners LEFT JOIN spent USING (organisation_id, owner) LEFT JOIN followed USING (organisation_id, owner),
            LATERAL (SELECT greatest(CAST(:least AS integer), ceil(coalesce(weight, 0))) AS whole) AS wanted,
            LATERAL (SELECT CASE WHEN owner = 0 THEN whole ELSE least(CAST(:most AS integer), whole) END AS most) AS bounded
    ), on_the_list AS MATERIALIZED (
        SELECT DISTINCT organisation_id, owner, person_id FROM owners JOIN alert USING (organisation_id)
        WHERE coalesce(alert.owner_id, 0) = owner AND alert.closed_on IS NULL AND alert.state <> 'proposed'
    ), person AS MATERIALIZED (
        SELECT organisation_id, owner, person_id, budget.most, budget.spent,
            bool_or(on_the_list.person_id IS NOT NULL OR waiting.reserve IS NOT NULL) AS is_free,
            max(waiting.raised_by) AS raised_by, max(level_rank(waiting.level)) AS rank, max(waiting.useful) AS useful,
            min(waiting.opened_on) AS since
        FROM waiting JOIN budget USING (organisation_id, owner)
        LEFT JOIN on_the_list USING (organisation_id, owner, person_id)
        GROUP BY organisation_id, owner, person_id, budget.most, budget.spent
    ), ranked AS (
        SELECT person.*, row_number() OVER (
            PARTITION BY organisation_id, owner, is_free
            ORDER BY raised_by DESC, rank DESC, useful DESC, since, person_id) AS place
        FROM person
    ), shown AS (
        UPDATE alert SET state = 'new', held_for = NULL, held_until = NULL, shown_on = :day, version = alert.version + 1,
            reserve = coalesce(alert.reserve, CASE WHEN ranked.is_free THEN 'same_person' END),
            due_on = CASE alert.level WHEN 'critical' THEN CAST(:critical AS date) WHEN 'alert' THEN CAST(:alert AS date)
                ELSE CAST(:watch AS date) END
        FROM waiting JOIN ranked USING (organisation_id, owner, person_id)
        WHERE alert.id = waiting.id AND (ranked.is_free OR ranked.place + ranked.spent <= ranked.most)
        RETURNING alert.id, alert.reserve, ranked.place, ranked.most
    )
    INSERT INTO alert_action (alert_id, at, kind, data)
    SELECT id, :at, 'opened', jsonb_build_object('reserve', reserve, 'human', false, 'place', place, 'budget', most) FROM shown
    RETURNING alert_id
""")


# Two who share out the same week at once would each see it whole: the second waits for the first to commit.
_ONE_AFTER_THE_OTHER = sa.text("""
    SELECT pg_advisory_xact_lock(hashtext('pathways.budget'), CAST(organisation AS integer)) FROM (
        SELECT DISTINCT organisation FROM jsonb_to_recordset(CAST(:owners AS jsonb)) AS asked(organisation bigint, owner bigint)
        UNION SELECT organisation_id FROM alert WHERE CAST(:owners AS jsonb) IS NULL AND state = 'proposed'
        ORDER BY organisation) AS waiting
""")

Owner = tuple[int, int | None]
"""An organisation, and its user who is asked; None for what nobody owns, which is the team's."""


def show_waiting(session: Session, day: date, at: datetime, owners: Iterable[Owner] | None = None) -> int:
    """Shows what waits and fits in the budget of the last seven days, the most pressing first. Returns how many alerts.

    After a sweep, once and for everybody: range by range, those evaluated first would take the places. ``owners``: of these
    alone.
    """
    due = {level.code: add_working_days(day, n) for level, n in DUE_IN.items()}
    budget = {"least": LEAST, "most": MOST, "in_a_cej": IN_A_CEJ, "elsewhere": ELSEWHERE}
    asked = None
    if owners is not None:
        asked = json.dumps([{"organisation": organisation, "owner": owner or 0} for organisation, owner in owners])
    session.execute(_ONE_AFTER_THE_OTHER, {"owners": asked})
    wanted = {"day": day, "at": at, "owners": asked}
    return len(session.execute(_SHOW, wanted | due | budget).all())
