"""Whether an account has a second factor, and what was done with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from pathways import db
from pathways.models import FactorAct, Organisation, RecoveryCode, SecondFactor, SecondFactorAct, User

LATEST = 10


@dataclass(frozen=True, slots=True)
class Act:
    """One thing done, by whom, and for which organisation when it was an administrator."""

    at: datetime
    act: FactorAct
    by: str
    organisation: str | None


@dataclass(frozen=True, slots=True)
class State:
    """The second factor of an account, as its owner or an administrator sees it."""

    since: datetime | None
    """None without one."""
    codes_left: int
    acts: tuple[Act, ...]
    """The latest ones, newest first."""


def has_one(user_id: int) -> bool:
    return bool(db.session().scalar(sa.select(sa.exists().where(SecondFactor.user_id == user_id))))


def state(user_id: int) -> State:
    session = db.session()
    since, left = session.execute(
        sa.select(
            sa.select(SecondFactor.confirmed_at).where(SecondFactor.user_id == user_id).scalar_subquery(),
            sa.select(sa.func.count())
            .select_from(RecoveryCode)
            .where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
            .scalar_subquery(),
        )
    ).one()
    rows = session.execute(
        sa.select(SecondFactorAct.at, SecondFactorAct.act, User.name, Organisation.name)
        .join(User, User.id == SecondFactorAct.by_user_id)
        .outerjoin(Organisation, Organisation.id == SecondFactorAct.organisation_id)
        .where(SecondFactorAct.user_id == user_id)
        .order_by(SecondFactorAct.at.desc(), SecondFactorAct.id.desc())
        .limit(LATEST)
    )
    return State(since, left, tuple(Act(at, FactorAct(act), by, place) for at, act, by, place in rows))
