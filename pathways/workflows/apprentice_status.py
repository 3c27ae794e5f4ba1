"""The status the public apprenticeship dashboard gives a learner, day by day, with the rule that gave it.

Shown beside our own state, never instead of it: the law counts in months, this count in days. Pure, total, deterministic.

The rules: R1 enrolled by default; R2 apprentice during a contract; R3 gone from an exclusion on; R4a gone after too many days
without any contract; R4b without contract after one, then gone after too many days in a row; R5 training over once the last
contract ended naturally close to the end; R6 training over on the last day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from pathways.workflows.dates import ONE_DAY
from pathways.workflows.labels import Labelled


class Status(Labelled):
    """A status of the dashboard. The value is the dashboard's own word."""

    INSCRIT = "INSCRIT", "Inscrit sans contrat"
    APPRENTI = "APPRENTI", "Apprenti"
    RUPTURANT = "RUPTURANT", "Rupturant"
    ABANDON = "ABANDON", "Abandon"
    FIN_DE_FORMATION = "FIN_DE_FORMATION", "Fin de formation"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Days: without any contract, without contract after one, and between the last contract's end and the session's."""

    never_in_contract: int = 90
    out_of_contract: int = 180
    end_gap: int = 60


@dataclass(frozen=True, slots=True)
class Contract:
    """One contract. Without an end it runs to the end of the session; broken on or before its first day it has no effect."""

    start: date
    end: date | None = None
    broken: date | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """What a centre declares of one training: its days (both included), the exclusion, the contracts."""

    start: date
    end: date
    contracts: tuple[Contract, ...] = ()
    exclusion: date | None = None


@dataclass(frozen=True, slots=True)
class Since:
    """A status, the day it began, and the rule that gave it."""

    on: date
    status: Status
    rule: str


DEFAULT = Thresholds()
LONGEST = 36_525
"""Days looked at, at most: a session of a century is a typing error, and still gets an answer."""


def statuses(session: Session, thresholds: Thresholds = DEFAULT) -> list[Since]:
    """The successive statuses from the first day of the session, or of a contract before it, to its last."""
    runs = _effective(session)
    first = min([session.start, *(contract.start for contract in session.contracts)])
    if session.end < first or (session.end - first).days > LONGEST:
        return []
    last_run = max(runs, key=lambda run: (run.last, run.broken), default=None)
    natural = last_run if last_run and not last_run.broken and session.exclusion is None else None
    over = _over_from(natural, session, thresholds)
    found: list[Since] = []
    without, seen, day = 0, False, first
    while day <= session.end:
        status, rule, without, seen = _of_the_day(day, runs, without, seen, session.exclusion, thresholds)
        if over is not None and day >= over:
            status, rule = Status.FIN_DE_FORMATION, "R5"
        elif day == session.end and (status in {Status.APPRENTI, Status.INSCRIT} or natural is not None):
            status, rule = Status.FIN_DE_FORMATION, "R6"
        if not found or found[-1].status != status:
            found.append(Since(day, status, rule))
        day += ONE_DAY
    return found


def status_on(session: Session, day: date, thresholds: Thresholds = DEFAULT) -> Since:
    """The last status begun by ``day``; enrolled where nothing has begun."""
    begun = [since for since in statuses(session, thresholds) if since.on <= day]
    return begun[-1] if begun else Since(session.start, Status.INSCRIT, "R1")


@dataclass(frozen=True, slots=True)
class _Run:
    first: date
    last: date
    broken: bool


def _effective(session: Session) -> list[_Run]:
    """The contracts that took effect, each with its last day in the session."""
    runs = []
    for contract in session.contracts:
        if contract.broken is not None and contract.broken <= contract.start:
            continue
        end = contract.broken - ONE_DAY if contract.broken is not None else contract.end or session.end
        runs.append(_Run(contract.start, min(end, session.end), contract.broken is not None))
    return runs


def _over_from(natural: _Run | None, session: Session, thresholds: Thresholds) -> date | None:
    """The day after the last contract, when the session ends soon enough after it."""
    if natural is None or not 0 < (session.end - natural.last).days <= thresholds.end_gap:
        return None
    return natural.last + ONE_DAY


def _of_the_day(
    day: date, runs: Sequence[_Run], without: int, seen: bool, exclusion: date | None, thresholds: Thresholds
) -> tuple[Status, str, int, bool]:
    """Status and rule of one day, with the days in a row without contract and whether there has been one."""
    if _covered(day, runs):
        without, seen = 0, True
    else:
        without += 1
    if exclusion is not None and day >= exclusion:
        return Status.ABANDON, "R3", without, seen
    if without == 0:
        return Status.APPRENTI, "R2", without, seen
    if seen:
        gone = without > thresholds.out_of_contract
        return (Status.ABANDON if gone else Status.RUPTURANT), "R4b", without, seen
    if without > thresholds.never_in_contract:
        return Status.ABANDON, "R4a", without, seen
    return Status.INSCRIT, "R1", without, seen


def _covered(day: date, runs: Iterable[_Run]) -> bool:
    return any(run.first <= day <= run.last for run in runs)
