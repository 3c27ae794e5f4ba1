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
    PERSON_CREATE = "person:create"
    """Open the record of somebody one's organisation begins to accompany."""
    PERSON_MERGE = "person:merge"
    """Say that two records are one person, or are not."""
    GROUP_MANAGE = "group:manage"
    """Groups of a training body: their trainees, their calendar, their sheets of attendance."""
    TEAM_STEER = "team:steer"
    """The team's alerts by age and owner, and giving them to somebody else."""
    FEED_IMPORT = "feed:import"
    """Read the file another software sends, and what became of each of its rows."""
    PERSON_SEEK = "person:seek"
    """Find who accompanies somebody one does not see; open their record for imminent danger, which the DPO is told of."""
    RIGHTS_HONOUR = "rights:honour"
    """The person's own rights: information given, access, correction, objection, agreements, a link to their own page."""
    DISCLOSURE_READ = "disclosure:read"
    """Who of one's organisation saw whose data, and what was unusual in it."""
    RETENTION_HOLD = "retention:hold"
    """Keep a record beyond its time for a dispute, and let it go."""
    FAIRNESS_READ = "fairness:read"
    """Whether alerts fall evenly by sex, disability, place and age: figures without names, for managers and the DPO."""
    BACKTEST_RUN = "backtest:run"
    """Replay a past period with other thresholds: figures without names, for whoever steers or sets them."""
    AGGREGATE_READ = "aggregate:read"
    """Figures without names."""
    ACCOUNT_ADMINISTER = "account:administer"
    """Members of one's organisation, their roles, invitations, partners without account."""
    SETTING_ADMINISTER = "setting:administer"
    """The dated thresholds of one's organisation."""
    TERRITORY_MANAGE = "territory:manage"
    """The territories of the region, for the organisation that keeps them."""


P = Permission

_FOLLOWS = frozenset({
    P.CASELOAD_READ, P.TEAM_READ, P.PERSON_READ, P.PERSON_CREATE, P.PERSON_MERGE, P.ENTRY_RECORD, P.ENTRY_RETRACT, P.ALERT_ACT,
    P.PERSON_SEEK, P.RIGHTS_HONOUR,
})
_TRAINS = _FOLLOWS | {P.GROUP_MANAGE, P.FEED_IMPORT}
_STEERS = _FOLLOWS | {P.TEAM_STEER, P.AGGREGATE_READ, P.FAIRNESS_READ, P.GROUP_MANAGE, P.FEED_IMPORT, P.DISCLOSURE_READ,
                      P.BACKTEST_RUN}

PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.CONSEILLER: _FOLLOWS,
    Role.CO_REFERENT: _FOLLOWS,
    Role.CHEF_SERVICE: _STEERS,
    Role.RESPONSABLE_STRUCTURE: _STEERS | {P.SETTING_ADMINISTER, P.RETENTION_HOLD},
    Role.FORMATEUR_REFERENT: _TRAINS,
    Role.COORDINATEUR_CFA: _TRAINS,
    Role.REFERENT_HANDICAP: _FOLLOWS,
    Role.PRESCRIPTEUR: _FOLLOWS,
    Role.ANIMATEUR_PSAD: _FOLLOWS,
    # The funder reads the persons it funds and declares nothing about them.
    Role.GESTIONNAIRE_REGION: frozenset({P.CASELOAD_READ, P.TEAM_READ, P.PERSON_READ, P.AGGREGATE_READ, P.TERRITORY_MANAGE}),
    Role.OBSERVATEUR_AGREGATS: frozenset({P.AGGREGATE_READ}),
    Role.DPO: frozenset({P.DISCLOSURE_READ, P.RETENTION_HOLD, P.FAIRNESS_READ}),
    # Runs the organisation's accounts and thresholds, sees nobody's record.
    Role.ADMINISTRATEUR: frozenset({P.ACCOUNT_ADMINISTER, P.SETTING_ADMINISTER, P.BACKTEST_RUN, P.TERRITORY_MANAGE}),
}


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """Everything these roles may do together; somebody may hold several in one organisation."""
    return frozenset().union(*(PERMISSIONS[role] for role in roles))
