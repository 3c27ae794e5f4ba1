"""Which territory holds where on a day: zonings that replace each other, and the territory of many communes at once."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pathways import clock, db
from pathways.models import Territory, TerritoryEpci, Zoning
from pathways.workflows.reference import places


@dataclass(frozen=True, slots=True)
class Named:
    """A territory by its code and its name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A territory with its EPCI, by SIREN in the order of the reference table."""

    code: str
    name: str
    epcis: tuple[str, ...]

    @property
    def communes(self) -> int:
        return sum(len(places.communes_of(epci)) for epci in self.epcis)

    @property
    def population(self) -> int:
        return sum(commune.population for epci in self.epcis for commune in places.communes_of(epci))


@dataclass(frozen=True, slots=True)
class Composition:
    """One zoning with its territories. ``missing``: EPCI of the reference table that it does not place."""

    id: int
    public_id: uuid.UUID
    valid_from: date
    territories: tuple[Drawn, ...]

    @property
    def of_epci(self) -> Mapping[str, Named]:
        return {epci: Named(each.code, each.name) for each in self.territories for epci in each.epcis}

    @property
    def missing(self) -> tuple[str, ...]:
        placed = self.of_epci
        return tuple(epci for epci in places.epcis() if epci not in placed)


def in_force(day: date) -> Composition | None:
    """The territories that hold on that day; None before the first zoning."""
    session = db.session()
    row = session.execute(
        sa.select(Zoning.id, Zoning.public_id, Zoning.valid_from).where(Zoning.id == _holding(sa.literal(day)))
    ).first()
    return Composition(*row, drawn_in(row.id)) if row else None


def may_be_withdrawn(zoning: Zoning) -> bool:
    """One that was drawn by somebody, and has either not begun or was drawn today: nothing relies on it yet."""
    today = clock.today()
    return zoning.user_id is not None and (zoning.valid_from > today or clock.paris_day(zoning.recorded_at) == today)


def territory_of(asked: Collection[tuple[str, date]]) -> dict[tuple[str, date], Named]:
    """The territory of each commune on each day, for any number of them, in two queries.

    A commune is an INSEE code; one of another region, and a day before the first zoning, have no territory and are left out.
    """
    begun = _begun()
    zoning_of = {day: _last(begun, day) for _, day in asked}
    wanted = {zoning for zoning in zoning_of.values() if zoning is not None}
    if not wanted:
        return {}
    rows = db.session().execute(
        sa.select(TerritoryEpci.zoning_id, TerritoryEpci.epci, Territory.code, Territory.name)
        .join(Territory, Territory.id == TerritoryEpci.territory_id)
        .where(TerritoryEpci.zoning_id.in_(wanted))
    )
    placed = {(zoning, epci): Named(code, name) for zoning, epci, code, name in rows}
    communes = places.communes()
    found = {}
    for code, day in asked:
        zoning = zoning_of[day]
        named = placed.get((zoning, communes[code].epci)) if zoning is not None and code in communes else None
        if named is not None:
            found[code, day] = named
    return found


def communes_in(territory: str, day: date) -> list[str]:
    """INSEE codes of the communes of the territory of that code on that day; none for a code that does not exist."""
    epcis = db.session().scalars(
        sa.select(TerritoryEpci.epci)
        .join(Territory, Territory.id == TerritoryEpci.territory_id)
        .where(Territory.code == territory, Territory.zoning_id == _holding(sa.literal(day)))
    )
    return [commune.code for epci in epcis for commune in places.communes_of(epci)]


def names_on(day: date) -> list[Named]:
    """The territories that hold on that day, by name."""
    rows = db.session().execute(
        sa.select(Territory.code, Territory.name).where(Territory.zoning_id == _holding(sa.literal(day)))
    )
    return sorted((Named(*row) for row in rows), key=lambda each: (each.name, each.code))


def _holding(day: sa.ColumnElement[date]) -> sa.ScalarSelect[int]:
    """The zoning that holds on that day."""
    one = aliased(Zoning)
    return (
        sa.select(one.id)
        .where(one.withdrawn_at.is_(None), one.valid_from <= day)
        .order_by(one.valid_from.desc(), one.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def _begun() -> list[tuple[date, int]]:
    """First day and id of the zonings that stand, in the order in which they take over."""
    rows = db.session().execute(
        sa.select(Zoning.valid_from, Zoning.id).where(Zoning.withdrawn_at.is_(None)).order_by(Zoning.valid_from, Zoning.id)
    )
    return [(day, id_) for day, id_ in rows]


def _last(begun: Iterable[tuple[date, int]], day: date) -> int | None:
    return next((id_ for first, id_ in reversed(list(begun)) if first <= day), None)


def drawn_in(zoning_id: int) -> tuple[Drawn, ...]:
    rows = db.session().execute(
        sa.select(Territory.code, Territory.name, sa.func.array_agg(TerritoryEpci.epci))
        .join(TerritoryEpci, TerritoryEpci.territory_id == Territory.id)
        .where(Territory.zoning_id == zoning_id)
        .group_by(Territory.id)
        .order_by(Territory.code)
    )
    order = {epci: at for at, epci in enumerate(places.epcis())}
    return tuple(
        Drawn(code, name, tuple(sorted(epcis, key=lambda epci: (order.get(epci, len(order)), epci))))
        for code, name, epcis in rows
    )
