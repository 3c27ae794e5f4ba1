"""R15: data that comes late or is corrected is judged again; the alert says so, keeps its history, and judges no rule."""

import sqlalchemy as sa

from pathways import clock
from pathways.detection.sweep import sweep
from pathways.models import AlertState, RuleRecord, Signal
from pathways.operations.alert_clock import tick
from pathways.operations.alerts import close_alert


def test_a_contact_written_down_late_ends_the_alert_and_rewrites_nothing(followed, frozen_clock):
    alert = followed.looked_at().alert()
    before = [(line.kind, line.at, line.data) for line in followed.log(alert)]
    frozen_clock.advance(days=1)

    followed.told("contact", 20, {"channel": "visit"}, recorded_at=clock.now())
    followed.looked_at()

    after = followed.alert()
    assert (after.id, after.closed_on, after.opened_on) == (alert.id, clock.today(), alert.opened_on)
    assert [(line.kind, line.at, line.data) for line in followed.log(alert)][: len(before)] == before


def test_what_rested_on_an_entry_taken_back_says_so(followed, session, frozen_clock):
    noshow = [followed.told("appointment", days, {"status": "noshow"}) for days in (12, 4)]
    alert = followed.looked_at().alert()
    frozen_clock.advance(days=1)
    spoke = followed.told("contact", 30, {"channel": "phone"}, recorded_at=clock.now())
    for wrong in (*noshow, followed.last):
        followed.told("retracted", 0, {"reason": "undone"}, retracts=wrong.id, enrolment_id=None, recorded_at=clock.now())
    followed.looked_at()

    after = followed.alert()
    assert spoke.id
    assert (after.id, after.state in (AlertState.EXPIRED, AlertState.RESOLVED), after.corrected) == (alert.id, True, True)
    assert "corrected" in session.scalars(sa.select(Signal.close_reason)).all()


def test_a_corrected_alert_is_left_out_of_the_precision_of_its_rule(followed, session, frozen_clock):
    alert = followed.looked_at().alert()
    close_alert(alert.id, outcome="appointment_made", **followed.by)
    tick()
    measured = session.scalar(sa.select(RuleRecord.alerts).where(RuleRecord.rule == alert.rule))
    session.expire_all()

    alert = followed.alert()
    alert.corrected = True
    session.flush()
    frozen_clock.advance(days=1)
    session.execute(sa.delete(RuleRecord))
    tick()

    assert measured == 1
    assert session.scalar(sa.select(RuleRecord.alerts).where(RuleRecord.rule == alert.rule)) is None


def test_an_entry_known_late_does_not_change_what_was_shown_on_the_days_before(followed, session, frozen_clock):
    followed.looked_at()
    shown = dict(session.execute(sa.select(Signal.id, Signal.shown_on)).all())
    frozen_clock.advance(days=3)

    followed.told("appointment", 30, {"status": "noshow"}, recorded_at=clock.now())
    sweep(clock.today())

    session.expire_all()
    assert {id_: session.get(Signal, id_).shown_on for id_ in shown} == shown
