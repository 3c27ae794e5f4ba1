"""The numbers an organisation is known by elsewhere: SIRET, UAI, declaration number, code in i-milo or SAFIR."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

import sqlalchemy as sa

from pathways import db
from pathways.errors import NotVisible, Reason, Refused
from pathways.models import Kind, Organisation
from pathways.sharing.identifiers import code_of, organisation_numbers
from pathways.workflows.identifiers import compact, fault


def keep_organisation_numbers(organisation: uuid.UUID, typed: Mapping[str, str], *, organisation_id: int) -> None:
    """Gives the organisation these numbers: column → number, empty for none; the others are left alone.

    One that has an account keeps its own; any administrator keeps those of a partner without account. `Refused` with every
    reason, among them a number that is already another organisation's.
    """
    with db.atomic() as session:
        found = session.scalar(sa.select(Organisation).where(Organisation.public_id == organisation).with_for_update())
        if found is None:
            raise NotVisible(f"organisation {organisation}")
        if found.has_account and found.id != organisation_id:
            raise Refused(Reason("partner_has_account", {"name": found.name}))
        wanted = {column: compact(typed[column]) or None for column in organisation_numbers(found.kind) if column in typed}
        reasons = [*_faults(found.kind, wanted), *_known_elsewhere(found, wanted)]
        if reasons:
            raise Refused(*reasons)
        for column, number in wanted.items():
            setattr(found, column, number)
        session.flush()


def _faults(kind: Kind, wanted: Mapping[str, str | None]) -> list[Reason]:
    found = [fault(code_of(kind) if column == "code" else column, number) for column, number in wanted.items()]
    return [each for each in found if each]


def _known_elsewhere(organisation: Organisation, wanted: Mapping[str, str | None]) -> list[Reason]:
    """A code is one organisation's; SIRET and UAI together are one of each kind's. Two who ask at once wait for each other."""
    session = db.session()
    session.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext('organisation_numbers'))"))
    others = sa.select(Organisation.name).where(Organisation.id != organisation.id)
    reasons = []
    if wanted.get("code"):
        name = session.scalar(others.where(Organisation.code == wanted["code"]))
        reasons += [Reason("organisation_code_known", {"name": name})] if name else []
    pair = {column: wanted.get(column, getattr(organisation, column)) for column in ("siret", "uai")}
    if any(pair.values()):
        same = [getattr(Organisation, column).is_not_distinct_from(number) for column, number in pair.items()]
        name = session.scalar(others.where(Organisation.kind == organisation.kind, *same))
        reasons += [Reason("partner_known", {"name": name})] if name else []
    return reasons
