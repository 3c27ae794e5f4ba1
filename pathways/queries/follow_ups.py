"""Exits of the last months and the follow-ups they call for, as the signal reads them (`detection.follow_ups`).

The exits come from the stored steps. Where each follow-up stands is not stored: entries are read and folded here, but for the
frequent ones that move nothing, so that page and signal say the same of the same facts. Constant in queries; bounded by
``MOST`` exits, the latest, with the number of all.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from pathways import db
from pathways.detection.facts import Facts
from pathways.detection.follow_ups import EXITED, FollowUp, Status, follow_ups
from pathways.detection.reading import as_entry, read_kinds, read_settings
from pathways.errors import NotVisible
from pathways.models import Enrolment, GroupMember, JournalEntry, Link, Person, TrainingGroup
from pathways.queries.entries import stands
from pathways.queries.steps import declares
from pathways.queries.whom_to_call import Partner, partners_of
from pathways.sharing.groups import Group, shown_outcome
from pathways.sharing.visibility import Criterion, Reader, leads, not_ended, own_step, readable, steps_visible_to, visible_to
from pathways.workflows.dates import add_months
from pathways.workflows.entry import Entry
from pathways.workflows.fold import QUIET, pathway
from pathways.workflows.schemes import SCHEMES
from pathways.workflows.states import State

MONTHS = 7
"""How far back an exit is looked for: a month after its last follow-up is due."""
MOST = 400
TO_DO = (Status.LATE, Status.DUE)
_SCHEMES = tuple(code for code, scheme in SCHEMES.items() if scheme.family.code == "training")


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for. ``status``: one of `Status`, "" for what is to be done; ``mine``: persons followed by name."""

    status: str = ""
    scheme: str = ""
    group: str = ""
    month: int = 0
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One follow-up of an exit. ``situation``: what was answered; ``event``: what else said it, when the reader may read it."""

    month: int
    due: date
    last: date
    status: Status
    on: date | None = None
    situation: str | None = None
    event: str | None = None

    @property
    def is_to_do(self) -> bool:
        return self.status in TO_DO


@dataclass(slots=True)
class ExitRow:
    """Somebody who left: whom to call, and each follow-up by month."""

    person_id: int
    public_id: str
    family_name: str
    given_name: str
    phone: str | None
    email: str | None
    enrolment_id: int
    step: str
    scheme: str
    state: str
    outcome: str | None
    exited: date
    lines: list[Line]
    attempts: int = 0
    attempted_on: date | None = None
    partner: Partner | None = None

    def line(self, month: int) -> Line | None:
        return next((each for each in self.lines if each.month == month), None)

    @property
    def next(self) -> Line | None:
        """The one to do first: the latest of those late, which answers the earlier ones too, else the next one due."""
        open_ = [each for each in self.lines if each.is_to_do]
        return open_[-1] if open_ else next((each for each in self.lines if each.status is Status.COMING), None)


@dataclass(slots=True)
class Exits:
    """The rows the filters find. ``counts``: of every exit read, by status of its most pressing follow-up; ``total``: in all."""

    rows: list[ExitRow]
    counts: Mapping[str, int]
    total: int
    schemes: list[str] = field(default_factory=list)
    groups: list[tuple[str, str]] = field(default_factory=list)


def exits(reader: Reader, filters: Filters) -> Exits:
    """The exits of the reader's organisation: of its own steps, and of the persons it answers for; the most pressing first."""
    found = _read(reader, _asked(reader, filters))
    ordered = sorted(found, key=_pressing)
    counts = Counter(_standing(row) for row in ordered)
    rows = [row for row in ordered if _is_asked(row, filters)]
    total = db.session().scalar(_candidates(reader, _asked(reader, filters)).with_only_columns(sa.func.count())) or 0
    return Exits(rows, counts, total, _schemes(reader), _groups(reader))


def exit_of(step: uuid.UUID, reader: Reader) -> ExitRow:
    """One exit. `NotVisible` when the reader has no such one, or nothing is followed up after it."""
    found = _read(reader, [Enrolment.public_id == step])
    if not found:
        raise NotVisible(f"exit of {step}")
    return found[0]


def with_contacts(rows: Sequence[ExitRow], reader: Reader) -> None:
    """Whom else to call about these, and the attempts of the reader's organisation since the exit."""
    partners = partners_of([row.person_id for row in rows], reader)
    attempts = _attempts([row.enrolment_id for row in rows], reader)
    for row in rows:
        around = partners.get((row.person_id, row.enrolment_id)) or partners.get((row.person_id, None))
        row.partner = around.partner if around else None
        since = [day for day in attempts[row.enrolment_id] if day >= row.exited]
        row.attempts, row.attempted_on = len(since), max(since, default=None)


# --- reading -----------------------------------------------------------------------------------------------------------


def _candidates(reader: Reader, asked: Iterable[Criterion]) -> Any:
    """Stored steps that ended in one of the ways that are followed up."""
    return (
        sa.select(
            Enrolment.id, Enrolment.public_id, Enrolment.person_id, Enrolment.scheme, Enrolment.state, Enrolment.outcome,
            Person.public_id.label("person"), Person.family_name, Person.given_name,
            readable(reader, Group.CONTACT, Person.phone).label("phone"),
            readable(reader, Group.CONTACT, Person.email).label("email"),
            declares(reader).label("own"),
        )
        .join(Person, Person.id == Enrolment.person_id)
        .where(
            Person.merged_into.is_(None),
            Enrolment.closed_on >= add_months(reader.today, -MONTHS),
            sa.or_(
                sa.and_(Enrolment.state.in_([str(state) for state in EXITED]), Enrolment.scheme.in_(_SCHEMES)),
                Enrolment.state == str(State.LEFT_WITHOUT_CONTRACT),
            ),
            visible_to(reader, Enrolment.person_id),
            steps_visible_to(reader),
            sa.or_(own_step(reader, Enrolment), leads(reader, Enrolment.person_id)),
            *asked,
        )
    )  # fmt: skip


def _asked(reader: Reader, filters: Filters) -> list[Criterion]:
    """What the database narrows; status and month are known once folded."""
    asked: list[Criterion] = []
    if filters.scheme:
        asked.append(Enrolment.scheme == filters.scheme)
    if filters.group:
        asked.append(
            sa.exists().where(
                GroupMember.enrolment_id == Enrolment.id,
                GroupMember.organisation_id == reader.organisation_id,
                GroupMember.group_id == TrainingGroup.id,
                TrainingGroup.public_id == uuid.UUID(filters.group),
            )
        )
    if filters.mine:
        asked.append(
            sa.exists().where(
                Link.person_id == Enrolment.person_id,
                Link.organisation_id == reader.organisation_id,
                Link.user_id == reader.user_id,
                not_ended(Link, reader),
            )
        )
    return asked


def _read(reader: Reader, asked: Iterable[Criterion]) -> list[ExitRow]:
    query = _candidates(reader, asked).order_by(Enrolment.closed_on.desc(), Enrolment.id).limit(MOST)
    candidates = db.session().execute(query).all()
    if not candidates:
        return []
    found = _follow_ups({row.person_id for row in candidates}, {row.id for row in candidates}, reader)
    return [_row(row, found[row.id], reader) for row in candidates if found.get(row.id)]


def _follow_ups(persons: Iterable[int], steps: Collection[Any], reader: Reader) -> dict[int, list[FollowUp]]:
    """Enrolment → its follow-ups, folded from what is declared of these visible persons, like the signal."""
    wanted = list(persons)
    session, today = db.session(), reader.today
    with db.as_system():
        kinds, settings = read_kinds(session, wanted), read_settings(session, wanted)
        schemes = {row.id: row.scheme for row in session.execute(_STEPS, {"ids": wanted})}
        entries: dict[int, list[Entry]] = defaultdict(list)
        for row in session.execute(_ENTRIES, {"ids": wanted, "quiet": list(QUIET)}):
            entries[row[1]].append(as_entry(row, kinds, schemes))
    found: dict[int, list[FollowUp]] = {}
    for of_person in entries.values():
        folded = pathway(of_person, today, today)
        if folded.last("deceased") is not None:
            continue
        facts = Facts(folded, today)
        for step in facts.steps:
            if step.key in steps and isinstance(step.key, int):
                values = settings.values(step.step.scheme.code, step.step.lead, today, today)
                found[step.key] = follow_ups(step, values)
    return found


_STEPS = sa.text("SELECT id, scheme FROM enrolment WHERE person_id = ANY(:ids)")
_ENTRIES = sa.text(
    "SELECT id, person_id, enrolment_id, type, occurred_on, (recorded_at AT TIME ZONE 'Europe/Paris')::date, organisation_id, "
    "retracts, payload::text FROM journal_entry WHERE person_id = ANY(:ids) AND type <> ALL(:quiet) ORDER BY person_id, id"
)


def _row(row: sa.Row[Any], found: Sequence[FollowUp], reader: Reader) -> ExitRow:
    lines = [_line(each, reader, own=row.own) for each in found]
    return ExitRow(
        row.person_id, str(row.person), row.family_name, row.given_name, row.phone, row.email, row.id, str(row.public_id),
        row.scheme, row.state, shown_outcome(row.outcome, own=row.own), found[0].exited, lines,
    )  # fmt: skip


def _line(each: FollowUp, reader: Reader, *, own: bool) -> Line:
    """A body reads the answers given on its own step; of what others declared elsewhere, that there is something, and when."""
    said = each.answer or each.heard
    reads = said is not None and (reader.accompanies or said.organisation == reader.organisation_id or each.answer is not None)
    return Line(
        each.month,
        each.due,
        each.last,
        each.status(reader.today),
        said.occurred_on if said else None,
        shown_outcome(each.answer.data.get("situation"), own=own) if each.answer is not None else None,
        said.type if said is not None and reads else None,
    )


def _attempts(steps: Sequence[int], reader: Reader) -> dict[int, list[date]]:
    rows = db.session().execute(
        sa.select(JournalEntry.enrolment_id, JournalEntry.occurred_on).where(
            JournalEntry.enrolment_id.in_(steps),
            JournalEntry.organisation_id == reader.organisation_id,
            JournalEntry.type == "contact_attempt",
            JournalEntry.payload["result"].astext == "failed",
            stands(),
        )
    )
    found: dict[int, list[date]] = defaultdict(list)
    for step, day in rows:
        if step is not None:
            found[step].append(day)
    return found


def _schemes(reader: Reader) -> list[str]:
    query = _candidates(reader, []).with_only_columns(Enrolment.scheme).distinct().order_by(Enrolment.scheme)
    return list(db.session().scalars(query))


def _groups(reader: Reader) -> list[tuple[str, str]]:
    """(public id, name) of the reader's groups that somebody left lately."""
    query = (
        _candidates(reader, [])
        .join(GroupMember, GroupMember.enrolment_id == Enrolment.id)
        .join(TrainingGroup, TrainingGroup.id == GroupMember.group_id)
        .where(TrainingGroup.organisation_id == reader.organisation_id)
        .with_only_columns(TrainingGroup.public_id, TrainingGroup.name)
        .distinct()
        .order_by(TrainingGroup.name)
    )
    return [(str(row[0]), row[1]) for row in db.session().execute(query)]


# --- which and in which order ------------------------------------------------------------------------------------------

_RANK = {Status.LATE: 0, Status.DUE: 1, Status.COMING: 2, Status.ANSWERED: 3, Status.KNOWN: 3}


def _standing(row: ExitRow) -> str:
    """The status of the most pressing follow-up; answered once every one is."""
    least = min(row.lines, key=lambda line: _RANK[line.status])
    return str(Status.ANSWERED if _RANK[least.status] == _RANK[Status.ANSWERED] else least.status)


def _pressing(row: ExitRow) -> tuple[Any, ...]:
    line = row.next or row.lines[-1]
    return (_RANK[line.status], line.due, row.family_name, row.given_name, row.enrolment_id)


def _is_asked(row: ExitRow, filters: Filters) -> bool:
    lines = [each for each in row.lines if not filters.month or each.month == filters.month]
    if filters.month and not lines:
        return False
    if not filters.status:
        return any(each.is_to_do for each in lines)
    if filters.status == Status.ANSWERED:
        return all(_RANK[each.status] == _RANK[Status.ANSWERED] for each in lines)
    return _RANK[Status(filters.status)] == min(_RANK[each.status] for each in lines)
