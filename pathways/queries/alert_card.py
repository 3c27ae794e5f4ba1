"""What one needs to act on one alert: what was tried, what is usual for this person, what has helped before, how sure it is.

Reads one person's rows; nothing here is a score, and nothing of it leaves the organisation that is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from statistics import median
from typing import Any

import sqlalchemy as sa

from pathways import clock, db
from pathways.models import Alert, AlertAction, JournalEntry, RuleRecord, User
from pathways.queries.alerts import AlertRow
from pathways.queries.entries import stands
from pathways.queries.steps import StepRow
from pathways.sharing.groups import Access, Bond, Standing, access_to
from pathways.sharing.visibility import Reader, visible_to
from pathways.workflows import attendance
from pathways.workflows.alert_life import JUSTIFIED
from pathways.workflows.dates import days

SPOKEN = ("contact", "appointment")
TRIED = ("contact", "contact_attempt", "appointment")
TRIED_BEFORE = 30
"""Days before the alert from which what was tried is told."""
MOST_TRIED = 8
YEAR, SEASON = 365, 84
"""Days over which the usual rhythm, and the usual attendance, are counted."""
ENOUGH = 5
"""Alerts of the family that ended well, below which nothing is said of what helps; and exchanges for a rhythm: three."""
SURE_FROM = 20
"""Alerts of a rule that somebody closed, below which nothing is said of how often it is right."""
RHYTHM_FROM = 3


@dataclass(frozen=True, slots=True)
class Tried:
    """One exchange or attempt of one's own organisation."""

    on: date
    event: str
    said: str | None
    """The status of an appointment, the result of an attempt; a code."""
    channel: str | None
    by: str | None


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the alert's log."""

    at: datetime
    kind: str
    by: str | None
    reason: str | None
    data: dict[str, Any]

    @property
    def on(self) -> date:
        return clock.paris_day(self.at)


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual for this person. ``rhythm``: days between two exchanges, over a year; ``presence``: percent of half-days."""

    rhythm: int | None = None
    last: date | None = None
    presence: int | None = None


@dataclass(frozen=True, slots=True)
class Helped:
    """What somebody had done in alerts of this family that ended with an outcome: the most frequent, and out of how many."""

    event: str
    times: int
    of: int


@dataclass(frozen=True, slots=True)
class Card:
    """What is shown around one alert."""

    alert: AlertRow
    tried: list[Tried]
    log: list[LogLine]
    usual: Usual
    helped: Helped | None
    right: tuple[int, int] | None
    """How many alerts of the rule were worth somebody's time, out of how many that somebody closed."""


def card(alert: AlertRow, person_id: int, step: StepRow | None, bond: Bond, reader: Reader) -> Card:
    """The card of an alert one's organisation is asked about."""
    entries = _entries(person_id, reader)
    return Card(
        alert,
        _tried(entries, alert),
        log(alert.id),
        _usual(entries, person_id, step, bond, reader),
        _helped(alert, reader),
        _right(alert.rule),
    )


def log(alert_id: int) -> list[LogLine]:
    """What was done about an alert, by whom or by the clock, the latest first."""
    query = (
        sa.select(AlertAction.at, AlertAction.kind, User.name, AlertAction.reason, AlertAction.data)
        .outerjoin(User, User.id == AlertAction.user_id)
        .where(AlertAction.alert_id == alert_id)
        .order_by(AlertAction.at.desc(), AlertAction.id.desc())
    )
    return [LogLine(*row) for row in db.session().execute(query)]


def _entries(person_id: int, reader: Reader) -> Sequence[sa.Row[Any]]:
    """The exchanges and attempts of the reader's organisation over a year, none taken back, the latest first."""
    query = (
        sa.select(
            JournalEntry.occurred_on.label("on"),
            JournalEntry.type,
            JournalEntry.payload["status"].astext.label("status"),
            JournalEntry.payload["result"].astext.label("result"),
            JournalEntry.payload["channel"].astext.label("channel"),
            User.name.label("by"),
        )
        .outerjoin(User, User.id == JournalEntry.user_id)
        .where(
            JournalEntry.person_id == person_id,
            JournalEntry.organisation_id == reader.organisation_id,
            JournalEntry.type.in_(TRIED),
            JournalEntry.occurred_on > reader.today - days(YEAR),
            visible_to(reader, JournalEntry.person_id),
            stands(),
        )
        .order_by(JournalEntry.occurred_on.desc(), JournalEntry.id.desc())
    )
    return db.session().execute(query).all()


def _tried(entries: Sequence[sa.Row[Any]], alert: AlertRow) -> list[Tried]:
    since = alert.opened_on - days(TRIED_BEFORE)
    told = [row for row in entries if row.on >= since][:MOST_TRIED]
    return [Tried(row.on, row.type, row.status or row.result, row.channel, row.by) for row in told]


def _usual(entries: Sequence[sa.Row[Any]], person_id: int, step: StepRow | None, bond: Bond, reader: Reader) -> Usual:
    spoken = sorted({row.on for row in entries if row.type == "contact" or (row.type, row.status) == ("appointment", "seen")})
    gaps = [(after - before).days for before, after in pairwise(spoken)]
    rhythm = round(median(gaps)) if len(gaps) >= RHYTHM_FROM else None
    may = access_to("attendance", Standing(bond, author=False, own_step=step is not None and step.own)) is Access.ALL
    return Usual(rhythm, spoken[-1] if spoken else None, _presence(person_id, step, reader) if step and may else None)


def _presence(person_id: int, step: StepRow, reader: Reader) -> int | None:
    """Percent of the half-days of the season on which the person was where they were expected, from the sheets of the step."""
    query = sa.select(JournalEntry.payload["halves"].astext).where(
        JournalEntry.person_id == person_id,
        JournalEntry.enrolment_id == step.id,
        JournalEntry.type == "attendance",
        JournalEntry.occurred_on > reader.today - days(SEASON),
        visible_to(reader, JournalEntry.person_id),
    )
    codes = "".join(text for text in db.session().scalars(query) if text)
    there = codes.count(attendance.PRESENT) + codes.count(attendance.IN_COMPANY)
    counted = there + codes.count(attendance.UNJUSTIFIED) + codes.count(attendance.JUSTIFIED)
    return round(100 * there / counted) if counted else None


def _helped(alert: AlertRow, reader: Reader) -> Helped | None:
    """The last act before the alerts of this family that one's organisation resolved with an outcome, in the last year."""
    resolved = sa.select(Alert.id).where(
        Alert.organisation_id == reader.organisation_id,
        Alert.family == alert.family,
        Alert.outcome.in_(JUSTIFIED),
        Alert.closed_on > reader.today - days(YEAR),
        visible_to(reader, Alert.person_id),
    )
    acts = (
        sa.select(sa.func.max(AlertAction.id))
        .where(AlertAction.alert_id.in_(resolved), AlertAction.kind == "acted")
        .group_by(AlertAction.alert_id)
    )
    last = (
        sa.select(JournalEntry.type.label("event"))
        .select_from(AlertAction)
        .join(JournalEntry, JournalEntry.id == AlertAction.data["entry"].astext.cast(sa.BigInteger))
        .where(AlertAction.id.in_(acts))
        .subquery("last")
    )
    counted = sa.select(last.c.event, sa.func.count().label("n")).group_by(last.c.event).order_by(sa.desc("n"), last.c.event)
    rows = db.session().execute(counted).all()
    of = sum(row.n for row in rows)
    return Helped(rows[0].event, rows[0].n, of) if of >= ENOUGH else None


def _right(rule: str) -> tuple[int, int] | None:
    known = db.session().get(RuleRecord, rule)
    return (known.justified, known.alerts) if known is not None and known.alerts >= SURE_FROM else None
