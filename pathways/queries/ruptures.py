"""Ruptures of a period, and whether an alert had been shown before: what detection is judged on.

A rupture: a course or a contract that broke, an accompaniment closed as abandoned or unreachable. Its effective day is the last
presence or exchange before its formal day, the day it is declared to have ended. Who never came is counted apart.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import quantiles
from typing import Any

import sqlalchemy as sa

from pathways import db
from pathways.models import Alert, Enrolment, JournalEntry, Person
from pathways.sharing.visibility import Criterion, Reader, visible_to
from pathways.workflows.states import State

BROKEN = (State.DROPPED_OUT, State.EXCLUDED, State.BROKEN_CLOSED, State.BROKEN_CONTINUING_CFA)
LOST = ("ABANDON", "INJOIGNABLE")
LOOKED_BACK = timedelta(days=180)
"""How long before the effective day an alert may have been shown and still be of that rupture."""
USEFUL = 14
"""Days before the effective day from which there was time to do something."""
FEW = 4
"""Ruptures caught below which quartiles say nothing."""


@dataclass(frozen=True, slots=True)
class Rupture:
    """One rupture. ``first_shown``: the first alert the reader's organisation was shown before the effective day."""

    person_id: int
    person: uuid.UUID
    family_name: str
    given_name: str
    scheme: str
    formal_on: date
    effective_on: date
    first_shown: date | None
    came: bool
    """They had been there: somebody was present or spoken with at least once."""

    @property
    def lead(self) -> int | None:
        """Days from the first alert to the effective day."""
        return (self.effective_on - self.first_shown).days if self.first_shown else None

    @property
    def formal_lead(self) -> int | None:
        return (self.formal_on - self.first_shown).days if self.first_shown else None


@dataclass(frozen=True, slots=True)
class Caught:
    """The ruptures of a period: those an alert came before, those none did, and those who never came."""

    caught: list[Rupture]
    missed: list[Rupture]
    never_came: list[Rupture]

    @property
    def total(self) -> int:
        return len(self.caught) + len(self.missed)

    @property
    def useful(self) -> int:
        """Caught with time to act."""
        return sum(each.lead is not None and each.lead >= USEFUL for each in self.caught)

    @property
    def leads(self) -> Mapping[str, tuple[int, int, int] | None]:
        """(first quartile, median, third quartile) in days, from the effective and from the formal day."""
        return {
            "effective": _quartiles([each.lead for each in self.caught if each.lead is not None]),
            "formal": _quartiles([each.formal_lead for each in self.caught if each.formal_lead is not None]),
        }


def ruptures(reader: Reader, first: date, last: date, only: list[Criterion] | None = None) -> Caught:
    """Every rupture declared to have happened from ``first`` to ``last`` of the persons the reader sees; one statement."""
    rows = db.session().execute(selected(reader, first, last, only or [])).all()
    found = [Rupture(*row) for row in rows]
    came = [each for each in found if each.came]
    return Caught(
        [each for each in came if each.first_shown is not None],
        [each for each in came if each.first_shown is None],
        [each for each in found if not each.came],
    )


def selected(reader: Reader, first: date, last: date, only: list[Criterion]) -> Any:
    """The ruptures as a select: (person_id, public_id, names, scheme, formal_on, effective_on, first_shown, came)."""
    seen = (
        sa.select(sa.func.max(JournalEntry.occurred_on))
        .where(
            JournalEntry.person_id == Enrolment.person_id,
            JournalEntry.occurred_on <= Enrolment.closed_on,
            JournalEntry.occurred_on >= Enrolment.opened_on,
            sa.or_(
                JournalEntry.type == "contact",
                sa.and_(JournalEntry.type == "appointment", JournalEntry.payload["status"].astext == "seen"),
                sa.and_(
                    JournalEntry.type == "attendance",
                    JournalEntry.enrolment_id == Enrolment.id,
                    JournalEntry.payload["halves"].astext.contains("P"),
                ),
            ),
        )
        .scalar_subquery()
    )
    broke = (
        sa.select(
            Enrolment.id,
            Enrolment.person_id,
            Enrolment.scheme,
            Enrolment.closed_on.label("formal_on"),
            sa.func.coalesce(seen, Enrolment.opened_on, Enrolment.closed_on).label("effective_on"),
            sa.or_(seen.is_not(None), Enrolment.outcome.in_(LOST)).label("came"),
        )
        .where(
            Enrolment.closed_on.between(first, last),
            sa.or_(Enrolment.state.in_([str(state) for state in BROKEN]), Enrolment.outcome.in_(LOST)),
            visible_to(reader, Enrolment.person_id),
            *only,
        )
        .cte("broke")
        .prefix_with("MATERIALIZED")
    )
    shown = (
        sa.select(sa.func.min(Alert.shown_on))
        .where(
            Alert.person_id == broke.c.person_id,
            Alert.organisation_id == reader.organisation_id,
            Alert.shown_on < broke.c.effective_on,
            Alert.shown_on >= broke.c.effective_on - sa.literal(LOOKED_BACK.days),
        )
        .scalar_subquery()
    )
    return (
        sa.select(
            broke.c.person_id, Person.public_id, Person.family_name, Person.given_name, broke.c.scheme, broke.c.formal_on,
            broke.c.effective_on, shown.label("first_shown"), broke.c.came,
        )
        .join(Person, Person.id == broke.c.person_id)
        .where(Person.merged_into.is_(None))
        .order_by(broke.c.formal_on.desc(), broke.c.id)
    )  # fmt: skip


def _quartiles(days: list[int]) -> tuple[int, int, int] | None:
    if len(days) < FEW:
        return None
    low, middle, high = quantiles(days, n=4, method="inclusive")
    return round(low), round(middle), round(high)
