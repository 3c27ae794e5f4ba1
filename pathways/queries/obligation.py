"""Those of 16 and 17 whom an organisation sees: in which situation, until when, or outside of any since when.

Nothing is folded here: what is stored is enough. The signal `minor_without_solution` is the rule's own answer for somebody out
for sixteen days or more, and its ``since`` the day the rule found. The stored state of a step is the fold's answer for today (the
night writes it, and every entry at once), so that a running step is a situation. What is left, for those in neither, is read from
the few entries that state a situation: an exemption, a solution found, a result, an answer to a follow-up. Constant in queries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from pathways import clock, db
from pathways.detection.reading import details
from pathways.models import Enrolment, JournalEntry, Link, Person, Signal
from pathways.models.person import fold
from pathways.queries.entries import stands
from pathways.sharing.groups import Group
from pathways.sharing.visibility import Criterion, Reader, not_ended, readable, visible_to
from pathways.workflows.dates import MAJORITY, ONE_DAY, birthday
from pathways.workflows.entry import Entry
from pathways.workflows.obligation import FROM, STATED_BY, Situation, of_scheme, says_outside, stated, unanswered
from pathways.workflows.schemes import SCHEMES
from pathways.workflows.states import State as S

MOST = 500
OUT, RECENT, COVERED = "dehors", "preciser", "couverts"
"""Outside for sixteen days or more; in no situation known, for less or nobody knows since when; in one."""
RULE = "minor_without_solution"
_OPEN_ENDED = (S.BROKEN_CONTINUING_CFA, S.CFA_WITHOUT_CONTRACT)
"""States that the clock itself ends: the planned end of the contract says nothing of them."""
_NEVER_BEGAN = (S.NOT_SELECTED, S.CANCELLED, S.DECLINED, S.ANNOUNCED)
_STATEMENTS = (*STATED_BY, "school_exit", "obligation_exempted")


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for. ``within``: days until the 18th birthday; ``mine``: persons followed by name."""

    state: str = OUT
    within: int = 0
    search: str = ""
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Minor:
    """One person. ``situation`` with ``until``, or the last day in one (``since``)."""

    person_id: int
    public_id: str
    family_name: str
    given_name: str
    birth_date: date
    phone: str | None
    commune: str | None
    state: str
    situation: str | None
    until: date | None
    since: date | None
    unanswered: int = 0
    summoned_on: date | None = None
    informed_on: date | None = None

    @property
    def adult_on(self) -> date:
        return birthday(self.birth_date, MAJORITY)

    def days_out(self, today: date) -> int | None:
        """Whole days outside, today included."""
        return (today - self.since).days if self.since is not None else None


@dataclass(frozen=True, slots=True)
class Minors:
    """The rows the filters find, and how many of each state. ``more``: there are others beyond ``MOST``."""

    rows: list[Minor]
    counts: Mapping[str, int]
    more: bool


def minors(reader: Reader, filters: Filters) -> Minors:
    """Everybody of 16 or 17 the reader's organisation sees, the longest outside first."""
    rows = db.session().execute(_persons(reader, filters)).all()
    ids = [row.id for row in rows[:MOST]]
    running, ended = _steps(ids)
    words = _words(ids)
    out = _signals(ids)
    found = [_minor(row, running.get(row.id), ended.get(row.id), words[row.id], out.get(row.id), reader) for row in rows[:MOST]]
    counts: dict[str, int] = defaultdict(int)
    for each in found:
        counts[each.state] += 1
    asked = [each for each in found if not filters.state or each.state == filters.state]
    return Minors(sorted(asked, key=_order), counts, len(rows) > MOST)


def with_summonses(rows: Sequence[Minor], reader: Reader) -> list[Minor]:
    """The same with the summonses left without an answer, the next one, and when the département was informed."""
    told = _read(
        sa.and_(
            JournalEntry.person_id.in_([each.person_id for each in rows]),
            JournalEntry.type.in_(("appointment", "departement_informed")),
            sa.true() if reader.accompanies else JournalEntry.organisation_id == reader.organisation_id,
        )
    )
    made = []
    for each in rows:
        of_person = told[each.person_id]
        appointments = [entry for entry in of_person if entry.type == "appointment"]
        missed = unanswered(appointments)
        planned = [entry.occurred_on for entry in appointments if entry.data.get("kind")]
        informed = [entry.occurred_on for entry in of_person if entry.type == "departement_informed"]
        made.append(
            replace(
                each,
                unanswered=len(missed),
                summoned_on=max(planned, default=None),
                informed_on=max(informed, default=None),
            )
        )
    return made


# --- reading -----------------------------------------------------------------------------------------------------------


def _persons(reader: Reader, filters: Filters) -> Any:
    query = sa.select(
        Person.id, Person.public_id, Person.family_name, Person.given_name, Person.birth_date,
        readable(reader, Group.CONTACT, Person.phone).label("phone"), Person.commune,
    ).where(
        Person.merged_into.is_(None),
        Person.birth_date > birthday(reader.today, -MAJORITY),
        Person.birth_date <= birthday(reader.today, -FROM),
        visible_to(reader, Person.id),
        *_asked(reader, filters),
    )
    return query.order_by(Person.birth_date, Person.id).limit(MOST + 1)


def _asked(reader: Reader, filters: Filters) -> list[Criterion]:
    asked: list[Criterion] = [
        Person.search_key.contains(word, autoescape=True) for word in fold(filters.search).split()
    ]
    if filters.within:
        last = reader.today + filters.within * ONE_DAY
        asked.append(Person.birth_date <= birthday(last, -MAJORITY))
    if filters.mine:
        asked.append(
            sa.exists().where(
                Link.person_id == Person.id,
                Link.organisation_id == reader.organisation_id,
                Link.user_id == reader.user_id,
                not_ended(Link, reader),
            )
        )
    return asked


def _steps(ids: Sequence[int]) -> tuple[dict[int, tuple[Situation, date | None]], dict[int, date]]:
    """The situation of a running step and its planned end; the last day of those that are over."""
    rows = db.session().execute(
        sa.select(
            Enrolment.person_id, Enrolment.scheme, Enrolment.state, Enrolment.planned_end, Enrolment.closed_on
        ).where(Enrolment.person_id.in_(ids))
    )
    running: dict[int, tuple[Situation, date | None]] = {}
    ended: dict[int, date] = {}
    today = clock.today()
    for person, code, state, planned_end, closed_on in rows:
        scheme = SCHEMES.get(code)
        if scheme is None or state in _NEVER_BEGAN:
            continue
        end = None if state in _OPEN_ENDED or not scheme.family.structuring else planned_end
        if closed_on is None and state in scheme.family.active and (end is None or end >= today):
            before = running.get(person)
            if before is None or (before[1] is not None and (end is None or end > before[1])):
                running[person] = (of_scheme(scheme), end)
        elif scheme.family.code != "leavers" and (last := closed_on or end):
            ended[person] = max(last, ended.get(person, last))
    return running, ended


def _signals(ids: Sequence[int]) -> dict[int, date]:
    """Since when each is outside, as the rule found it. The law charges those who check the obligation to know it (L114-1)."""
    rows = db.session().execute(
        sa.select(Signal.person_id, Signal.details["since"].astext).where(
            Signal.person_id.in_(ids), Signal.rule == RULE, Signal.closed_on.is_(None)
        )
    )
    return {person: date.fromisoformat(since) for person, since in rows}


def _words(ids: Sequence[int]) -> dict[int, list[Entry]]:
    return _read(sa.and_(JournalEntry.person_id.in_(ids), JournalEntry.type.in_(_STATEMENTS)))


def _read(where: Criterion) -> dict[int, list[Entry]]:
    """The entries that stand, by person, in order of days."""
    rows = db.session().execute(
        sa.select(
            JournalEntry.id, JournalEntry.person_id, JournalEntry.type, JournalEntry.occurred_on,
            sa.cast(JournalEntry.payload, sa.Text).label("content"),
        )
        .where(where, stands())
        .order_by(JournalEntry.occurred_on, JournalEntry.id)
    )  # fmt: skip
    found: dict[int, list[Entry]] = defaultdict(list)
    for row in rows:
        said = details(row.type, row.content)
        entry = Entry(row.id, row.type, row.occurred_on, row.occurred_on, data=said, content=row.content)
        found[row.person_id].append(entry)
    return found


# --- what is said of one -----------------------------------------------------------------------------------------------


def _minor(
    row: sa.Row[Any],
    running: tuple[Situation, date | None] | None,
    ended: date | None,
    words: Iterable[Entry],
    out: date | None,
    reader: Reader,
) -> Minor:
    said = [each for each in words if each.occurred_on <= reader.today]
    situation, until = running or _stated(said, ended, reader.today)
    last = [each.occurred_on for each in said if each.type == "school_exit"] + ([ended] if ended else [])
    if running is None and out is not None:
        state, situation, until, since = OUT, None, None, out
    elif situation is not None:
        state, since = COVERED, None
    else:
        state, since = RECENT, max(last, default=None)
    return Minor(
        row.id, str(row.public_id), row.family_name, row.given_name, row.birth_date, row.phone, row.commune, state, situation,
        until, since,
    )  # fmt: skip


def _stated(said: Sequence[Entry], ended: date | None, today: date) -> tuple[Situation | None, date | None]:
    """The last situation stated, unless something ended or was denied since; else an exemption that runs."""
    situation, on = None, None
    for each in said:
        if (found := stated(each)) is not None:
            situation, on = found, each.occurred_on
        elif on is not None and each.occurred_on > on and says_outside(each):
            situation = None
    if situation is not None and (ended is None or on is None or ended <= on):
        return situation, None
    exempted = [each.data["until"] for each in said if each.type == "obligation_exempted" and each.data.get("until")]
    until = max(exempted, default=None)
    return (Situation.EXEMPTED, until) if until is not None and until >= today else (None, None)


def _order(each: Minor) -> tuple[Any, ...]:
    """The longest outside first; then those who turn 18 first."""
    rank = {OUT: 0, RECENT: 1, COVERED: 2}[each.state]
    return (rank, each.since or date.max, each.adult_on, each.family_name, each.person_id)
