"""Noting what somebody agrees to share with another organisation, and that they no longer do (domain sheet D3)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from pathways import clock, db
from pathways.errors import NotVisible, Reason, Refused
from pathways.models import Agreement, Organisation, SharedGroup
from pathways.operations.dossier import check_visible
from pathways.sharing.agreements import ADAPTATIONS
from pathways.sharing.matrix import ASKED, MATRIX, Group, place_of


def may_receive(recipient: Organisation, group: SharedGroup) -> bool:
    """The matrix lets an organisation of that kind read the group, once the person agrees."""
    return MATRIX[place_of(recipient.kind, leads=False)][Group(group.value)] in ASKED


def note_agreement(
    person_id: int,
    recipient: uuid.UUID,
    group: str,
    *,
    adaptations: Sequence[str] = (),
    until: date | None = None,
    organisation_id: int,
    user_id: int,
) -> Agreement:
    """Notes it from today on. `Refused` when nothing would be shared by it; `NotVisible` for a stranger."""
    today, wanted = clock.today(), SharedGroup(group)
    with db.atomic() as session:
        check_visible([person_id], organisation_id)
        body = session.scalar(sa.select(Organisation).where(Organisation.public_id == recipient))
        if body is None:
            raise Refused(Reason("recipient_unknown"))
        if body.id == organisation_id or not may_receive(body, wanted):
            raise Refused(Reason("nothing_to_share", {"kind": body.kind.value}))
        if wanted is SharedGroup.HEALTH and (not adaptations or set(adaptations) - set(ADAPTATIONS)):
            raise Refused(Reason("adaptations_missing"))
        if until is not None and until < today:
            raise Refused(Reason("until_is_past"))
        agreement = Agreement(
            person_id=person_id, organisation_id=organisation_id, recipient_id=body.id, user_id=user_id, field_group=wanted,
            adaptations=list(adaptations) if wanted is SharedGroup.HEALTH else [], given_on=today, until=until,
        )
        session.add(agreement)
        session.flush()
        return agreement


def revoke_agreement(person_id: int, agreement: uuid.UUID, *, organisation_id: int, user_id: int) -> None:
    """From today nothing is read by it any more; it stays written. Any organisation the person tells may do it."""
    with db.atomic() as session:
        check_visible([person_id], organisation_id)
        found = session.scalar(
            sa.select(Agreement).where(Agreement.public_id == agreement, Agreement.person_id == person_id).with_for_update()
        )
        if found is None:
            raise NotVisible(f"agreement {agreement}")
        if found.revoked_on is None:
            found.revoked_on, found.revoked_by = clock.today(), user_id
