"""Asking another organisation something about a person both accompany, answering, withdrawing, and taking one's last act back.

Nothing is written to the journal: an answer that tells a fact is declared by whoever gave it, on the screen of that fact.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from pathways import clock, db
from pathways.errors import NotVisible, Reason, Refused
from pathways.models import Link, Organisation, Request, RequestStep, User
from pathways.operations.dossier import check_visible
from pathways.sharing.visibility import Reader, not_ended
from pathways.workflows.requests import (
    DEADLINES,
    FARTHEST,
    QUESTIONS,
    Stage,
    StepKind,
    When,
    due_on,
    is_right_day,
    questions_between,
)

UNDOABLE = timedelta(minutes=10)
"""How long one's own last act is taken back."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who is asked: an organisation, and one of its people when one is named, by their public ids."""

    organisation: uuid.UUID
    user: uuid.UUID | None = None


def ask(
    person_id: int, to: Addressee, question: str, *, due_in: int | None = None, organisation_id: int, user_id: int
) -> uuid.UUID:
    """Asks; returns the public id of the request. ``due_in``: working days to answer, those of the question when None.

    `NotVisible` for somebody the organisation does not see; `Refused` unless both accompany the person today, for a question one
    does not ask the other, somebody who does not follow the person there, or a request that waits already.
    """
    with db.atomic() as session:
        check_visible([person_id], organisation_id)
        asking, asked = _accompanying(person_id, organisation_id, to.organisation)
        known = {each.code: each for each in questions_between(asking.kind, asked.kind)}
        if question not in known:
            raise Refused(Reason("request_not_for_them"))
        if due_in is not None and due_in not in DEADLINES:
            raise Refused(Reason("request_deadline"))
        user_asked_id = _follows(person_id, asked.id, to.user) if to.user else None
        lock = sa.text("SELECT pg_advisory_xact_lock(hashtext(:what))")  # a double click asks once
        session.execute(lock, {"what": f"request {person_id} {asking.id} {asked.id} {question}"})
        if since := session.scalar(_same_waiting(person_id, asking.id, asked.id, question)):
            raise Refused(Reason("request_waiting", {"on": clock.paris_day(since)}))
        row = Request(
            person_id=person_id,
            question=question,
            asker_id=asking.id,
            asked_id=asked.id,
            user_id=user_id,
            user_asked_id=user_asked_id,
            due_on=due_on(clock.today(), known[question].due_in if due_in is None else due_in),
        )
        session.add(row)
        session.flush()
        return row.public_id


def answer(request_id: int, reply: str, on: date | None = None, *, organisation_id: int, user_id: int) -> None:
    """Gives one of the replies; ``on``: its day, where it has one.

    `NotVisible` for a request of others; `Refused` when it no longer waits, for a reply that is not one of its own, or a day
    that is missing or on the wrong side of today.
    """
    with db.atomic():
        row = _waiting(request_id)
        if row.asked_id != organisation_id:
            raise Refused(Reason("request_not_yours"))
        given = QUESTIONS[row.question].reply(reply) if row.question in QUESTIONS else None
        if given is None:
            raise Refused(Reason("request_reply_unknown"))
        if given.when is None:
            on = None
        elif on is None:
            raise Refused(Reason("request_day_missing"))
        elif not is_right_day(given, on, clock.today()):
            last = {"last": clock.today() + FARTHEST}
            coming = given.when is When.COMING
            raise Refused(Reason("request_day_not_coming", last) if coming else Reason("request_day_not_past", last))
        _move(row, Stage.ANSWERED, StepKind.ANSWERED, organisation_id, user_id, reply=given.code, reply_on=on)


def withdraw_request(request_id: int, *, organisation_id: int, user_id: int) -> None:
    """Takes it back before it is answered. `NotVisible` for a request of others, `Refused` for one that no longer waits."""
    with db.atomic():
        row = _waiting(request_id)
        if row.asker_id != organisation_id:
            raise Refused(Reason("request_not_yours"))
        _move(row, Stage.WITHDRAWN, StepKind.WITHDRAWN, organisation_id, user_id)


def undo_request(public_id: uuid.UUID, *, organisation_id: int, user_id: int) -> None:
    """Takes one's own last act back within ten minutes: an answer waits again, a request was never asked, or waits again.

    `NotVisible` for a request of others; `Refused` for an act of somebody else, too late, or once the other side has acted.
    """
    with db.atomic() as session:
        row = _locked(Request.public_id == public_id)
        steps = sa.select(RequestStep).where(RequestStep.request_id == row.id).order_by(RequestStep.id.desc()).limit(1)
        last = session.scalars(steps).first()
        asked_now = last is None or last.kind is StepKind.REOPENED
        by = (row.asker_id, row.user_id, row.asked_at) if last is None else (last.organisation_id, last.user_id, last.at)
        if row.stage is Stage.UNDONE or (asked_now and last is not None) or by[:2] != (organisation_id, user_id):
            raise Refused(Reason("request_not_undone"))
        if clock.now() - by[2] > UNDOABLE:
            raise Refused(Reason("request_undo_late"))
        if last is not None and (since := session.scalar(_same_waiting(row.person_id, row.asker_id, row.asked_id, row.question))):
            raise Refused(Reason("request_waiting", {"on": clock.paris_day(since)}))
        if last is None:
            _move(row, Stage.UNDONE, StepKind.UNDONE, organisation_id, user_id)
        else:
            _move(row, Stage.ASKED, StepKind.REOPENED, organisation_id, user_id)


def _accompanying(person_id: int, organisation_id: int, asked: uuid.UUID) -> tuple[Organisation, Organisation]:
    """Both organisations, once it is sure that each accompanies the person today and that the other one has an account."""
    reader = Reader(organisation_id, clock.today())
    today = sa.exists().where(
        Link.person_id == person_id, Link.organisation_id == Organisation.id, not_ended(Link, reader)
    )
    both = sa.or_(Organisation.id == organisation_id, sa.and_(Organisation.public_id == asked, Organisation.has_account))
    found = {each.id: each for each in db.session().scalars(sa.select(Organisation).where(both, today))}
    asking = found.pop(organisation_id, None)
    if asking is None or not found:
        raise Refused(Reason("request_not_accompanied"))
    (other,) = found.values()
    return asking, other


def _follows(person_id: int, asked_id: int, user: uuid.UUID) -> int:
    """The number of somebody who follows the person there today."""
    query = (
        sa.select(User.id)
        .join(Link, Link.user_id == User.id)
        .where(
            User.public_id == user, User.active, Link.person_id == person_id, Link.organisation_id == asked_id,
            not_ended(Link, Reader(asked_id, clock.today())),
        )
        .limit(1)
    )  # fmt: skip
    found = db.session().scalar(query)
    if found is None:
        raise Refused(Reason("request_not_their_colleague"))
    return found


def _same_waiting(person_id: int, asker_id: int, asked_id: int, question: str) -> sa.Select[datetime]:
    """Since when the same request waits, if it does."""
    return sa.select(Request.asked_at).where(
        Request.person_id == person_id, Request.asker_id == asker_id, Request.asked_id == asked_id,
        Request.question == question, Request.stage == Stage.ASKED,
    )  # fmt: skip


def _locked(which: sa.ColumnElement[bool]) -> Request:
    found = db.session().scalar(
        sa.select(Request).where(which).with_for_update().execution_options(populate_existing=True)
    )
    if found is None:
        raise NotVisible("request")
    return found


def _waiting(request_id: int) -> Request:
    row = _locked(Request.id == request_id)
    if row.stage is not Stage.ASKED:
        raise Refused(Reason("request_closed"))
    return row


def _move(
    row: Request,
    stage: Stage,
    kind: StepKind,
    organisation_id: int,
    user_id: int,
    *,
    reply: str | None = None,
    reply_on: date | None = None,
) -> None:
    """The step, and the stage it leads to."""
    row.stage = stage
    db.session().add(
        RequestStep(
            request_id=row.id, person_id=row.person_id, organisation_id=organisation_id, user_id=user_id, kind=kind,
            reply=reply, reply_on=reply_on,
        )
    )  # fmt: skip
    db.session().flush()
