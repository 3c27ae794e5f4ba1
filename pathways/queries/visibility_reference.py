"""docs/visibility.md: who reads what, from the matrix, the roles and the events themselves."""

from __future__ import annotations

from collections.abc import Iterator

from pathways.models import DAYS_AFTER_END, Role
from pathways.queries.reference import GENERATED, table
from pathways.sharing import naming
from pathways.sharing.groups import GROUP_OF, GROUP_OF_RULE
from pathways.sharing.matrix import CELLS, GROUPS, MATRIX, PLACES, Group, kinds_in
from pathways.sharing.permissions import PERMISSIONS, Permission
from pathways.sharing.roles import OPENS_RECORDS, roles_for
from pathways.sharing.sentences import signal_title
from pathways.workflows.actors import Kind
from pathways.workflows.events import EVENTS

INTRODUCTION = f"""\
Two questions, asked one after the other. **Whose record?** An organisation sees whom it has a link with: a step it leads, runs,
prescribed or funds, a hand-over it was sent, a referent it named. The link opens the record the day it begins and closes it
{DAYS_AFTER_END} days after it ends; what the organisation declared itself stays readable to it. Everybody else gets « 404 »,
as for somebody who does not exist. Two walls say the same: a criterion in every query, and row-level security in the database.
**What of it?** The table below, by what the organisation is to that person and by group of fields. Pages, lists, exports and
signals read it from one place, `pathways/sharing/matrix.py`.
"""
RULES = """\
- Its own declarations an organisation always reads, whole.
- Free text stays with the organisation that wrote it: no page, export or signal shows it to another.
- A reason or theme that says something of somebody's health is shown to its author alone; others read « motif protégé ».
- A signal is told by the same table: a reader who may not know its theme reads that there is one, and whom to call.
- What concerns no step is of the person: « ses étapes » shows it to the referent only.
- Nothing ranks persons for a training body or an employer; no score exists.
"""


def visibility_page() -> str:
    """The whole page."""
    parts = [
        "# Who sees what\n", GENERATED, INTRODUCTION,
        "## The matrix\n", "\n".join(_matrix()), RULES,
        "## What each organisation is\n", "\n".join(_places()),
        "## What each group holds\n", "\n".join(_groups()),
        "## What each role may do\n", "\n".join(_roles()),
    ]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def _matrix() -> Iterator[str]:
    yield from table(
        ("", *(f"{group.value} {GROUPS[group]}" for group in Group)),
        ((PLACES[place], *(CELLS[MATRIX[place][group]] for group in Group)) for place in MATRIX),
    )


def _places() -> Iterator[str]:
    yield from table(
        ("what it is to the person", "kinds of organisation", "roles that open records"),
        ((PLACES[place], ", ".join(kind.label for kind in kinds_in(place)), _readers(kinds_in(place))) for place in MATRIX),
    )


def _readers(kinds: list[Kind]) -> str:
    roles = {role for kind in kinds for role in roles_for(kind) if role in OPENS_RECORDS}
    return ", ".join(naming.ROLES[role] for role in Role if role in roles)


def _groups() -> Iterator[str]:
    events = {group: [EVENTS[event].label for event, of in GROUP_OF.items() if of is group] for group in Group}
    rules = {group: [signal_title(rule) for rule, of in GROUP_OF_RULE.items() if of is group] for group in Group}
    yield from table(
        ("group", "events", "signals named by it", "columns of the person"),
        (
            (f"{group.value} {GROUPS[group]}", *(", ".join(each.get(group, ())) for each in (events, rules, COLUMNS)))
            for group in Group
        ),
    )


COLUMNS = {
    Group.IDENTITY: ("nom", "prénom", "naissance", "sexe", "commune", "niveau"),
    Group.CONTACT: ("téléphone", "courriel"),
    Group.HEALTH: ("fin de la RQTH",),
}


def _roles() -> Iterator[str]:
    yield from table(
        ("", *(f"`{permission.value}`" for permission in Permission)),
        (
            (naming.ROLES[role], *("oui" if permission in PERMISSIONS[role] else "" for permission in Permission))
            for role in Role
        ),
    )
