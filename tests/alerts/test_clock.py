"""What the clock does: pauses that end, reminders, how far a late alert is told, rules judged on what came of their alerts."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from pathways import clock
from pathways.errors import Refused
from pathways.models import AlertAction, AlertState, Link, RuleRecord, RuleReview
from pathways.operations.absences import record_absence, withdraw_absence
from pathways.operations.alert_clock import JUDGED_ON, tick
from pathways.operations.alerts import close_alert, pause_alert, resume_alert, take_alert
from pathways.queries.worklist import LATER, MINE, UNOWNED, WorkFilters, worklist
from pathways.sharing.visibility import Reader
from pathways.workflows.alert_life import Held
from pathways.workflows.dates import days
from tests.factories import AlertFactory, MembershipFactory


@pytest.fixture
def by(house):
    return {"user_id": house.counsellor.user_id, "organisation_id": house.ml.id}


def told(house, alert):
    rows = sa.select(AlertAction.kind, AlertAction.data["to"].astext).where(AlertAction.alert_id == alert.id)
    return [tuple(row) for row in house.session.execute(rows.order_by(AlertAction.id)) if row[0] in ("reminded", "escalated")]


def test_a_pause_ends_by_itself_on_its_day(house, by, later):
    (person,) = house.follow()
    alert = house.rise(person)
    pause_alert(alert.id, until=clock.today() + days(9), reason="appointment_soon", **by)

    later(8)
    assert tick().resumed == 0
    later(1)
    assert tick().resumed == 1

    after = house.of(person)
    assert (after.state, after.paused_until, after.due_on > clock.today()) == (AlertState.ACKNOWLEDGED, None, True)
    assert house.log(after)[-1] == "pause_ended"


def test_a_pause_is_28_days_at_most_and_says_why(house, by):
    (person,) = house.follow()
    alert = house.rise(person)

    for until, reason in ((29, "appointment_soon"), (0, "appointment_soon"), (5, "because")):
        with pytest.raises(Refused):
            pause_alert(alert.id, until=clock.today() + days(until), reason=reason, **by)
    pause_alert(alert.id, until=clock.today() + days(28), reason="person_away", **by)
    resume_alert(alert.id, **by)

    assert house.of(person).state is AlertState.ACKNOWLEDGED


def test_a_late_alert_is_told_its_owner_then_the_team_then_the_manager(house, later):
    """Due on Monday 9 March 2026: the day itself, three working days after, eight working days after."""
    (person,) = house.follow()
    alert = house.rise(person)
    assert alert.due_on.isoformat() == "2026-03-09"

    seen = {}
    for _day in range(25):
        tick()
        for line in told(house, alert):
            seen.setdefault(line, clock.today().isoformat())
        later(1)

    assert seen == {
        ("reminded", "owner"): "2026-03-09",
        ("escalated", "team"): "2026-03-12",
        ("escalated", "manager"): "2026-03-19",
    }


def test_taking_an_alert_is_not_acting_and_does_not_stop_the_reminders(house, by, later):
    (person,) = house.follow()
    alert = house.rise(person)
    take_alert(alert.id, **by)
    later(12)

    tick()

    assert told(house, alert) == [("escalated", "team")]


def test_the_same_day_twice_says_nothing_twice(house, later):
    (person,) = house.follow()
    alert = house.rise(person)
    later(12)

    tick()
    tick()

    assert told(house, alert) == [("escalated", "team")]


def test_an_alert_its_organisation_can_no_longer_see_is_ended_rather_than_shown_to_nobody(house, later):
    (person,) = house.follow()
    alert = house.rise(person)
    ended = {"ended_on": clock.today(), "ended_recorded_at": clock.now()}
    house.session.execute(sa.update(Link).where(Link.person_id == person.id).values(ended))

    later(30)
    tick()
    assert house.of(person).closed_on is None
    later(1)
    tick()

    after = house.of(person)
    assert (after.state, after.outcome, house.log(alert)[-1]) == (AlertState.EXPIRED, "no_longer_followed", "expired")


# --- rules -------------------------------------------------------------------------------------------------------------


def judge(house, rule, irrelevant, justified):
    (person,) = house.follow()
    ended = {"person": person, "organisation": house.ml, "rule": rule, "closed_on": clock.today()}
    AlertFactory.create_batch(irrelevant, state="dismissed", outcome="not_relevant", **ended)
    AlertFactory.create_batch(justified, state="resolved", outcome="appointment_made", **ended)


def test_a_rule_found_irrelevant_too_often_is_put_under_review_and_its_alerts_wait(house):
    judge(house, "contact_silence", irrelevant=31, justified=19)
    judge(house, "repeated_no_show", irrelevant=30, justified=20)
    judge(house, "cap_approaching", irrelevant=JUDGED_ON - 1, justified=0)

    assert (tick().reviews, tick().reviews) == (1, 0)

    review = house.session.scalars(sa.select(RuleReview)).one()
    assert (review.rule, review.alerts, review.irrelevant) == ("contact_silence", 50, 31)
    (person,) = house.follow()
    assert house.rise(person).held_for is Held.RULE_REVIEW


def test_a_rule_is_ranked_by_what_came_of_its_alerts_shrunk_to_the_mean(house):
    judge(house, "contact_silence", irrelevant=10, justified=30)
    judge(house, "repeated_no_show", irrelevant=0, justified=2)

    tick()

    useful = dict(house.session.execute(sa.select(RuleRecord.rule, RuleRecord.useful)).all())
    mean = 32 / 42
    assert useful["contact_silence"] == pytest.approx((30 + 20 * mean) / 60)
    assert useful["repeated_no_show"] == pytest.approx((2 + 20 * mean) / 22)
    assert mean < useful["repeated_no_show"] < 1


def test_what_rested_on_corrected_data_is_left_out_of_a_rules_record(house, by):
    (person,) = house.follow()
    corrected = house.rise(person)
    close_alert(corrected.id, outcome="not_relevant", reason="faux", **by)
    corrected.corrected = True
    house.session.flush()

    tick()

    assert house.session.scalar(sa.select(sa.func.count()).select_from(RuleRecord)) == 0


# --- absences ----------------------------------------------------------------------------------------------------------


def reader(house, membership):
    return Reader(house.ml.id, clock.today(), user_id=membership.user_id)


def counts(house, membership):
    found = worklist(reader(house, membership), WorkFilters()).counts
    return {scope: found[scope] for scope in (MINE, UNOWNED, LATER)}


def test_alerts_of_somebody_away_are_the_delegates_and_go_back(house, later):
    colleague = MembershipFactory(organisation=house.ml)
    (person,) = house.follow()
    house.rise(person)
    away = {"first_day": clock.today(), "last_day": clock.today() + days(3), "organisation_id": house.ml.id}
    record_absence(house.counsellor.user_id, delegate_id=colleague.user_id, recorded_by=house.counsellor.user_id, **away)

    assert counts(house, colleague)[MINE] == 1
    assert counts(house, house.counsellor)[MINE] == 1
    later(4)
    assert counts(house, colleague)[MINE] == 0
    assert house.of(person).owner_id == house.counsellor.user_id


def test_what_a_delegate_takes_stays_the_owners(house, by):
    colleague, today = MembershipFactory(organisation=house.ml), clock.today()
    (person,) = house.follow()
    alert = house.rise(person)
    away = {"first_day": today, "last_day": today, "organisation_id": house.ml.id, "recorded_by": by["user_id"]}
    record_absence(by["user_id"], delegate_id=colleague.user_id, **away)

    take_alert(alert.id, user_id=colleague.user_id, organisation_id=house.ml.id)

    after = house.of(person)
    assert (after.owner_id, after.state) == (by["user_id"], AlertState.ACKNOWLEDGED)


def test_without_a_delegate_they_are_the_teams(house):
    colleague = MembershipFactory(organisation=house.ml)
    (person,) = house.follow()
    house.rise(person)
    today = clock.today()
    absence = record_absence(
        house.counsellor.user_id, first_day=today, last_day=today, delegate_id=None, recorded_by=colleague.user_id,
        organisation_id=house.ml.id,
    )  # fmt: skip

    assert counts(house, colleague)[UNOWNED] == 1
    withdraw_absence(absence, organisation_id=house.ml.id)
    assert counts(house, colleague)[UNOWNED] == 0


def test_two_absences_at_a_time_a_stranger_or_days_gone_by_are_refused(house):
    today, stranger = clock.today(), MembershipFactory()
    mine = {"recorded_by": house.counsellor.user_id, "organisation_id": house.ml.id}
    record_absence(house.counsellor.user_id, first_day=today, last_day=today + days(5), delegate_id=None, **mine)

    def refused(user, first, last, delegate=None):
        with pytest.raises(Refused) as refusal:
            record_absence(user, first_day=today + days(first), last_day=today + days(last), delegate_id=delegate, **mine)
        return refusal.value.codes

    me = house.counsellor.user_id
    assert refused(me, 5, 9) == ("absence_twice",)
    assert refused(me, -9, -1) == ("absence_days",)
    assert refused(me, 20, 21, me) == ("absence_delegate",)
    assert refused(me, 20, 21, stranger.user_id) == ("not_a_colleague",)
    assert refused(stranger.user_id, 20, 21) == ("not_a_colleague",)
