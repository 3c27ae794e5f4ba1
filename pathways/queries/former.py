"""What an organisation wrote itself about persons whose record has closed to it: its own entries, and a name to find them by."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from pathways import db
from pathways.errors import NotVisible
from pathways.models import DAYS_AFTER_END
from pathways.models.person import fold
from pathways.queries.paging import Key, Page, page, paged

PAGE = 50
KEYS = (Key("sort_key", str), Key("id", int))
_COLUMNS = (
    sa.column("id", sa.BigInteger), sa.column("public_id", sa.Uuid), sa.column("family_name", sa.Text),
    sa.column("given_name", sa.Text), sa.column("sort_key", sa.Text), sa.column("until", sa.Date),
)


@dataclass(frozen=True, slots=True)
class FormerPerson:
    """Somebody whose record closed. ``ended_on``: the last day of the organisation's last link."""

    id: int
    public_id: uuid.UUID
    family_name: str
    given_name: str
    ended_on: date


def former_persons(search: str = "", cursor: str = "") -> tuple[list[FormerPerson], Page]:
    """Those of the organisation acted for, by name, a page at a time."""
    named = _named(search, None)
    found = page(db.session().execute(paged(sa.select(named), named, KEYS, cursor, PAGE)).all(), KEYS, cursor, PAGE)
    return [_person(row) for row in found.rows], found


def former_person(public_id: uuid.UUID) -> FormerPerson:
    """That one; `NotVisible` for anybody else, somebody still accompanied included."""
    row = db.session().execute(sa.select(_named("", public_id))).first()
    if row is None:
        raise NotVisible(f"former person {public_id}")
    return _person(row)


def _named(search: str, only: uuid.UUID | None) -> Any:
    function = sa.func.former_persons(fold(search), sa.cast(sa.literal(only, sa.Uuid), sa.Uuid))
    return function.table_valued(*_COLUMNS).alias("former")


def _person(row: sa.Row[Any]) -> FormerPerson:
    return FormerPerson(row.id, row.public_id, row.family_name, row.given_name, row.until - timedelta(days=DAYS_AFTER_END))
