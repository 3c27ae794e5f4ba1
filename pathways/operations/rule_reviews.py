"""Deciding on a rule that was put under review because too many of its alerts were found irrelevant."""

from __future__ import annotations

import uuid

import sqlalchemy as sa

from pathways import clock, db
from pathways.errors import NotVisible, Reason, Refused
from pathways.models import Alert, AlertState, RuleReview
from pathways.workflows.alert_life import Held

DECISIONS = {
    "kept": "La garder telle quelle",
    "thresholds": "La garder, avec d’autres seuils",
    "switched_off": "L’arrêter : son arrêt se fait à la page des seuils",
}
LONGEST_REASON = 300


def decide(review: uuid.UUID, *, decision: str, reason: str, user_id: int, organisation_id: int) -> None:
    """Ends the review with its decision; the alerts that waited for it join those that wait for a place in the week."""
    if decision not in DECISIONS:
        raise Refused(Reason("unknown_decision"))
    if not reason.strip():
        raise Refused(Reason("reason_missing"))
    with db.atomic() as session:
        query = sa.select(RuleReview).where(RuleReview.public_id == review, RuleReview.organisation_id == organisation_id)
        found = session.scalar(query.with_for_update())
        if found is None:
            raise NotVisible(f"review {review}")
        if found.ended_at is not None:
            return
        found.ended_at, found.ended_by = clock.now(), user_id
        found.decision, found.reason = decision, reason.strip()
        session.flush()
        session.execute(
            sa.update(Alert)
            .where(
                Alert.organisation_id == organisation_id,
                Alert.rule == found.rule,
                Alert.state == AlertState.PROPOSED,
                Alert.held_for == Held.RULE_REVIEW,
            )
            .values(held_for=Held.BUDGET, version=Alert.version + 1)
            .execution_options(synchronize_session=False)
        )
