"""Stating the calendar of a step, or of a whole group, in one gesture."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from pathways import clock
from pathways.errors import Refused
from pathways.models import JournalEntry
from pathways.operations.calendars import Wanted, all_days, state_calendar
from pathways.operations.undo import take_back
from pathways.queries.calendars import calendars, common, ranges, school_years, shown, weeks_of
from pathways.workflows.calendars import FULL_WEEK, Calendar
from tests.factories import (
    EnrolmentFactory,
    JournalEntryFactory,
    LinkFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    days_ago,
)


class Class:
    """A training body and three trainees in a course begun three weeks ago."""

    def __init__(self):
        self.body = OrganisationFactory(training_body=True)
        self.trainer = MembershipFactory(organisation=self.body).user_id
        self.start = days_ago(21)
        self.steps = [self.entered() for _ in range(3)]

    def entered(self):
        person = PersonFactory()
        step = EnrolmentFactory(person=person, lead=self.body, in_training=True, opened_on=self.start, state_since=self.start)
        LinkFactory(person=person, organisation=self.body, enrolment_id=step.id, role="operator")
        JournalEntryFactory(person=person, organisation=self.body, enrolment_id=step.id, type="entered", occurred_on=self.start)
        return step

    def known(self, steps=None):
        steps = self.steps if steps is None else steps
        found = calendars({step.id: (step.person_id, step.scheme) for step in steps})
        return {step.id: (step.person_id, found[step.id]) for step in steps}

    def state(self, steps=None, **wanted):
        wanted.setdefault("since", self.start)
        return state_calendar(Wanted(**wanted), self.known(steps), organisation_id=self.body.id, user_id=self.trainer)

    def scheduled(self, day):
        return [calendar.scheduled(day) for _person, calendar in self.known().values()]


@pytest.fixture
def trained(session, frozen_clock):
    return Class()


def entries(session):
    query = sa.select(JournalEntry.payload).where(JournalEntry.type == "calendar_stated").order_by(JournalEntry.id)
    return list(session.scalars(query))


def test_one_gesture_closes_the_body_for_the_whole_group(trained, session, acting_for):
    friday = clock.today() + timedelta(days=4)
    with acting_for(trained.body):
        done = trained.state(closures=[friday])
        assert trained.scheduled(friday) == ["--"] * 3

    assert len(done.entries) == 3
    assert entries(session) == [{"from": trained.start.isoformat(), "closures": [friday.isoformat()]}] * 3


def test_undoing_the_gesture_restores_every_calendar(trained, acting_for):
    friday = clock.today() + timedelta(days=4)
    with acting_for(trained.body):
        done = trained.state(closures=[friday])
        take_back(done.entries, organisation_id=trained.body.id, user_id=trained.trainer)

        assert trained.scheduled(friday) == ["BB"] * 3


def test_only_what_changes_is_said(trained, session, acting_for):
    friday = clock.today() + timedelta(days=4)
    with acting_for(trained.body):
        trained.state(closures=[friday], leave=[], half_days=FULL_WEEK)
        with pytest.raises(Refused) as refused:
            trained.state(closures=[friday], leave=[], half_days=FULL_WEEK)

    assert refused.value.codes == ("calendar_unchanged",)
    assert [sorted(each) for each in entries(session)] == [["closures", "from"]] * 3


def test_part_time_begins_on_its_own_day(trained, acting_for):
    next_week = clock.today() + timedelta(days=7)
    with acting_for(trained.body):
        trained.state(trained.steps[:1], half_days=FULL_WEEK - {"mon_am", "mon_pm"}, part_from=next_week)

        assert trained.scheduled(clock.today())[0] == "BB"
        assert trained.scheduled(next_week) == ["--", "BB", "BB"]


def test_weeks_at_the_cfa_leave_the_others_to_the_company(trained, acting_for):
    with acting_for(trained.body):
        trained.state(cfa_weeks=[clock.today()])

        assert trained.scheduled(clock.today()) == ["BB"] * 3
        assert trained.scheduled(clock.today() + timedelta(days=7)) == ["CC"] * 3


def test_no_week_at_the_cfa_is_something_to_say(trained, acting_for):
    with acting_for(trained.body):
        trained.state(cfa_weeks=[])

        assert trained.scheduled(clock.today()) == ["CC"] * 3


def test_dates_the_wrong_way_round_are_refused(trained, acting_for):
    with acting_for(trained.body), pytest.raises(Refused) as refused:
        trained.state(half_days=frozenset({"mon_am"}), part_from=clock.today(), part_until=days_ago(1))

    assert refused.value.codes == ("range_backwards",)


def test_thirty_trainees_cost_as_many_statements_as_one(trained, acting_for, counting):
    with acting_for(trained.body):
        with counting() as one:
            trained.state(trained.steps[:1], closures=[clock.today()])
        more = [trained.entered() for _ in range(5)]
        with counting() as five:
            trained.state(more, closures=[clock.today()])

    assert five.cost_as_much_as(one)


# what the page shows


def test_the_calendar_most_of_a_group_shares_is_shown_and_the_difference_told(trained, acting_for):
    with acting_for(trained.body):
        trained.state(trained.steps[:2], closures=[clock.today()])
        calendar, alike = common([calendar for _person, calendar in trained.known().values()], clock.today())

    assert (shown(calendar, clock.today()).closures, alike) == ([(clock.today(), clock.today())], False)


def test_days_in_a_row_are_one_range_across_a_weekend(frozen_clock):
    thursday, friday, monday, tuesday = (clock.today() + timedelta(days=n) for n in (3, 4, 7, 8))
    later = clock.today() + timedelta(days=16)

    assert ranges([thursday, friday, monday, tuesday, later]) == [(thursday, tuesday), (later, later)]
    assert len(all_days([(thursday, tuesday)])) == 6


def test_a_two_year_contract_meets_three_school_years_and_each_shows_its_weeks(frozen_clock):
    first, last = clock.today(), clock.today().replace(year=2028)
    empty = shown(Calendar(), first)

    assert school_years(first, last) == [2025, 2026, 2027]
    weeks = weeks_of(empty, 2025, first, last)
    assert (weeks[0].monday, weeks[-1].monday) == (first, first.replace(month=8, day=31))
    easter = next(week for week in weeks if week.holidays)
    assert [name for _day, name in easter.holidays] == ["Lundi de Pâques"]
