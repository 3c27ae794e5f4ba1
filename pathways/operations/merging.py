"""Saying that two records are one person, or two people, and taking either back. Only a human does; nothing is lost by it.

Joining moves what one record holds to the other (one function of the database does, and notes which rows), so that steps are
folded, and signals found, from everything declared about the person. Undoing moves exactly those rows back, with what was
declared since on the steps that go back.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pathways import clock, db
from pathways.detection.sweep import evaluate_now
from pathways.errors import NotVisible, Reason, Refused
from pathways.models import (
    Alert,
    AlertAction,
    DuplicateProposal,
    JournalEntry,
    Link,
    Person,
    PersonMerge,
    ProposalState,
)
from pathways.operations.alerts import close_as
from pathways.operations.likeness import propose_many
from pathways.operations.recording import record_event
from pathways.workflows.entry import DEATH, DECEASED

IDENTITY = ("family_name", "given_name", "birth_date", "sex", "commune", "phone", "email", "level", "rqth_until")
"""What may be taken from either record, as columns of the person."""
STATED = {name: name for name in ("family_name", "given_name", "sex", "commune", "level")} | {"birth_date": "born"}
"""Column → detail of an ``identity_stated`` entry. Telephone and address are no facts of the journal; a recognition of
disability is one already, wherever it was declared.
"""
HANDLED = "already_handled"
BOTH = 2
_RESTING = sa.case(
    (Alert.acted_on.is_not(None), "in_action"),
    (Alert.acknowledged_on.is_not(None), "acknowledged"),
    (Alert.shown_on.is_not(None), "new"),
    else_="proposed",
)
_HELD = sa.case((_RESTING == "proposed", "budget"))
"""Where an alert stands by what was done with it, once it is open again."""


def join(
    kept_id: int,
    merged_id: int,
    *,
    user_id: int,
    organisation_id: int,
    reason: str | None = None,
    from_merged: frozenset[str] = frozenset(),
    confirmed: bool = False,
) -> int:
    """The two records are one person: ``merged`` becomes another address of ``kept``. Returns the id of the merge.

    ``from_merged``: columns of ``IDENTITY`` to take from the other record; what the kept one lacks is always taken.
    ``confirmed``: whoever asks has seen that sexes or birth dates contradict each other, or that a death was declared.
    `NotVisible` unless the organisation sees both; `Refused` with every reason.
    """
    today = clock.today()
    with db.atomic() as session:
        kept, merged = _locked(kept_id, merged_id)
        _refuse_joining(kept, merged, organisation_id, today, confirmed=confirmed)
        # Both are evaluated up to today, so that one evaluation can go on for both.
        evaluate_now(kept.id, today)
        evaluate_now(merged.id, today)
        session.expire_all()
        before = {
            "identity": _take_over(kept, merged, from_merged, organisation_id, user_id),
            "alerts": _close_colliding_alerts(kept.id, merged.id, user_id),
            "merged": {name: _text(getattr(merged, name)) for name in ("family_name", "given_name", "birth_date")},
        }
        merge = PersonMerge(
            kept_id=kept.id,
            merged_id=merged.id,
            user_id=user_id,
            organisation_id=organisation_id,
            reason=_plain(reason),
            before=before,
        )
        session.add(merge)
        session.flush()
        merge_id = merge.id
        _move(merge_id, back=False)
        evaluate_now(kept_id, today)
        _decide(kept_id, merged_id, ProposalState.JOINED, user_id, organisation_id, _plain(reason))
        propose_many([kept_id, merged_id])
    return merge_id


def undo(merge_id: int, *, user_id: int, organisation_id: int) -> None:
    """Takes a merge back: both records are again what they were, with what was declared since on their own steps.

    Any organisation that accompanies the person may. `NotVisible` for one that does not; `Refused` when it is undone already, or
    when the kept record was joined to a third one meanwhile, which is to be undone first.
    """
    today = clock.today()
    with db.atomic() as session:
        merge = session.scalar(sa.select(PersonMerge).where(PersonMerge.id == merge_id))
        if merge is None:
            raise NotVisible(f"merge {merge_id}")
        kept_id, merged_id, before = merge.kept_id, merge.merged_id, merge.before
        with db.as_system():
            session.execute(sa.select(Person.id).where(Person.id.in_([kept_id, merged_id])).order_by(Person.id).with_for_update())
        session.refresh(merge)
        if merge.undone_at is not None:
            raise Refused(Reason("merge_undone", {"on": clock.paris_day(merge.undone_at)}))
        kept = session.scalar(sa.select(Person).where(Person.id == kept_id).execution_options(populate_existing=True))
        if kept is None:
            raise NotVisible(f"person {kept_id}")
        evaluate_now(kept_id, today)
        _give_back(kept_id, before.get("identity", {}), organisation_id, user_id)
        _move(merge_id, back=True)
        _reopen_alerts(before.get("alerts", []), user_id)
        session.execute(
            sa.update(PersonMerge)
            .where(PersonMerge.id == merge_id)
            .values(undone_at=clock.now(), undone_by=user_id, undone_for=organisation_id)
            .execution_options(synchronize_session=False)
        )
        evaluate_now(kept_id, today)
        evaluate_now(merged_id, today)
        _decide(kept_id, merged_id, ProposalState.OPEN)
        propose_many([kept_id, merged_id])
        session.expire_all()


def tell_apart(proposal_id: int, *, user_id: int, organisation_id: int, reason: str | None = None) -> None:
    """The two records are two people: they are not proposed again unless an identity changes.

    A reason is asked of an organisation that sees one of them only. `NotVisible` for one that sees neither.
    """
    with db.atomic() as session:
        proposal = _open_proposal(proposal_id)
        one, other = proposal.first_id, proposal.second_id
        seen = session.scalars(sa.select(Person.id).where(Person.id.in_([one, other]))).all()
        if len(seen) < BOTH and not _plain(reason):
            raise Refused(Reason("reason_missing"))
        _decide(one, other, ProposalState.APART, user_id, organisation_id, _plain(reason))


def reopen(proposal_id: int) -> None:
    """Takes back that two records are two people: the proposal is open again."""
    with db.atomic() as session:
        proposal = session.scalar(sa.select(DuplicateProposal).where(DuplicateProposal.id == proposal_id).with_for_update())
        if proposal is None:
            raise NotVisible(f"proposal {proposal_id}")
        if proposal.state is not ProposalState.APART:
            raise Refused(Reason("proposal_not_apart"))
        _decide(proposal.first_id, proposal.second_id, ProposalState.OPEN)


# --- what stands against it --------------------------------------------------------------------------------------------


def _locked(kept_id: int, merged_id: int) -> tuple[Person, Person]:
    """Both persons as the organisation sees them, locked in one order whoever asks."""
    rows = db.session().scalars(
        sa.select(Person)
        .where(Person.id.in_([kept_id, merged_id]))
        .order_by(Person.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = {person.id: person for person in rows}
    if kept_id == merged_id:
        raise Refused(Reason("same_record"))
    # A record that was joined is seen by nobody any more, so this comes first.
    if any(person.merged_into is not None for person in found.values()) or _joined_already(kept_id, merged_id):
        raise Refused(Reason("already_joined"))
    if len(found) < BOTH:
        raise NotVisible(f"persons {kept_id} and {merged_id}")
    return found[kept_id], found[merged_id]


def _joined_already(kept_id: int, merged_id: int) -> bool:
    """One of them was joined to a record the organisation sees."""
    query = sa.exists().where(PersonMerge.merged_id.in_([kept_id, merged_id]), PersonMerge.undone_at.is_(None))
    return bool(db.session().scalar(sa.select(query)))


def _refuse_joining(kept: Person, merged: Person, organisation_id: int, today: date, *, confirmed: bool) -> None:
    both = [kept.id, merged.id]
    accompanied = sa.exists().where(
        Link.person_id.in_(both),
        Link.organisation_id == organisation_id,
        sa.or_(Link.ended_on.is_(None), Link.ended_on >= today),
    )
    reasons = [] if db.session().scalar(sa.select(accompanied)) else [Reason("not_accompanied")]
    reasons += [] if confirmed else contradictions(kept, merged)
    if reasons:
        raise Refused(*reasons)


def contradictions(kept: Person, merged: Person) -> list[Reason]:
    """What speaks against one person, and may yet be a mistake of one record: to be confirmed by whoever joins them."""
    found = []
    if kept.birth_date and merged.birth_date and kept.birth_date != merged.birth_date:
        found.append(Reason("births_differ", {"one": kept.birth_date, "other": merged.birth_date}))
    if kept.sex and merged.sex and kept.sex != merged.sex:
        found.append(Reason("sexes_differ"))
    undone = aliased(JournalEntry)
    with db.as_system():
        dead = db.session().scalar(
            sa.select(
                sa.exists().where(
                    JournalEntry.person_id.in_([kept.id, merged.id]),
                    sa.or_(JournalEntry.type == DEATH, JournalEntry.payload["outcome"].astext == DECEASED),
                    ~sa.exists().where(undone.retracts == JournalEntry.id),
                )
            )
        )
    return [*found, Reason("death_declared")] if dead else found


# --- moving, and what goes with it -------------------------------------------------------------------------------------


def _move(merge_id: int, *, back: bool) -> None:
    session = db.session()
    session.flush()
    session.execute(sa.text("SELECT move_record(:merge, :back)"), {"merge": merge_id, "back": back})
    session.expire_all()


def _take_over(
    kept: Person, merged: Person, names: frozenset[str], organisation_id: int, user_id: int
) -> dict[str, list[str | None]]:
    """Takes these columns, and those that are missing, from the other record; returns what changed, as text."""
    pairs = {name: [_text(getattr(kept, name)), _text(getattr(merged, name))] for name in IDENTITY}
    changed = {
        name: [mine, theirs]
        for name, (mine, theirs) in pairs.items()
        if theirs is not None and theirs != mine and (name in names or mine is None)
    }
    if changed:
        _state(kept.id, {name: after for name, (_before, after) in changed.items()}, organisation_id, user_id)
    return changed


def _give_back(kept_id: int, changed: Mapping[str, list[str | None]], organisation_id: int, user_id: int) -> None:
    """The kept record's own identity again, but for what somebody has corrected since."""
    with db.as_system():
        kept = db.session().get_one(Person, kept_id, populate_existing=True)
    former = {name: before for name, (before, after) in changed.items() if _text(getattr(kept, name)) == after}
    if former:
        _state(kept_id, former, organisation_id, user_id)


def _state(person_id: int, told: Mapping[str, str | None], organisation_id: int, user_id: int) -> None:
    """Writes these columns, and says in the journal those that are facts of it."""
    session = db.session()
    person = session.get_one(Person, person_id, populate_existing=True)
    for name, value in told.items():
        setattr(person, name, _value(name, value))
    session.flush()
    facts = {STATED[name]: value for name, value in told.items() if name in STATED and value is not None}
    if facts:
        record_event(
            person_id=person_id,
            type="identity_stated",
            occurred_on=clock.today(),
            data=facts,
            organisation_id=organisation_id,
            user_id=user_id,
        )


def _text(value: Any) -> str | None:
    return None if value is None else value.isoformat() if isinstance(value, date) else str(value)


def _value(name: str, text: str | None) -> Any:
    return date.fromisoformat(text) if text is not None and name in {"birth_date", "rqth_until"} else text


def _close_colliding_alerts(kept_id: int, merged_id: int, user_id: int) -> list[dict[str, int]]:
    """Of two open alerts about the same thing, the kept record's goes on; the other is closed as handled already."""
    mine = aliased(Alert)
    session, closed = db.session(), []
    with db.as_system():
        same = sa.exists().where(
            mine.person_id == kept_id, mine.closed_on.is_(None), mine.enrolment_id.is_(None), mine.family == Alert.family
        )
        query = sa.select(Alert).where(
            Alert.person_id == merged_id, Alert.closed_on.is_(None), Alert.enrolment_id.is_(None), same
        )
        for alert in session.scalars(query.order_by(Alert.id).with_for_update()):
            closed.append({"id": alert.id, "version": alert.version})
            close_as(alert, HANDLED)
            said = {"outcome": HANDLED, "joined": True}
            session.add(AlertAction(alert_id=alert.id, user_id=user_id, kind="dismissed", data=said))
        session.flush()
    return closed


def _reopen_alerts(closed: list[dict[str, int]], user_id: int) -> None:
    """The alerts that joining closed are open again, unless something was done with them since."""
    session = db.session()
    with db.as_system():
        for each in closed:
            again = session.execute(
                sa.update(Alert)
                .where(Alert.id == each["id"], Alert.outcome == HANDLED, Alert.version == each["version"] + 1)
                .values(state=_RESTING, held_for=_HELD, closed_on=None, outcome=None, version=each["version"])
                .returning(Alert.id)
                .execution_options(synchronize_session=False)
            ).first()
            if again:
                session.add(AlertAction(alert_id=each["id"], user_id=user_id, kind="reopened", data={"joined": False}))
        session.flush()


# --- the proposal ------------------------------------------------------------------------------------------------------


def _open_proposal(proposal_id: int) -> DuplicateProposal:
    proposal = db.session().scalar(
        sa.select(DuplicateProposal)
        .where(DuplicateProposal.id == proposal_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if proposal is None:
        raise NotVisible(f"proposal {proposal_id}")
    if proposal.state is not ProposalState.OPEN:
        raise Refused(Reason("proposal_decided", {"on": proposal.decided_on}))
    return proposal


def _decide(
    one: int,
    other: int,
    state: ProposalState,
    user_id: int | None = None,
    organisation_id: int | None = None,
    reason: str | None = None,
) -> None:
    """Notes on the pair's proposal, where there is one, what was decided of it."""
    decided = state is not ProposalState.OPEN
    db.session().execute(
        sa.update(DuplicateProposal)
        .where(DuplicateProposal.first_id == min(one, other), DuplicateProposal.second_id == max(one, other))
        .values(
            state=state,
            decided_on=clock.today() if decided else None,
            decided_by=user_id,
            decided_for=organisation_id,
            reason=reason,
        )
        .execution_options(synchronize_session=False)
    )


def _plain(reason: str | None) -> str | None:
    return (reason or "").strip() or None
