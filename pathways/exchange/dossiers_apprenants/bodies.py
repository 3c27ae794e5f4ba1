"""Organisations: who sends, and whom a row is about."""

from __future__ import annotations

import contextlib
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pathways.models import Kind, Organisation
from pathways.schemas.dossiers_apprenants.issues import Issue, Warn
from pathways.sharing.language import _
from pathways.workflows.actors import TRAINING_BODIES

CANDIDATES = 10


class UnknownBody(Exception):
    """The organisation named is not found, or several are; the message lists candidates."""


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation as the feed knows it."""

    id: int
    name: str
    kind: Kind
    uai: str | None
    siret: str | None

    def answers_to(self, uai: Any, siret: Any) -> bool:
        """The pair is its own: both identifiers where it has both, the one it has otherwise."""
        own = [(mine, given) for mine, given in ((self.uai, uai), (self.siret, siret)) if mine is not None]
        return bool(own) and all(mine == given for mine, given in own)


_COLUMNS = (Organisation.id, Organisation.name, Organisation.kind, Organisation.uai, Organisation.siret)


def find_body(session: Session, named: str) -> Body:
    """The organisation with that public id, code, SIRET, UAI or exact name. `UnknownBody` unless there is exactly one."""
    name = named.strip()
    same = [
        Organisation.code == name,
        Organisation.siret == name.replace(" ", ""),
        Organisation.uai == name.upper(),
        sa.func.lower(Organisation.name) == name.lower(),
    ]
    with contextlib.suppress(ValueError):
        same.append(Organisation.public_id == uuid.UUID(name))
    found = _bodies(session.execute(sa.select(*_COLUMNS).where(sa.or_(*same)).order_by(Organisation.name).limit(CANDIDATES)))
    if len(found) == 1:
        return found[0]
    if found:
        said = _("Plusieurs organismes répondent à « {name} » : nommez-en un par son SIRET ou son UAI.\n{list}")
        raise UnknownBody(said.format(name=name, list=_listed(found)))
    near = Organisation.name.icontains(name[:60], autoescape=True) if name else sa.true()
    trains = Organisation.kind.in_(sorted(TRAINING_BODIES))
    rows = session.execute(sa.select(*_COLUMNS).where(sa.or_(near, trains)).order_by(~near, Organisation.name).limit(CANDIDATES))
    said = _("Aucun organisme ne répond à « {name} » (identifiant, code, SIRET, UAI ou nom exact). Par exemple :\n{list}")
    raise UnknownBody(said.format(name=name, list=_listed(_bodies(rows))))


def body_of(session: Session, organisation_id: int) -> Body:
    """The organisation one acts for."""
    (found,) = _bodies(session.execute(sa.select(*_COLUMNS).where(Organisation.id == organisation_id)))
    return found


def _bodies(rows: Iterable[Any]) -> list[Body]:
    return [Body(*row) for row in rows]


def _listed(bodies: Iterable[Body]) -> str:
    lines = [f"  - {body.name} (SIRET {body.siret or '–'}, UAI {body.uai or '–'})" for body in bodies]
    return "\n".join(lines) or "  –"


@dataclass(slots=True)
class Directory:
    """The training bodies, by identifier, read once a run."""

    by_siret: Mapping[str, list[Body]]
    by_uai: Mapping[str, list[Body]]

    def find(self, uai: Any, siret: Any) -> Body | None:
        """The body of that pair; of a CFA and a training body of one pair, the CFA."""
        near = {body.id: body for body in (*self.by_siret.get(siret, ()), *self.by_uai.get(uai, ()))}
        found = [body for body in near.values() if body.answers_to(uai, siret)]
        return min(found, key=lambda body: (body.uai is None, body.siret is None, body.kind != Kind.CFA, body.id), default=None)


def read_directory(session: Session) -> Directory:
    by_siret, by_uai = defaultdict(list), defaultdict(list)
    for body in _bodies(session.execute(sa.select(*_COLUMNS).where(Organisation.kind.in_(sorted(TRAINING_BODIES))))):
        if body.siret:
            by_siret[body.siret].append(body)
        if body.uai:
            by_uai[body.uai].append(body)
    return Directory(by_siret, by_uai)


def centre_of(values: Mapping[str, Any], sender: Body, directory: Directory) -> tuple[Body | None, list[Issue], list[Warn]]:
    """The centre a row is about, if its sender may speak for it: the centre itself, or the one that answers for it."""
    pairs = {role: tuple(f"etablissement_{role}_{name}" for name in ("uai", "siret")) for role in ("formateur", "responsable")}
    trainer = directory.find(*(values.get(name) for name in pairs["formateur"]))
    responsible = directory.find(*(values.get(name) for name in pairs["responsable"]))
    warnings = [] if responsible else [Warn("responsible_unknown", pairs["responsable"][0])]
    if trainer is None:
        return None, [Issue("trainer_unknown", "organisme formateur non trouvé", pairs["formateur"])], []
    if sender.id not in {trainer.id, responsible.id if responsible else None}:
        said = "L’organisme qui transmet n’est ni le formateur ni le responsable de cette ligne"
        return None, [Issue("not_your_centre", said, (*pairs["formateur"], *pairs["responsable"]))], []
    return trainer, [], warnings
