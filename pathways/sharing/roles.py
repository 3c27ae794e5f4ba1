"""Which roles make sense in which kinds of organisation, and what somebody may not give themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pathways.models import Kind, Role
from pathways.sharing.permissions import PERMISSIONS, Permission
from pathways.workflows.actors import ACCOMPANYING, ANYBODY, CONTRACT_BODIES, PRESCRIBERS, SCHOOLS, TRAINING_BODIES

FOLLOWING = ACCOMPANYING | PRESCRIBERS | CONTRACT_BODIES | {Kind.PSAD, Kind.ASSOCIATION_RELAIS, Kind.DEPARTEMENT}
"""Bodies that follow persons in some way, an employer or a relay association included."""
FUNDERS = frozenset({Kind.REGION, Kind.OPCO, Kind.DEPARTEMENT})
WATCHERS = FUNDERS | {Kind.DREETS, Kind.RECTORAT, Kind.CARIFOREF, Kind.CREFOP, Kind.FRANCE_TRAVAIL}
"""Bodies that read figures of others."""

KINDS_OF: Mapping[Role, frozenset[Kind]] = {
    Role.CONSEILLER: ACCOMPANYING | {Kind.APEC, Kind.OPERATEUR_CEP, Kind.SIAE},
    Role.CO_REFERENT: FOLLOWING,
    Role.CHEF_SERVICE: ACCOMPANYING | TRAINING_BODIES | {Kind.APEC, Kind.OPERATEUR_CEP, Kind.SIAE},
    Role.RESPONSABLE_STRUCTURE: ANYBODY - WATCHERS | ACCOMPANYING,
    Role.FORMATEUR_REFERENT: TRAINING_BODIES,
    Role.COORDINATEUR_CFA: frozenset({Kind.CFA}),
    Role.REFERENT_HANDICAP: ACCOMPANYING | TRAINING_BODIES,
    Role.PRESCRIPTEUR: PRESCRIBERS,
    Role.GESTIONNAIRE_REGION: frozenset({Kind.REGION}),
    Role.ANIMATEUR_PSAD: frozenset({Kind.PSAD, Kind.MISSION_LOCALE}) | SCHOOLS,
    Role.OBSERVATEUR_AGREGATS: ANYBODY,
    Role.DPO: ANYBODY,
    Role.ADMINISTRATEUR: ANYBODY,
}
"""Where each role may be given. A role given before the table changed goes on: only giving it is refused."""

OPENS_RECORDS = frozenset(role for role in Role if Permission.PERSON_READ in PERMISSIONS[role])
"""Roles with which one reads named records."""


def fits(role: Role, kind: Kind) -> bool:
    return kind in KINDS_OF[role]


def roles_for(kind: Kind) -> list[Role]:
    """The roles an organisation of this kind may give, in the order of the enumeration."""
    return [role for role in Role if fits(role, kind)]


def opening(roles: Iterable[Role]) -> list[Role]:
    """Those of ``roles`` that open records."""
    return [role for role in roles if role in OPENS_RECORDS]
