"""Persons one may note on a collective session: those chosen, and those a search finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from pathways import db
from pathways.models import Person
from pathways.models.person import fold
from pathways.queries.steps import StepRow, steps_of
from pathways.sharing.visibility import Reader, visible_to

MATCHES = 8


@dataclass(frozen=True, slots=True)
class Attendant:
    """Somebody of the session. ``step``: what it is noted on, the accompaniment one answers for first; None without any."""

    id: int
    public_id: str
    family_name: str
    given_name: str
    birth_date: date | None
    step: StepRow | None


def attendants(public_ids: Sequence[str], reader: Reader) -> list[Attendant]:
    """The persons of these public ids the reader may see, in that order."""
    if not public_ids:
        return []
    found = {each.public_id: each for each in _read(_persons(reader).where(Person.public_id.in_(public_ids)), reader)}
    return [found[public_id] for public_id in public_ids if public_id in found]


def matches(search: str, reader: Reader, but: Sequence[str]) -> list[Attendant]:
    """The first persons whose name has these words, without those already there."""
    words = fold(search).split()
    if not words:
        return []
    query = _persons(reader).where(*(Person.search_key.contains(word, autoescape=True) for word in words))
    if but:
        query = query.where(Person.public_id.not_in(but))
    return _read(query.order_by(Person.sort_key, Person.id).limit(MATCHES), reader)


def _persons(reader: Reader) -> Any:
    columns = (Person.id, Person.public_id, Person.family_name, Person.given_name, Person.birth_date)
    return sa.select(*columns).where(Person.merged_into.is_(None), visible_to(reader, Person.id))


def _read(query: Any, reader: Reader) -> list[Attendant]:
    rows = db.session().execute(query).all()
    steps = steps_of([row.id for row in rows], reader) if rows else {}
    return [_attendant(row, own_open_steps(steps.get(row.id, []), reader)) for row in rows]


def _attendant(row: sa.Row[Any], steps: Sequence[StepRow]) -> Attendant:
    step = next(iter(steps), None)
    return Attendant(row.id, str(row.public_id), row.family_name, row.given_name, row.birth_date, step)


def own_open_steps(steps: Sequence[StepRow], reader: Reader) -> list[StepRow]:
    """The open steps one has a part in: the accompaniment one answers for first."""
    own = [step for step in steps if step.own and step.is_open]
    return sorted(own, key=lambda step: step.organisation_id != reader.organisation_id)
