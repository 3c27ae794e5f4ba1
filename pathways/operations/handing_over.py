"""Answering a hand-over, or taking it back: what the receiver and the sender declare on a step that may not be theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from pathways import clock, db
from pathways.errors import NotVisible, Reason, Refused
from pathways.models import HandOver, Membership, Person, User
from pathways.operations.dossier import open_dossier
from pathways.operations.recording import record_event
from pathways.workflows.handing_over import Item, Record, Relay, carried, relays_from
from pathways.workflows.passages import ACCEPTED, ACKNOWLEDGED
from pathways.workflows.passages import Kind as PassageKind

REFUSED, WITHDRAWN = "hand_over_refused", "hand_over_withdrawn"


@dataclass(frozen=True, slots=True)
class Bag:
    """A natural passage from a step, and what it should carry: each thing with whether the record holds it (None: not kept)."""

    relay: Relay
    items: Sequence[tuple[Item, bool | None]]


def acknowledge(hand_over_id: int, *, organisation_id: int, user_id: int) -> int:
    """Says that it was received. Returns the id of the entry; raises as `answer`."""
    return answer(hand_over_id, ACKNOWLEDGED, {}, organisation_id=organisation_id, user_id=user_id)


def accept(hand_over_id: int, referent: str, *, organisation_id: int, user_id: int) -> int:
    """Takes the person over; ``referent``: the public id of a member. Returns the id of the entry; raises as `answer`."""
    today = clock.today()
    member = sa.exists().where(
        Membership.organisation_id == organisation_id,
        Membership.user_id == User.id,
        Membership.started_on <= today,
        sa.or_(Membership.ended_on.is_(None), Membership.ended_on >= today),
        sa.cast(User.public_id, sa.Text) == referent,
    )
    if not db.session().scalar(sa.select(member)):
        raise Refused(Reason("not_a_colleague"))
    return answer(hand_over_id, ACCEPTED, {"referent": referent}, organisation_id=organisation_id, user_id=user_id)


def refuse(hand_over_id: int, reason: str, *, organisation_id: int, user_id: int) -> int:
    """Says no, with a reason of the list. Returns the id of the entry; raises as `answer`."""
    return answer(hand_over_id, REFUSED, {"reason": reason}, organisation_id=organisation_id, user_id=user_id)


def withdraw(hand_over_id: int, *, organisation_id: int, user_id: int) -> int:
    """Takes it back, or the request of a transfer. Returns the id of the entry; raises as `answer`."""
    with db.atomic():
        found = _passage(hand_over_id)
        if found.kind is PassageKind.TRANSFER:
            return _record(found, "transfer_withdrawn", {}, organisation_id, user_id)
        return _record(found, WITHDRAWN, {"to": found.receiver_id}, organisation_id, user_id)


def answer(hand_over_id: int, event: str, data: Mapping[str, Any], *, organisation_id: int, user_id: int) -> int:
    """Records the answer on the sender's step. `Refused` with every reason, `NotVisible` for a passage of others."""
    with db.atomic():
        return _record(_passage(hand_over_id), event, data, organisation_id, user_id)


def bags(person_id: int, organisation_id: int, scheme: str, enrolment_id: int) -> list[Bag]:
    """What a hand-over from that step should carry, by who may take over; empty where nothing is agreed on."""
    relays = relays_from(scheme)
    if not relays:
        return []
    today = clock.today()
    folded = open_dossier(person_id, organisation_id, today, lock="none").pathway(today, today)
    step = folded.steps.get(enrolment_id)
    known = db.session().execute(sa.select(Person.phone, Person.email, Person.birth_date).where(Person.id == person_id)).one()
    if step is None:
        return []
    record = Record(step, folded, bool(known.phone or known.email), known.birth_date is not None)
    return [Bag(each, carried(each, record)) for each in relays]


def _passage(hand_over_id: int) -> HandOver:
    found = db.session().scalar(sa.select(HandOver).where(HandOver.id == hand_over_id))
    if found is None:
        raise NotVisible(f"hand-over {hand_over_id}")
    return found


def _record(found: HandOver, event: str, data: Mapping[str, Any], organisation_id: int, user_id: int) -> int:
    return record_event(
        person_id=found.person_id,
        type=event,
        occurred_on=clock.today(),
        data=data,
        organisation_id=organisation_id,
        user_id=user_id,
        enrolment_id=found.enrolment_id,
    )
