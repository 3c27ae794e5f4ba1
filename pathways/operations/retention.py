"""Announcing terms, archiving what is past its use, and having erased what may not be kept: in small batches, one at a time.

Announcing and archiving are the application's; erasing is done under a role of its own (``operations.erasure``). Every batch
looks again at what it is about to do once it holds the persons: a contact of a second ago stops it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pathways import clock, db
from pathways.errors import Reason, Refused
from pathways.models import DAYS_AFTER_END, NoticeEnd
from pathways.operations import erasure
from pathways.operations.retention_facts import facts, ranges
from pathways.sharing.retention import RULES, Act, Facts, Term, health_term, step_terms, term_of
from pathways.workflows.dates import add_months, days

RUNNING = 0x7265_7465  # "rete", in ASCII: the key of the advisory lock
BATCH = 50
"""Persons erased in one transaction."""
LINES = 5_000
"""Old lines deleted in one transaction."""
Tell = Callable[["Decision"], object]


@dataclass(frozen=True, slots=True)
class Notice:
    """An open notice, as the next run compares it."""

    id: int
    rule: str
    last_on: date
    due_on: date


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing to do, or that a hold prevents. ``step``: the scheme of a step that goes before its record."""

    facts: Facts
    act: Act
    rule: str
    last_on: date
    on: date
    """When it is done: today for an act, the announced day for a notice."""
    enrolment_id: int | None = None
    step: str | None = None
    held: bool = False


Key = tuple[int, int | None]
Notices = Mapping[Key, Notice]


@dataclass(slots=True)
class Report:
    """What a run did, or would do: how many of each (rule, act), and what a hold kept back."""

    day: date
    done: Counter[tuple[str, str]]
    held: int = 0
    reopened: int = 0


def decide(known: Facts, notices: Notices, day: date) -> list[Decision]:
    """Everything due for one person on ``day``, holds marked. Plain: reads nothing, writes nothing."""
    found: list[Decision] = []
    term = term_of(known)
    if term is not None:
        found += _of_the_record(known, term, notices.get((known.person_id, None)), day)
    whole = any(each.act is Act.ERASE for each in found)
    if not whole:
        for step in step_terms(known):
            found += _of_a_term(known, step, Act.ERASE, notices.get((known.person_id, step.enrolment_id)), day)
        cleared = health_term(known)
        if cleared is not None and cleared <= day and known.rqth_until is not None:
            found.append(Decision(known, Act.ERASE, "health", known.rqth_until, day, held=known.held))
    return found


def _of_the_record(known: Facts, term: Term, notice: Notice | None, day: date) -> list[Decision]:
    if known.archived_on is None:
        return _of_a_term(known, term, Act.ARCHIVE if term.archive_on else Act.ERASE, notice, day)
    if term.erase_on > day or was_taken_up_again(known):
        return []
    return [Decision(known, Act.ERASE, term.rule.code, term.last_on, day, held=known.held)]


def was_taken_up_again(known: Facts) -> bool:
    """Somebody was in contact since it was archived."""
    return known.archived_on is not None and known.last_on is not None and known.last_on > known.archived_on


def _of_a_term(known: Facts, term: Term, act: Act, notice: Notice | None, day: date) -> list[Decision]:
    """The notice thirty days before; the act on its day, never earlier than what was announced."""
    code = term.rule.code
    step = next((each.scheme for each in known.steps if each.id == term.enrolment_id), None)
    if notice is not None and (notice.rule, notice.last_on) != (code, term.last_on):
        notice = None
    if notice is None:
        if term.first_on - days(term.rule.notice) > day:
            return []
        on = max(term.first_on, day + days(term.rule.notice))
        return [Decision(known, Act.NOTICE, code, term.last_on, on, term.enrolment_id, step, known.held)]
    if notice.due_on > day:
        return []
    return [Decision(known, act, code, term.last_on, day, term.enrolment_id, step, known.held)]


def review(day: date) -> Iterator[Decision]:
    """What a run of ``day`` would do, person by person; writes nothing."""
    with db.as_system(), db.atomic() as session:
        for ids in ranges(session):
            notices = read_notices(session, ids)
            for known in facts(session, ids, day):
                yield from decide(known, notices, day)


def old_lines(day: date) -> dict[str, int]:
    """Rule → how many lines are past their time."""
    with db.as_system(), db.atomic() as session:
        return {rule: erasure.count_old(session, rule, before(rule, day)) for rule in erasure.OLD_LINES}


def run(day: date, eraser_url: str, tell: Tell = lambda _decision: None) -> Report:
    """Does all that is due on ``day``. `Refused` while another run goes on, or for a day to come."""
    if day > clock.today():
        raise Refused(Reason("day_to_come", {"today": clock.today()}))
    with db.alone(RUNNING) as alone:
        if not alone:
            raise Refused(Reason("retention_running"))
        report = Report(day, Counter())
        with db.as_system():
            _announce_and_archive(day, report, tell)
            with db.under_role(eraser_url):
                _erase(day, report, tell)
                _delete_old_lines(day, report)
        return report


def before(rule: str, day: date) -> datetime:
    """The moment before which lines of that rule are past their time."""
    return datetime.combine(add_months(day, -RULES[rule].active), time.min, clock.PARIS)


# --- notices and archives ----------------------------------------------------------------------------------------------

_NOTICES = sa.text(
    "SELECT person_id, enrolment_id, id, rule, last_on, due_on FROM retention_notice "
    "WHERE person_id = ANY(:ids) AND closed_on IS NULL"
)
_CLOSE_NOTICES = sa.text("UPDATE retention_notice SET closed_on = :day, close_reason = :reason WHERE id = ANY(:ids)")
_ANNOUNCE = sa.text("""
    INSERT INTO retention_notice (person_id, enrolment_id, rule, last_on, announced_on, due_on)
    VALUES (:person, :enrolment, :rule, :last_on, :day, :due_on)
""")
_HELD_BY_US = sa.text("SELECT id FROM person WHERE id = ANY(:ids) ORDER BY id FOR NO KEY UPDATE")
# The day after the last on which an ended link opens a door; the evaluation of nights leaves archived records alone.
_END_LINKS = sa.text("""
    UPDATE link SET ended_on = greatest(started_on, :ended), ended_recorded_at = :now
    WHERE person_id = ANY(:ids) AND (ended_on IS NULL OR ended_on > :ended)
""")
_ARCHIVE = sa.text("UPDATE person SET archived_on = :day, version = version + 1 WHERE id = ANY(:ids)")
_REOPEN = sa.text("UPDATE person SET archived_on = NULL, touched_at = :now, version = version + 1 WHERE id = ANY(:ids)")


def read_notices(session: Session, ids: Sequence[int]) -> dict[Key, Notice]:
    """The open notices of these persons."""
    return {(row[0], row[1]): Notice(*row[2:]) for row in session.execute(_NOTICES, {"ids": list(ids)})}


def _announce_and_archive(day: date, report: Report, tell: Tell) -> None:
    with db.atomic() as session:
        everybody = list(ranges(session))
    for ids in everybody:
        with db.atomic() as session:
            notices, known = read_notices(session, ids), facts(session, ids, day)
            touched = [each.person_id for each in known if _concerns(each, notices, day)]
            if not touched:
                continue
            session.execute(_HELD_BY_US, {"ids": touched})
            _act_on(session, facts(session, touched, day), read_notices(session, touched), day, report, tell)


def _concerns(known: Facts, notices: Notices, day: date) -> bool:
    told = any(key[0] == known.person_id for key in notices)
    ours = (each.held or each.act is not Act.ERASE for each in decide(known, notices, day))
    return told or was_taken_up_again(known) or any(ours)


def _act_on(session: Session, known: Iterable[Facts], notices: Notices, day: date, report: Report, tell: Tell) -> None:
    decisions = [(each, decide(each, notices, day)) for each in known]
    _close_notices(session, decisions, notices, day)
    archived, reopened = [], [each.person_id for each, _ in decisions if was_taken_up_again(each)]
    for each, found in decisions:
        for decision in found:
            if decision.held:
                report.held += 1
                tell(decision)
            elif decision.act is Act.NOTICE:
                row = {"person": each.person_id, "enrolment": decision.enrolment_id, "rule": decision.rule}
                session.execute(_ANNOUNCE, row | {"last_on": decision.last_on, "day": day, "due_on": decision.on})
                _count(report, decision, tell)
            elif decision.act is Act.ARCHIVE:
                archived.append(each.person_id)
                _count(report, decision, tell)
    if archived:
        ended = day - timedelta(days=DAYS_AFTER_END + 1)
        session.execute(_END_LINKS, {"ids": archived, "ended": ended, "now": clock.now()})
        session.execute(_ARCHIVE, {"ids": archived, "day": day})
    if reopened:
        session.execute(_REOPEN, {"ids": reopened, "now": clock.now()})
        report.reopened += len(reopened)


def _close_notices(session: Session, decisions: list[tuple[Facts, list[Decision]]], notices: Notices, day: date) -> None:
    """A notice ends when its term came, when a hold stops it, or when somebody was in contact since."""
    closed: dict[NoticeEnd, list[int]] = {}
    for known, found in decisions:
        terms = [term_of(known), *step_terms(known)]
        for key, notice in notices.items():
            if key[0] != known.person_id:
                continue
            same = any(
                term and (term.enrolment_id, term.rule.code, term.last_on) == (key[1], notice.rule, notice.last_on)
                for term in terms
            )
            done = any(each.enrolment_id == key[1] and each.act is Act.ARCHIVE and not each.held for each in found)
            if known.held:
                closed.setdefault(NoticeEnd.HOLD, []).append(notice.id)
            elif not same:
                closed.setdefault(NoticeEnd.CONTACT, []).append(notice.id)
            elif done:
                closed.setdefault(NoticeEnd.DONE, []).append(notice.id)
    for reason, ids in closed.items():
        session.execute(_CLOSE_NOTICES, {"ids": ids, "day": day, "reason": str(reason)})


def _count(report: Report, decision: Decision, tell: Tell) -> None:
    report.done[decision.rule, str(decision.act)] += 1
    tell(decision)


# --- erasing, under the eraser's role ----------------------------------------------------------------------------------


def _erase(day: date, report: Report, tell: Tell) -> None:
    with db.atomic() as session:
        everybody = list(ranges(session))
    for ids in everybody:
        with db.atomic() as session:
            notices = read_notices(session, ids)
            due = [each.person_id for each in facts(session, ids, day) if _to_erase(each, notices, day)]
        for first in range(0, len(due), BATCH):
            with db.atomic() as session:
                decisions = _erase_batch(session, due[first : first + BATCH], day)
            for decision in decisions:
                _count(report, decision, tell)


def _to_erase(known: Facts, notices: Notices, day: date) -> list[Decision]:
    return [each for each in decide(known, notices, day) if each.act is Act.ERASE and not each.held]


def _erase_batch(session: Session, ids: Sequence[int], day: date) -> list[Decision]:
    erasure.lock(session, ids)
    notices = read_notices(session, ids)
    known = {each.person_id: each for each in facts(session, ids, day)}
    decisions = [decision for each in known.values() for decision in _to_erase(each, notices, day)]
    steps = [each for each in decisions if each.enrolment_id is not None]
    health = [each.facts.person_id for each in decisions if each.rule == "health"]
    whole = [each.facts.person_id for each in decisions if each.enrolment_id is None and each.rule != "health"]
    if steps:
        last = {each.facts.person_id: each.facts.last_on or each.last_on for each in steps}
        erasure.erase_steps(session, [each.enrolment_id for each in steps if each.enrolment_id], last, clock.now())
    if health:
        erasure.erase_health(session, health, clock.now())
    if whole:
        erasure.erase_persons(session, whole, day)
    return decisions


def _delete_old_lines(day: date, report: Report) -> None:
    for rule in erasure.OLD_LINES:
        while True:
            with db.atomic() as session:
                deleted = erasure.delete_old(session, rule, before(rule, day), LINES)
            if deleted:
                report.done[rule, str(Act.ERASE)] += deleted
            if deleted < LINES:
                break
