"""Whose row it is: somebody a record or a number already names exactly, or a new person. Two records are never joined here.

Likeness is another matter: a person who resembles another one gets a record of their own, and a human is asked.
"""

from __future__ import annotations

import uuid
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from pathways.exchange.dossiers_apprenants import facts as of
from pathways.exchange.dossiers_apprenants.content import Content
from pathways.exchange.dossiers_apprenants.facts import IDENTITY, Fact
from pathways.models import ExternalId, FeedRecord, Person
from pathways.models.person import fold, search_key, sort_key
from pathways.schemas.dossiers_apprenants.kept import day
from pathways.sharing.identifiers import phone_number

INE = "ine"
_COLUMNS = {"family_name": "family_name", "given_name": "given_name", "born": "birth_date", "sex": "sex", "commune": "commune"}
"""Detail of an ``identity_stated`` entry → column of the person."""


def same_person(content: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    """Not somebody else altogether: the birth date or one of the names is the one known."""
    born = said.get("date_de_naissance_apprenant")
    if born is not None and content.get("date_de_naissance_apprenant") == born.isoformat():
        return True
    names = ("nom_apprenant", "prenom_apprenant")
    return any(fold(str(content.get(name, ""))) == fold(str(said.get(name, ""))) for name in names)


@dataclass(slots=True)
class Known:
    """The persons that rows name exactly: by a record of the centre in another year, or by their national number."""

    by_learner: Mapping[tuple[int, str], list[tuple[int, Content]]]
    by_ine: Mapping[str, tuple[int, date | None]]

    def of(self, centre: int, learner: str, said: Mapping[str, Any]) -> int | None:
        """The person, when the birth date agrees too."""
        born = said.get("date_de_naissance_apprenant")
        for person, content in self.by_learner.get((centre, learner), ()):
            if born is not None and content.get("date_de_naissance_apprenant") == born.isoformat() and same_person(content, said):
                return person
        person_of_number = self.by_ine.get(said.get("ine_apprenant") or "")
        if person_of_number and born is not None and person_of_number[1] == born:
            return person_of_number[0]
        return None


@dataclass(slots=True)
class Persons:
    """The persons of a set of rows: found, created, and their identity kept up to date."""

    session: Session
    today: date
    created: set[int] = field(default_factory=set)
    renamed: set[int] = field(default_factory=set)
    _ids: deque[int] = field(default_factory=deque)
    _rows: list[dict[str, Any]] = field(default_factory=list)
    _numbers: list[dict[str, Any]] = field(default_factory=list)
    _updates: list[dict[str, Any]] = field(default_factory=list)
    _stored: dict[int, dict[str, Any]] = field(default_factory=dict)
    _known: Known | None = None

    def look_up(self, rows: Sequence[Any]) -> Known:
        """Reads, once, whom these rows name exactly."""
        if self._known is None:
            learners = [(taken.centre.id, taken.learner) for taken in rows]
            asked = sa.tuple_(FeedRecord.organisation_id, FeedRecord.learner).in_(learners)
            records = self.session.execute(
                sa.select(FeedRecord.organisation_id, FeedRecord.learner, FeedRecord.person_id, FeedRecord.content)
                .where(asked).order_by(FeedRecord.school_year.desc())
            )
            by_learner: dict[tuple[int, str], list[tuple[int, Content]]] = {}
            for centre, learner, person, content in records:
                by_learner.setdefault((centre, learner), []).append((person, content))
            numbers = [number for taken in rows if (number := taken.row.values.get("ine_apprenant"))]
            found = self.session.execute(
                sa.select(ExternalId.value, sa.func.coalesce(Person.merged_into, Person.id), Person.birth_date)
                .join(Person, Person.id == ExternalId.person_id)
                .where(ExternalId.system == INE, ExternalId.value.in_(numbers))
            )
            self._known = Known(by_learner, {value: (person, born) for value, person, born in found})
        return self._known

    def read(self, ids: Sequence[int]) -> None:
        """Locks the persons already known, so that nobody joins or evaluates them meanwhile."""
        rows = self.session.execute(
            sa.select(
                Person.id, Person.merged_into, Person.family_name, Person.given_name, Person.birth_date, Person.sex,
                Person.commune, Person.phone, Person.email,
            )
            .where(Person.id.in_(ids)).order_by(Person.id).with_for_update()
        )
        self._stored = {row.id: dict(row._mapping) for row in rows}  # noqa: SLF001 -- SQLAlchemy's public way to a mapping

    def current(self, person_id: int) -> int:
        """The record the person is shown under now: another one, once a human has joined them."""
        return int(self._stored.get(person_id, {}).get("merged_into") or person_id)

    def reserve(self, count: int) -> None:
        """Takes ids for new persons."""
        if count:
            asked = sa.text("SELECT nextval(pg_get_serial_sequence('person', 'id')) FROM generate_series(1, :count)")
            self._ids = deque(self.session.scalars(asked, {"count": count}))

    def create(self, content: Content) -> int:
        """A new person with that identity; written by ``write``."""
        person_id = self._ids.popleft()
        family, given = content["nom_apprenant"], content["prenom_apprenant"]
        self._rows.append({
            "id": person_id, "public_id": uuid.uuid4(), "family_name": family, "given_name": given,
            "birth_date": self._born(content), "sex": content.get("sexe_apprenant"),
            "commune": content.get("code_commune_insee_apprenant"),
            "phone": _phone(content), "email": content.get("email_contact"),
            "search_key": search_key(family, given), "sort_key": sort_key(family, given), "version": 1,
        })
        if content.get("ine_apprenant"):
            self._numbers.append({"person_id": person_id, "system": INE, "value": content["ine_apprenant"]})
        self.created.add(person_id)
        return person_id

    def _born(self, content: Content) -> date | None:
        """A birth to come is no birth date."""
        born = day(content, "date_de_naissance_apprenant")
        return born if born and born <= self.today else None

    def write(self) -> None:
        """Inserts the new persons with their numbers. A number that is somebody's already stays theirs."""
        if self._rows:
            self.session.execute(sa.insert(Person).execution_options(render_nulls=True), self._rows)
        if self._numbers:
            self.session.execute(insert(ExternalId).on_conflict_do_nothing(), self._numbers)

    def identity(self, person_id: int, before: Content | None, content: Content, *, is_new: bool) -> list[Fact]:
        """What the row says anew of who the person is; the columns of the person follow."""
        said = of.identity(content) | ({"born": None} if self._born(content) is None else {})
        said = {name: value for name, value in said.items() if value}
        first_day = min(day(content, "date_inscription_formation") or self.today, self.today)
        if person_id in self.created:
            return [Fact(IDENTITY, "identity_stated", first_day, said)]
        if is_new:
            stored = self._stored.get(person_id, {})
            differs = {name: value for name, value in said.items() if not _same(value, stored.get(_COLUMNS[name]))}
            return [Fact(IDENTITY, "identity_stated", first_day, differs)] if differs else []
        former = of.identity(before or {})
        changed = {name: value for name, value in said.items() if not _same(value, former.get(name))}
        self._follow(person_id, before or {}, content, changed)
        return [Fact(IDENTITY, "identity_stated", self.today, changed)] if changed else []

    def _follow(self, person_id: int, before: Content, content: Content, changed: Mapping[str, Any]) -> None:
        """The person as now stated. Telephone and address are ours to change while nobody else has."""
        current = self._stored.get(person_id, {})
        new: dict[str, Any] = {_COLUMNS[name]: value for name, value in changed.items()}
        if "birth_date" in new:
            new["birth_date"] = date.fromisoformat(new["birth_date"])
        reached = {
            "phone": (_phone(before), _phone(content)), "email": (before.get("email_contact"), content.get("email_contact"))
        }
        new |= {name: now for name, (was, now) in reached.items() if was != now and current.get(name) in {None, was}}
        if not new:
            return
        if changed:
            self.renamed.add(person_id)
        target = self.current(person_id)
        family, given = (str(new.get(name) or current.get(name) or "") for name in ("family_name", "given_name"))
        new |= {"search_key": search_key(family, given), "sort_key": sort_key(family, given)}
        self.session.execute(
            sa.update(Person).where(Person.id == target).values(**new, version=Person.version + 1)
            .execution_options(synchronize_session=False)
        )


def _same(value: Any, other: Any) -> bool:
    """Equal but for case, accents and punctuation."""
    if isinstance(other, date):
        other = other.isoformat()
    return value == other or (isinstance(value, str) and isinstance(other, str) and fold(value) == fold(other) != "")


def _phone(content: Content) -> str | None:
    try:
        return phone_number(content.get("tel_apprenant"))
    except ValueError:
        return None
