"""Opening the record of somebody one's organisation begins to accompany."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pathways import clock, db
from pathways.errors import Reason, Refused
from pathways.models import ExternalId, Link, LinkRole, Organisation, Person
from pathways.operations.likeness import propose
from pathways.operations.recording import record_event
from pathways.sharing.identifiers import email_address, phone_number
from pathways.workflows.actors import ACCOMPANYING, TRAINING_BODIES
from pathways.workflows.dates import age_on
from pathways.workflows.identifiers import compact, fault
from pathways.workflows.nir import holds_a_nir, nir_shaped

OLDEST = 100
USUAL_AGES = (15, 67)
"""Outside of these years, a birth date is more often a slip than a person of ours: whoever types it confirms it."""
LONGEST_NAME = 80
KNOWN: Mapping[str, Reason] = {
    "france_travail": Reason("france_travail_known"),
    "ine": Reason("ine_known"),
    "i_milo": Reason("i_milo_known"),
    "pass_iae": Reason("pass_iae_known"),
}
"""System → what is said of a number that is another record's: whose it is may be another organisation's business."""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """An identity as it was typed. ``commune``: INSEE code. ``numbers``: system → number."""

    family_name: str
    given_name: str
    birth_date: date | None = None
    sex: str | None = None
    commune: str | None = None
    phone: str | None = None
    email: str | None = None
    level: str | None = None
    numbers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Created:
    """The new record. ``proposed``: how many existing ones it looks like."""

    id: int
    public_id: uuid.UUID
    proposed: int


def create_person(who: NewPerson, *, organisation_id: int, user_id: int, age_confirmed: bool = False) -> Created:
    """Opens the record of a person whom the organisation begins to accompany, its author in charge.

    One transaction: the person, the identity in the journal, the numbers, the link, the evaluation, and the records it looks
    like. Raises `Refused` with every reason. Whoever calls has shown the look-alikes first: they are proposed, not refused.
    """
    today = clock.today()
    who, reasons = _read(who, today, age_confirmed=age_confirmed)
    if reasons:
        raise Refused(*reasons)
    with db.atomic() as session:
        person = Person(
            id=session.scalar(sa.text("SELECT nextval(pg_get_serial_sequence('person', 'id'))")),
            public_id=uuid.uuid4(),
            **{name: getattr(who, name) for name in ("family_name", "given_name", "birth_date", "sex", "commune")},
            **{name: getattr(who, name) for name in ("phone", "email", "level")},
        )
        created = Created(person.id, person.public_id, 0)
        session.add(person)
        session.flush()
        _link(created.id, organisation_id, user_id, today)
        _keep_numbers(created.id, who.numbers)
        record_event(
            person_id=created.id,
            type="identity_stated",
            occurred_on=today,
            data=_stated(who),
            organisation_id=organisation_id,
            user_id=user_id,
        )
        return Created(created.id, created.public_id, propose(created.id))


def _stated(who: NewPerson) -> dict[str, Any]:
    """The identity as the journal tells it."""
    told = {
        "family_name": who.family_name,
        "given_name": who.given_name,
        "born": who.birth_date and who.birth_date.isoformat(),
        "sex": who.sex,
        "commune": who.commune,
        "level": who.level,
    }
    return {name: value for name, value in told.items() if value}


def _link(person_id: int, organisation_id: int, user_id: int, today: date) -> None:
    """The organisation accompanies the person from today, through its author: row-level security opens with it."""
    session = db.session()
    kind = session.scalar(sa.select(Organisation.kind).where(Organisation.id == organisation_id))
    role = LinkRole.REFERENT if kind in ACCOMPANYING else LinkRole.OPERATOR if kind in TRAINING_BODIES else LinkRole.PARTNER
    session.add(Link(person_id=person_id, organisation_id=organisation_id, user_id=user_id, role=role, started_on=today))
    session.flush()


def _keep_numbers(person_id: int, numbers: Mapping[str, str]) -> None:
    """Each number belongs to one record; one that is known already may be another organisation's, hence no name."""
    session = db.session()
    for system, value in numbers.items():
        try:
            with session.begin_nested():
                session.add(ExternalId(person_id=person_id, system=system, value=value))
                session.flush()
        except IntegrityError as known:
            raise Refused(KNOWN[system]) from known


# --- what is typed -----------------------------------------------------------------------------------------------------


def _read(who: NewPerson, today: date, *, age_confirmed: bool) -> tuple[NewPerson, list[Reason]]:
    """The identity as it is kept, and every reason against it."""
    reasons = [*_against_the_names(who), *_against_the_age(who.birth_date, today, age_confirmed=age_confirmed)]
    phone = email = None
    try:
        phone = phone_number(who.phone)
    except ValueError:
        reasons.append(Reason("phone_unreadable"))
    try:
        email = email_address(who.email)
    except ValueError:
        reasons.append(Reason("email_unreadable"))
    numbers = {system: compact(typed) for system, typed in who.numbers.items() if compact(typed)}
    reasons += [each for each in (fault(system, value) for system, value in numbers.items()) if each]
    read = NewPerson(
        one_space(who.family_name),
        one_space(who.given_name),
        who.birth_date,
        who.sex or None,
        who.commune or None,
        phone,
        email,
        who.level or None,
        numbers,
    )
    return read, list(dict.fromkeys(reasons))


def one_space(name: str) -> str:
    """A name as it was typed, without spaces around it and with single ones inside."""
    return " ".join(name.split())


def _against_the_names(who: NewPerson) -> list[Reason]:
    names = [one_space(who.family_name), one_space(who.given_name)]
    if not all(names):
        return [Reason("names_missing")]
    if any(len(name) > LONGEST_NAME for name in names):
        return [Reason("name_too_long", {"most": LONGEST_NAME})]
    return [Reason("nir_as_number")] if any(holds_a_nir(name) or nir_shaped(name) for name in names) else []


def _against_the_age(born: date | None, today: date, *, age_confirmed: bool) -> list[Reason]:
    if born is None:
        return [Reason("birth_date_missing")]
    if born > today:
        return [Reason("birth_to_come")]
    age, (young, old) = age_on(born, today), USUAL_AGES
    if age > OLDEST:
        return [Reason("birth_too_far", {"most": OLDEST})]
    return [] if young <= age <= old or age_confirmed else [Reason("age_to_confirm", {"age": age})]
