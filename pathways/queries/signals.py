"""Open signals as lists and pages show them, the most serious first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from pathways import db
from pathways.models import Signal
from pathways.queries.agreements import agreed_groups, as_groups
from pathways.sharing.groups import Bond, Standing, told
from pathways.sharing.naming import LEVEL_RANKS
from pathways.sharing.visibility import Reader, leads, signals_visible_to, visible_to


@dataclass(frozen=True, slots=True)
class SignalRow:
    """One open signal, as far as the reader is told. ``values``: what its sentence needs, and its ``about``; ``evidence``: the
    dated entries it rests on.
    """

    id: int
    person_id: int
    enrolment_id: int | None
    rule: str
    family: str
    level: str
    shown_on: date
    since_on: date
    values: Mapping[str, Any]
    evidence: list[dict[str, Any]] = field(default_factory=list)

    @property
    def rank(self) -> int:
        return LEVEL_RANKS[self.level]


def open_signals(person_ids: Sequence[int], reader: Reader) -> dict[int, list[SignalRow]]:
    """The signals that hold now and that the reader may see. Of two thresholds of one thing, the higher alone is shown."""
    rows = db.session().execute(
        sa.select(
            Signal.id,
            Signal.person_id,
            Signal.enrolment_id,
            Signal.rule,
            Signal.family,
            Signal.level,
            Signal.shown_on,
            Signal.since_on,
            Signal.details,
            Signal.evidence,
            Signal.about,
            leads(reader, Signal.person_id).label("led"),
            agreed_groups(reader, Signal.person_id).label("agreed"),
        ).where(
            Signal.person_id.in_(person_ids),
            Signal.closed_on.is_(None),
            visible_to(reader, Signal.person_id),
            signals_visible_to(reader),
        )
    )
    highest: dict[tuple[Any, ...], SignalRow] = {}
    for row in rows:
        bond = Bond(reader.kind, row.led, as_groups(row.agreed))
        declared_by = {item["organisation"] for item in row.evidence}
        said = told(row.rule, row.details | {"about": row.about}, standing(declared_by, reader, bond))
        signal = SignalRow(
            row.id,
            row.person_id,
            row.enrolment_id,
            said.rule,
            row.family,
            row.level,
            row.shown_on,
            row.since_on,
            said.values,
            row.evidence,
        )
        key = (signal.person_id, signal.enrolment_id, row.rule, row.about)
        if key not in highest or (signal.rank, signal.shown_on) > (highest[key].rank, highest[key].shown_on):
            highest[key] = signal
    found: dict[int, list[SignalRow]] = defaultdict(list)
    for signal in sorted(highest.values(), key=lambda each: (-each.rank, each.since_on, each.id)):
        found[signal.person_id].append(signal)
    return found


def standing(declared_by: Collection[Any], reader: Reader, bond: Bond) -> Standing:
    """What the reader is to a signal resting on what these organisations declared.

    Who is shown one about a step has a part in that step (`signals_visible_to`).
    """
    author = bool(declared_by) and all(each == reader.organisation_id for each in declared_by)
    return Standing(bond, author=author, own_step=True)
