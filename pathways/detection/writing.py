"""What an evaluation changed, written set by set: signals, the stored state of each step, alerts, and when to look again.

A second run on the same day finds nothing to write.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pathways.detection.alerting import Raised, Review, end_alerts, raise_alerts
from pathways.detection.budget import Owner
from pathways.detection.reading import PROJECTED, Dossier
from pathways.detection.timeline import Run
from pathways.workflows.deadlines import cap_of
from pathways.workflows.fold import Pathway, Step
from pathways.workflows.states import State


@dataclass(slots=True)
class SignalRow:
    """A signal to insert."""

    person_id: int
    enrolment_id: int | None
    rule: str
    family: str
    about: str
    threshold: str
    level: str
    shown_on: date
    since_on: date
    closed_on: date | None
    close_reason: str | None
    evidence: list[dict[str, Any]]
    details: dict[str, Any]
    rule_version: str


@dataclass(slots=True)
class Outcome:
    """Everything to write for a set of persons evaluated on ``day``."""

    day: date
    opened: list[SignalRow] = field(default_factory=list)
    updated: list[dict[str, Any]] = field(default_factory=list)
    closed: list[dict[str, Any]] = field(default_factory=list)
    steps: list[dict[str, Any]] = field(default_factory=list)
    persons: list[dict[str, Any]] = field(default_factory=list)
    raised: list[Raised] = field(default_factory=list)
    reopened: list[dict[str, Any]] = field(default_factory=list)
    review: Review | None = None
    """Set while an organisation's first file is read: what it opens is its stock."""


def as_text(value: Any) -> Any:
    """A value as JSON keeps it: days as ISO text."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: as_text(each) for name, each in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [as_text(each) for each in value]
    return value


def evidence_of(run: Run) -> list[dict[str, Any]]:
    """The entries a finding rests on, each with the organisation that declared it."""
    return [
        {"entry": entry.id, "type": entry.type, "on": entry.occurred_on.isoformat(), "organisation": entry.organisation}
        for entry in run.finding.evidence
    ]


def as_shown(run: Run) -> dict[str, Any]:
    """What an alert keeps of a signal as it was known that evening: the rule and its version, the values, the dated inputs."""
    return {
        "rule": run.key.rule, "version": run.rule.version, "level": run.finding.level.code, "about": run.key.about,
        "threshold": run.key.threshold, "values": as_text(run.finding.values),
        "evidence": [
            known | {"known": entry.known_on.isoformat()}
            for known, entry in zip(evidence_of(run), run.finding.evidence, strict=True)
        ],
    }


def signal_row(person_id: int, run: Run, since: date) -> SignalRow:
    enrolment = run.key.enrolment if isinstance(run.key.enrolment, int) else None
    return SignalRow(
        person_id, enrolment, run.key.rule, run.rule.family, run.key.about, run.key.threshold, run.finding.level.code,
        run.shown_on, since, run.closed_on, run.reason, evidence_of(run), as_text(run.finding.values), run.rule.version,
    )


def projection(step: Step, pathway: Pathway) -> tuple[Any, ...]:
    """What the stored enrolment repeats of the fold, in the order of ``PROJECTED``."""
    return (
        str(step.state), step.since, step.opened_on, step.planned_start, step.planned_end, cap_of(step, pathway),
        step.closed_on, step.outcome, step.lead, step.prescriber, step.operator or step.prescribed_to,
    )


def changed_steps(dossier: Dossier, pathway: Pathway) -> Iterable[dict[str, Any]]:
    """The stored steps that the fold says otherwise."""
    for stored in dossier.steps.values():
        step = pathway.steps.get(stored.id)
        before = dict(zip(PROJECTED, stored.values, strict=True))
        if step is None or not step.state:
            # What began it was taken back, or has not come yet: the row stays, and says so.
            now = before | {"state": str(State.ANNOUNCED), "closed_on": None, "outcome": None, "cap_on": None}
        else:
            now = dict(zip(PROJECTED, projection(step, pathway), strict=True))
            now["lead_organisation_id"] = now["lead_organisation_id"] or before["lead_organisation_id"]
        if now != before:
            yield {"id": stored.id, **now}


_UPDATE_STEPS = sa.text("""
    UPDATE enrolment SET
        state = now.state, state_since = now.state_since, opened_on = now.opened_on, planned_start = now.planned_start,
        planned_end = now.planned_end, cap_on = now.cap_on, closed_on = now.closed_on, outcome = now.outcome,
        lead_organisation_id = now.lead_organisation_id, prescriber_id = now.prescriber_id, operator_id = now.operator_id,
        version = enrolment.version + 1
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS now(
        id bigint, state text, state_since date, opened_on date, planned_start date, planned_end date, cap_on date,
        closed_on date, outcome text, lead_organisation_id bigint, prescriber_id bigint, operator_id bigint)
    WHERE enrolment.id = now.id
""")
_INSERT_SIGNALS = sa.text("""
    INSERT INTO signal (person_id, enrolment_id, rule, family, about, threshold, level, shown_on, since_on, closed_on,
        close_reason, evidence, details, rule_version)
    SELECT * FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new(
        person_id bigint, enrolment_id bigint, rule text, family text, about text, threshold text, level text, shown_on date,
        since_on date, closed_on date, close_reason text, evidence jsonb, details jsonb, rule_version text)
""")
_UPDATE_SIGNALS = sa.text("""
    UPDATE signal SET level = now.level, since_on = now.since_on, details = now.details, evidence = now.evidence,
        closed_on = NULL, close_reason = NULL
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS now(
        id bigint, level text, since_on date, details jsonb, evidence jsonb)
    WHERE signal.id = now.id
""")
_CLOSE_SIGNALS = sa.text("""
    UPDATE signal SET closed_on = done.closed_on, close_reason = done.close_reason
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS done(id bigint, closed_on date, close_reason text)
    WHERE signal.id = done.id
""")
# An alert that waited in the baseline of a first file becomes an ordinary one with the first news of its family.
_END_LINKS = sa.text("""
    UPDATE link SET ended_on = greatest(enrolment.closed_on, link.started_on), ended_recorded_at = :at
    FROM enrolment
    WHERE link.enrolment_id = enrolment.id AND enrolment.id = ANY(:ids)
        AND enrolment.closed_on IS NOT NULL AND link.ended_on IS NULL
""")
_REOPEN_LINKS = sa.text("""
    UPDATE link SET ended_on = NULL, ended_recorded_at = NULL
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS back(id bigint, was date)
    WHERE link.enrolment_id = back.id AND link.ended_on = back.was
""")
_STAMP = sa.text("""
    UPDATE person SET next_on = seen.next_on, evaluated_at = :at, evaluated_day = :day, touched_at = NULL
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS seen(id bigint, next_on date)
    WHERE person.id = seen.id AND (person.next_on IS DISTINCT FROM seen.next_on OR person.touched_at IS NOT NULL
        OR person.evaluated_day IS DISTINCT FROM :day OR person.evaluated_at < (SELECT max(recorded_at) FROM setting))
""")


def write(session: Session, outcome: Outcome, at: datetime) -> set[Owner]:
    """Writes an outcome: a fixed number of statements, none for what did not change. Returns who is asked to act."""
    day = outcome.day
    if outcome.steps:
        session.execute(_UPDATE_STEPS, {"rows": _rows(outcome.steps)})
        # A link ends with its step, and lives again if the end is taken back.
        session.execute(_END_LINKS, {"ids": [step["id"] for step in outcome.steps if step["closed_on"]], "at": at})
        if outcome.reopened:
            session.execute(_REOPEN_LINKS, {"rows": _rows(outcome.reopened)})
    if outcome.closed:
        session.execute(_CLOSE_SIGNALS, {"rows": _rows(outcome.closed)})
    if outcome.updated:
        session.execute(_UPDATE_SIGNALS, {"rows": _rows(outcome.updated)})
    if outcome.opened:
        session.execute(_INSERT_SIGNALS, {"rows": _rows([asdict(row) for row in outcome.opened])})
    if outcome.closed:
        end_alerts(session, sorted({row["person_id"] for row in outcome.closed}), day, at)
    asked = raise_alerts(session, outcome.raised, day, at, outcome.review)
    session.execute(_STAMP, {"rows": _rows(outcome.persons), "day": day, "at": at})
    return asked


def _rows(rows: list[dict[str, Any]]) -> str:
    return json.dumps(as_text(rows))

