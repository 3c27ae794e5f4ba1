"""Every address, for every role, of an organisation with and without a part in the pathway; and every field that comes back."""

from __future__ import annotations

from collections import Counter

import pytest

from pathways.models import Kind, Role
from pathways.sharing.matrix import Place, kinds_in, place_of
from pathways.sharing.permissions import PERMISSIONS, Permission
from pathways.sharing.roles import KINDS_OF
from pathways.views import gate
from pathways.workflows.actors import PRESCRIBERS
from pathways.workflows.events import EVENTS
from tests.views.conftest import token
from tests.walls.marked import NOTE, marked
from tests.walls.test_fields import expected, seen_in
from tests.walls.walking import walk

OPEN = frozenset({gate.PUBLIC, gate.SIGNED_IN, gate.BY_OWN_LINK})
BY_KIND = {
    "eligibility.show": PRESCRIBERS,
    "eligibility.answer": PRESCRIBERS,
    "obstacles.declare": EVENTS["obstacle"].by,
    "obstacles.lift": EVENTS["obstacle_lifted"].by,
    "obstacles.act": EVENTS["obstacle_action"].by,
    "obligation.index": EVENTS["departement_informed"].by,
    "obligation.summon": EVENTS["departement_informed"].by,
    "obligation.inform": EVENTS["departement_informed"].by,
    "territories.draw": {Kind.REGION},
    "territories.withdraw": {Kind.REGION},
}
"""Functions that are of some kinds of organisation only, whatever the role."""
FORBIDDEN, NOT_FOUND, BROKEN = 403, 404, range(500, 600)
FEWEST = 60
"""Pages of the application, far fewer than there are: the walk reached it."""


def test_every_function_kept_for_some_kinds_exists(app):
    assert set(BY_KIND) <= set(app.view_functions)


def kind_for(role: Role) -> Kind:
    return Kind.MISSION_LOCALE if Kind.MISSION_LOCALE in KINDS_OF[role] else next(kind for kind in Kind if kind in KINDS_OF[role])


def wrong(answer, role: Role, kind: Kind, *, sees: bool) -> bool:
    """The address answered otherwise than the role, the kind of organisation and the link say."""
    if answer.access in OPEN:
        return answer.status in {FORBIDDEN, *BROKEN}
    if Permission(answer.access) not in PERMISSIONS[role]:
        return answer.status != FORBIDDEN
    of_this_kind = kind in BY_KIND.get(answer.rule.endpoint, Kind)
    if answer.names_somebody and not sees:
        return answer.status != NOT_FOUND and (of_this_kind or answer.status != FORBIDDEN)
    return answer.status in BROKEN or (answer.status == FORBIDDEN) == of_this_kind


@pytest.mark.parametrize("linked", [True, False], ids=["with a part", "without"])
@pytest.mark.parametrize("role", Role)
def test_every_page_answers_by_role_and_link(role, linked, app, sign_in, frozen_clock):
    case = marked(kind_for(role), linked=linked)
    client = sign_in(case.user(role))

    answers = list(walk(app, client, case))

    kind = case.organisation.kind
    assert {(each.rule.endpoint, each.status) for each in answers if wrong(each, role, kind, sees=linked)} == set()
    assert len(answers) > FEWEST


@pytest.mark.parametrize("role", Role)
def test_every_form_answers_by_role_and_refuses_a_stranger(role, app, sign_in, frozen_clock):
    case = marked(kind_for(role), linked=False)
    client = sign_in(case.user(role))
    key = token(client.get("/mon-compte"))

    answers = list(walk(app, client, case, "POST", csrf_token=key))

    kind = case.organisation.kind
    assert {(each.rule.endpoint, each.status) for each in answers if wrong(each, role, kind, sees=False)} == set()


ENDS = {"now": None, "ten days ago": 10, "thirty-one days ago": 31}


@pytest.mark.parametrize("ended", ENDS.values(), ids=ENDS)
@pytest.mark.parametrize("place", Place)
def test_no_page_shows_more_than_the_matrix(place, ended, app, sign_in, frozen_clock):
    kind = kinds_in(place)[0]
    case = marked(kind, leads=place is Place.LEAD, ended_days_ago=ended)
    client = sign_in(case.user())

    # Who was the referent until lately is so no longer.
    leads = place is Place.LEAD and ended is None
    read = set() if ended == ENDS["thirty-one days ago"] else expected(place_of(kind, leads=leads))
    too_much = Counter()
    for answer in walk(app, client, case):
        assert NOTE not in answer.text, answer.rule.rule
        too_much.update((answer.rule.rule, mark) for mark in seen_in(answer.text) - read)
    assert too_much == Counter()
