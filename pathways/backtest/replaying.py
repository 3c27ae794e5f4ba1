"""A period replayed for a set of persons: read in parts, walked, on one process or several. Nothing is written."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pathways import db
from pathways.backtest.measuring import Period
from pathways.backtest.report import CHANGED, IN_FORCE, Report, report
from pathways.backtest.walking import WARM_UP, WEEK, Choice, Walked, mondays, walk
from pathways.detection.choices import rules_reading
from pathways.detection.reading import read_dossiers, read_kinds, read_settings
from pathways.detection.settings import Setting, Settings
from pathways.workflows.entry import Ref

PART = 200
"""Persons read and walked at once: one step of the progress shown."""

_WHOM = sa.text("""
    SELECT id FROM person
    WHERE merged_into IS NULL AND erased_on IS NULL AND EXISTS (SELECT FROM enrolment
        WHERE enrolment.person_id = person.id AND (enrolment.opened_on IS NULL OR enrolment.opened_on <= :last)
            AND (enrolment.closed_on IS NULL OR enrolment.closed_on >= :first)
            AND (CAST(:lead AS bigint) IS NULL OR enrolment.lead_organisation_id = :lead))
    ORDER BY id
""")


@dataclass(frozen=True, slots=True)
class Change:
    """A threshold as it would have been on every day: for a scheme (None: all) and an organisation (None: everybody)."""

    name: str
    value: Any
    scheme: str | None = None
    organisation: Ref | None = None

    def kept(self) -> dict[str, Any]:
        """As JSON keeps it."""
        return {"name": self.name, "value": self.value, "scheme": self.scheme}


class Cancelled(Exception):
    """Whoever asked does not want the rest."""


Progress = Callable[[int, int], None]
"""Told how many persons are done, out of how many; raises `Cancelled` to stop."""


def whom(session: Session, period: Period, organisation: int | None = None) -> list[int]:
    """Ids of the persons in a step during the period; ``organisation``: only those of whom it leads or led that step."""
    return list(session.scalars(_WHOM, {"first": period.first - WARM_UP * WEEK, "last": period.last, "lead": organisation}))


def choices(now: Settings, changes: Sequence[Change]) -> list[Choice]:
    """The thresholds in force on each day and, when something is to be changed, the same with it."""
    found = [Choice(IN_FORCE, now)]
    if changes:
        replaced = {(change.name, change.scheme, change.organisation) for change in changes}
        kept = [row for row in now.rows if (row.name, row.scheme, row.organisation) not in replaced]
        rows = [
            Setting(change.name, _frozen(change.value), date.min, date.min, change.scheme, change.organisation)
            for change in changes
        ]
        only = frozenset[str]().union(*(rules_reading(change.name) for change in changes))
        found.append(Choice(CHANGED, Settings((*rows, *kept), circumstances=now.circumstances), only))
    return found


def replay(
    period: Period,
    changes: Sequence[Change] = (),
    *,
    organisation: int | None = None,
    processes: int = 1,
    progress: Progress | None = None,
) -> Report:
    """The figures of a period, for the persons whose step ``organisation`` leads or led (None: everybody's).

    Reads as the system: somebody who has left is part of what is judged, and only figures come out. A part at a time is read,
    so that nobody waits for a lock and a long replay holds no transaction.
    """
    with db.as_system(), db.atomic() as session:
        ids = whom(session, period, organisation)
        read = choices(read_settings(session), changes)
    walked, scored = walk_all(ids, period, read, processes=processes, progress=progress)
    return report(walked, scored, period, [each.name for each in read])


def walk_all(
    ids: Sequence[int],
    period: Period,
    read: Sequence[Choice],
    *,
    processes: int = 1,
    progress: Progress | None = None,
) -> tuple[list[Walked], list[date]]:
    """Every one of these persons walked with each choice of thresholds, and the Mondays scored."""
    parts = [ids[first : first + PART] for first in range(0, len(ids), PART)]
    scored, walked = mondays(period.first, period.last), list[Walked]()
    one = partial(walk_part, read=tuple(read), scored=scored, until=period.until)
    for found in _walked(parts, one, processes):
        walked += found
        if progress:
            progress(len(walked), len(ids))
    return walked, scored


def walk_part(ids: Sequence[int], *, read: Sequence[Choice], scored: Sequence[date], until: date) -> list[Walked]:
    """Reads and walks these persons, in one reading transaction. Who was erased since the list was read counts for nothing."""
    with db.as_system(), db.atomic() as session:
        dossiers = read_dossiers(session, ids, read_kinds(session), until, lock="none")
        return [walk(dossier.person_id, dossier.entries, read, scored, until) for dossier in dossiers]


def _walked(
    parts: Sequence[Sequence[int]], one: Callable[[Sequence[int]], list[Walked]], processes: int
) -> Iterator[list[Walked]]:
    if processes == 1 or len(parts) == 1:
        yield from map(one, parts)
        return
    url = db.engine().url.render_as_string(hide_password=False)
    db.remove()
    db.dispose()
    # Spawned, not forked: a child must not inherit connections, threads or locks.
    with ProcessPoolExecutor(
        processes, mp_context=multiprocessing.get_context("spawn"), initializer=db.configure, initargs=(url,)
    ) as pool:
        yield from pool.map(one, parts)


def read_change(text: str) -> Change:
    """``[SCHEME:]rule.threshold=value``, the value as JSON. ValueError when it is not of that form."""
    place, sign, value = text.partition("=")
    scheme, colon, name = place.rpartition(":")
    if not sign or not name:
        raise ValueError(text)
    return Change(name.strip(), json.loads(value), scheme.strip() or None if colon else None)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
