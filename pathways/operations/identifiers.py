"""Keeping the numbers other systems know a person by. Each number is one person's; none is a social security number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pathways import db
from pathways.errors import NotVisible, Reason, Refused
from pathways.models import ExternalId, Organisation, Person
from pathways.operations.likeness import propose, propose_pair
from pathways.operations.persons import KNOWN
from pathways.sharing.identifiers import numbers_shown_to
from pathways.sharing.visibility import Reader, leads, visible_to
from pathways.workflows.identifiers import compact, fault


@dataclass(frozen=True, slots=True)
class Kept:
    """What changed: system → the number before and the one now, "" for none."""

    changed: Mapping[str, tuple[str, str]]


def keep_numbers(person_id: int, typed: Mapping[str, str], reader: Reader) -> Kept:
    """Gives the person these numbers in place of the ones shown: system → number, empty to forget it; others are left alone.

    Only numbers the reader's organisation may keep; of a person with several in one system (records that were joined) the oldest
    is the one shown. `Refused` with every reason. A number that is another record's is refused too: when the reader sees that
    record, its reason carries ``pair``, the proposal on which the two can be compared; else it says nothing of whose it is.
    """
    wanted = {system: compact(number) for system, number in typed.items()}
    reasons = [each for each in (fault(system, number) for system, number in wanted.items()) if each]
    if reasons:
        raise Refused(*reasons)
    try:
        with db.atomic():
            _refuse_others(person_id, wanted, reader)
            held = _taken(wanted, person_id)
            if not held:
                changed = _store(person_id, wanted)
                if changed:
                    propose(person_id)
                return Kept(changed)
    except IntegrityError:  # somebody else gave it to another person meanwhile
        held = _taken(wanted, person_id)
        if not held:
            raise
    raise Refused(*(_known(system, person_id, holder, reader) for system, holder in held.items()))


def _refuse_others(person_id: int, wanted: Mapping[str, str], reader: Reader) -> None:
    """The person is seen, and these are numbers the organisation keeps of them."""
    row = (
        db.session()
        .execute(
            sa.select(Organisation.kind, leads(reader, sa.literal(person_id))).where(
                Organisation.id == reader.organisation_id, visible_to(reader, sa.literal(person_id))
            )
        )
        .first()
    )
    if row is None or not set(wanted) <= set(numbers_shown_to(row.kind, leads=row[1])):
        raise NotVisible(f"numbers of person {person_id}")
    db.session().execute(sa.select(Person.id).where(Person.id == person_id).with_for_update())


def _taken(wanted: Mapping[str, str], person_id: int) -> dict[str, int]:
    """System → the other person who has that number, whoever accompanies them."""
    asked = [(system, number) for system, number in wanted.items() if number]
    if not asked:
        return {}
    with db.atomic() as session, db.as_system():
        rows = session.execute(
            sa.select(ExternalId.system, sa.func.coalesce(Person.merged_into, Person.id))
            .join(Person, Person.id == ExternalId.person_id)
            .where(sa.tuple_(ExternalId.system, sa.func.upper(ExternalId.value)).in_(asked))
        )
        return {system: holder for system, holder in rows if holder != person_id}


def _store(person_id: int, wanted: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    session = db.session()
    known = session.scalars(
        sa.select(ExternalId).where(ExternalId.person_id == person_id, ExternalId.system.in_(wanted)).order_by(ExternalId.id)
    ).all()
    changed = {}
    for system, number in wanted.items():
        mine = [each for each in known if each.system == system]
        before = mine[0].value if mine else ""
        if number == before.upper() or any(each.value.upper() == number for each in mine[1:]):
            continue
        if mine and number:
            mine[0].value = number
        elif mine:
            session.delete(mine[0])
        else:
            session.add(ExternalId(person_id=person_id, system=system, value=number))
        changed[system] = (before, number)
    session.flush()
    return changed


def _known(system: str, person_id: int, holder: int, reader: Reader) -> Reason:
    """Why the number is refused, with the way to compare the two records for somebody who sees both."""
    reason = KNOWN[system]
    with db.atomic() as session:
        if not session.scalar(sa.select(visible_to(reader, sa.literal(holder)))):
            return reason
        return replace(reason, values={"pair": str(propose_pair(person_id, holder, system))})
