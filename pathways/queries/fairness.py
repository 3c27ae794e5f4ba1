"""Whether alerts fall evenly: rates by sex, disability, priority neighbourhood and age, without a name.

The one place that reads these attributes beside alerts; no rule does. A rate is told from thirty cases on, with its interval, and
a group that is too small never alone: what is left of the total would tell it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from typing import Any

import sqlalchemy as sa

from pathways import db
from pathways.models import Alert, AlertState, JournalEntry, Link, Person
from pathways.queries.ruptures import selected
from pathways.sharing.visibility import Reader, visible_to
from pathways.workflows.alert_life import DISMISSALS, OUTCOMES

LEAST = 30
"""Cases below which a rate is not told."""
Z = 1.96
"""Of an interval of 95 %."""
DIMENSIONS = ("sex", "rqth", "qpv", "age")
BANDS = ((0, 17, "-18"), (18, 21, "18-21"), (22, 25, "22-25"), (26, 200, "26+"))
RATES = ("alerted", "dismissed", "caught", "false")
GAPS: Mapping[str, int] = {"caught": 10, "false": 5}
"""Points between two groups beyond which a gap is to be explained, by rate."""


@dataclass(frozen=True, slots=True)
class Rate:
    """``of`` cases, ``n`` of which. ``share``, ``low`` and ``high`` in percent; all None where it may not be told."""

    n: int | None
    of: int | None
    share: float | None = None
    low: float | None = None
    high: float | None = None


HIDDEN = Rate(None, None)


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group of a dimension: how many persons (None below ``LEAST``), and its rates by name."""

    code: str
    persons: int | None
    rates: Mapping[str, Rate]


@dataclass(frozen=True, slots=True)
class Dimension:
    """The groups of one attribute. ``gaps``: points between the extreme groups that are told, by rate; None for one alone."""

    name: str
    groups: list[GroupRow]
    gaps: Mapping[str, float | None]

    def beyond(self, rate: str) -> bool:
        gap = self.gaps.get(rate)
        return gap is not None and rate in GAPS and gap > GAPS[rate]


def fairness(reader: Reader, first: date, last: date) -> list[Dimension]:
    """Every dimension over a period, of the persons the organisation followed in it; one statement."""
    rows = db.session().execute(_counts(reader, first, last)).all()
    found = []
    for position, name in enumerate(DIMENSIONS):
        groups = [row for row in rows if row.which == position]
        found.append(_dimension(name, sorted(groups, key=lambda row: str(getattr(row, name)))))
    return found


def wilson(n: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share, in percent (Wilson 1927): right for small shares too."""
    share, more = n / of, Z * Z / of
    middle = (share + more / 2) / (1 + more)
    half = Z * sqrt(share * (1 - share) / of + more / (4 * of)) / (1 + more)
    return round(100 * max(0.0, middle - half), 1), round(100 * min(1.0, middle + half), 1)


def _dimension(name: str, rows: Sequence[sa.Row[Any]]) -> Dimension:
    counted = {
        rate: [(getattr(row, rate), getattr(row, f"{rate}_of")) for row in rows] for rate in RATES
    }
    told = {rate: _told(pairs) for rate, pairs in counted.items()}
    persons = _sizes([row.persons for row in rows])
    groups = [
        GroupRow(str(getattr(row, name)), persons[place], {rate: told[rate][place] for rate in RATES})
        for place, row in enumerate(rows)
    ]
    gaps = {rate: _gap(told[rate]) for rate in RATES}
    return Dimension(name, groups, gaps)


def _hidden(sizes: Sequence[int]) -> set[int]:
    """The places that may not be told: too small, and one more when a single one would be what is left of the total."""
    small = {place for place, size in enumerate(sizes) if size < LEAST}
    if len(small) == 1 and len(sizes) > 1 and sizes[next(iter(small))] > 0:
        small.add(min((place for place in range(len(sizes)) if place not in small), key=lambda place: sizes[place]))
    return small


def _told(pairs: Sequence[tuple[int, int]]) -> list[Rate]:
    hidden = _hidden([of for _n, of in pairs])
    return [
        HIDDEN if place in hidden else Rate(n, of, round(100 * n / of, 1), *wilson(n, of)) for place, (n, of) in enumerate(pairs)
    ]


def _sizes(sizes: Sequence[int]) -> list[int | None]:
    hidden = _hidden(sizes)
    return [None if place in hidden else size for place, size in enumerate(sizes)]


def _gap(rates: Sequence[Rate]) -> float | None:
    shares = [rate.share for rate in rates if rate.share is not None]
    return round(max(shares) - min(shares), 1) if len(shares) > 1 else None


def _counts(reader: Reader, first: date, last: date) -> Any:
    """One row for each group of each dimension (``which``: its place), by grouping sets over the persons followed."""
    people = _people(reader, first, last)
    columns = [people.c[name] for name in DIMENSIONS]
    number = sa.func.count()
    broke, alerted = people.c.broke, people.c.alerted
    counts = {
        "persons": number,
        "alerted": number.filter(alerted),
        "alerted_of": number,
        "dismissed": sa.func.coalesce(sa.func.sum(people.c.dismissed), 0),
        "dismissed_of": sa.func.coalesce(sa.func.sum(people.c.closed), 0),
        "caught": number.filter(people.c.caught),
        "caught_of": number.filter(broke),
        "false": number.filter(alerted, ~broke),
        "false_of": number.filter(~broke),
    }
    # grouping() is a bit for each column that is not of the set: the one that is tells which dimension the row is of.
    grouping = sa.func.grouping(*columns)
    which = sa.case({15 - 2 ** (3 - place): place for place in range(len(DIMENSIONS))}, value=grouping)
    return (
        sa.select(which.label("which"), *columns, *(value.label(name) for name, value in counts.items()))
        .select_from(people)
        .group_by(sa.func.grouping_sets(*(sa.tuple_(column) for column in columns)))
    )


def _people(reader: Reader, first: date, last: date) -> sa.CTE:
    """Each person followed in the period: the four attributes, and what became of alerts and steps."""
    age = sa.func.date_part("year", sa.func.age(sa.literal(last), Person.birth_date))
    qpv = (
        sa.select(JournalEntry.payload["qpv"].astext)
        .where(
            JournalEntry.person_id == Person.id,
            JournalEntry.type == "identity_stated",
            JournalEntry.payload.has_key("qpv"),
        )
        .order_by(JournalEntry.occurred_on.desc(), JournalEntry.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    own = sa.and_(
        Alert.person_id == Person.id,
        Alert.organisation_id == reader.organisation_id,
        Alert.shown_on.between(first, last),
    )
    by_hand = sa.func.count().filter(Alert.outcome.in_((*OUTCOMES, *DISMISSALS)))
    put_aside = sa.func.count().filter(Alert.state == AlertState.DISMISSED)
    ruptured = selected(reader, first, last, []).subquery("ruptured")
    mine = sa.and_(ruptured.c.person_id == Person.id, ruptured.c.came)
    followed = sa.exists().where(
        Link.person_id == Person.id,
        Link.organisation_id == reader.organisation_id,
        Link.started_on <= last,
        sa.or_(Link.ended_on.is_(None), Link.ended_on >= first),
    )
    return (
        sa.select(
            sa.func.coalesce(sa.cast(Person.sex, sa.Text), "?").label("sex"),
            sa.case((Person.rqth_until >= last, "yes"), else_="no").label("rqth"),
            sa.case((qpv.is_not(None), "yes"), else_="no").label("qpv"),
            sa.case(*((age.between(low, high), code) for low, high, code in BANDS), else_="?").label("age"),
            sa.exists().where(own).label("alerted"),
            sa.select(put_aside).where(own).scalar_subquery().label("dismissed"),
            sa.select(by_hand).where(own).scalar_subquery().label("closed"),
            sa.exists().where(mine).label("broke"),
            sa.exists().where(mine, ruptured.c.first_shown.is_not(None)).label("caught"),
        )
        .where(followed, Person.merged_into.is_(None), visible_to(reader, Person.id))
        .cte("people")
    )


def usual_period(today: date) -> tuple[date, date]:
    """A year, the last day included."""
    return today - timedelta(days=364), today
