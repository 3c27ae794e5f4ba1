"""The week's budget: how many persons one may be asked to look at, and which of those who wait come first.

Nothing is lost: what does not fit stays proposed, is counted for the manager, and comes up as places free themselves.
"""

from collections.abc import Sequence
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
        SELECT alert.id, alert.person_id, alert.organisation_id, alert.owner_id, alert.raised_by, alert.level, alert.opened_on,
            alert.reserve, coalesce(record.useful, 0.5) AS useful
        FROM alert LEFT JOIN rule_record AS record ON record.rule = alert.rule
        WHERE alert.state = 'proposed' AND (alert.held_for = 'budget'
                OR (alert.held_for IN ('muted', 'contact') AND alert.held_until <= :day))
            AND (CAST(:organisations AS bigint[]) IS NULL OR alert.organisation_id = ANY(:organisations))
    ), owners AS MATERIALIZED (SELECT DISTINCT organisation_id, owner_id FROM waiting
    ), capacity AS MATERIALIZED (
        SELECT organisation_id, owner_id,
            CASE WHEN owner_id IS NULL THEN greatest(CAST(:least AS integer), ceil(followed.weight))
                ELSE least(CAST(:most AS integer), greatest(CAST(:least AS integer), ceil(followed.weight))) END AS most
        FROM owners, LATERAL (
            SELECT coalesce(sum(CASE WHEN cej THEN CAST(:in_a_cej AS float) ELSE CAST(:elsewhere AS float) END), 0) AS weight
            FROM (SELECT link.person_id, bool_or(coalesce(enrolment.scheme = 'CEJ' AND enrolment.closed_on IS NULL, false)) AS cej
                FROM link LEFT JOIN enrolment ON enrolment.id = link.enrolment_id
                WHERE link.organisation_id = owners.organisation_id AND link.user_id IS NOT DISTINCT FROM owners.owner_id
                    AND (link.ended_on IS NULL OR link.ended_on >= :day)
                GROUP BY link.person_id) AS person) AS followed
    ), used AS MATERIALIZED (
        SELECT owners.organisation_id, owners.owner_id, week.n, week.fortnight, spent.persons
        FROM owners, LATERAL (
            SELECT count(DISTINCT alert.person_id) FILTER (WHERE alert.shown_on > CAST(:day AS date) - 7) AS n,
                count(DISTINCT alert.person_id) AS fortnight
            FROM alert
            WHERE alert.organisation_id = owners.organisation_id AND alert.shown_on > CAST(:day AS date) - 14
                AND alert.owner_id IS NOT DISTINCT FROM owners.owner_id
                AND alert.reserve IS DISTINCT FROM 'same_person') AS week, LATERAL (
            SELECT (SELECT array_agg(alert.person_id) FROM alert
                    WHERE alert.organisation_id = owners.organisation_id AND alert.closed_on IS NULL AND alert.state <> 'proposed'
                        AND alert.owner_id IS NOT DISTINCT FROM owners.owner_id) AS persons) AS spent
    ), person AS MATERIALIZED (
        SELECT waiting.organisation_id, waiting.owner_id, waiting.person_id, capacity.most,
            greatest(used.n, used.fortnight - capacity.most) AS spent,
            coalesce(waiting.person_id = ANY(used.persons), false) OR bool_or(waiting.reserve IS NOT NULL) AS is_free,
            max(waiting.raised_by) AS raised_by, max(level_rank(waiting.level)) AS rank, max(waiting.useful) AS useful,
            min(waiting.opened_on) AS since
        FROM waiting JOIN capacity ON capacity.organisation_id = waiting.organisation_id
            AND capacity.owner_id IS NOT DISTINCT FROM waiting.owner_id
        JOIN used ON used.organisation_id = waiting.organisation_id AND used.owner_id IS NOT DISTINCT FROM waiting.owner_id
        GROUP BY waiting.organisation_id, waiting.owner_id, waiting.person_id, used.n, used.fortnight, used.persons,
            capacity.most
    ), ranked AS (
        SELECT person.*, row_number() OVER (
            PARTITION BY organisation_id, owner_id, is_free
            ORDER BY raised_by DESC, rank DESC, useful DESC, since, person_id) AS place
        FROM person
    ), shown AS (
        UPDATE alert SET state = 'new', held_for = NULL, held_until = NULL, shown_on = :day, version = alert.version + 1,
            reserve = coalesce(alert.reserve, CASE WHEN ranked.is_free THEN 'same_person' END),
            due_on = CASE alert.level WHEN 'critical' THEN CAST(:critical AS date) WHEN 'alert' THEN CAST(:alert AS date)
                ELSE CAST(:watch AS date) END
        FROM waiting JOIN ranked ON ranked.organisation_id = waiting.organisation_id
            AND ranked.owner_id IS NOT DISTINCT FROM waiting.owner_id AND ranked.person_id = waiting.person_id
        WHERE alert.id = waiting.id AND (ranked.is_free OR ranked.place + ranked.spent <= ranked.most)
        RETURNING alert.id, alert.reserve, ranked.place, ranked.most
    )
    INSERT INTO alert_action (alert_id, at, kind, data)
    SELECT id, :at, 'opened', jsonb_build_object('reserve', reserve, 'human', false, 'place', place, 'budget', most) FROM shown
    RETURNING alert_id
""")


def show_waiting(session: Session, day: date, at: datetime, organisations: Sequence[int] | None = None) -> int:
    """Shows what waits and fits in the budget of the last seven days, the most pressing first. Returns how many alerts."""
    due = {level.code: add_working_days(day, n) for level, n in DUE_IN.items()}
    budget = {"least": LEAST, "most": MOST, "in_a_cej": IN_A_CEJ, "elsewhere": ELSEWHERE}
    wanted = {"day": day, "at": at, "organisations": organisations}
    return len(session.execute(_SHOW, wanted | due | budget).all())
