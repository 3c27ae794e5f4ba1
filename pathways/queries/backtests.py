"""Replays of an organisation: how far each is, and its figures."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from pathways import clock, db
from pathways.backtest.report import CHANGED, IN_FORCE
from pathways.errors import NotVisible
from pathways.models import Backtest, User
from pathways.sharing.visibility import Reader
from pathways.workflows.hindsight import GOING_ON, STANDS_STILL, Stage

MOST = 50
"""Replays listed: the latest."""


@dataclass(frozen=True, slots=True)
class Replay:
    """One replay. ``changes``: name, value and scheme of each threshold replaced."""

    public_id: uuid.UUID
    asked_at: datetime
    who: str
    first_on: date
    last_on: date
    changes: Sequence[Mapping[str, Any]]
    stage: Stage
    done: int
    total: int | None
    moved_at: datetime
    figures: Mapping[str, Any] | None

    @property
    def goes_on(self) -> bool:
        return self.stage in GOING_ON and not self.stands_still

    @property
    def stands_still(self) -> bool:
        """Its worker was stopped: nothing moved for too long."""
        return self.stage in GOING_ON and clock.now() - self.moved_at > STANDS_STILL

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0

    @property
    def judged(self) -> str:
        """The thresholds this replay is about: those changed, or those in force."""
        return CHANGED if self.changes else IN_FORCE


_COLUMNS = (
    Backtest.public_id, Backtest.asked_at, User.name, Backtest.first_on, Backtest.last_on, Backtest.changes, Backtest.stage,
    Backtest.done, Backtest.total, Backtest.moved_at, Backtest.figures,
)  # fmt: skip


def replays(reader: Reader) -> list[Replay]:
    """The latest of the reader's organisation."""
    query = _of(reader).order_by(Backtest.id.desc()).limit(MOST)
    return [Replay(*row) for row in db.session().execute(query)]


def one_replay(public_id: uuid.UUID, reader: Reader) -> Replay:
    """One of them; `NotVisible` for another organisation's."""
    row = db.session().execute(_of(reader).where(Backtest.public_id == public_id)).first()
    if row is None:
        raise NotVisible(f"replay {public_id}")
    return Replay(*row)


def _of(reader: Reader) -> sa.Select[Any]:
    return (
        sa.select(*_COLUMNS)
        .join(User, User.id == Backtest.user_id)
        .where(Backtest.organisation_id == reader.organisation_id)
    )
