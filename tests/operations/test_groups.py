"""Groups of a training body: made, filled, left, and invisible to everybody else; entries and exits declared together."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from pathways import clock
from pathways.errors import NotVisible, Refused, Stale
from pathways.models import Enrolment, GroupMember, JournalEntry, TrainingGroup
from pathways.operations.declaring import Asked, declare_together
from pathways.operations.groups import Described, add_members, change_group, create_group, leave_group
from pathways.operations.undo import take_back
from tests.factories import OrganisationFactory, UserFactory, days_ago
from tests.school import VISA, School


@pytest.fixture
def school(session, frozen_clock):
    return School()


def described(**changes) -> Described:
    return Described(**({"name": "Session 2026", "scheme": VISA, "starts_on": days_ago(30)} | changes))


def members(session, group_id):
    query = sa.select(GroupMember).where(GroupMember.group_id == group_id).order_by(GroupMember.id)
    return [(each.enrolment_id, each.joined_on, each.left_on) for each in session.scalars(query)]


def state_of(session, pupil):
    session.expire_all()
    return session.get(Enrolment, pupil.step.id).state


def asked(pupil, event, on=None, **data):
    return Asked(pupil.person.id, pupil.step.id, event, on or clock.today(), data)


def test_a_group_is_made_with_its_members(school, session, acting_for):
    lea, tom = school.pupil("Léa"), school.pupil("Tom")

    with acting_for(school.body):
        create_group(described(), organisation_id=school.body.id, members=[lea.step.id, tom.step.id])

    group = session.scalars(sa.select(TrainingGroup)).one()
    assert [(step, joined) for step, joined, _left in members(session, group.id)] == [
        (lea.step.id, days_ago(30)),
        (tom.step.id, days_ago(30)),
    ]


def test_a_group_cannot_end_before_it_starts_nor_be_led_by_a_stranger(school, acting_for):
    wrong = described(ends_on=days_ago(31), trainer_id=UserFactory().id)

    with acting_for(school.body), pytest.raises(Refused) as refused:
        create_group(wrong, organisation_id=school.body.id)

    assert refused.value.codes == ("group_ends_before_start", "not_a_colleague")


def test_another_body_neither_sees_the_group_nor_changes_it(school, session, acting_for):
    group = school.group(school.pupil("Léa"))
    elsewhere = OrganisationFactory(training_body=True)

    with acting_for(elsewhere):
        assert session.scalars(sa.select(TrainingGroup.id)).all() == []
        assert session.scalars(sa.select(GroupMember.id)).all() == []
        with pytest.raises(NotVisible):
            change_group(group.id, described(), organisation_id=elsewhere.id)
    with acting_for(school.ml):
        assert session.scalars(sa.select(GroupMember.id)).all() == []


def test_a_step_of_another_body_does_not_enter_a_group(school, acting_for):
    group, foreign = school.group(), School.__new__(School)
    foreign.ml, foreign.counsellor = school.ml, school.counsellor
    foreign.body, foreign.trainer = OrganisationFactory(training_body=True), school.trainer
    stranger = foreign.pupil("Zoé")

    with acting_for(school.body), pytest.raises(NotVisible):
        add_members(group.id, [stranger.step.id], organisation_id=school.body.id)


def test_two_people_changing_one_group_are_not_overwritten(school, session, acting_for):
    group = school.group()
    with acting_for(school.body):
        change_group(group.id, described(name="Autre nom"), organisation_id=school.body.id, version=1)
        with pytest.raises(Stale):
            change_group(group.id, described(), organisation_id=school.body.id, version=1)


def test_moving_to_another_group_leaves_the_first_one_the_day_before(school, session, acting_for):
    lea = school.pupil("Léa")
    first, second = school.group(lea), school.group(name="Autre")

    with acting_for(school.body):
        assert add_members(second.id, [lea.step.id], organisation_id=school.body.id) == 1
        assert add_members(second.id, [lea.step.id], organisation_id=school.body.id) == 0

    assert members(session, first.id) == [(lea.step.id, days_ago(60), days_ago(1))]
    assert members(session, second.id) == [(lea.step.id, clock.today(), None)]


def test_whoever_joined_today_by_mistake_was_never_in_the_group(school, session, acting_for):
    lea = school.pupil("Léa")
    group = school.group(since=0)
    with acting_for(school.body):
        add_members(group.id, [lea.step.id], organisation_id=school.body.id)
        leave_group(group.id, lea.step.id, organisation_id=school.body.id)

    assert members(session, group.id) == []
    assert state_of(session, lea) == "in_training"


# --- entries and exits ---------------------------------------------------------------------------------------------------


def test_a_whole_group_enters_at_once_and_the_refused_one_alone_stays_out(school, session, acting_for):
    ready = [school.pupil(name, state="admitted", since=3) for name in ("Léa", "Tom")]
    there = school.pupil("Zoé")

    with acting_for(school.body):
        batch = [asked(each, "entered") for each in (*ready, there)]
        done = declare_together(batch, organisation_id=school.body.id, user_id=school.trainer.id)

    assert [state_of(session, each) for each in ready] == ["in_training", "in_training"]
    assert [reason.code for reason in done.refused[there.step.id]] == ["not_from_this_state"]
    assert done.steps == {each.step.id for each in ready}


def test_nobody_enters_on_a_day_to_come(school, acting_for):
    lea = school.pupil("Léa", state="admitted", since=3)
    with acting_for(school.body):
        tomorrow = asked(lea, "entered", clock.today() + timedelta(1))
        done = declare_together([tomorrow], organisation_id=school.body.id, user_id=None)

    assert [reason.code for reason in done.refused[lea.step.id]] == ["day_to_come"]
    assert done.entries == []


def test_a_batch_is_taken_back_as_one(school, session, acting_for):
    left = [school.pupil(name) for name in ("Léa", "Tom")]
    with acting_for(school.body, school.trainer):
        batch = [asked(each, "dropped", reason="TRANSPORT", outcome="ABANDON") for each in left]
        done = declare_together(batch, organisation_id=school.body.id, user_id=school.trainer.id)
        assert [state_of(session, each) for each in left] == ["dropped_out", "dropped_out"]

        take_back(done.entries, organisation_id=school.body.id, user_id=school.trainer.id)

    assert [state_of(session, each) for each in left] == ["in_training", "in_training"]


def test_a_person_out_of_sight_stops_the_whole_batch(school, session, acting_for):
    lea = school.pupil("Léa")
    before = session.scalar(sa.select(sa.func.count()).select_from(JournalEntry))
    with acting_for(OrganisationFactory(training_body=True)), pytest.raises(NotVisible):
        declare_together([asked(lea, "entered")], organisation_id=school.body.id, user_id=None)

    assert session.scalar(sa.select(sa.func.count()).select_from(JournalEntry)) == before


def test_a_batch_of_fifteen_costs_as_many_queries_as_one(school, counting, acting_for):
    one, many = school.pupil("Léa"), [school.pupil(f"Élève {n}") for n in range(15)]
    with acting_for(school.body):
        with counting() as alone:
            declare_together([asked(one, "contact")], organisation_id=school.body.id, user_id=None)
        with counting() as together:
            declare_together([asked(each, "contact") for each in many], organisation_id=school.body.id, user_id=None)

    assert together.cost_as_much_as(alone)
