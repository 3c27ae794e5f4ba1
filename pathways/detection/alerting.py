"""Alerts, written set by set: opened or held back by what an evaluation raised, ended by the facts.

Every move leaves a line in the alert's log. What holds an alert back is a reason and, where one ends it, a day; nothing is lost.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pathways.detection.asking import Weight
from pathways.detection.budget import DUE_IN, Owner
from pathways.detection.finding import Level
from pathways.detection.rule import Family
from pathways.workflows.dates import add_working_days

MUTE = 28
"""Days after a closing during which what says nothing new waits."""
NEVER_THE_SAME = (Family.DEADLINE, Family.ELIGIBILITY, Family.DATA)
"""Families in which another rule is another matter: the mute of one says nothing of the next."""


@dataclass(frozen=True, slots=True)
class Raised:
    """A signal that needs a human, opened or worsened, and who is asked to act: an organisation, its referent when named.

    ``shown``: what was known of it that evening, kept as it was (rule, version, level, threshold, values, evidence).
    """

    person_id: int
    enrolment_id: int | None
    family: str
    level: Level
    organisation_id: int
    owner_id: int | None
    rule: str
    weight: Weight
    shown: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Review:
    """What an organisation's first file opens is its stock: to pass in review, without a day by which to act.

    ``baseline``: the run of the feed that brought it; None for tables.
    """

    organisations: frozenset[int]
    baseline: int | None = None


_OPEN = sa.text("""
    WITH raised AS (
        SELECT new.*, last.closed_on AS muted_from, (SELECT alert.state FROM alert WHERE alert.closed_on IS NULL
                AND alert.person_id = new.person_id AND alert.family = new.family
                AND alert.enrolment_id IS NOT DISTINCT FROM new.enrolment_id) AS before,
            -- Closed a moment ago, no higher, and resting on nothing that happened since.
            coalesce(level_rank(new.level) <= level_rank(last.level)
                AND (new.fresh_on IS NULL OR new.fresh_on <= last.closed_on)
                AND (new.family <> ALL(:distinct) OR new.rule = last.rule), false) AS is_muted,
            EXISTS (SELECT FROM rule_review WHERE rule_review.organisation_id = new.organisation_id
                AND rule_review.rule = new.rule AND rule_review.ended_at IS NULL) AS in_review
        FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new(
            person_id bigint, enrolment_id bigint, family text, level text, organisation_id bigint, owner_id bigint, due_on date,
            rule text, raised_by smallint, reserve text, fresh_on date, quiet_until date, review boolean, baseline bigint,
            shown jsonb)
        LEFT JOIN LATERAL (
            SELECT alert.closed_on, alert.level, alert.rule FROM alert
            WHERE alert.person_id = new.person_id AND alert.enrolment_id IS NOT DISTINCT FROM new.enrolment_id
                AND alert.family = new.family AND alert.state IN ('resolved', 'dismissed')
                AND alert.closed_on > CAST(:day AS date) - CAST(:mute AS integer)
            ORDER BY alert.closed_on DESC, alert.id DESC LIMIT 1) AS last ON true
        -- This very evaluation may have ended the link of whoever was to be asked.
        WHERE EXISTS (SELECT FROM visibility AS v WHERE v.organisation_id = new.organisation_id AND v.person_id = new.person_id
            AND v.until >= :day)
    ), written AS (
        INSERT INTO alert AS known (person_id, enrolment_id, family, level, organisation_id, owner_id, opened_on, due_on, rule,
            raised_by, reserve, baseline, state, held_for, held_until, shown_on)
        SELECT person_id, enrolment_id, family, level, organisation_id, owner_id, :day,
            CASE WHEN NOT review THEN due_on END, rule, raised_by, reserve, baseline,
            CASE WHEN held_for IS NULL THEN 'new' ELSE 'proposed' END, held_for,
            CASE held_for WHEN 'muted' THEN muted_from + CAST(:mute AS integer) WHEN 'contact' THEN quiet_until END,
            CASE WHEN held_for IS NULL THEN CAST(:day AS date) END
        FROM (SELECT *, CASE
                WHEN review THEN 'review'
                WHEN reserve IN ('human', 'critical') THEN NULL
                WHEN is_muted THEN 'muted'
                WHEN in_review THEN 'rule_review'
                WHEN quiet_until IS NOT NULL THEN 'contact'
                WHEN reserve IS NULL THEN 'budget' END AS held_for FROM raised) AS held
        ON CONFLICT (person_id, (coalesce(enrolment_id, 0)), family) WHERE closed_on IS NULL DO UPDATE SET
            level = CASE WHEN level_rank(known.level) < level_rank(excluded.level) THEN excluded.level ELSE known.level END,
            rule = CASE WHEN level_rank(known.level) < level_rank(excluded.level) THEN excluded.rule ELSE known.rule END,
            due_on = least(known.due_on, excluded.due_on),
            raised_by = greatest(known.raised_by, excluded.raised_by),
            reserve = coalesce(excluded.reserve, known.reserve),
            baseline = NULL,
            -- A review, a pause or the budget gives way to what is shown at once, or has risen.
            state = CASE WHEN known.state = 'proposed' THEN excluded.state WHEN known.state <> 'paused' THEN known.state
                WHEN known.acted_on IS NOT NULL THEN 'in_action' WHEN known.acknowledged_on IS NOT NULL THEN 'acknowledged'
                ELSE 'new' END,
            held_for = CASE WHEN known.state = 'proposed' THEN excluded.held_for END,
            held_until = CASE WHEN known.state = 'proposed' THEN excluded.held_until END,
            paused_until = NULL,
            shown_on = CASE WHEN known.state = 'proposed' THEN excluded.shown_on ELSE known.shown_on END,
            version = known.version + 1
        WHERE known.held_for = 'review' OR known.raised_by < excluded.raised_by
            OR level_rank(known.level) < level_rank(excluded.level)
        RETURNING known.id, known.person_id, known.enrolment_id, known.family, known.state, known.held_for, known.reserve
    ), moved AS (
        SELECT written.*, raised.shown, raised.before, raised.raised_by > 0 AS human
        FROM written JOIN raised ON raised.person_id = written.person_id AND raised.family = written.family
            AND raised.enrolment_id IS NOT DISTINCT FROM written.enrolment_id
    )
    INSERT INTO alert_action (alert_id, at, kind, data)
    SELECT id, :at, kind, data FROM (
        SELECT id, 0 AS place, CASE WHEN before IS NULL THEN 'proposed' ELSE 'worsened' END AS kind,
            jsonb_strip_nulls(jsonb_build_object('signals', shown, 'held', held_for, 'human', human)) AS data FROM moved
        UNION ALL
        SELECT id, 1, 'opened', jsonb_build_object('reserve', reserve, 'human', human) FROM moved
        WHERE state = 'new' AND coalesce(before, 'proposed') = 'proposed'
    ) AS line ORDER BY place
""")
_END = sa.text("""
    WITH of_the_alert AS (
        SELECT alert.id, bool_or(signal.closed_on IS NULL AND signal.level <> 'info') AS holds,
            bool_or(signal.close_reason = 'corrected' AND signal.closed_on = :day) AS corrected,
            -- Whoever declares something of the person has answered; for missing data, what comes every week does too.
            alert.shown_on IS NOT NULL AND EXISTS (SELECT FROM journal_entry AS entry
                WHERE entry.person_id = alert.person_id AND entry.organisation_id = alert.organisation_id
                    AND (alert.family = 'data' OR entry.type NOT IN ('attendance', 'weekly_hours'))
                    AND (entry.recorded_at AT TIME ZONE 'Europe/Paris')::date >= alert.shown_on) AS answered
        FROM alert JOIN signal ON signal.person_id = alert.person_id AND signal.family = alert.family
            AND signal.enrolment_id IS NOT DISTINCT FROM alert.enrolment_id
        WHERE alert.closed_on IS NULL AND alert.person_id = ANY(:ids)
        GROUP BY alert.id
    ), ended AS (
        UPDATE alert SET state = CASE WHEN acted_on IS NULL AND NOT answered THEN 'expired' ELSE 'resolved' END, closed_on = :day,
            acted_on = CASE WHEN answered THEN coalesce(acted_on, :day) ELSE acted_on END,
            outcome = 'no_longer_holds', held_for = NULL, held_until = NULL, paused_until = NULL, version = version + 1,
            corrected = coalesce(of_the_alert.corrected, false)
        FROM of_the_alert WHERE of_the_alert.id = alert.id AND NOT of_the_alert.holds
        RETURNING alert.id, state
    )
    INSERT INTO alert_action (alert_id, at, kind)
    SELECT id, :at, CASE state WHEN 'expired' THEN 'expired' ELSE 'ended' END FROM ended
""")


def raise_alerts(
    session: Session, raised: Iterable[Raised], day: date, at: datetime, review: Review | None = None
) -> set[Owner]:
    """Opens one alert per person, step and family at the highest level raised, or lets the open one rise.

    What the week's budget holds back is shown by `show_waiting`. Returns who is asked.
    """
    rows = list(_rows(raised, day, review))
    if rows:
        session.execute(
            _OPEN,
            {"rows": json.dumps(rows, default=str), "day": day, "at": at, "mute": MUTE, "distinct": [*map(str, NEVER_THE_SAME)]},
        )
    return {(row["organisation_id"], row["owner_id"]) for row in rows}


def end_alerts(session: Session, persons: Sequence[int], day: date, at: datetime) -> None:
    """Ends the alerts of these persons that no signal holds any more."""
    session.execute(_END, {"ids": persons, "day": day, "at": at})


def _rows(raised: Iterable[Raised], day: date, review: Review | None) -> Iterable[dict[str, Any]]:
    together: dict[tuple[int, int | None, str], list[Raised]] = {}
    for each in raised:
        together.setdefault((each.person_id, each.enrolment_id, each.family), []).append(each)
    for (person, enrolment, family), signals in together.items():
        first = max(signals, key=lambda each: (each.weight.raised_by, each.level))
        level = max(each.level for each in signals)
        weights = [each.weight for each in signals]
        waits = [weight.quiet_until for weight in weights]
        yield {
            "person_id": person, "enrolment_id": enrolment, "family": family, "level": level.code,
            "organisation_id": first.organisation_id, "owner_id": first.owner_id,
            "due_on": add_working_days(day, DUE_IN[level]), "rule": first.rule,
            "raised_by": max(weight.raised_by for weight in weights),
            "reserve": next((weight.reserve for weight in weights if weight.reserve), None),
            "fresh_on": max((weight.fresh_on for weight in weights if weight.fresh_on), default=None),
            "quiet_until": max(filter(None, waits), default=None) if all(waits) else None,
            "review": review is not None and first.organisation_id in review.organisations,
            "baseline": review.baseline if review and first.organisation_id in review.organisations else None,
            "shown": [each.shown for each in signals],
        }  # fmt: skip
