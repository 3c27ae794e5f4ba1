"""The table of moves is the truth: every state × every human move × everybody who may try, against the operations themselves."""

import inspect

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.errors import NotVisible, Refused
from pathways.models import Alert, AlertAction, AlertState
from pathways.operations import alerts
from pathways.workflows.alert_life import BY_KIND, CLOSED, MOVES, Actor, Says
from pathways.workflows.dates import days
from tests.alerts.actors import HUMAN, House, attempt

COLUMNS = [column.key for column in Alert.__table__.columns]


@pytest.fixture
def house(session, frozen_clock):
    return House()


def as_stored(session, alert_id):
    session.expire_all()
    row = session.get(Alert, alert_id)
    log = sa.select(AlertAction.kind, AlertAction.user_id, AlertAction.reason).where(AlertAction.alert_id == alert_id)
    return {name: getattr(row, name) for name in COLUMNS}, session.execute(log.order_by(AlertAction.id)).all()


def try_it(house, session, connection, alert, kind, actor):
    """The alert and its log before and after; everything is undone afterwards."""
    organisation, user = house.actors()[actor]
    before = after = as_stored(session, alert.id)
    session.commit()
    connection.exec_driver_sql("SAVEPOINT attempt")
    try:
        with db.acting_for(organisation.id, user):
            attempt(house, alert, kind, organisation, user)
        after = as_stored(session, alert.id)
    except (Refused, NotVisible):
        pass
    session.rollback()
    connection.exec_driver_sql("ROLLBACK TO SAVEPOINT attempt")
    return before, after


def is_allowed(kind, state, actor):
    """By the table alone."""
    move = BY_KIND[kind]
    return state in move.sources and actor in (("owner",) if move.actor is Actor.CLOSER else ("owner", "colleague"))


def expected(move, state, before):
    """The state after the move, by the table alone. None there: the state stays, or is the one it had before."""
    if move.to is not None and state not in move.stays:
        return move.to
    if move.kind in ("act_undone", "resumed", "reopened"):
        return AlertState.ACKNOWLEDGED if before["acknowledged_on"] and move.kind == "resumed" else AlertState.NEW
    return state


@pytest.mark.parametrize("state", AlertState)
def test_every_move_by_everybody_is_as_the_table_says(house, session, connection, state):
    alert = house.alert(state)
    wrong = []
    for kind in HUMAN:
        for actor in house.actors():
            (before, log), (after, longer) = try_it(house, session, connection, alert, kind, actor)
            told = (kind, actor, after["state"])
            if not is_allowed(kind, state, actor):
                wrong += [("moved", *told)] if (after, longer) != (before, log) else []
                continue
            move, line = BY_KIND[kind], longer[len(log) :]
            wrong += [("not one line", *told, line)] if [each.kind for each in line] != [kind] else []
            wrong += [("state", *told)] if after["state"] != expected(move, state, before) else []
            wrong += [("unsigned", *told)] if [each.user_id for each in line] != [house.actors()[actor][1]] else []
            wrong += [("closed", *told)] if (after["closed_on"] is not None) != (after["state"] in CLOSED) else []

    assert wrong == []


def test_every_human_move_was_tried(house):
    """A move added to the table without a gesture to try fails here."""
    tried = inspect.getsource(attempt)

    assert [kind for kind in HUMAN if f'"{kind}"' not in tried] == []


@pytest.mark.parametrize("move", [move for move in MOVES if move.says in (Says.OUTCOME, Says.DISMISSAL, Says.PAUSE)],
                         ids=lambda move: move.kind)  # fmt: skip
def test_what_has_to_be_said_is_of_the_list(house, move):
    alert = house.alert(AlertState.NEW)
    by = {"user_id": house.owner, "organisation_id": house.ml.id}
    pause = {"until": clock.today() + days(7), "reason": "because"}
    gesture, says = (alerts.pause_alert, pause) if move.says is Says.PAUSE else (alerts.close_alert, {"outcome": "because"})

    with db.acting_for(house.ml.id, house.owner), pytest.raises(Refused):
        gesture(alert.id, **says, **by)


@pytest.mark.parametrize("away", [0, 29])
def test_a_pause_lasts_twenty_eight_days_at_most(house, away):
    alert = house.alert(AlertState.NEW)

    with db.acting_for(house.ml.id, house.owner), pytest.raises(Refused):
        alerts.pause_alert(alert.id, until=clock.today() + days(away), reason="waiting_reply", user_id=house.owner,
                           organisation_id=house.ml.id)  # fmt: skip
