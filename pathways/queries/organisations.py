"""Organisations somebody may name on a form: those around the person first, then those of the right kind nearby, then by name."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from pathways import db
from pathways.models import Kind, Link, Membership, Organisation, User
from pathways.sharing.visibility import Reader, visible_to

MOST = 60
ACCENTED, PLAIN = "àâäáãéèêëíîïìóôöòõúùûüçñ’", "aaaaaeeeeiiiiooooouuuucn'"
Reference = int | str


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """One that may be chosen. ``linked``: it accompanies, or did, the person. ``has_account``: it works with this tool."""

    id: int
    public_id: str
    name: str
    kind: Kind
    commune: str | None
    has_account: bool
    linked: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """What a field offers: rows in the order in which they are shown, what was looked for, and whether there are more."""

    rows: Sequence[OrganisationRow] = ()
    query: str = ""
    more: bool = False


def offer(
    person_id: int,
    reader: Reader,
    among: Collection[Kind],
    *,
    query: str = "",
    chosen: Iterable[Reference] = (),
    oneself: bool = False,
) -> Offer:
    """Organisations of these kinds: around the person, chosen already, and nearby or named like ``query``. One statement.

    ``chosen``: numbers or public ids. ``oneself``: the reader's own organisation is offered too.
    """
    linked = sa.exists().where(
        Link.organisation_id == Organisation.id, Link.person_id == person_id, visible_to(reader, Link.person_id)
    )
    home = sa.select(sa.func.left(Organisation.commune, 2)).where(Organisation.id == reader.organisation_id).scalar_subquery()
    numbers, shown = _split(chosen)
    is_chosen = sa.or_(Organisation.id.in_(numbers), Organisation.public_id.in_(shown))
    alike = sa.func.translate(sa.func.lower(Organisation.name), ACCENTED, PLAIN).contains(plain(query), autoescape=True)
    wanted = alike if query.strip() else sa.func.left(Organisation.commune, 2) == home
    conditions = [sa.or_(is_chosen, sa.and_(Organisation.kind.in_(list(among)), sa.or_(linked, wanted)))]
    if not oneself:
        conditions.append(Organisation.id != reader.organisation_id)
    rows = db.session().execute(
        sa.select(
            Organisation.id,
            sa.cast(Organisation.public_id, sa.Text),
            Organisation.name,
            Organisation.kind,
            Organisation.commune,
            Organisation.has_account,
            linked,
        )
        .where(*conditions)
        .order_by(is_chosen.desc(), linked.desc(), Organisation.has_account.desc(), Organisation.name, Organisation.id)
        .limit(MOST + 1)
    )
    found = [OrganisationRow(*row) for row in rows]
    return Offer(found[:MOST], query, len(found) > MOST)


def names_of(references: Iterable[Reference]) -> Mapping[Reference, str]:
    """The names of organisations by number, or by the code or SIRET another system knows them by."""
    known = list(references)
    numbers = {each for each in known if isinstance(each, int)}
    codes = {each for each in known if isinstance(each, str)}
    rows = db.session().execute(
        sa.select(Organisation.id, Organisation.code, Organisation.siret, Organisation.name).where(
            sa.or_(Organisation.id.in_(numbers), Organisation.code.in_(codes), Organisation.siret.in_(codes))
        )
    )
    return {reference: name for *references, name in rows for reference in references if reference is not None}


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the reader's organisation."""

    user_id: int
    public_id: str
    name: str


def members(reader: Reader) -> list[Member]:
    """Who works in the reader's organisation today, by name."""
    rows = db.session().execute(
        sa.select(User.id, sa.cast(User.public_id, sa.Text), User.name)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.organisation_id == reader.organisation_id,
            Membership.started_on <= reader.today,
            sa.or_(Membership.ended_on.is_(None), Membership.ended_on >= reader.today),
            User.active,
        )
        .distinct()
        .order_by(User.name, User.id)
    )
    return [Member(*row) for row in rows]


def user_names(public_ids: Collection[str]) -> Mapping[str, str]:
    """The names of users by the public id an entry keeps; nothing is asked where none is named."""
    _numbers, known = _split(public_ids)
    if not known:
        return {}
    rows = db.session().execute(sa.select(sa.cast(User.public_id, sa.Text), User.name).where(User.public_id.in_(known)))
    return {row[0]: row[1] for row in rows}


def plain(text: str) -> str:
    """In small letters and without accents, as names are compared."""
    bare = "".join(each for each in unicodedata.normalize("NFD", text.strip().lower()) if not unicodedata.combining(each))
    return bare.replace("’", "'")


def _split(references: Iterable[Any]) -> tuple[list[int], list[uuid.UUID]]:
    numbers, shown = [], []
    for each in references:
        if isinstance(each, int):
            numbers.append(each)
            continue
        try:
            shown.append(uuid.UUID(each))
        except (ValueError, TypeError, AttributeError):
            continue  # typed by hand, or another system's code
    return numbers, shown
