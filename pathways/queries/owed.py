"""What is missing around a team: declarations and sheets that others owe it, and those it owes. Constant in queries.

``ENDS``: a planned end nobody declared (signal `end_undeclared`). ``SHEETS``: a week with half-days expected at the body
(`calendars.Calendar.weeks_at_body`), complete for more than seven days, that no sheet speaks of; asked of steps in training
whose body has an account, and of any running step that had a sheet lately. ``APPOINTMENTS``: planned by the reader's
organisation, past, after which it noted no other one of that person. ``FOLLOWUPS``: signal `post_exit_followup_overdue`.
``POSITIONS``: prescribed more than ten days ago, and no answer.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pathways import db
from pathways.detection.reading import details
from pathways.models import Enrolment, JournalEntry, Link, Organisation, Person, Signal, User
from pathways.queries.entries import stands
from pathways.sharing.visibility import Reader, not_ended, signals_visible_to, steps_visible_to, visible_to
from pathways.workflows.calendars import Calendar, statements
from pathways.workflows.dates import days, monday_of
from pathways.workflows.entry import Entry
from pathways.workflows.schemes import SCHEMES
from pathways.workflows.states import State

_ENTRY, _LATER = aliased(JournalEntry), aliased(JournalEntry)

PAGE = 50
ENDS, SHEETS, APPOINTMENTS, FOLLOWUPS, POSITIONS = "fins", "feuilles", "rendez-vous", "suivis", "positionnements"
WHAT = (ENDS, SHEETS, POSITIONS, APPOINTMENTS, FOLLOWUPS)
PATIENCE = 7
"""Days after a week before its sheet is missed."""
WEEKS = 8
"""How far back sheets are asked for."""
UNANSWERED = 10
"""Days a prescription may wait for its answer."""
FORGOTTEN = 180
"""An appointment older than this is history."""
NOBODY = "aucun"
"""Who owes, in the address, when no body or colleague is known."""
UNKNOWN = 0
"""The number of that one."""
_SIGNALS = {"end_undeclared": ENDS, "post_exit_followup_overdue": FOLLOWUPS}
_RUNNING = (State.IN_TRAINING, State.PROBATION, State.IN_CONTRACT, State.BROKEN_CONTINUING_CFA, State.CFA_WITHOUT_CONTRACT)


@dataclass(frozen=True, slots=True)
class Owed:
    """One missing thing: about whom, since when, by which organisation, or by which colleague of the reader's own."""

    what: str
    person_id: int
    enrolment_id: int
    since: date
    body: int = UNKNOWN
    colleague: int = UNKNOWN
    mondays: tuple[date, ...] = ()

    @property
    def place(self) -> tuple[str, int, int]:
        return self.since.isoformat(), self.person_id, self.enrolment_id


@dataclass(frozen=True, slots=True)
class Debtor:
    """Who owes, and how many things. ``public_id`` ``NOBODY`` for none known."""

    public_id: str
    name: str
    phone: str | None
    colleague: bool
    number: int


@dataclass(frozen=True, slots=True)
class OwedRow:
    """One missing thing as the list shows it."""

    owed: Owed
    public_id: str
    enrolment: str
    family_name: str
    given_name: str
    scheme: str
    body: str
    phone: str | None
    colleague: str


@dataclass(frozen=True, slots=True)
class OwedPage:
    """One page of one kind. ``numbers``: how many of each kind; ``debtors``: who owes what is listed."""

    rows: list[OwedRow]
    total: int
    numbers: Mapping[str, int]
    debtors: list[Debtor]
    after: str


def everything(reader: Reader) -> list[Owed]:
    """All that is missing, the oldest first."""
    found = [*_of_signals(reader), *_positions(reader), *_appointments(reader), *_sheets(reader)]
    colleagues = _colleagues(reader)
    own = (
        replace(each, colleague=colleagues.get((each.person_id, each.enrolment_id)) or colleagues.get((each.person_id, None), 0))
        if each.body == reader.organisation_id
        else each
        for each in found
    )
    return sorted(own, key=lambda each: each.place)


def numbers(found: Iterable[Owed]) -> Mapping[str, int]:
    """How many of each kind, in the order of the page."""
    counted = Counter(each.what for each in found)
    return {what: counted[what] for what in WHAT}


def owed_page(reader: Reader, what: str, by: str = "", after: str = "") -> OwedPage:
    """The missing things of one kind. ``by``: the public id of a body or a colleague, ``NOBODY`` for none known."""
    found = everything(reader)
    of_kind = [each for each in found if each.what == what]
    debtors, names = _debtors(of_kind, reader)
    wanted = [each for each in of_kind if not by or names[_debtor(each, reader)][0] == by]
    rest = [each for each in wanted if "~".join(map(str, each.place)) > after] if after else wanted
    shown = rest[:PAGE]
    more = "~".join(map(str, shown[-1].place)) if len(rest) > PAGE else ""
    return OwedPage(_rows(shown, names, reader), len(wanted), numbers(found), debtors, more)


# --- the five kinds ----------------------------------------------------------------------------------------------------


def _body_of(enrolment: Any) -> Any:
    return sa.func.coalesce(enrolment.operator_id, enrolment.lead_organisation_id)


def _of_signals(reader: Reader) -> Iterator[Owed]:
    end = sa.func.coalesce(Enrolment.planned_end, Signal.since_on)
    rows = db.session().execute(
        sa.select(
            Signal.rule,
            Signal.person_id,
            Signal.enrolment_id,
            sa.func.min(sa.case((Signal.rule == "end_undeclared", end), else_=Signal.since_on)),
            _body_of(Enrolment),
        )
        .join(Enrolment, Enrolment.id == Signal.enrolment_id)
        .join(Person, Person.id == Signal.person_id)
        .where(
            Signal.rule.in_(_SIGNALS),
            Signal.closed_on.is_(None),
            Person.merged_into.is_(None),
            visible_to(reader, Signal.person_id),
            signals_visible_to(reader),
        )
        .group_by(Signal.rule, Signal.person_id, Signal.enrolment_id, _body_of(Enrolment))
    )
    for rule, person, enrolment, since, body in rows:
        # An end is the body's to declare; news of the person are asked of everybody who saw them, oneself first.
        yield Owed(_SIGNALS[rule], person, enrolment, since, body if rule == "end_undeclared" else reader.organisation_id)


def _positions(reader: Reader) -> Iterator[Owed]:
    to = (
        sa.select(_ENTRY.payload["to"])
        .where(_ENTRY.person_id == Enrolment.person_id, _ENTRY.enrolment_id == Enrolment.id, _ENTRY.type == "prescribed")
        .order_by(_ENTRY.occurred_on.desc(), _ENTRY.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = db.session().execute(
        sa.select(Enrolment.person_id, Enrolment.id, Enrolment.state_since, Enrolment.operator_id, to)
        .join(Person, Person.id == Enrolment.person_id)
        .where(
            Enrolment.state == str(State.PRESCRIBED),
            Enrolment.state_since < reader.today - days(UNANSWERED),
            Person.merged_into.is_(None),
            visible_to(reader, Enrolment.person_id),
            steps_visible_to(reader),
        )
    )
    for person, enrolment, since, operator, called in rows:
        yield Owed(POSITIONS, person, enrolment, since, operator or (called if isinstance(called, int) else UNKNOWN))


def _appointments(reader: Reader) -> Iterator[Owed]:
    followed = sa.exists().where(
        _LATER.person_id == JournalEntry.person_id,
        _LATER.organisation_id == reader.organisation_id,
        _LATER.type == "appointment",
        _LATER.occurred_on >= JournalEntry.occurred_on,
        _LATER.id > JournalEntry.id,
        stands(_LATER),
    )
    rows = db.session().execute(
        sa.select(JournalEntry.person_id, JournalEntry.enrolment_id, JournalEntry.occurred_on)
        .join(Person, Person.id == JournalEntry.person_id)
        .where(
            JournalEntry.organisation_id == reader.organisation_id,
            JournalEntry.type == "appointment",
            JournalEntry.payload["status"].astext == "planned",
            JournalEntry.occurred_on.between(reader.today - days(FORGOTTEN), reader.today - days(1)),
            JournalEntry.enrolment_id.is_not(None),
            Person.merged_into.is_(None),
            visible_to(reader, JournalEntry.person_id),
            stands(JournalEntry),
            ~followed,
        )
    )
    for person, enrolment, on in rows:
        yield Owed(APPOINTMENTS, person, enrolment or 0, on, reader.organisation_id)


def _sheets(reader: Reader) -> Iterator[Owed]:
    """Weeks in which somebody was expected, and of which no sheet speaks."""
    last = monday_of(reader.today - days(PATIENCE + 6)) + days(6)
    first = monday_of(last) - days(7 * (WEEKS - 1))
    steps = db.session().execute(_running(reader, last)).all()
    ids = {step.id: step.person_id for step in steps}
    told, stated = _weeks_told(ids, first), _calendars(ids)
    for step in steps:
        scheme = SCHEMES.get(step.scheme)
        if scheme is None or "attendance" not in scheme.workflow.notes:
            continue
        in_training = scheme.family.code == "training"
        if step.id not in told and not (in_training and step.has_account):
            continue
        calendar = Calendar(statements(stated[step.id]), alternates=not in_training)
        until = min(last, step.planned_end or last)
        missing = tuple(
            monday
            for monday in calendar.weeks_at_body(max(first, step.state_since if in_training else step.opened_on), until)
            if monday not in told[step.id]
        )
        if missing:
            yield Owed(SHEETS, step.person_id, step.id, missing[0], step.body, mondays=missing)


def _running(reader: Reader, last: date) -> Any:
    return (
        sa.select(
            Enrolment.id,
            Enrolment.person_id,
            Enrolment.scheme,
            Enrolment.state_since,
            Enrolment.opened_on,
            Enrolment.planned_end,
            _body_of(Enrolment).label("body"),
            Organisation.has_account,
        )
        .join(Organisation, Organisation.id == _body_of(Enrolment))
        .join(Person, Person.id == Enrolment.person_id)
        .where(
            Enrolment.state.in_([str(state) for state in _RUNNING]),
            Enrolment.opened_on <= last,
            Person.merged_into.is_(None),
            visible_to(reader, Enrolment.person_id),
            steps_visible_to(reader),
        )
    )


def _weeks_told(steps: Mapping[int, int], first: date) -> defaultdict[int, set[date]]:
    """The Mondays of the weeks that a standing sheet of each step speaks of, for those that had a sheet at all."""
    start = sa.cast(JournalEntry.payload["from"].astext, sa.Date)
    rows = db.session().execute(
        sa.select(JournalEntry.enrolment_id, start, sa.func.length(JournalEntry.payload["halves"].astext)).where(
            JournalEntry.person_id.in_(set(steps.values())),
            JournalEntry.enrolment_id.in_(steps),
            JournalEntry.type == "attendance",
            JournalEntry.occurred_on >= first - days(14),
            stands(JournalEntry),
        )
    )
    told: defaultdict[int, set[date]] = defaultdict(set)
    for enrolment, begins, halves in rows:
        told[enrolment] |= {monday_of(begins), monday_of(begins + days((halves - 1) // 2))}
    return told


def _calendars(steps: Mapping[int, int]) -> defaultdict[int, list[Entry]]:
    """What is stated of the calendar of each step, in the order of its days."""
    rows = db.session().execute(
        sa.select(
            JournalEntry.enrolment_id,
            JournalEntry.type,
            JournalEntry.occurred_on,
            sa.cast(JournalEntry.payload, sa.Text),
            JournalEntry.id,
        )
        .where(
            JournalEntry.person_id.in_(set(steps.values())),
            JournalEntry.enrolment_id.in_(steps),
            JournalEntry.type.in_(("calendar_stated", "work_contract_started")),
            stands(JournalEntry),
        )
        .order_by(JournalEntry.occurred_on, JournalEntry.id)
    )
    found: defaultdict[int, list[Entry]] = defaultdict(list)
    for enrolment, kind, on, content, id_ in rows:
        found[enrolment or 0].append(Entry(id_, kind, on, on, data=details(kind, content), number=id_))
    return found


# --- who owes ----------------------------------------------------------------------------------------------------------


def _colleagues(reader: Reader) -> Mapping[tuple[int, int | None], int]:
    """(person, step), and (person, None), to the colleague of the reader's organisation who follows them."""
    rows = db.session().execute(
        sa.select(Link.person_id, Link.enrolment_id, Link.user_id)
        .where(Link.organisation_id == reader.organisation_id, Link.user_id.is_not(None), not_ended(Link, reader))
        .order_by(Link.started_on, Link.id)
    )
    found: dict[tuple[int, int | None], int] = {}
    for person, enrolment, user in rows:
        found[person, enrolment] = found[person, None] = user or UNKNOWN
    return found


def _debtor(each: Owed, reader: Reader) -> tuple[bool, int]:
    """(a colleague?, id)."""
    return (True, each.colleague) if each.body == reader.organisation_id else (False, each.body)


Names = Mapping[tuple[bool, int], tuple[str, str, str | None]]


def _debtors(found: Sequence[Owed], reader: Reader) -> tuple[list[Debtor], Names]:
    counted = Counter(_debtor(each, reader) for each in found)
    session = db.session()
    bodies = sa.select(Organisation.id, Organisation.public_id, Organisation.name, Organisation.phone)
    users = sa.select(User.id, User.public_id, User.name)
    names: dict[tuple[bool, int], tuple[str, str, str | None]] = dict.fromkeys(
        ((False, UNKNOWN), (True, UNKNOWN)), (NOBODY, "", None)
    )
    others, mates = ({id_ for own, id_ in counted if own is ours} for ours in (False, True))
    for id_, public_id, name, phone in session.execute(bodies.where(Organisation.id.in_(others))):
        names[False, id_] = (str(public_id), name, phone)
    for id_, public_id, name in session.execute(users.where(User.id.in_(mates))):
        names[True, id_] = (str(public_id), name, None)
    debtors = [Debtor(*names[key], key[0], number) for key, number in counted.items()]
    return sorted(debtors, key=lambda each: (-each.number, each.name)), names


def _rows(shown: Sequence[Owed], names: Names, reader: Reader) -> list[OwedRow]:
    if not shown:
        return []
    rows = db.session().execute(
        sa.select(Enrolment.id, Enrolment.public_id, Enrolment.scheme, Person.public_id, Person.family_name, Person.given_name)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.id.in_({each.enrolment_id for each in shown}), visible_to(reader, Enrolment.person_id))
    )
    by_step = {row[0]: row for row in rows}
    made: list[OwedRow] = []
    for each in shown:
        if row := by_step.get(each.enrolment_id):
            _public_id, name, phone = names[_debtor(each, reader)]
            own = each.body == reader.organisation_id
            made.append(
                OwedRow(each, str(row[3]), str(row[1]), row[4], row[5], row[2], "" if own else name, phone, name if own else "")
            )
    return made
