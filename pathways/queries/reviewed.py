"""The alerts behind a number of the review, and a rule that was put under review."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from pathways import db
from pathways.models import Alert, Person, RuleReview, User
from pathways.queries.paging import Key, paged, read_day
from pathways.queries.paging import page as one_page
from pathways.queries.review import ReviewFilters, criteria
from pathways.sharing.visibility import Reader, visible_to
from pathways.workflows.alert_life import Held

PAGE = 50

@dataclass(frozen=True, slots=True)
class ReviewedAlert:
    """One alert of the list."""

    person_id: int
    person: uuid.UUID
    alert: uuid.UUID
    family_name: str
    given_name: str
    level: str
    rule: str
    state: str
    opened_on: date
    shown_on: date | None
    closed_on: date | None
    outcome: str | None
    owner: str | None


KEYS = (Key("opened_on", read_day, descending=True), Key("id", int, descending=True))


def reviewed_alerts(reader: Reader, filters: ReviewFilters, size: int = PAGE) -> tuple[list[ReviewedAlert], int, str, str]:
    """The alerts a number counts, the latest first: (one page, how many in all, cursor before, cursor after)."""
    found = (
        sa.select(
            Alert.id, Alert.person_id, Person.public_id.label("person"), Alert.public_id.label("alert"), Person.family_name,
            Person.given_name, sa.cast(Alert.level, sa.Text).label("level"), Alert.rule,
            sa.cast(Alert.state, sa.Text).label("state"), Alert.opened_on, Alert.shown_on, Alert.closed_on, Alert.outcome,
            User.name.label("owner"),
        )
        .join(Person, Person.id == Alert.person_id)
        .outerjoin(User, User.id == Alert.owner_id)
        .where(*criteria(reader, filters))
        .cte("found")
    )  # fmt: skip
    session = db.session()
    total = session.scalar(sa.select(sa.func.count()).select_from(found)) or 0
    shown = one_page(session.execute(paged(sa.select(found), found, KEYS, filters.at, size)).all(), KEYS, filters.at, size)
    return [ReviewedAlert(*tuple(row)[1:]) for row in shown.rows], total, shown.before, shown.after


@dataclass(frozen=True, slots=True)
class UnderReview:
    """A rule under review: how many of its last closings it was judged on, and how many were found irrelevant."""

    public_id: uuid.UUID
    rule: str
    alerts: int
    irrelevant: int
    waiting: int


def rule_review(reader: Reader, review: uuid.UUID) -> UnderReview | None:
    """The review, while it is open; None for another organisation's."""
    waiting = (
        sa.select(sa.func.count())
        .where(
            Alert.organisation_id == reader.organisation_id,
            Alert.rule == RuleReview.rule,
            Alert.held_for == Held.RULE_REVIEW,
            visible_to(reader, Alert.person_id),
        )
        .scalar_subquery()
    )
    row = (
        db.session()
        .execute(
            sa.select(RuleReview.public_id, RuleReview.rule, RuleReview.alerts, RuleReview.irrelevant, waiting).where(
                RuleReview.public_id == review,
                RuleReview.organisation_id == reader.organisation_id,
                RuleReview.ended_at.is_(None),
            )
        )
        .first()
    )
    return UnderReview(*row) if row else None
