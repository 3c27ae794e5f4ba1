"""What is asked of whom, and what is shown of it to whom."""

from __future__ import annotations

import pytest

from pathways import clock
from pathways.models import LinkRole
from pathways.queries.worklist import ALL, LATER, MINE, UNOWNED, WorkFilters, anything_to_treat, worklist
from pathways.sharing.visibility import Reader
from pathways.workflows.actors import Kind
from tests.factories import (
    AlertFactory,
    EnrolmentFactory,
    JournalEntryFactory,
    LinkFactory,
    OrganisationFactory,
    PersonFactory,
    SignalFactory,
    UserFactory,
    days_ago,
)


@pytest.fixture(autouse=True)
def _rows(session, frozen_clock):
    """A database and a day."""


@pytest.fixture
def ml():
    return OrganisationFactory()


@pytest.fixture
def body():
    return OrganisationFactory(training_body=True)


@pytest.fixture
def course(ml, body):
    """Somebody followed by a mission locale, in training at a body, with an alert about the course."""
    person = PersonFactory()
    pacea = EnrolmentFactory(person=person, lead=ml)
    step = EnrolmentFactory(person=person, lead=body, prescriber_id=ml.id, in_training=True)
    LinkFactory(person=person, organisation=ml, enrolment_id=pacea.id)
    LinkFactory(person=person, organisation=body, enrolment_id=step.id, role=LinkRole.OPERATOR)
    AlertFactory(person=person, organisation=ml, enrolment_id=step.id, family="attendance")
    return step


def reader(organisation, user=None, *, kind=Kind.MISSION_LOCALE) -> Reader:
    return Reader(organisation.id, clock.today(), user.id if user else None, kind)


def absence(step, *, evidence=(), **changed):
    given = {"person_id": step.person_id, "enrolment_id": step.id, "rule": "unjustified_absence", "family": "attendance"}
    return SignalFactory(person=None, evidence=list(evidence), **(given | changed))


def alerts(ml, scope=ALL, **asked):
    return [alert for row in worklist(reader(ml), WorkFilters(scope, **asked)).rows for alert in row.alerts]


def test_an_alert_shows_its_own_signals_and_no_others(course, ml):
    absence(course)
    absence(course, rule="missed_appointment", family="contact")
    absence(course, enrolment_id=None)

    (alert,) = alerts(ml)

    assert [(signal.rule, signal.enrolment_id) for signal in alert.signals] == [("unjustified_absence", course.id)]


def test_facts_that_may_not_be_read_are_left_out(course, ml, body):
    facts = [
        {"entry": n, "type": kind, "on": days_ago(n).isoformat(), "organisation": body.id}
        for n, kind in enumerate(("attendance", "suspended_sick"), 1)
    ]
    absence(course, evidence=facts)
    LinkFactory(person_id=course.person_id, person=None, organisation=OrganisationFactory())
    shown = [fact.event for fact in alerts(ml)[0].evidence]
    assert shown == ["attendance", "suspended_sick"], "the referent reads why"

    prescriber = OrganisationFactory()
    ids = {"person_id": course.person_id, "person": None, "enrolment_id": course.id}
    LinkFactory(organisation=prescriber, role=LinkRole.PRESCRIBER, **ids)
    AlertFactory(person_id=course.person_id, person=None, organisation=prescriber, enrolment_id=course.id, family="data")
    absence(course, evidence=facts, rule="end_undeclared", family="data")

    assert [fact.event for fact in alerts(prescriber)[0].evidence] == ["attendance"], "another body does not"


def test_the_partner_is_the_body_of_the_step_and_whoever_is_named_there(course, ml, body):
    assert alerts(ml)[0].partner.organisation == body.name
    assert alerts(ml)[0].partner.name is None

    ids = {"person_id": course.person_id, "person": None, "enrolment_id": course.id}
    LinkFactory(organisation=body, user=UserFactory(name="Karim"), **ids)

    assert alerts(ml)[0].partner.name == "Karim"


def test_somebody_who_left_is_not_whom_to_call(course, ml, body):
    LinkFactory(person_id=course.person_id, person=None, organisation=body, user=UserFactory(), enrolment_id=course.id,
                ended_days_ago=1)  # fmt: skip

    assert alerts(ml)[0].partner.name is None


def test_an_alert_of_one_s_own_step_names_the_body_the_person_is_at(course, ml, body):
    AlertFactory(person_id=course.person_id, person=None, organisation=ml, family="gap")

    assert {alert.partner.organisation for alert in alerts(ml)} == {body.name}


def test_data_are_as_fresh_as_the_last_entry_of_the_body_on_that_step(course, ml, body):
    assert alerts(ml)[0].fresh_on is None
    for days, organisation in ((9, body), (4, body), (1, ml)):
        JournalEntryFactory(
            person_id=course.person_id, person=None, organisation=organisation, enrolment_id=course.id, occurred_on=days_ago(days)
        )

    assert alerts(ml)[0].fresh_on == days_ago(4)


def test_of_one_person_only_the_alerts_of_the_view_are_shown(course, ml):
    claire = UserFactory()
    AlertFactory(person_id=course.person_id, person=None, organisation=ml, owner=claire, family="gap")
    who = reader(ml, claire)

    families = {
        scope: [each.family for row in worklist(who, WorkFilters(scope)).rows for each in row.alerts]
        for scope in (MINE, UNOWNED, ALL)
    }

    assert families == {MINE: ["gap"], UNOWNED: ["attendance"], ALL: ["attendance", "gap"]}
    assert worklist(who, WorkFilters()).counts == {MINE: 1, UNOWNED: 1, ALL: 1, LATER: 0}


def test_there_is_something_to_treat_when_it_is_mine_or_nobodys(course, ml):
    assert anything_to_treat(reader(ml, UserFactory()))

    other = OrganisationFactory()
    person = PersonFactory()
    LinkFactory(person=person, organisation=other)
    AlertFactory(person=person, organisation=other, owner=UserFactory())
    assert not anything_to_treat(reader(other, UserFactory()))


def test_a_person_one_no_longer_accompanies_is_not_in_the_list(ml):
    person = PersonFactory()
    LinkFactory(person=person, organisation=ml, ended_days_ago=31)
    AlertFactory(person=person, organisation=ml)

    assert worklist(reader(ml), WorkFilters(ALL)).counts == {MINE: 0, UNOWNED: 0, ALL: 0, LATER: 0}


def test_without_a_user_nothing_is_mine(course, ml):
    found = worklist(reader(ml), WorkFilters(MINE))

    assert (found.rows, found.counts[MINE]) == ([], 0)
