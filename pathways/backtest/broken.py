"""Ruptures as the database holds them, for lists: the same as `pathways.workflows.ruptures` reads from a folded pathway."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from pathways.models import Alert, Enrolment, JournalEntry
from pathways.workflows.attendance import PRESENT
from pathways.workflows.ruptures import BROKEN, LOST
from pathways.workflows.states import State

LOOKED_BACK = timedelta(days=180)
"""How long before the effective day an alert may have been shown and still be of that rupture."""

FORMAL_ON = sa.case((Enrolment.state == str(State.BROKEN_CONTINUING_CFA), Enrolment.state_since), else_=Enrolment.closed_on)
"""The day the step is declared to have broken; somebody kept by the training centre is still in the step."""


def _seen() -> Any:
    """The last day of presence or exchange before the step broke."""
    return (
        sa.select(sa.func.max(JournalEntry.occurred_on))
        .where(
            JournalEntry.person_id == Enrolment.person_id,
            JournalEntry.occurred_on <= FORMAL_ON,
            JournalEntry.occurred_on >= Enrolment.opened_on,
            sa.or_(
                JournalEntry.type == "contact",
                sa.and_(JournalEntry.type == "appointment", JournalEntry.payload["status"].astext == "seen"),
                sa.and_(JournalEntry.type == "contact_attempt", JournalEntry.payload["result"].astext == "reached"),
                sa.and_(
                    JournalEntry.enrolment_id == Enrolment.id,
                    sa.or_(
                        sa.and_(JournalEntry.type == "attendance", JournalEntry.payload["halves"].astext.contains(PRESENT)),
                        sa.and_(JournalEntry.type == "weekly_hours", JournalEntry.payload["validated"].as_float() > 0),
                    ),
                ),
            ),
        )
        .scalar_subquery()
    )


def broken(first: date, last: date, *criteria: Any) -> Any:
    """The steps that broke from ``first`` to ``last``: (id, person_id, organisation_id, scheme, formal_on, effective_on,
    came).
    """
    seen = _seen()
    return (
        sa.select(
            Enrolment.id,
            Enrolment.person_id,
            Enrolment.lead_organisation_id.label("organisation_id"),
            Enrolment.scheme,
            FORMAL_ON.label("formal_on"),
            sa.func.coalesce(seen, Enrolment.opened_on, FORMAL_ON).label("effective_on"),
            sa.or_(seen.is_not(None), Enrolment.outcome.in_(LOST)).label("came"),
        )
        .where(
            FORMAL_ON.between(first, last),
            sa.or_(Enrolment.state.in_([str(state) for state in sorted(BROKEN)]), Enrolment.outcome.in_(LOST)),
            *criteria,
        )
        .cte("broke")
        .prefix_with("MATERIALIZED")
    )


def first_shown(broke: Any, organisation: Any) -> Any:
    """The first alert shown to that organisation about the person before the effective day."""
    return (
        sa.select(sa.func.min(Alert.shown_on))
        .where(
            Alert.person_id == broke.c.person_id,
            Alert.organisation_id == organisation,
            Alert.shown_on < broke.c.effective_on,
            Alert.shown_on >= broke.c.effective_on - sa.literal(LOOKED_BACK.days),
        )
        .scalar_subquery()
    )
