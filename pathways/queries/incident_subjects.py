"""Whom an incident may be about: the employers and bodies of the open steps one sees, and the persons it would concern."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from pathways import db
from pathways.detection.concerned import Place, contracts, siren_of, steps_at
from pathways.models import Organisation, Person
from pathways.models.person import fold
from pathways.sharing.visibility import Reader, visible_to
from pathways.workflows.entry import Ref
from pathways.workflows.identifiers import compact
from pathways.workflows.incidents import INSOLVENCY, plain

MOST, PEOPLE = 20, 200
"""Subjects and persons shown; beyond, their number is told."""


@dataclass(frozen=True, slots=True)
class Subject:
    """An organisation, or an employer as contracts name it. ``key``: how the address says which; ``persons``: ids."""

    key: str
    organisation_id: int | None
    named: str | None
    name: str
    siret: str | None
    commune: str | None
    persons: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Whom:
    """One person it would concern."""

    id: int
    public_id: uuid.UUID
    family_name: str
    given_name: str


def subjects(kind: str, reader: Reader, search: str = "") -> list[Subject]:
    """Those whose name or SIRET has these words, with the most persons first; four statements at most."""
    session = db.session()
    places = contracts(session) if kind == INSOLVENCY else steps_at(session, kind)
    shown = set(session.scalars(
        sa.select(Person.id).where(Person.id.in_({place.person_id for place in places}), visible_to(reader, Person.id))
    ))
    found = _grouped(kind, [place for place in places if place.person_id in shown])
    words, number = fold(search).split(), compact(search)
    wanted = [
        each for each in found
        if all(word in fold(each.name) for word in words) or (number and (each.siret or "").startswith(number))
    ]
    return sorted(wanted, key=lambda each: (-len(each.persons), fold(each.name)))


def subject(kind: str, key: str, reader: Reader) -> Subject | None:
    """The one the address names, if it concerns somebody the reader sees."""
    return next((each for each in subjects(kind, reader) if each.key == key), None)


def whom(persons: Iterable[int], reader: Reader) -> list[Whom]:
    """By name, ``PEOPLE`` at most."""
    rows = db.session().execute(
        sa.select(Person.id, Person.public_id, Person.family_name, Person.given_name)
        .where(Person.id.in_(list(persons)), visible_to(reader, Person.id), Person.merged_into.is_(None))
        .order_by(Person.sort_key, Person.id).limit(PEOPLE)
    )
    return [Whom(*row) for row in rows]


def _grouped(kind: str, places: Sequence[Place]) -> list[Subject]:
    """One subject an employer: establishments of one SIREN, and two spellings of one name, are the same."""
    known = _organisations({place.named for place in places})
    persons: dict[str, set[int]] = defaultdict(set)
    first: dict[str, Subject] = {}
    for place in places:
        organisation = known.get(place.named)
        named = str(place.named)
        siret = organisation.siret if organisation else (compact(named) if siren_of(named) else None)
        siren = siren_of(siret) if kind == INSOLVENCY else None
        group = siren or (f"o{organisation.id}" if organisation else plain(named))
        persons[group].add(place.person_id)
        if group not in first or (organisation and first[group].organisation_id is None):
            first[group] = Subject(
                str(organisation.public_id) if organisation else named,
                organisation.id if organisation else None,
                None if organisation else named,
                organisation.name if organisation else named,
                siret, organisation.commune if organisation else None, (),
            )
    return [
        Subject(each.key, each.organisation_id, each.named, each.name, each.siret, each.commune, tuple(sorted(persons[group])))
        for group, each in first.items()
    ]


def _organisations(named: set[Ref]) -> Mapping[Ref, sa.Row[tuple[int, uuid.UUID, str, str | None, str | None]]]:
    """By the number or the SIRET that steps give."""
    numbers, texts = [each for each in named if isinstance(each, int)], [each for each in named if isinstance(each, str)]
    if not named:
        return {}
    rows = db.session().execute(
        sa.select(Organisation.id, Organisation.public_id, Organisation.name, Organisation.siret, Organisation.commune)
        .where(sa.or_(Organisation.id.in_(numbers), Organisation.siret.in_(texts)))
    )
    found: dict[Ref, sa.Row[tuple[int, uuid.UUID, str, str | None, str | None]]] = {}
    for row in rows:
        found |= {row.id: row} | ({row.siret: row} if row.siret else {})
    return found
