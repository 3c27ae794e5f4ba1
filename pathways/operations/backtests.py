"""Asking for a period to be replayed with other thresholds, following it, giving it up; and running it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from pathways import clock, db
from pathways.backtest.measuring import Period
from pathways.backtest.replaying import Cancelled, Change, replay
from pathways.errors import NotVisible, Reason, Refused
from pathways.models import Backtest
from pathways.operations.thresholds import read_value
from pathways.queue import later
from pathways.workflows.hindsight import GOING_ON, STANDS_STILL, Stage

LONGEST = timedelta(days=366)
MOST_AT_ONCE = 3
"""Replays of one organisation that wait or run: each takes a worker for minutes."""
MOST_CHANGES = 5

Wanted = tuple[str, str | None, Sequence[Any]]
"""A threshold, its scheme (None: all) and its numbers as typed."""


def ask(first: date, last: date, wanted: Sequence[Wanted], *, organisation_id: int, user_id: int) -> uuid.UUID:
    """Asks for a replay of the organisation's persons; returns how it is called. Refused outside the bounds of a threshold."""
    reasons = list(_against(first, last))
    changes = []
    for name, scheme, typed in wanted[:MOST_CHANGES]:
        try:
            changes.append(Change(name, read_value(name, typed, scheme), scheme).kept())
        except Refused as refusal:
            reasons += refusal.reasons
    if len({(change["name"], change["scheme"]) for change in changes}) < len(changes):
        reasons.append(Reason("threshold_twice"))
    if reasons:
        raise Refused(*reasons)
    with db.atomic() as session:
        going = sa.select(sa.func.count()).select_from(Backtest).where(
            Backtest.organisation_id == organisation_id,
            Backtest.stage.in_(GOING_ON),
            Backtest.moved_at > clock.now() - STANDS_STILL,
        )  # fmt: skip
        if (session.scalar(going) or 0) >= MOST_AT_ONCE:
            raise Refused(Reason("too_many_replays", {"most": MOST_AT_ONCE}))
        asked = Backtest(organisation_id=organisation_id, user_id=user_id, first_on=first, last_on=last, changes=changes)
        session.add(asked)
        session.flush()
        later("backtests.run", asked.id)
        return asked.public_id


def _against(first: date, last: date) -> list[Reason]:
    if first > last:
        return [Reason("period_backwards")]
    if last > clock.today():
        return [Reason("day_to_come")]
    return [Reason("period_too_long", {"days": LONGEST.days})] if last - first > LONGEST else []


def cancel(public_id: uuid.UUID, organisation_id: int) -> None:
    """Gives up a replay that waits or runs; its worker stops at the next part. One that has ended stays as it is."""
    with db.atomic() as session:
        _own(session, public_id, organisation_id)
        session.execute(
            sa.update(Backtest)
            .where(Backtest.public_id == public_id, Backtest.stage.in_(GOING_ON))
            .values(stage=Stage.CANCELLED, moved_at=clock.now())
        )


def delete(public_id: uuid.UUID, organisation_id: int) -> None:
    """Forgets a replay that has ended."""
    with db.atomic() as session:
        found = _own(session, public_id, organisation_id)
        if found.stage in GOING_ON and found.moved_at > clock.now() - STANDS_STILL:
            raise Refused(Reason("replay_going_on"))
        session.delete(found)


def again(public_id: uuid.UUID, *, organisation_id: int, user_id: int) -> uuid.UUID:
    """Asks for the same once more: what has been declared since changes what is known of these days."""
    with db.atomic() as session:
        found = _own(session, public_id, organisation_id)
        asked = Backtest(
            organisation_id=organisation_id,
            user_id=user_id,
            first_on=found.first_on,
            last_on=found.last_on,
            changes=found.changes,
        )
        session.add(asked)
        session.flush()
        later("backtests.run", asked.id)
        return asked.public_id


def _own(session: Any, public_id: uuid.UUID, organisation_id: int) -> Backtest:
    query = sa.select(Backtest).where(Backtest.public_id == public_id, Backtest.organisation_id == organisation_id)
    found: Backtest | None = session.scalar(query.with_for_update())
    if found is None:
        raise NotVisible(f"replay {public_id}")
    return found


def run(backtest_id: int) -> None:
    """What a worker does. Run twice, the second finds it done, cancelled or begun anew; a fault leaves it as interrupted."""
    with db.as_system():
        with db.atomic() as session:
            asked = session.get(Backtest, backtest_id, with_for_update=True)
            if asked is None or asked.stage not in GOING_ON:
                return
            asked.stage, asked.done, asked.moved_at = Stage.RUNNING, 0, clock.now()
            period = Period(asked.first_on, asked.last_on, clock.today())
            organisation = asked.organisation_id
            changes = [
                Change(each["name"], each["value"], each["scheme"], organisation) for each in asked.changes
            ]
        try:
            figures = replay(
                period, changes, organisation=organisation, progress=lambda done, total: _moved(backtest_id, done, total)
            )
        except Cancelled:
            return
        except Exception:
            _end(backtest_id, stage=Stage.FAILED)
            raise
        _end(backtest_id, stage=Stage.DONE, figures=figures.kept())


def _moved(backtest_id: int, done: int, total: int) -> None:
    with db.as_system(), db.atomic() as session:
        moved = session.execute(
            sa.update(Backtest)
            .where(Backtest.id == backtest_id, Backtest.stage == Stage.RUNNING)
            .values(done=done, total=total, moved_at=clock.now())
            .returning(Backtest.id)
        ).first()
    if moved is None:
        raise Cancelled


def _end(backtest_id: int, **values: Any) -> None:
    with db.as_system(), db.atomic() as session:
        ended = sa.update(Backtest).where(Backtest.id == backtest_id, Backtest.stage == Stage.RUNNING)
        session.execute(ended.values(moved_at=clock.now(), **values))
