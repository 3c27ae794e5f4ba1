"""Reviewing a stock, what the first file of an organisation opened: an alert is taken up, or closed with what came of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

import sqlalchemy as sa

from pathways import clock, db
from pathways.detection.budget import DUE_IN, show_waiting
from pathways.detection.finding import Level
from pathways.errors import Reason, Refused
from pathways.models import Alert, AlertAction, AlertState
from pathways.operations.alerts import close_alert
from pathways.workflows.alert_life import Held
from pathways.workflows.dates import add_working_days

MOST = 500
"""Alerts reviewed in one go."""


def take_up(alerts: Iterable[uuid.UUID], *, user_id: int, organisation_id: int, within_budget: bool = False) -> int:
    """These alerts become ordinary ones, due from today or, ``within_budget``, from the day their owner has room for them.

    Returns how many; those settled meanwhile are left as they are.
    """
    today = clock.today()
    with db.atomic() as session:
        found = _waiting(alerts, organisation_id)
        for alert in found:
            alert.baseline = None
            if within_budget:
                alert.held_for = Held.BUDGET
            else:
                alert.held_for, alert.state, alert.shown_on = None, AlertState.NEW, today
                alert.due_on = add_working_days(today, DUE_IN[Level[alert.level.upper()]])
            held = {"held": str(Held.BUDGET)} if within_budget else {}
            session.add(AlertAction(alert_id=alert.id, user_id=user_id, kind="taken_up", data=held))
        session.flush()
        if within_budget:
            show_waiting(session, today, clock.now(), {(alert.organisation_id, alert.owner_id) for alert in found})
            session.expire_all()
    return len(found)


def put_away(alerts: Iterable[uuid.UUID], *, outcome: str, user_id: int, organisation_id: int, reason: str | None = None) -> int:
    """Closes these alerts with one outcome. Returns how many; those settled meanwhile are left as they are.

    Several at once also take a few words: one gesture for many is never a gesture without a thought.
    """
    with db.atomic():
        found = [alert.id for alert in _waiting(alerts, organisation_id)]
        if len(found) > 1 and not (reason or "").strip():
            raise Refused(Reason("reason_missing"))
        for alert_id in found:
            close_alert(alert_id, outcome=outcome, reason=reason, user_id=user_id, organisation_id=organisation_id)
    return len(found)


def _waiting(alerts: Iterable[uuid.UUID], organisation_id: int) -> list[Alert]:
    """Those of the organisation that still wait for its review, locked."""
    wanted = list(alerts)
    if not wanted:
        raise Refused(Reason("nothing_chosen"))
    asked = sa.select(Alert).where(
        Alert.public_id.in_(wanted[:MOST]), Alert.organisation_id == organisation_id, Alert.held_for == Held.REVIEW,
        Alert.closed_on.is_(None),
    )
    return list(db.session().scalars(asked.order_by(Alert.id).with_for_update()))
