"""Giving the work of one colleague to another: alerts, and the persons one follows. Many at once, in a few statements."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pathways import clock, db
from pathways.errors import NotVisible, Reason, Refused
from pathways.models import Alert, AlertAction, Enrolment, Link, LinkRole, Membership, User
from pathways.operations.declaring import Asked, declare_together
from pathways.operations.undo import take_back
from pathways.workflows.dates import ONE_DAY
from pathways.workflows.schemes import SCHEMES

REASONS = {"conge": "Congé", "depart": "Départ", "reequilibrage": "Rééquilibrage", "autre": "Autre"}
"""Why work changes hands."""
HANDED, LEFT_TO_NOBODY, UNDONE = "handed", "left_to_nobody", "handing_undone"
UNDO_WITHIN = timedelta(minutes=10)
NAMED = "referent_named"


@dataclass(frozen=True, slots=True)
class Handed:
    """What became of what was asked. ``changed``: touched by somebody since the page was read, left alone; ``same``: had that
    owner already; ``refused``: the rules of the step do not let one's organisation name its referent. ``batch`` undoes the
    alerts, ``links`` the persons: each link as it stands now, with the entry that named the referent.
    """

    batch: str
    done: int
    changed: int = 0
    same: int = 0
    refused: int = 0
    links: tuple[tuple[int, int | None], ...] = ()


def reassign_alerts(
    asked: Sequence[tuple[uuid.UUID, int]], *, to_user_id: int | None, reason: str, user_id: int, organisation_id: int
) -> Handed:
    """Gives these alerts, each as (public id, version that was read), to a colleague, or to nobody.

    One transaction, three statements. Raises `Refused` for somebody who is no colleague, or a reason off the list, and
    `NotVisible` when one of the alerts is not the organisation's.
    """
    _check(to_user_id, reason, organisation_id)
    read = dict(asked)
    with db.atomic() as session:
        wanted = sa.select(Alert.id, Alert.public_id, Alert.version, Alert.owner_id, Alert.closed_on)
        own = Alert.organisation_id == organisation_id
        rows = session.execute(wanted.where(Alert.public_id.in_(read), own).order_by(Alert.id).with_for_update(of=Alert)).all()
        if len(rows) != len(read):
            raise NotVisible("one of the alerts of a batch")
        fresh = [row for row in rows if row.closed_on is None and row.version == read[row.public_id]]
        moved = {row.id: row.owner_id for row in fresh if row.owner_id != to_user_id}
        batch = _give(moved, to_user_id, reason, user_id)
    return Handed(batch, len(moved), len(rows) - len(fresh), len(fresh) - len(moved))


def undo_reassignment(batch: str, *, user_id: int, organisation_id: int) -> int:
    """Gives back what this user gave away in that batch less than ten minutes ago; returns how many alerts.

    An alert somebody has taken, handed on or closed meanwhile stays as it is.
    """
    with db.atomic() as session:
        later = aliased(AlertAction)
        rows = session.execute(
            sa.select(Alert.id, AlertAction.data)
            .join(AlertAction, AlertAction.alert_id == Alert.id)
            .where(
                AlertAction.user_id == user_id,
                AlertAction.at >= clock.now() - UNDO_WITHIN,
                AlertAction.data["batch"].astext == batch,
                AlertAction.kind.in_((HANDED, LEFT_TO_NOBODY)),
                Alert.organisation_id == organisation_id,
                Alert.closed_on.is_(None),
                ~sa.exists().where(later.alert_id == Alert.id, later.id > AlertAction.id),
            )
            .order_by(Alert.id)
            .with_for_update(of=Alert)
        ).all()
        _own_again({row.id: row.data.get("from") for row in rows})
        _log([{"alert_id": row.id, "data": {"to": row.data.get("from"), "batch": batch}} for row in rows], UNDONE, user_id)
    return len(rows)


def reassign_persons(
    links: Sequence[int],
    *,
    from_user_id: int,
    to_user_id: int,
    reason: str,
    with_alerts: bool,
    user_id: int,
    organisation_id: int,
    note: str = "",
) -> Handed:
    """Another colleague follows these persons from today: their links, and a `referent_named` where the step knows referents.

    ``links``: of ``from_user_id``, as read; those that ended or changed hands meanwhile are left alone and counted.
    ``with_alerts``: their open alerts in that colleague's name go along. ``note``: what the one who takes over should know; it
    stays in the organisation, like every note.
    """
    _check(to_user_id, reason, organisation_id)
    with db.atomic() as session:
        rows = session.execute(
            sa.select(Link.id, Link.person_id, Link.enrolment_id, Link.role, Link.started_on, Enrolment.scheme)
            .outerjoin(Enrolment, Enrolment.id == Link.enrolment_id)
            .where(
                Link.id.in_(links),
                Link.organisation_id == organisation_id,
                Link.user_id == from_user_id,
                Link.ended_on.is_(None),
            )
            .order_by(Link.person_id, Link.id)
            .with_for_update(of=Link)
        ).all()
        if to_user_id == from_user_id:
            return Handed("", 0, 0, len(rows))
        named, refused = _declare(rows, to_user_id, organisation_id, user_id, note)
        moved = [row for row in rows if row.enrolment_id not in refused]
        now = _follow(moved, to_user_id, organisation_id)
        given = tuple((link, named.get(step) if step is not None else None) for link, step in now)
        persons = {row.person_id for row in moved}
        batch = ""
        if with_alerts:
            batch = _give(_alerts_of(persons, from_user_id, organisation_id), to_user_id, reason, user_id)
    return Handed(batch, len(persons), len(set(links)) - len(rows), refused=len(rows) - len(moved), links=given)


def undo_persons(
    given: Sequence[tuple[int, int | None]],
    batch: str,
    *,
    from_user_id: int,
    to_user_id: int,
    user_id: int,
    organisation_id: int,
) -> int:
    """Takes back what `reassign_persons` has just done; returns how many persons are followed by their former referent again.

    ``given``: its ``links``. Whoever somebody else follows by now stays there. `Refused` when an entry may not be taken back.
    """
    entries = dict(given)
    with db.atomic() as session:
        links = session.scalars(
            sa.select(Link)
            .where(
                Link.id.in_(entries),
                Link.organisation_id == organisation_id,
                Link.user_id == to_user_id,
                Link.ended_on.is_(None),
            )
            .order_by(Link.person_id, Link.id)
            .with_for_update()
        ).all()
        persons = {link.person_id for link in links}
        named = [entry for link in links if (entry := entries[link.id]) is not None]
        take_back(named, user_id=user_id, organisation_id=organisation_id)
        _follow_again(links, from_user_id, organisation_id)
        if batch:
            undo_reassignment(batch, user_id=user_id, organisation_id=organisation_id)
    return len(persons)


def _check(to_user_id: int | None, reason: str, organisation_id: int) -> None:
    if reason not in REASONS:
        raise Refused(Reason("handing_reason_unknown"))
    if to_user_id is None:
        return
    today = clock.today()
    belongs = sa.exists().where(
        Membership.user_id == to_user_id,
        Membership.organisation_id == organisation_id,
        Membership.started_on <= today,
        sa.or_(Membership.ended_on.is_(None), Membership.ended_on >= today),
    )
    if not db.session().scalar(sa.select(belongs)):
        raise Refused(Reason("not_a_colleague"))


def _give(moved: Mapping[int, int | None], to_user_id: int | None, reason: str, user_id: int) -> str:
    """The locked alerts get their new owner; the log keeps the former one."""
    batch = uuid.uuid4().hex
    _own_again(dict.fromkeys(moved, to_user_id))
    said = [{"alert_id": id_, "reason": reason, "data": _said(to_user_id, before, batch)} for id_, before in moved.items()]
    _log(said, LEFT_TO_NOBODY if to_user_id is None else HANDED, user_id)
    return batch


def _said(to: int | None, before: int | None, batch: str) -> dict[str, int | str | None]:
    return {"to": to, "from": before, "batch": batch}


def _own_again(owners: Mapping[int, int | None]) -> None:
    """One statement for all the alerts of a new owner; the version grows, so that an older page is refused."""
    by_owner: dict[int | None, list[int]] = {}
    for id_, owner in owners.items():
        by_owner.setdefault(owner, []).append(id_)
    for owner, ids in by_owner.items():
        change = sa.update(Alert).where(Alert.id.in_(ids)).values(owner_id=owner, version=Alert.version + 1)
        db.session().execute(change.execution_options(synchronize_session=False))
    db.session().expire_all()


def _log(said: list[dict[str, object]], kind: str, user_id: int) -> None:
    if said:
        at = clock.now()
        rows = [each | {"kind": kind, "user_id": user_id, "at": at} for each in said]
        db.session().execute(sa.insert(AlertAction).values(rows))


def _alerts_of(persons: set[int], owner_id: int, organisation_id: int) -> dict[int, int | None]:
    rows = db.session().execute(
        sa.select(Alert.id, Alert.owner_id)
        .where(
            Alert.person_id.in_(persons),
            Alert.owner_id == owner_id,
            Alert.organisation_id == organisation_id,
            Alert.closed_on.is_(None),
        )
        .order_by(Alert.id)
        .with_for_update()
    )
    return {row.id: row.owner_id for row in rows}


def _declare(
    rows: Sequence[Any], to_user_id: int, organisation_id: int, user_id: int, note: str
) -> tuple[dict[int, int], set[int]]:
    """A referent is named in the journal where the scheme's page knows of it; elsewhere the link alone says who follows.

    Returns the entry of each enrolment, and the enrolments whose page refuses it: another organisation leads them by now.
    """
    referent = db.session().scalar(sa.select(User.public_id).where(User.id == to_user_id))
    steps = {
        row.enrolment_id: row.person_id
        for row in rows
        if row.role == LinkRole.REFERENT and row.scheme in SCHEMES and NAMED in SCHEMES[row.scheme].workflow.notes
    }
    said = {"referent": str(referent)} | ({"note": note} if note else {})
    asked = [Asked(person, step, NAMED, clock.today(), said) for step, person in steps.items()]
    done = declare_together(asked, organisation_id=organisation_id, user_id=user_id, linking=False)
    named = [each for each in steps if each not in done.refused]
    return dict(zip(named, done.entries, strict=True)), set(done.refused)


def _follow(rows: Sequence[Any], to_user_id: int, organisation_id: int) -> list[tuple[int, int | None]]:
    """The former link ends the evening before, the new one begins today; a link of today only changes its name.

    Returns the links as they stand then, each with its enrolment.
    """
    session, today = db.session(), clock.today()
    begun_before = [row for row in rows if row.started_on < today]
    fresh = [
        Link(
            person_id=row.person_id, enrolment_id=row.enrolment_id, organisation_id=organisation_id, user_id=to_user_id,
            role=row.role, started_on=today,
        )
        for row in begun_before
    ]  # fmt: skip
    session.add_all(fresh)
    session.flush()  # the new link opens the door before the former one closes it
    ended = sa.update(Link).where(Link.id.in_([row.id for row in begun_before]))
    session.execute(ended.values(ended_on=today - ONE_DAY, ended_recorded_at=clock.now()))
    renamed = [(row.id, row.enrolment_id) for row in rows if row.started_on >= today]
    session.execute(sa.update(Link).where(Link.id.in_([link for link, _step in renamed])).values(user_id=to_user_id))
    return [(link.id, link.enrolment_id) for link in fresh] + renamed


def _follow_again(links: Sequence[Link], user_id: int, organisation_id: int) -> None:
    """The link that ended a moment ago goes on as if it never had; one that only changed its name gets it back."""
    session = db.session()
    ended = session.scalars(
        sa.select(Link).where(
            Link.person_id.in_({link.person_id for link in links}),
            Link.organisation_id == organisation_id,
            Link.user_id == user_id,
            Link.ended_on == clock.today() - ONE_DAY,
            Link.ended_recorded_at >= clock.now() - UNDO_WITHIN,
        )
    )
    former = {(link.person_id, link.enrolment_id, link.role): link for link in ended}
    replaced = []
    for link in links:
        before = former.get((link.person_id, link.enrolment_id, link.role))
        if before is None:
            link.user_id = user_id
        else:
            before.ended_on = before.ended_recorded_at = None
            replaced.append(link)
    session.flush()  # the former link opens the door before the new one goes
    for link in replaced:
        session.delete(link)
    session.flush()
