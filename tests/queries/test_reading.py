"""What an organisation reads of a person it sees, by what it is to them."""

from __future__ import annotations

import pytest

from pathways import clock
from pathways.errors import NotVisible
from pathways.models import LinkRole
from pathways.queries.caseload import Filters, caseload
from pathways.queries.person import companions, identity, record
from pathways.queries.signals import open_signals
from pathways.queries.steps import steps_of
from pathways.queries.timeline import one_entry, timeline
from pathways.sharing.groups import Bond
from pathways.sharing.visibility import Reader
from pathways.workflows.actors import Kind
from tests.factories import (
    EnrolmentFactory,
    JournalEntryFactory,
    LinkFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    SignalFactory,
    days_ago,
)


@pytest.fixture(autouse=True)
def _rows(session, frozen_clock):
    """A database and a day."""


@pytest.fixture
def lead():
    return OrganisationFactory()


@pytest.fixture
def body():
    return OrganisationFactory(training_body=True)


@pytest.fixture
def person(lead, body):
    """Followed by a mission locale, in training at a body; a signal of each step and one of the person."""
    person = PersonFactory()
    pacea = EnrolmentFactory(person=person, lead=lead)
    course = EnrolmentFactory(person=person, lead=body, in_training=True)
    LinkFactory(person=person, organisation=lead, enrolment_id=pacea.id)
    LinkFactory(person=person, organisation=body, enrolment_id=course.id, role=LinkRole.OPERATOR)
    SignalFactory(person=person, enrolment_id=pacea.id, rule="contact_silence")
    SignalFactory(person=person, enrolment_id=course.id, rule="unjustified_absence", family="attendance")
    SignalFactory(person=person, rule="no_solution_gap", family="gap")
    return person


def reader(organisation, user=None, *, kind=Kind.MISSION_LOCALE) -> Reader:
    return Reader(organisation.id, clock.today(), user.id if user else None, kind)


def rules(person, who) -> set[str]:
    return {signal.rule for signal in open_signals([person.id], who).get(person.id, [])}


def test_the_lead_sees_every_signal(person, lead):
    assert rules(person, reader(lead)) == {"contact_silence", "unjustified_absence", "no_solution_gap"}


def test_a_training_body_sees_the_signals_of_its_own_step(person, body):
    assert rules(person, reader(body, kind=Kind.ORGANISME_FORMATION)) == {"unjustified_absence"}


def test_a_co_referent_sees_the_persons_own_signals_and_not_anothers_step(person):
    other = OrganisationFactory(france_travail=True)
    LinkFactory(person=person, organisation=other, role=LinkRole.CO_REFERENT)

    assert rules(person, reader(other)) == {"no_solution_gap"}


def test_a_stranger_sees_nothing_at_all(person):
    stranger = reader(OrganisationFactory())

    assert rules(person, stranger) == set()
    assert steps_of([person.id], stranger) == {}
    assert companions(person.id, stranger) == []
    with pytest.raises(NotVisible):
        identity(person.public_id, stranger)
    with pytest.raises(NotVisible):
        record(person.public_id, stranger)


def test_a_training_body_sees_its_own_steps_only(person, body, lead):
    as_a_body = reader(body, kind=Kind.ORGANISME_FORMATION)
    assert [step.scheme for step in steps_of([person.id], as_a_body)[person.id]] == ["PRF_VISA_METIERS"]
    assert [step.scheme for step in steps_of([person.id], reader(lead))[person.id]] == ["PACEA", "PRF_VISA_METIERS"]


def test_of_two_thresholds_of_one_thing_the_higher_is_shown(person, lead):
    for threshold, level in (("60", "watch"), ("30", "alert")):
        SignalFactory(
            person=person, rule="cap_approaching", about="2026-04-01", threshold=threshold, level=level, family="deadline"
        )

    shown = [signal for signal in open_signals([person.id], reader(lead))[person.id] if signal.rule == "cap_approaching"]

    assert [signal.level for signal in shown] == ["alert"]


def test_a_signal_that_ended_is_not_shown(person, lead):
    SignalFactory(person=person, rule="missed_appointment", ended=True)

    assert "missed_appointment" not in rules(person, reader(lead))


def test_a_retraction_taken_back_leaves_the_entry_standing(person, lead):
    entry = JournalEntryFactory(person=person, organisation=lead)
    wrong = JournalEntryFactory(retracting=entry, organisation=lead, payload={"reason": "non"})
    who = reader(lead)
    assert one_entry(entry.id, person.id, who).retracted is not None

    JournalEntryFactory(retracting=wrong, organisation=lead, payload={"reason": "si"})

    assert one_entry(entry.id, person.id, who).retracted is None


def test_what_was_entered_late_says_when(person, lead):
    entry = JournalEntryFactory(person=person, organisation=lead, occurred_on=days_ago(9), late=True)

    (shown,), older = timeline(person.id, [], reader(lead), Bond(Kind.MISSION_LOCALE, leads=True))

    assert (shown.id, shown.late, older) == (entry.id, clock.today(), "")


def test_who_accompanies_names_each_once_the_referent_first(person, lead):
    claire = MembershipFactory(organisation=lead)
    LinkFactory(person=person, organisation=lead, user_id=claire.user_id, started_on=days_ago(10))

    found = companions(person.id, reader(lead))

    assert [each.role for each in found] == ["referent", "operator"]
    assert found[0].name is not None


def test_the_list_counts_by_the_level_of_the_worst_signal(person, lead):
    page = caseload(reader(lead), Filters(scope="team"))

    assert (page.team, page.mine, page.counts["watch"], page.total) == (1, 0, 1, 1)
    assert page.rows[0].signals == 3
    assert page.rows[0].step.scheme == "PACEA"
    assert page.rows[0].open_steps == 2
