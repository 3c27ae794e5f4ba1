"""What queries ask of journal entries: whether they still stand, and what kind of act they are."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pathways.models import JournalEntry
from pathways.sharing.visibility import Criterion

_BY, _UNDONE = aliased(JournalEntry), aliased(JournalEntry)
"""Made once: an alias copies every column."""
ACTS = (
    "contact",
    "contact_attempt",
    "appointment",
    "assessment",
    "engagement_signed",
    "phase_started",
    "phase_reviewed",
    "obstacle",
    "obstacle_action",
    "obstacle_lifted",
    "weekly_hours",
    "contract_checkin",
    "followup",
    "risk_flag_closed",
    "prescribed",
    "immersion_agreed",
    "immersion_report",
)
"""What somebody does for a person, rather than what happens to them."""


def stands(entry: Any = JournalEntry) -> Criterion:
    """The entry has not been retracted, or its retraction has been retracted in turn."""
    return ~sa.exists().where(_BY.retracts == entry.id, ~sa.exists().where(_UNDONE.retracts == _BY.id))


def is_planned(entry: Any) -> Criterion:
    """An appointment that is to come, or was on the day it was made."""
    return sa.and_(entry.type == "appointment", entry.payload["status"].astext == "planned")


def spoke(entry: Any) -> Criterion:
    """Somebody spoke with the person."""
    return sa.or_(
        entry.type == "contact",
        sa.and_(entry.type == "appointment", entry.payload["status"].astext == "seen"),
        sa.and_(entry.type == "contact_attempt", entry.payload["result"].astext == "reached"),
    )


def is_act(entry: Any) -> Criterion:
    """Somebody did something for the person."""
    return sa.and_(entry.type.in_(ACTS), sa.not_(is_planned(entry)))
