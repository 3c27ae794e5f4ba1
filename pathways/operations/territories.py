"""Drawing the territories of the region from a day on, and taking a drawing back while nothing relies on it."""

from __future__ import annotations

import re
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from pathways import clock, db
from pathways.errors import NotVisible, Reason, Refused
from pathways.models import Kind, Organisation, Territory, TerritoryEpci, Zoning
from pathways.sharing import places as words
from pathways.sharing.territories import Drawn, in_force, may_be_withdrawn
from pathways.workflows.reference import places

CODE = re.compile(r"[A-Z0-9-]{1,10}")
LONGEST_NAME = 80
LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Drawing:
    """What somebody asks for. ``seen``: the zoning they looked at while drawing, which nobody may have replaced meanwhile."""

    territories: Sequence[Drawn]
    valid_from: date
    reason: str = ""
    correcting: bool = False
    """The past is meant to change: an earlier drawing was wrong, or one that held for long is entered late."""
    seen: uuid.UUID | None = None


def draw(drawing: Drawing, *, organisation_id: int, user_id: int) -> tuple[uuid.UUID, int]:
    """Makes these the territories from that day on, until the next zoning; returns its public id and how many EPCI move.

    Earlier days keep theirs, and the zoning it replaces stays in the history. `Refused` with every reason: each EPCI in one
    territory and none left out, each error naming the EPCI and the day.
    """
    drawn = [_read(each) for each in drawing.territories]
    with db.atomic() as session:
        _only_the_region(organisation_id)
        session.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext('zoning'))"))
        before = in_force(drawing.valid_from)
        reasons = [*_against_the_day(drawing), *_against(drawn, drawing.valid_from)]
        if before is not None and drawing.seen not in {None, before.public_id}:
            reasons.append(Reason("territories_changed_since", {"on": drawing.valid_from}))
        if before is not None and not reasons and _same(before.territories, drawn):
            reasons.append(Reason("territories_unchanged"))
        if reasons:
            raise Refused(*reasons)
        zoning = Zoning(valid_from=drawing.valid_from, user_id=user_id, reason=drawing.reason.strip()[:LONGEST_REASON] or None)
        session.add(zoning)
        session.flush()
        _store(zoning.id, drawn)
        was = {epci: named.code for epci, named in before.of_epci.items()} if before else {}
        return zoning.public_id, sum(was.get(epci) != each.code for each in drawn for epci in each.epcis)


def withdraw(zoning: uuid.UUID, *, organisation_id: int, user_id: int) -> date:
    """Takes a drawing back: the zoning before it holds again. Returns the day it would have begun.

    `Refused` for one that has been in force since an earlier day: its days keep it, another one may follow.
    """
    with db.atomic() as session:
        _only_the_region(organisation_id)
        found = session.scalar(sa.select(Zoning).where(Zoning.public_id == zoning))
        if found is None:
            raise NotVisible(f"zoning {zoning}")
        if found.withdrawn_at is not None:
            raise Refused(Reason("territories_withdrawn"))
        if not may_be_withdrawn(found):
            raise Refused(Reason("territories_in_force"))
        session.execute(
            sa.update(Zoning).where(Zoning.id == found.id).values(withdrawn_at=clock.now(), withdrawn_by=user_id)
        )
        return found.valid_from


def _only_the_region(organisation_id: int) -> None:
    kind = db.session().scalar(sa.select(Organisation.kind).where(Organisation.id == organisation_id))
    if kind is not Kind.REGION:
        raise Refused(Reason("territories_of_the_region"))


def _read(each: Drawn) -> Drawn:
    return Drawn(each.code.strip().upper(), " ".join(each.name.split())[:LONGEST_NAME], each.epcis)


def _same(before: Sequence[Drawn], after: Sequence[Drawn]) -> bool:
    def told(territories: Sequence[Drawn]) -> set[tuple[str, str, frozenset[str]]]:
        return {(each.code, each.name, frozenset(each.epcis)) for each in territories}

    return told(before) == told(after)


def _against_the_day(drawing: Drawing) -> Iterator[Reason]:
    if drawing.valid_from < clock.today() and not drawing.correcting:
        yield Reason("territories_day_gone")


def _against(drawn: Sequence[Drawn], day: date) -> Iterator[Reason]:
    """What keeps these territories from being those of that day."""
    if not drawn:
        yield Reason("territories_missing")
    for code, times in Counter(each.code for each in drawn).items():
        if not CODE.fullmatch(code):
            yield Reason("territory_code_shape")
        elif times > 1:
            yield Reason("territory_code_twice", {"code": code})
    yield from (Reason("territory_name_missing", {"code": each.code}) for each in drawn if not each.name)
    yield from (Reason("territory_empty", {"code": each.code, "on": day}) for each in drawn if not each.epcis)
    yield from _against_the_epcis(drawn, day)


def _against_the_epcis(drawn: Sequence[Drawn], day: date) -> Iterator[Reason]:
    placed: dict[str, list[str]] = defaultdict(list)
    for each in drawn:
        for epci in each.epcis:
            placed[epci].append(each.code)
    for epci, codes in placed.items():
        if epci not in places.epcis():
            yield Reason("epci_unknown", {"siren": epci, "on": day})
        elif len(codes) > 1:
            yield Reason("epci_twice", {"siren": epci, "epci": words.epci(epci), "codes": ", ".join(codes), "on": day})
    for epci in places.epcis():
        if epci not in placed:
            yield Reason("epci_missing", {"siren": epci, "epci": words.epci(epci), "on": day})


def _store(zoning_id: int, drawn: Sequence[Drawn]) -> None:
    session = db.session()
    rows = [Territory(zoning_id=zoning_id, code=each.code, name=each.name) for each in drawn]
    session.add_all(rows)
    session.flush()
    placed = [
        {"zoning_id": zoning_id, "epci": epci, "territory_id": row.id}
        for row, each in zip(rows, drawn, strict=True)
        for epci in each.epcis
    ]
    session.execute(sa.insert(TerritoryEpci), placed)
