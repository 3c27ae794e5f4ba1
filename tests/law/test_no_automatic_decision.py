"""R1: what a rule finds never changes a state, a right or a link; only what a human declares does."""

import ast

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.detection.settings import EVERY_RULE, switch_of
from pathways.detection.sweep import sweep
from pathways.models import AlertState
from pathways.models import Setting as Stored
from pathways.operations.alert_clock import tick
from pathways.operations.reassigning import reassign_alerts
from pathways.workflows.alert_life import BY_KIND
from tests.alerts.actors import HUMAN, House, attempt
from tests.house_rules.source import ROOT

DECISIONS = ("journal_entry", "enrolment", "link", "hand_over", "visibility", "external_id", "membership", "group_member")
"""What a person's situation is made of: facts, steps, who follows, who was asked to, who sees, where they are placed."""
WRITES = ("acted", "act_undone")
"""What a human declares: that is an entry, and the only way."""


def situation(session):
    """Every row of these tables, as text."""
    session.expire_all()
    return {
        table: session.scalar(sa.text(f"SELECT md5(string_agg(row::text, '' ORDER BY row::text)) FROM {table} AS row"))
        for table in DECISIONS
    }


@pytest.mark.parametrize("kind", [kind for kind in HUMAN if kind not in WRITES])
def test_no_move_of_an_alert_touches_the_pathway(session, frozen_clock, kind):
    house = House()
    alert = house.alert(BY_KIND[kind].sources[0])
    before = situation(session)

    with db.acting_for(house.ml.id, house.owner):
        attempt(house, alert, kind, house.ml, house.owner)

    assert situation(session) == before


def test_giving_alerts_to_a_colleague_gives_no_person(session, frozen_clock):
    house = House()
    alert = house.alert(AlertState.NEW)
    before = situation(session)

    with db.acting_for(house.ml.id, house.owner):
        asked, by = [(alert.public_id, 1)], {"user_id": house.owner, "organisation_id": house.ml.id}
        reassign_alerts(asked, to_user_id=house.third, reason="conge", **by)

    assert situation(session) == before


def test_three_months_of_nights_and_clocks_over_an_alert_nobody_answers_decide_nothing(followed, session, frozen_clock):
    followed.looked_at()
    before = situation(session)
    assert followed.alert() is not None

    for _ in range(13):
        frozen_clock.advance(days=7)
        sweep(clock.today())
        tick()

    assert followed.alert().escalated == 3
    assert situation(session) == before


def test_the_stored_states_are_the_same_with_every_rule_and_without_any(followed, session, frozen_clock):
    followed.looked_at()
    with_rules = situation(session)
    assert followed.holding()

    session.add(Stored(name=switch_of(EVERY_RULE), value=False, valid_from=clock.today(), organisation_id=followed.ml.id))
    session.flush()
    frozen_clock.advance(hours=1)
    followed.looked_at()

    assert followed.holding() == set()
    assert situation(session) == with_rules


def test_no_workflow_reads_a_signal_or_an_alert():
    """Guards, actions and deadlines of the schemes see entries alone: the package does not know detection exists."""
    read = [
        (path.name, node.module)
        for path in (ROOT / "pathways" / "workflows").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("pathways.detection", "pathways.models"))
    ]

    assert read == []
