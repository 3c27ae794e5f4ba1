"""What opens an alert, what holds it back, and what brings it forward: budget, mute, exchanges, reserve."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from pathways import clock
from pathways.detection.budget import LEAST, show_waiting
from pathways.detection.finding import Level
from pathways.models import AlertAction, AlertState, Link, SignalLevel
from pathways.operations.alerts import close_alert, pause_alert
from pathways.workflows.alert_life import Held, Reserve
from pathways.workflows.dates import days
from tests.alerts.conftest import ago
from tests.factories import SignalFactory

pytestmark = pytest.mark.usefixtures("session")


def closed(house, person, outcome="contact_reestablished", **raising):
    """An alert of the person, shown and closed today by the counsellor."""
    alert = house.rise(person, reserve=Reserve.LONG_SILENCE, **raising)
    by = {"user_id": house.counsellor.user_id, "organisation_id": house.ml.id}
    close_alert(alert.id, outcome=outcome, reason="vu", **by)
    return alert


def test_a_week_brings_no_more_persons_than_its_budget_and_keeps_the_others(house):
    persons = house.follow(LEAST + 3)

    alerts = [house.rise(person) for person in persons]

    assert [alert.state for alert in alerts] == [AlertState.NEW] * LEAST + [AlertState.PROPOSED] * 3
    assert {alert.held_for for alert in alerts[LEAST:]} == {Held.BUDGET}
    assert house.log(alerts[0]) == ["proposed", "opened"]
    assert house.log(alerts[-1]) == ["proposed"]


def test_what_waits_comes_up_as_the_week_goes_by_the_most_serious_first(house, later):
    first, second, mild, serious = house.follow(4)
    for person in (first, second):
        house.rise(person)
    house.rise(mild, level=Level.WATCH)
    house.rise(serious)

    day = later(7)
    show_waiting(house.session, day, clock.now())

    assert [house.of(person).state for person in (serious, mild)] == [AlertState.NEW] * 2
    assert house.of(serious).due_on > day
    later(1)
    assert show_waiting(house.session, clock.today(), clock.now()) == 0


def test_the_first_in_line_keeps_its_place_and_the_budget_of_that_day(house, later):
    persons = house.follow(LEAST + 1)
    for person in persons:
        house.rise(person)
    later(7)
    show_waiting(house.session, clock.today(), clock.now())

    opened = house.session.scalar(
        sa.select(AlertAction.data).where(AlertAction.alert_id == house.of(persons[-1]).id, AlertAction.kind == "opened")
    )
    assert (opened["place"], opened["budget"]) == (1, LEAST)


def test_somebody_already_on_the_list_is_asked_about_everything_at_once(house):
    persons = house.follow(LEAST + 1)
    for person in persons[:LEAST]:
        house.rise(person)

    another = house.rise(persons[0], family="deadline", rule="cap_approaching")

    assert (another.state, another.reserve) == (AlertState.NEW, Reserve.SAME_PERSON)
    assert house.rise(persons[-1]).state is AlertState.PROPOSED


@pytest.mark.parametrize("reserve", [Reserve.HUMAN, Reserve.CRITICAL, Reserve.MINOR, Reserve.PROBATION, Reserve.LONG_SILENCE])
def test_the_reserve_passes_whatever_the_budget(house, reserve):
    for person in house.follow(LEAST):
        house.rise(person)

    (pressing,) = house.follow()
    assert house.rise(pressing, reserve=reserve).state is AlertState.NEW


def test_the_reserve_spends_the_week_and_what_it_leaves_goes_to_the_others(house):
    *pressing, other = house.follow(LEAST + 1)
    for person in pressing:
        house.rise(person, reserve=Reserve.MINOR)

    assert house.rise(other).state is AlertState.PROPOSED


def test_what_the_reserve_took_beyond_a_week_is_given_back_the_next(house, later):
    *pressing, other = house.follow(LEAST + 2)
    for person in pressing:
        house.rise(person, reserve=Reserve.MINOR)
    house.rise(other)

    later(7)
    assert show_waiting(house.session, clock.today(), clock.now()) == 1  # one place of the two
    assert house.of(other).state is AlertState.NEW
    (late,) = house.follow()
    assert house.rise(late).state is AlertState.PROPOSED


def test_nobody_is_asked_who_can_no_longer_see_the_person(house):
    (person,) = house.follow()
    ended = {"ended_on": ago(40), "ended_recorded_at": clock.now()}
    house.session.execute(sa.update(Link).where(Link.person_id == person.id).values(ended))

    assert house.rise(person) is None


def test_a_night_without_news_writes_nothing(house):
    (person,) = house.follow()
    alert = house.rise(person)
    version = alert.version

    house.rise(person)

    assert (house.of(person).version, house.log(alert)) == (version, ["proposed", "opened"])


def test_what_worsens_rises_where_it_stands_and_is_told_again(house):
    (person,) = house.follow()
    alert = house.rise(person, level=Level.WATCH)

    worse = house.rise(person, level=Level.CRITICAL, rule="repeated_no_show", reserve=Reserve.CRITICAL)

    assert (worse.id, worse.level, worse.rule) == (alert.id, SignalLevel.CRITICAL, "repeated_no_show")
    assert house.log(alert) == ["proposed", "opened", "worsened"]


def test_what_worsens_comes_out_of_its_pause(house):
    (person,) = house.follow()
    alert = house.rise(person, level=Level.WATCH)
    by = {"user_id": house.counsellor.user_id, "organisation_id": house.ml.id}
    pause_alert(alert.id, until=clock.today() + days(10), reason="waiting_reply", **by)

    worse = house.rise(person, level=Level.ALERT)

    assert (worse.state, worse.paused_until) == (AlertState.ACKNOWLEDGED, None)


# --- after a closing ---------------------------------------------------------------------------------------------------


def test_what_says_nothing_new_after_a_closing_waits_four_weeks(house, later):
    (person,) = house.follow()
    closed(house, person)
    day = later(5)

    again = house.rise(person, reserve=Reserve.LONG_SILENCE)

    assert (again.state, again.held_for, again.held_until) == (AlertState.PROPOSED, Held.MUTED, ago(5) + days(28))
    later(22)
    assert show_waiting(house.session, clock.today(), clock.now()) == 0
    later(1)
    assert show_waiting(house.session, clock.today(), clock.now()) == 1
    assert (house.of(person).state, house.of(person).opened_on) == (AlertState.NEW, day)


@pytest.mark.parametrize(
    "news",
    [
        {"raised_by": 1, "reserve": Reserve.HUMAN},
        {"level": Level.CRITICAL, "reserve": Reserve.CRITICAL},
        {"level": Level.ALERT},
        {"fresh": True},
    ],
    ids=["somebody raised it", "critical", "a higher level", "something happened since"],
)
def test_what_is_new_after_a_closing_is_shown_at_once(house, later, news):
    (person,) = house.follow()
    closed(house, person, level=Level.WATCH)
    later(5)

    fresh = {"fresh_on": clock.today()} if news.pop("fresh", False) else {}
    again = house.rise(person, **({"level": Level.WATCH} | news | fresh))

    assert again.state is AlertState.NEW


def test_another_deadline_is_another_matter(house, later):
    (person,) = house.follow()
    closed(house, person, family="deadline", rule="cap_approaching", outcome="already_handled")
    later(3)

    assert house.rise(person, family="deadline", rule="phase_review_overdue").state is AlertState.NEW
    assert house.of(person, "deadline").held_for is None


def test_an_exchange_makes_what_came_before_it_wait(house, later):
    (person,) = house.follow()
    until = clock.today() + days(8)

    alert = house.rise(person, family="attendance", rule="absence_rate_high", quiet_until=until)

    assert (alert.state, alert.held_for, alert.held_until) == (AlertState.PROPOSED, Held.CONTACT, until)
    later(8)
    show_waiting(house.session, clock.today(), clock.now())
    assert house.of(person, "attendance").state is AlertState.NEW


# --- when the facts end it ---------------------------------------------------------------------------------------------


def test_what_nobody_acted_on_expires_and_counts_against_us(house):
    (person,) = house.follow()
    alert = house.rise(person)
    SignalFactory(person=person, enrolment_id=None, closed_on=clock.today(), close_reason="ended")

    house.end(person)

    after = house.of(person)
    assert (after.state, after.outcome, after.corrected) == (AlertState.EXPIRED, "no_longer_holds", False)
    assert house.log(alert)[-1] == "expired"


def test_what_rested_on_corrected_data_says_so(house):
    (person,) = house.follow()
    house.rise(person)
    SignalFactory(person=person, enrolment_id=None, closed_on=clock.today(), close_reason="corrected")

    house.end(person)

    assert house.of(person).corrected
