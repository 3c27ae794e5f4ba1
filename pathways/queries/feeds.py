"""Files received: the runs of one's organisation, what was refused, what is to be reviewed; and the statuses of the dashboard."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pathways import db
from pathways.errors import NotVisible
from pathways.models import Alert, FeedRecord, FeedRefusal, FeedRun, Organisation, Person, User
from pathways.queries.signals import SignalRow, open_signals
from pathways.schemas.dossiers_apprenants.kept import training
from pathways.sharing.naming import LEVEL_RANKS
from pathways.sharing.visibility import Reader, visible_to
from pathways.workflows.apprentice_status import Since, status_on

RUNS, REFUSALS, BASELINE = 30, 300, 100
"""Rows of a page; beyond, their number is told."""


@dataclass(frozen=True, slots=True)
class RunRow:
    """One file received."""

    id: int
    public_id: uuid.UUID
    file_name: str
    started_at: datetime
    finished_at: datetime | None
    baseline: bool
    total: int
    created: int
    updated: int
    unchanged: int
    refused: int
    entries: int
    warnings: Mapping[str, int]
    user: str | None
    sender: str
    own: bool
    """The reader's organisation sent it; else another one did for its centre, whose baseline is here to review."""
    waiting: int = 0
    """Alerts of its baseline that nobody of the reader's organisation has reviewed."""


@dataclass(frozen=True, slots=True)
class RefusalRow:
    row: int
    fields: Sequence[str]
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class ToReview:
    """An alert of a baseline: whose it is, and the signals it is made of."""

    public_id: uuid.UUID
    person_id: int
    person: uuid.UUID
    family_name: str
    given_name: str
    enrolment_id: int | None
    family: str
    level: str
    signals: list[SignalRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RunPage:
    """Everything the page of a run shows. ``to_review`` and ``refusals`` are bounded; the run tells how many there are."""

    run: RunRow
    refusals: list[RefusalRow]
    errors: int
    to_review: list[ToReview]


_WAITING = (
    sa.select(sa.func.count(Alert.id))
    .where(Alert.baseline == FeedRun.id, Alert.closed_on.is_(None), Alert.organisation_id == sa.bindparam("organisation"))
    .correlate(FeedRun)
    .scalar_subquery()
)
_RUN = sa.select(
    FeedRun.id, FeedRun.public_id, FeedRun.file_name, FeedRun.started_at, FeedRun.finished_at, FeedRun.baseline, FeedRun.total,
    FeedRun.created, FeedRun.updated, FeedRun.unchanged, FeedRun.refused, FeedRun.entries, FeedRun.warnings, User.name,
    Organisation.name, FeedRun.organisation_id == sa.bindparam("organisation"), _WAITING,
).join(Organisation, Organisation.id == FeedRun.organisation_id).outerjoin(User, User.id == FeedRun.user_id)


def _shown(reader: Reader) -> sa.ColumnElement[bool]:
    """Sent by one's organisation, or with something for it to review."""
    asked = sa.exists().where(Alert.baseline == FeedRun.id, Alert.organisation_id == reader.organisation_id)
    return sa.or_(FeedRun.organisation_id == reader.organisation_id, asked)


def runs(reader: Reader, before: int | None = None) -> tuple[list[RunRow], int | None]:
    """The files one's organisation sent or has to review, the last first; and where the next page begins."""
    asked = _RUN.where(_shown(reader))
    if before is not None:
        asked = asked.where(FeedRun.id < before)
    rows = db.session().execute(asked.order_by(FeedRun.id.desc()).limit(RUNS + 1), {"organisation": reader.organisation_id})
    found = [_run(row) for row in rows]
    return found[:RUNS], found[RUNS - 1].id if len(found) > RUNS else None


def _run(row: Iterable[Any]) -> RunRow:
    return RunRow(*row)


def run_page(public_id: uuid.UUID, reader: Reader) -> RunPage:
    """One file, its baseline, and its refusals for whoever sent it. `NotVisible` for a file of another organisation."""
    session = db.session()
    asked = _RUN.where(FeedRun.public_id == public_id, _shown(reader))
    row = session.execute(asked, {"organisation": reader.organisation_id}).first()
    if row is None:
        raise NotVisible(f"feed run {public_id}")
    run = _run(row)
    of_run = sa.and_(FeedRefusal.run_id == run.id, sa.literal(run.own))
    errors = session.scalar(sa.select(sa.func.count(FeedRefusal.id)).where(of_run)) or 0
    refusals = session.execute(
        sa.select(FeedRefusal.row, FeedRefusal.fields, FeedRefusal.code, FeedRefusal.message)
        .where(of_run).order_by(FeedRefusal.row, FeedRefusal.id).limit(REFUSALS)
    )
    return RunPage(run, [RefusalRow(*each) for each in refusals], errors, _to_review(run, reader) if run.waiting else [])


def _to_review(run: RunRow, reader: Reader) -> list[ToReview]:
    rank = sa.case(LEVEL_RANKS, value=sa.cast(Alert.level, sa.Text), else_=0)
    rows = db.session().execute(
        sa.select(
            Alert.public_id, Person.id, Person.public_id, Person.family_name, Person.given_name, Alert.enrolment_id,
            sa.cast(Alert.family, sa.Text), sa.cast(Alert.level, sa.Text),
        )
        .join(Person, Person.id == Alert.person_id)
        .where(
            Alert.baseline == run.id, Alert.closed_on.is_(None), Alert.organisation_id == reader.organisation_id,
            visible_to(reader, Alert.person_id),
        )
        .order_by(rank.desc(), Person.sort_key, Alert.id).limit(BASELINE)
    )
    found = [ToReview(*row) for row in rows]
    signals = open_signals([each.person_id for each in found], reader)
    for each in found:
        each.signals.extend(
            signal for signal in signals.get(each.person_id, [])
            if (signal.enrolment_id, signal.family) == (each.enrolment_id, each.family)
        )
    return found


def statuses(person_id: int, shown: Sequence[int], reader: Reader) -> dict[int, Since]:
    """Enrolment → the status the public dashboard would give today, for the last step of each training among those shown.

    Only the answer leaves: what the centre sent is read for everybody, and shown to nobody.
    """
    if not shown:
        return {}
    with db.as_system():
        rows = db.session().execute(
            sa.select(FeedRecord.content, FeedRecord.steps)
            .join(Person, Person.id == FeedRecord.person_id)
            .where(sa.or_(Person.id == person_id, Person.merged_into == person_id))
            .order_by(FeedRecord.school_year)
        ).all()
    found: dict[int, Since] = {}
    for content, steps in rows:
        session = training(content)
        own = sorted(set(steps.values()) & set(shown))
        if session is not None and own:
            found[own[-1]] = status_on(session, reader.today)
    return found
