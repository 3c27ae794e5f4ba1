"""Organisations named without an account, and one's own contact card."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from pathways import db
from pathways.errors import NotVisible, Reason, Refused
from pathways.models import Kind, Organisation
from pathways.sharing.identifiers import email_address, phone_number
from pathways.workflows.identifiers import compact, fault

LONGEST_NAME = 200
_READ = (
    ("phone", phone_number, Reason("phone_invalid")),
    ("email", email_address, Reason("email_invalid")),
)
_COMMUNE = re.compile(r"([0-9]{2}|2A|2B)[0-9]{3}")


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach an organisation, as typed. ``commune``: its INSEE code; ``dpo``: None leaves what is known, "" clears it."""

    phone: str | None = None
    email: str | None = None
    commune: str | None = None
    dpo: str | None = None


def add_partner(kind: Kind, name: str, *, siret: str | None, uai: str | None, contact: Contact) -> uuid.UUID:
    """Names an organisation that has no account; anybody may then be linked to it. Returns its public id.

    One of the same kind with the same SIRET and UAI is refused; looking alike is for a human to judge, before.
    """
    said, numbers = clean_name(name), {"siret": compact(siret) or None, "uai": compact(uai) or None}
    reasons = list(number_faults(siret, uai))
    if reasons:
        raise Refused(*reasons)
    with db.atomic() as session:
        if any(numbers.values()):
            _one_at_a_time(f"{kind}:{numbers}")
            same = [getattr(Organisation, column).is_not_distinct_from(value) for column, value in numbers.items()]
            twin = session.scalar(sa.select(Organisation.name).where(Organisation.kind == kind, *same))
            if twin is not None:
                raise Refused(Reason("partner_known", {"name": twin}))
        made = Organisation(kind=kind, name=said, has_account=False, **numbers, **_checked(contact))
        session.add(made)
        session.flush()
        return made.public_id


def edit_contact(organisation: uuid.UUID, *, name: str | None, contact: Contact, organisation_id: int) -> None:
    """Corrects how an organisation is reached (and the name of a partner). One that has an account edits its own card only."""
    with db.atomic() as session:
        found = session.scalar(sa.select(Organisation).where(Organisation.public_id == organisation).with_for_update())
        if found is None:
            raise NotVisible(f"organisation {organisation}")
        if found.has_account and found.id != organisation_id:
            raise Refused(Reason("partner_has_account", {"name": found.name}))
        if name is not None and not found.has_account:
            found.name = clean_name(name)
        for column, value in _checked(contact).items():
            setattr(found, column, value)
        session.flush()


def number_faults(siret: str | None, uai: str | None) -> Sequence[Reason]:
    """What is wrong with the numbers typed; both are optional."""
    faults = [fault("siret", siret), fault("uai", uai)]
    return [each for each in faults if each]


def clean_name(name: str) -> str:
    said = " ".join((name or "").split())
    if not said or len(said) > LONGEST_NAME:
        raise Refused(Reason("name_missing"))
    return said


def _checked(contact: Contact) -> dict[str, str | None]:
    reasons, values = [], {}
    for column, read, unread in _READ:
        try:
            values[column] = read(getattr(contact, column))
        except ValueError:
            reasons.append(unread)
    values["commune"] = contact.commune or None
    if contact.commune and not _COMMUNE.fullmatch(contact.commune):
        reasons.append(Reason("commune_unknown"))
    if reasons:
        raise Refused(*reasons)
    if contact.dpo is not None:
        values["dpo_contact"] = " ".join(contact.dpo.split()) or None
    return values


def _one_at_a_time(partner: str) -> None:
    """Two people who add the same partner at once wait for each other."""
    db.session().execute(sa.text("SELECT pg_advisory_xact_lock(hashtext(:partner))"), {"partner": f"partner:{partner}"})
