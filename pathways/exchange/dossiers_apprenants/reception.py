"""One file received: every row read, taken or refused, each small set in a transaction of its own, and the report of it all."""

from __future__ import annotations

import contextlib
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pathways import clock, db
from pathways.detection.outages import wake_after_silence
from pathways.detection.sweep import read_reference
from pathways.exchange.dossiers_apprenants.bodies import Body, Directory, centre_of, read_directory
from pathways.exchange.dossiers_apprenants.upsert import Done, Taken, take
from pathways.models import FeedRefusal, FeedRun
from pathways.models.person import fold
from pathways.schemas.dossiers_apprenants.issues import Issue, Warn
from pathways.schemas.dossiers_apprenants.payload import Row, read_row

SET = 100
"""Rows a transaction: large enough to amortise its statements, small enough to keep its locks short."""
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Report:
    """What became of a file. ``refused``: (rank of the row from 1, error); ``warnings``: (rank, warning)."""

    sender: str
    file_name: str
    dry_run: bool
    baseline: bool = False
    run: str | None = None
    """Public id of the run; None for a rehearsal, of which nothing stays."""
    total: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    entries: int = 0
    refused: list[tuple[int, Issue]] = field(default_factory=list)
    warnings: list[tuple[int, Warn]] = field(default_factory=list)

    @property
    def refused_rows(self) -> int:
        return len({number for number, _issue in self.refused})

    @property
    def warned(self) -> Counter[str]:
        """Warning code → how many."""
        return Counter(warning.code for _number, warning in self.warnings)

    def add(self, done: Done) -> None:
        self.created += done.created
        self.updated += done.updated
        self.unchanged += done.unchanged
        self.entries += done.entries
        self.warnings += done.warnings


class _Rehearsed(Exception):
    """Takes a rehearsal back."""


def receive(
    rows: Sequence[Any], sender: Body, *, file_name: str, user_id: int | None = None, dry_run: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Takes the rows for ``sender``. A rehearsal does everything, then rolls it back."""
    report = Report(sender.name, file_name, dry_run, total=len(rows))
    told = progress or (lambda _done, _total: None)
    with db.as_system():
        if not dry_run:
            _take_all(rows, sender, report, user_id, told)
            return report
        with contextlib.suppress(_Rehearsed), db.atomic():
            _take_all(rows, sender, report, user_id, told)
            raise _Rehearsed
        report.run = None
    return report


def _take_all(rows: Sequence[Any], sender: Body, report: Report, user_id: int | None, told: Progress) -> None:
    with db.atomic() as session:
        run_id = _begin(session, sender, report, user_id)
        directory, reference = read_directory(session), read_reference(session)
        wake_after_silence(session, reference.settings.circumstances, sender.id, clock.today())
    done = 0
    for batch in _sets(_read(rows, sender, directory, report)):
        with db.atomic() as session:
            run = session.scalars(sa.select(FeedRun).where(FeedRun.id == run_id)).one()
            taken = [each for each in batch if isinstance(each, Taken)]
            if taken:
                report.add(take(session, taken, run, reference))
            refused = [each for each in batch if not isinstance(each, Taken)]
            _note(session, run, report, refused)
        done += len(batch)
        told(done, len(rows))
    with db.atomic() as session:
        run = session.scalars(sa.select(FeedRun).where(FeedRun.id == run_id)).one()
        run.finished_at = clock.now()
        session.flush()


def _begin(session: Session, sender: Body, report: Report, user_id: int | None) -> int:
    """The run, first of all: an import that is killed leaves its trace. A first file is one that none was finished before."""
    took = FeedRun.created + FeedRun.updated + FeedRun.unchanged > 0
    earlier = sa.exists().where(FeedRun.organisation_id == sender.id, FeedRun.finished_at.is_not(None), took)
    report.baseline = not session.scalar(sa.select(earlier))
    run = FeedRun(
        organisation_id=sender.id, user_id=user_id, file_name=report.file_name[-200:], dry_run=report.dry_run,
        baseline=report.baseline, total=report.total,
    )
    session.add(run)
    session.flush()
    report.run = str(run.public_id)
    return run.id


def _note(session: Session, run: FeedRun, report: Report, refused: Sequence[tuple[int, list[Issue]]]) -> None:
    """The figures so far, and the errors of the rows refused in this set: where and why, never what they said."""
    run.created, run.updated, run.unchanged, run.entries = report.created, report.updated, report.unchanged, report.entries
    run.refused, run.warnings = report.refused_rows, dict(report.warned)
    errors = [
        {"run_id": run.id, "row": number, "fields": list(issue.path), "code": issue.code, "message": issue.message}
        for number, issues in refused
        for issue in issues
    ]
    if errors:
        session.execute(sa.insert(FeedRefusal), errors)
    session.flush()


def _read(
    rows: Sequence[Any], sender: Body, directory: Directory, report: Report
) -> Iterator[Taken | tuple[int, list[Issue]]]:
    """Each row, ready to be taken, or its errors."""
    seen: set[tuple[int, str, str]] = set()
    for number, given in enumerate(rows, 1):
        row = read_row(given)
        centre = None
        if not row.issues:
            centre, row.issues, more = centre_of(row.values, sender, directory)
            row.warnings += more
        report.warnings += [(number, warning) for warning in row.warnings]
        if row.issues or centre is None:
            report.refused += [(number, issue) for issue in row.issues]
            yield number, row.issues
            continue
        taken = Taken(number, row, centre, _learner(row, number, report))
        if taken.key in seen:
            report.warnings.append((number, Warn("duplicate_row", "id_erp_apprenant")))
        seen.add(taken.key)
        yield taken


def _learner(row: Row, number: int, report: Report) -> str:
    """The sender's identifier; where it is empty, one made of the identity, so that learners without any stay apart."""
    if given := row.values["id_erp_apprenant"]:
        return str(given)
    report.warnings.append((number, Warn("identifier_empty", "id_erp_apprenant")))
    who = [fold(row.values[name]) or row.values[name] for name in ("nom_apprenant", "prenom_apprenant")]
    text = "|".join([*who, str(row.values.get("date_de_naissance_apprenant"))])
    return f"sans-identifiant:{hashlib.sha256(text.encode()).hexdigest()[:20]}"


def _names(taken: Taken) -> set[Any]:
    """What names a learner exactly."""
    return {(taken.centre.id, taken.learner), taken.row.values.get("ine_apprenant")} - {None}


def _sets(rows: Iterator[Taken | tuple[int, list[Issue]]]) -> Iterator[list[Taken | tuple[int, list[Issue]]]]:
    """Sets of at most ``SET`` rows in the order of the file, in which nobody appears twice."""
    current: list[Taken | tuple[int, list[Issue]]] = []
    names: set[Any] = set()
    for each in rows:
        own = _names(each) if isinstance(each, Taken) else set()
        if current and (own & names or len(current) >= SET):
            yield current
            current, names = [], set()
        current.append(each)
        names |= own
    if current:
        yield current
