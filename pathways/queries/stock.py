"""What was already true when an organisation began here: its open alerts held for a review, by rule and by person."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from pathways import db
from pathways.models import Alert, Person
from pathways.queries.feeds import ToReview
from pathways.queries.signals import open_signals
from pathways.sharing.naming import LEVEL_RANKS
from pathways.sharing.visibility import Criterion, Reader, visible_to
from pathways.workflows.alert_life import Held

SIZE = 100
"""Alerts of a page; beyond, their number is told."""


@dataclass(frozen=True, slots=True)
class Stock:
    """``rules``: how many alerts each rule has to review, the most first; ``total`` of the rule asked for, or of all."""

    rules: dict[str, int]
    rows: list[ToReview]
    total: int


def stock(reader: Reader, rule: str = "") -> Stock:
    """The alerts to review, of one rule or of all: the most serious first, then by name."""
    session = db.session()
    counted = sa.select(Alert.rule, sa.func.count()).join(Person, Person.id == Alert.person_id).where(*_waiting(reader))
    rules = {row[0]: row[1] for row in session.execute(counted.group_by(Alert.rule).order_by(sa.func.count().desc(), Alert.rule))}
    rank = sa.case(LEVEL_RANKS, value=sa.cast(Alert.level, sa.Text), else_=0)
    asked = (
        sa.select(
            Alert.public_id, Person.id, Person.public_id, Person.family_name, Person.given_name, Alert.enrolment_id,
            sa.cast(Alert.family, sa.Text), sa.cast(Alert.level, sa.Text),
        )
        .join(Person, Person.id == Alert.person_id)
        .where(*_waiting(reader))
    )
    if rule:
        asked = asked.where(Alert.rule == rule)
    found = [ToReview(*row) for row in session.execute(asked.order_by(rank.desc(), Person.sort_key, Alert.id).limit(SIZE))]
    signals = open_signals([each.person_id for each in found], reader)
    for each in found:
        each.signals.extend(
            signal for signal in signals.get(each.person_id, [])
            if (signal.enrolment_id, signal.family) == (each.enrolment_id, each.family)
        )
    return Stock(rules, found, rules.get(rule, 0) if rule else sum(rules.values()))


def _waiting(reader: Reader) -> list[Criterion]:
    return [
        Alert.closed_on.is_(None), Alert.held_for == Held.REVIEW, Alert.organisation_id == reader.organisation_id,
        visible_to(reader, Alert.person_id), Person.merged_into.is_(None),
    ]
