"""What a role may do. The table is the whole truth; a route names the permission it needs, an operation may ask again.

Which *rows* somebody sees is another question: see ``visibility``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from pathways.models import Role


class Permission(StrEnum):
    """``resource:action``."""

    CASELOAD_READ = "caseload:read"
    """One's own list of persons."""
    TEAM_READ = "team:read"
    """The list of everybody one's organisation accompanies."""
    PERSON_READ = "person:read"
    ENTRY_RECORD = "entry:record"
    """Declare a dated fact about a person."""
    ENTRY_RETRACT = "entry:retract"
    """Take back what one's own organisation declared by mistake."""
    ALERT_ACT = "alert:act"
    """Take an alert of one's organisation, or close it with what came of it."""
    DISCLOSURE_READ = "disclosure:read"
    """Who saw whose data."""
    AGGREGATE_READ = "aggregate:read"
    """Figures without names."""
    ACCOUNT_ADMINISTER = "account:administer"


P = Permission

_FOLLOWS = frozenset({P.CASELOAD_READ, P.TEAM_READ, P.PERSON_READ, P.ENTRY_RECORD, P.ENTRY_RETRACT, P.ALERT_ACT})

PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.CONSEILLER: _FOLLOWS,
    Role.CO_REFERENT: _FOLLOWS,
    Role.CHEF_SERVICE: _FOLLOWS | {P.AGGREGATE_READ},
    Role.RESPONSABLE_STRUCTURE: _FOLLOWS | {P.AGGREGATE_READ, P.DISCLOSURE_READ},
    Role.FORMATEUR_REFERENT: _FOLLOWS,
    Role.COORDINATEUR_CFA: _FOLLOWS,
    Role.REFERENT_HANDICAP: _FOLLOWS,
    Role.PRESCRIPTEUR: _FOLLOWS,
    Role.ANIMATEUR_PSAD: _FOLLOWS,
    # The funder reads the persons it funds and declares nothing about them.
    Role.GESTIONNAIRE_REGION: frozenset({P.CASELOAD_READ, P.TEAM_READ, P.PERSON_READ, P.AGGREGATE_READ}),
    Role.OBSERVATEUR_AGREGATS: frozenset({P.AGGREGATE_READ}),
    Role.DPO: frozenset({P.DISCLOSURE_READ}),
    # Runs the installation, sees nobody's record.
    Role.ADMINISTRATEUR: frozenset({P.ACCOUNT_ADMINISTER}),
}


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """Everything these roles may do together; somebody may hold several in one organisation."""
    return frozenset().union(*(PERMISSIONS[role] for role in roles))
