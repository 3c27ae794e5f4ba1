"""What the person was told, and what they ask for: noted, dated, answered within a month (GDPR art. 12 to 21)."""

from __future__ import annotations

import uuid

import sqlalchemy as sa

from pathways import clock, db
from pathways.errors import NotVisible, Reason, Refused
from pathways.models import Channel, InformationGiven, Right, RightsRequest
from pathways.operations.dossier import check_visible
from pathways.operations.recording import record_event
from pathways.sharing.information import VERSION


def note_information(person_id: int, *, easy: bool, channel: str, organisation_id: int, user_id: int) -> None:
    """The sheet in force was given today. `NotVisible` for a stranger."""
    with db.atomic() as session:
        check_visible([person_id], organisation_id)
        session.add(InformationGiven(
            person_id=person_id, organisation_id=organisation_id, user_id=user_id, version=VERSION, easy=easy,
            channel=Channel(channel), given_on=clock.today(),
        ))


def receive_request(person_id: int, kind: str, said: str, *, organisation_id: int, user_id: int) -> RightsRequest:
    """A request of the person, received today. An objection holds as soon as it is received; the others wait for an answer."""
    wanted, today = Right(kind), clock.today()
    with db.atomic() as session:
        check_visible([person_id], organisation_id)
        request = RightsRequest(
            person_id=person_id, organisation_id=organisation_id, user_id=user_id, kind=wanted, said=said.strip(),
            received_on=today,
        )
        if wanted is Right.OBJECTION:
            _declare("objection_stated", person_id, organisation_id, user_id)
            request.answered_on, request.answered_by, request.granted = today, user_id, True
        session.add(request)
        session.flush()
        return request


def withdraw_objection(person_id: int, *, organisation_id: int, user_id: int) -> None:
    """The person wants the automatic signals again."""
    with db.atomic():
        check_visible([person_id], organisation_id)
        _declare("objection_withdrawn", person_id, organisation_id, user_id)


def answer_request(
    request: uuid.UUID, *, granted: bool, answer: str, organisation_id: int, user_id: int
) -> None:
    """The organisation that received it answers, once. `Refused` without the reason of a refusal."""
    with db.atomic() as session:
        found = session.scalar(
            sa.select(RightsRequest)
            .where(RightsRequest.public_id == request, RightsRequest.organisation_id == organisation_id)
            .with_for_update()
        )
        if found is None:
            raise NotVisible(f"request {request}")
        if found.answered_on is not None:
            raise Refused(Reason("request_answered"))
        if not granted and not answer.strip():
            raise Refused(Reason("answer_missing"))
        found.answered_on, found.answered_by, found.granted, found.answer = clock.today(), user_id, granted, answer.strip()


def _declare(event: str, person_id: int, organisation_id: int, user_id: int) -> None:
    record_event(
        person_id=person_id, type=event, occurred_on=clock.today(), data={}, organisation_id=organisation_id, user_id=user_id
    )
