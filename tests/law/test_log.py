"""R4: the log of alerts is only ever added to; each move leaves one line with who made it, when, and why where it must say."""

import re

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from pathways import clock
from pathways.detection.finding import Level
from pathways.models import Alert, AlertAction
from pathways.operations.alert_clock import tick
from pathways.operations.alerts import close_alert, hand_alert, pause_alert, reopen_alert, resume_alert, take_alert
from pathways.operations.reassigning import reassign_alerts, undo_reassignment
from pathways.workflows.alert_life import BY_KIND, MOVES, Actor
from pathways.workflows.dates import add_working_days, days
from tests.alerts.conftest import House
from tests.factories import MembershipFactory, OrganisationFactory, SignalFactory
from tests.house_rules.source import ROOT

REWRITINGS = ("UPDATE alert_action SET kind = 'closed'", "DELETE FROM alert_action", "TRUNCATE alert_action")


@pytest.mark.parametrize("change", REWRITINGS)
def test_the_application_may_not_rewrite_the_log(session, change):
    with pytest.raises(ProgrammingError, match="permission denied"):
        session.execute(sa.text(change))


class Log:
    """Reads what a gesture added to the log of an alert."""

    def __init__(self, session, alert_id):
        self.session, self.alert_id, self.read = session, alert_id, 0

    def added(self):
        rows = self.session.scalars(
            sa.select(AlertAction).where(AlertAction.alert_id == self.alert_id).order_by(AlertAction.at, AlertAction.id)
        ).all()
        new, self.read = rows[self.read :], len(rows)
        return new


@pytest.fixture
def house(session, frozen_clock):
    ml = OrganisationFactory()
    return House(session, ml, MembershipFactory(organisation=ml))


def test_every_move_of_a_life_leaves_one_line_signed_and_dated(house, session, frozen_clock):
    (person,) = house.follow()
    SignalFactory(person=person, rule="contact_silence", closed_on=None)
    user, colleague = house.counsellor.user_id, MembershipFactory(organisation=house.ml).user_id
    by = {"user_id": user, "organisation_id": house.ml.id}
    alert = house.rise(person, level=Level.WATCH)
    log = Log(session, alert.id)

    def batch():
        session.expire_all()
        asked = [(alert.public_id, session.get(Alert, alert.id).version)]
        return reassign_alerts(asked, to_user_id=None, reason="conge", **by).batch

    def at_work(*, days_after_due):
        frozen_clock.move_to(add_working_days(session.get(Alert, alert.id).due_on, days_after_due))
        tick()

    def let_it_end():
        frozen_clock.move_to(session.get(Alert, alert.id).paused_until)
        tick()

    given = []
    life = [
        (lambda: None, ["proposed", "opened"]),
        (lambda: house.rise(person), ["worsened"]),
        (lambda: take_alert(alert.id, **by), ["taken"]),
        (lambda: hand_alert(alert.id, to_user_id=colleague, **by), ["handed"]),
        (lambda: given.append(batch()), ["left_to_nobody"]),
        (lambda: undo_reassignment(given[0], **by), ["handing_undone"]),
        (lambda: pause_alert(alert.id, until=clock.today() + days(3), reason="waiting_reply", **by), ["paused"]),
        (lambda: resume_alert(alert.id, **by), ["resumed"]),
        (lambda: pause_alert(alert.id, until=clock.today() + days(4), reason="waiting_reply", **by), ["paused"]),
        (let_it_end, ["pause_ended"]),
        (lambda: at_work(days_after_due=1), ["reminded"]),
        (lambda: at_work(days_after_due=4), ["escalated"]),
        (lambda: at_work(days_after_due=9), ["escalated"]),
        (lambda: close_alert(alert.id, outcome="appointment_made", **by), ["closed"]),
        (lambda: reopen_alert(alert.id, **by), ["reopened"]),
        (lambda: close_alert(alert.id, outcome="not_relevant", reason="Déjà en poste", **by), ["dismissed"]),
    ]
    for gesture, kinds in life:
        gesture()
        session.expire_all()
        added = log.added()
        assert [line.kind for line in added] == kinds
        for line in added:
            human = BY_KIND[line.kind].actor in (Actor.MEMBER, Actor.CLOSER)
            assert line.user_id == (user if human else None), line.kind
            assert line.at == clock.now(), line.kind
            assert line.kind not in SAYS_WHY or line.reason or line.data.get("outcome"), line.kind


SAYS_WHY = {"paused", "closed", "dismissed", "left_to_nobody"}


def test_every_move_of_the_table_is_written_somewhere():
    code = "".join(
        path.read_text(encoding="utf-8")
        for folder in ("operations", "detection")
        for path in (ROOT / "pathways" / folder).glob("*.py")
        if "alert_action" in (text := path.read_text(encoding="utf-8")).lower() or "AlertAction" in text
    )
    written = set(re.findall(r"""["']([a-z_]+)["']""", code))

    assert [move.kind for move in MOVES if move.kind not in written] == []
