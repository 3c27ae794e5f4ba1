"""Records that resemble somebody whose identity is being typed: those of one's own organisation, and the bare fact that another
organisation accompanies the very same identity.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from pathways import db
from pathways.models import ExternalId, Person
from pathways.models.likeness import Facts, Likeness, Strength, likeness, swapped_day
from pathways.models.person import fold, search_key
from pathways.sharing.visibility import Reader, visible_to

SHORTEST = 3
"""Letters typed before names are looked up."""
MOST = 6
CONSIDERED = 40


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A record of the reader's organisation. ``same`` is empty for a name that merely begins alike."""

    id: int
    public_id: uuid.UUID
    family_name: str
    given_name: str
    birth_date: date | None
    commune: str | None
    strength: int
    same: tuple[str, ...]
    differs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """An organisation that accompanies, today, a person of exactly that identity whom the reader does not see."""

    person_id: int
    organisation: str
    phone: str | None


def lookalikes(typed: Facts, reader: Reader) -> list[Lookalike]:
    """The records the reader may open that resemble what is typed, the likeliest first. ``typed`` may be half a name."""
    ids = _candidates(typed, reader)
    if not ids:
        return []
    number = sa.func.array_agg(sa.func.upper(ExternalId.value))
    rows = db.session().execute(
        sa.select(
            Person.id, Person.public_id, Person.family_name, Person.given_name, Person.birth_date, Person.commune,
            Person.sex, Person.phone, Person.email,
            number.filter(ExternalId.system == "france_travail").label("france_travail"),
            number.filter(ExternalId.system == "ine").label("ine"),
        )
        .outerjoin(ExternalId, ExternalId.person_id == Person.id)
        .where(Person.id.in_(ids), Person.merged_into.is_(None), visible_to(reader, Person.id))
        .group_by(Person.id)
    )  # fmt: skip
    found = [each for each in (_judged(row, typed) for row in rows) if each]
    found.sort(key=lambda each: (-each.strength, fold(each.family_name), fold(each.given_name), each.id))
    return found[:MOST]


def _candidates(typed: Facts, reader: Reader) -> set[int]:
    """By name through the audited search, by day of birth, telephone, address and number among the persons seen."""
    session = db.session()
    found: set[int] = set()
    needle = search_key(typed.family_name, typed.given_name).strip()
    if len(needle) >= SHORTEST:
        named = sa.text("SELECT person_id FROM persons_named(:needle, :most)")
        found.update(session.scalars(named, {"needle": needle, "most": CONSIDERED}))
    days = [day for day in (typed.birth_date, typed.birth_date and swapped_day(typed.birth_date)) if day]
    wanted: list[sa.ColumnElement[bool]] = []
    wanted += [Person.birth_date.in_(days)] if days and len(needle) >= SHORTEST else []
    wanted += [Person.phone == typed.phone] if typed.phone else []
    wanted += [Person.email == typed.email] if typed.email else []
    for system in ("france_travail", "ine"):
        for value in getattr(typed, system):
            known = sa.exists().where(
                ExternalId.person_id == Person.id, ExternalId.system == system, ExternalId.value == value
            )
            wanted.append(known)
    if wanted:
        seen = sa.select(Person.id).where(sa.or_(*wanted), visible_to(reader, Person.id)).limit(CONSIDERED * 5)
        found.update(session.scalars(seen))
    return found


def _judged(row: Any, typed: Facts) -> Lookalike | None:
    known = Facts(
        row.family_name, row.given_name, row.birth_date, row.sex, row.phone, row.email,
        frozenset(row.france_travail or ()), frozenset(row.ine or ()),
    )  # fmt: skip
    alike = likeness(typed, known) or _homonym(typed, known)
    if alike is None and not _begins_alike(typed, known):
        return None
    shown = (row.id, row.public_id, row.family_name, row.given_name, row.birth_date, row.commune)
    return Lookalike(*shown, int(alike.strength), alike.same, alike.differs) if alike else Lookalike(*shown, 0, (), ())


def _homonym(typed: Facts, known: Facts) -> Likeness | None:
    """The same names born another day: among one's own records, a mistyped year is worth a look."""
    same = search_key(typed.family_name, typed.given_name) == search_key(known.family_name, known.given_name)
    if not same or not typed.birth_date:
        return None
    return Likeness(Strength.POSSIBLE, ("names",), ("birth_date",))


def _begins_alike(typed: Facts, known: Facts) -> bool:
    """Both names begin as typed, and no birth date says otherwise yet."""
    if typed.birth_date is not None:
        return False
    family, given = fold(typed.family_name), fold(typed.given_name)
    return bool(family) and fold(known.family_name).startswith(family) and fold(known.given_name).startswith(given)


def elsewhere(typed: Facts) -> list[Elsewhere]:
    """Who accompanies a person of exactly this identity: nothing unless family name, given name and birth date are all typed.

    What the law calls finding the referent: an organisation and its telephone, nothing of the person. To be logged and limited.
    """
    whole = search_key(typed.family_name, typed.given_name).strip()
    if not (fold(typed.family_name) and fold(typed.given_name) and typed.birth_date):
        return []
    rows = db.session().execute(
        sa.text(
            "SELECT found.person_id, organisation.name, organisation.phone "
            "FROM accompanied_elsewhere(:whole, :born) WITH ORDINALITY AS found(person_id, organisation_id, place) "
            "JOIN organisation ON organisation.id = found.organisation_id ORDER BY found.place"
        ),
        {"whole": whole, "born": typed.birth_date},
    )
    return [Elsewhere(*row) for row in rows]
