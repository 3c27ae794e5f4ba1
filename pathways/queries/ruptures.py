"""Ruptures of a period, and whether an alert had been shown before: what detection is judged on.

A rupture: a course or a contract that broke, an accompaniment closed as abandoned or unreachable. Its effective day is the last
presence or exchange before its formal day, the day it is declared to have ended. Who never came is counted apart.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from statistics import quantiles
from typing import Any

import sqlalchemy as sa

from pathways import db
from pathways.backtest.broken import broken, first_shown
from pathways.backtest.measuring import FEW, USEFUL
from pathways.models import Enrolment, MissedRupture, Person
from pathways.sharing.visibility import Criterion, Reader, visible_to
from pathways.workflows.hindsight import Conclusion


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
    missed: uuid.UUID | None = None
    """Its replay, where no alert came before."""
    conclusion: Conclusion | None = None

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
    """The ruptures as a select: (person_id, public_id, names, scheme, formal_on, effective_on, first_shown, came, missed)."""
    broke = broken(first, last, visible_to(reader, Enrolment.person_id), *only)
    opened = (
        sa.select(MissedRupture.public_id)
        .where(
            MissedRupture.enrolment_id == broke.c.id,
            MissedRupture.formal_on == broke.c.formal_on,
            MissedRupture.organisation_id == reader.organisation_id,
        )
        .scalar_subquery()
    )
    concluded = (
        sa.select(MissedRupture.conclusion)
        .where(
            MissedRupture.enrolment_id == broke.c.id,
            MissedRupture.formal_on == broke.c.formal_on,
            MissedRupture.organisation_id == reader.organisation_id,
        )
        .scalar_subquery()
    )
    return (
        sa.select(
            broke.c.person_id, Person.public_id, Person.family_name, Person.given_name, broke.c.scheme, broke.c.formal_on,
            broke.c.effective_on, first_shown(broke, reader.organisation_id).label("first_shown"), broke.c.came,
            opened.label("missed"), concluded.label("conclusion"),
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
