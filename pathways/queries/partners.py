"""Organisations that are named without an account, one's own contact card, and those a new one may be confused with."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from pathways import db
from pathways.models import Kind, Organisation
from pathways.workflows.identifiers import compact

PAGE = 50
MOST_TWINS = 8
ALIKE = 0.45
"""Similarity (pg_trgm) from which two names are shown together: « Boulangerie Martin » and « Boulangerie S. Martin »."""
SHORTEST_SIMILAR = 4


@dataclass(frozen=True, slots=True)
class Partner:
    """One organisation and how to reach it."""

    id: int
    public_id: uuid.UUID
    kind: Kind
    name: str
    siret: str | None
    uai: str | None
    nda: str | None
    code: str | None
    commune: str | None
    phone: str | None
    email: str | None
    has_account: bool
    dpo_contact: str | None


@dataclass(frozen=True, slots=True)
class Partners:
    """One page. ``after`` is the public id of its last row when more follow; ``kinds``: how many of each kind, in all."""

    rows: list[Partner]
    total: int
    after: str | None
    kinds: dict[Kind, int]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters of the list. ``commune``: INSEE codes."""

    search: str = ""
    kind: Kind | None = None
    communes: tuple[str, ...] | None = None
    after: uuid.UUID | None = None


_COLUMNS: tuple[Any, ...] = (
    Organisation.id,
    Organisation.public_id,
    Organisation.kind,
    Organisation.name,
    Organisation.siret,
    Organisation.uai,
    Organisation.nda,
    Organisation.code,
    Organisation.commune,
    Organisation.phone,
    Organisation.email,
    Organisation.has_account,
    Organisation.dpo_contact,
)
_PLAIN = sa.func.unaccent(sa.func.lower(Organisation.name))


def partners(wanted: Wanted) -> Partners:
    """Organisations without account, by name."""
    without_account = Organisation.has_account.is_(False)
    asked = [without_account, *_criteria(wanted)]
    session = db.session()
    kinds = session.execute(
        sa.select(Organisation.kind, sa.func.count()).where(without_account).group_by(Organisation.kind)
    )
    total = session.scalar(sa.select(sa.func.count()).select_from(Organisation).where(*asked)) or 0
    statement = sa.select(*_COLUMNS).where(*asked).order_by(Organisation.name, Organisation.id).limit(PAGE + 1)
    if wanted.after is not None:
        place = sa.select(Organisation.name, Organisation.id).where(Organisation.public_id == wanted.after).subquery()
        statement = statement.where(
            sa.tuple_(Organisation.name, Organisation.id) > sa.select(place.c.name, place.c.id).scalar_subquery()
        )
    rows = [Partner(*row) for row in session.execute(statement)]
    shown = rows[:PAGE]
    return Partners(shown, total, str(shown[-1].public_id) if len(rows) > PAGE else None, {Kind(kind): n for kind, n in kinds})


def partner(public_id: uuid.UUID) -> Partner | None:
    """Any organisation, with or without account."""
    row = db.session().execute(sa.select(*_COLUMNS).where(Organisation.public_id == public_id)).first()
    return Partner(*row) if row else None


def own_card(organisation_id: int) -> Partner:
    return Partner(*db.session().execute(sa.select(*_COLUMNS).where(Organisation.id == organisation_id)).one())


def lookalikes(name: str, siret: str | None, uai: str | None) -> list[Partner]:
    """Organisations, with or without account, that a new one may already be: same numbers first, then names alike."""
    number, code, plain = compact(siret), compact(uai), " ".join(name.lower().split())
    numbers = [column == typed for column, typed in ((Organisation.siret, number), (Organisation.uai, code)) if typed]
    same = sa.func.coalesce(sa.or_(sa.false(), *numbers), sa.false())
    alike = sa.func.similarity(_PLAIN, sa.func.unaccent(plain))
    close = alike > ALIKE if len(plain) >= SHORTEST_SIMILAR else sa.false()
    rows = db.session().execute(
        sa.select(*_COLUMNS)
        .where(sa.or_(same, close))
        .order_by(same.desc(), alike.desc(), Organisation.id)
        .limit(MOST_TWINS)
    )
    return [Partner(*row) for row in rows]


def _criteria(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if wanted.search:
        text = wanted.search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        number = compact(wanted.search)
        by_name = _PLAIN.like(sa.func.unaccent(f"%{text.lower()}%"))
        found.append(sa.or_(by_name, Organisation.siret.startswith(number, autoescape=True), Organisation.uai == number))
    if wanted.kind is not None:
        found.append(Organisation.kind == wanted.kind)
    if wanted.communes is not None:
        found.append(Organisation.commune.in_(wanted.communes))
    return found
