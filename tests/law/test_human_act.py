"""R5: closing is a choice with its reason: no address closes an alert in one click, or many without saying why."""

import ast
import uuid

import pytest
import sqlalchemy as sa

from pathways.errors import Refused
from pathways.models import Alert, AlertState, Role
from pathways.operations.feeds import put_away
from tests.alerts.actors import House
from tests.house_rules.source import ROOT
from tests.scene import account
from tests.views.conftest import app, client, sign_in, token
from tests.views.test_access import ARGUMENTS, pages

__all__ = ["app", "client", "sign_in"]
CLOSE = {"close_alert", "put_away"}
CLOSING = {"alerts.close", "follow_up.record", "feeds.review", "stock.show"}
"""The addresses that close alerts; another one has to be thought about here."""


def views_that_close():
    """Every view whose body, or that of a function of its module, calls what closes alerts."""
    found = set()
    for path in (ROOT / "pathways" / "views").glob("*.py"):
        body = ast.parse(path.read_text(encoding="utf-8")).body
        functions = {node.name: node for node in body if isinstance(node, ast.FunctionDef)}
        called = {name: {each for each in map(_called, ast.walk(node)) if each} for name, node in functions.items()}
        closing = {name for name, calls in called.items() if calls & CLOSE}
        for _ in functions:
            closing |= {name for name, calls in called.items() if calls & closing}
        found |= {f"{path.stem}.{name}" for name in closing}
    return found


def _called(node):
    if not isinstance(node, ast.Call):
        return None
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", None)


def test_the_addresses_that_close_alerts_are_known(app):
    posts = {rule.endpoint for rule, _access, methods in pages(app) if "POST" in methods}

    assert views_that_close() & posts == CLOSING & posts


@pytest.mark.parametrize("role", [Role.CONSEILLER, Role.ADMINISTRATEUR])
def test_no_address_closes_an_alert_for_a_form_that_says_nothing(app, session, frozen_clock, asked_jobs, sign_in, role):
    house = House()
    alert = house.alert(AlertState.PROPOSED if role is Role.ADMINISTRATEUR else AlertState.NEW)
    client = sign_in(account(house.ml, "Inès Lemoine", "ines@exemple.fr", role))
    of_it = ARGUMENTS | {"person": house.person.public_id, "step": house.step.public_id, "alert": alert.public_id}
    said, one = token(client.get("/", follow_redirects=True)), f"{alert.public_id}"
    form = {"csrf_token": said, "alerts": [one], "alert": one, "chosen": [one], "act": "put_away", "version": f"{alert.version}"}
    tried = 0
    for rule, _access, methods in pages(app):
        if "POST" in methods and rule.endpoint not in {"auth.sign_out", "auth.choose"}:
            with app.test_request_context():
                url = app.url_for(rule.endpoint, **{name: of_it.get(name, uuid.uuid4()) for name in rule.arguments})
            client.post(url, data=form)
            tried += 1

    assert tried > 60
    assert _closed(session) == []
    if role is not Role.ADMINISTRATEUR:  # the same form with a choice does close
        with app.test_request_context():
            url = app.url_for("alerts.close", person=house.person.public_id, alert=alert.public_id)
        client.post(url, data=form | {"outcome": "appointment_made", "version": ""})
        assert _closed(session) == [alert.id]


def _closed(session):
    session.expire_all()
    return session.scalars(sa.select(Alert.id).where(Alert.closed_on.is_not(None))).all()


def test_several_of_a_first_file_are_closed_with_an_outcome_and_a_few_words(session, frozen_clock):
    house = House()
    alerts = [house.alert(AlertState.PROPOSED, family=family) for family in ("contact", "gap")]
    by = {"user_id": house.owner, "organisation_id": house.ml.id}

    with pytest.raises(Refused) as refused:
        put_away([alert.public_id for alert in alerts], outcome="already_handled", **by)
    with pytest.raises(Refused):
        put_away([alert.public_id for alert in alerts], outcome="", reason="Vus en juin", **by)

    assert refused.value.codes == ("reason_missing",)
    assert put_away([alert.public_id for alert in alerts], outcome="already_handled", reason="Vus en juin", **by) == 2
