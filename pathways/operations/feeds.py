"""Reviewing the baseline of a first file: an alert is taken up, and due like any other, or closed with what came of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

import sqlalchemy as sa

from pathways import clock, db
from pathways.detection.budget import DUE_IN
from pathways.detection.finding import Level
from pathways.errors import Reason, Refused
from pathways.models import Alert, AlertAction, AlertState
from pathways.operations.alerts import close_alert
from pathways.workflows.dates import add_working_days

MOST = 500
"""Alerts reviewed in one go."""


def take_up(alerts: Iterable[uuid.UUID], *, user_id: int, organisation_id: int) -> int:
    """These alerts become ordinary ones, due from today. Returns how many; those settled meanwhile are left as they are."""
    today = clock.today()
    with db.atomic() as session:
        found = _waiting(alerts, organisation_id)
        for alert in found:
            alert.baseline = alert.held_for = None
            alert.state, alert.shown_on = AlertState.NEW, today
            alert.due_on = add_working_days(today, DUE_IN[Level[alert.level.upper()]])
            session.add(AlertAction(alert_id=alert.id, user_id=user_id, kind="taken_up", data={}))
        session.flush()
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
    """Those of the organisation that still wait in a baseline, locked."""
    wanted = list(alerts)
    if not wanted:
        raise Refused(Reason("nothing_chosen"))
    asked = sa.select(Alert).where(
        Alert.public_id.in_(wanted[:MOST]), Alert.organisation_id == organisation_id, Alert.baseline.is_not(None),
        Alert.closed_on.is_(None),
    )
    return list(db.session().scalars(asked.order_by(Alert.id).with_for_update()))
