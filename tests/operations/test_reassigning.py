"""Work changes hands: alerts and persons of one colleague to another, many at once, each with its trace."""

import uuid

import pytest
import sqlalchemy as sa

from pathways import clock
from pathways.errors import NotVisible, Refused
from pathways.models import Alert, AlertAction, JournalEntry, Link
from pathways.operations.alerts import take_alert
from pathways.operations.reassigning import reassign_alerts, reassign_persons, undo_persons, undo_reassignment
from tests.factories import (
    AlertFactory,
    EnrolmentFactory,
    JournalEntryFactory,
    LinkFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
)


class Team:
    """A mission locale, its head and two counsellors, one of whom goes on leave with three alerts to her name."""

    def __init__(self):
        self.ml = OrganisationFactory()
        self.head, self.claire, self.hugo = (MembershipFactory(organisation=self.ml).user_id for _ in range(3))
        self.persons = [PersonFactory() for _ in range(3)]
        self.steps = [EnrolmentFactory(person=person, lead=self.ml) for person in self.persons]
        for person, step in zip(self.persons, self.steps, strict=True):
            JournalEntryFactory(person=person, organisation=self.ml, enrolment_id=step.id, type="accompaniment_started",
                                occurred_on=step.opened_on)  # fmt: skip
        self.links = [
            LinkFactory(person=person, organisation=self.ml, user_id=self.claire, enrolment_id=step.id)
            for person, step in zip(self.persons, self.steps, strict=True)
        ]
        self.alerts = [AlertFactory(person=person, organisation=self.ml, owner_id=self.claire) for person in self.persons]

    @property
    def by(self):
        return {"user_id": self.head, "organisation_id": self.ml.id}

    def asked(self, version=1):
        return [(alert.public_id, version) for alert in self.alerts]


@pytest.fixture
def team(session, frozen_clock):
    return Team()


def owners(session, team):
    session.expire_all()
    return [session.get(Alert, alert.id).owner_id for alert in team.alerts]


def log(session):
    return session.execute(sa.select(AlertAction.kind, AlertAction.reason, AlertAction.data["to"]).order_by(AlertAction.id)).all()


def test_the_alerts_of_a_colleague_on_leave_go_to_another_each_with_its_trace(team, session, acting_for):
    with acting_for(team.ml):
        handed = reassign_alerts(team.asked(), to_user_id=team.hugo, reason="conge", **team.by)

    assert (handed.done, handed.changed, handed.same) == (3, 0, 0)
    assert owners(session, team) == [team.hugo] * 3
    assert log(session) == [("handed", "conge", team.hugo)] * 3


def test_alerts_are_left_to_nobody(team, session, acting_for):
    with acting_for(team.ml):
        reassign_alerts(team.asked(), to_user_id=None, reason="depart", **team.by)

    assert owners(session, team) == [None] * 3
    assert [kind for kind, _reason, _to in log(session)] == ["left_to_nobody"] * 3


def test_what_somebody_touched_meanwhile_is_left_alone_and_counted(team, session, acting_for):
    with acting_for(team.ml):
        take_alert(team.alerts[0].id, user_id=team.head, organisation_id=team.ml.id)
        handed = reassign_alerts(team.asked(), to_user_id=team.hugo, reason="conge", **team.by)

    assert (handed.done, handed.changed) == (2, 1)
    assert owners(session, team) == [team.head, team.hugo, team.hugo]


def test_giving_an_alert_to_its_owner_changes_nothing(team, session, acting_for):
    with acting_for(team.ml):
        handed = reassign_alerts(team.asked(), to_user_id=team.claire, reason="autre", **team.by)

    assert (handed.done, handed.same, log(session)) == (0, 3, [])


def test_an_older_page_is_refused_afterwards(team, session, acting_for):
    with acting_for(team.ml):
        reassign_alerts(team.asked(), to_user_id=team.hugo, reason="conge", **team.by)
        again = reassign_alerts(team.asked(), to_user_id=team.head, reason="conge", **team.by)

    assert (again.done, again.changed) == (0, 3)


def test_giving_back_undoes_what_nobody_touched_since(team, session, acting_for):
    with acting_for(team.ml):
        handed = reassign_alerts(team.asked(), to_user_id=team.hugo, reason="conge", **team.by)
        take_alert(team.alerts[2].id, user_id=team.head, organisation_id=team.ml.id)
        assert undo_reassignment(handed.batch, **team.by) == 2
        assert undo_reassignment(handed.batch, **team.by) == 0

    assert owners(session, team) == [team.claire, team.claire, team.head]


def test_ten_minutes_later_or_by_somebody_else_nothing_is_given_back(team, session, acting_for, frozen_clock):
    with acting_for(team.ml):
        handed = reassign_alerts(team.asked(), to_user_id=team.hugo, reason="conge", **team.by)
        assert undo_reassignment(handed.batch, user_id=team.hugo, organisation_id=team.ml.id) == 0
        frozen_clock.advance(minutes=11)
        assert undo_reassignment(handed.batch, **team.by) == 0

    assert owners(session, team) == [team.hugo] * 3


@pytest.mark.parametrize(
    ("to", "reason", "code"), [("stranger", "conge", "not_a_colleague"), ("hugo", "x", "handing_reason_unknown")]
)
def test_a_stranger_or_a_reason_off_the_list_is_refused(team, acting_for, to, reason, code):
    to_user_id = MembershipFactory().user_id if to == "stranger" else team.hugo

    with acting_for(team.ml), pytest.raises(Refused) as refused:
        reassign_alerts(team.asked(), to_user_id=to_user_id, reason=reason, **team.by)

    assert refused.value.codes == (code,)


def test_another_organisation_gives_none_of_them_away(team, acting_for):
    elsewhere = OrganisationFactory()
    member = MembershipFactory(organisation=elsewhere)
    LinkFactory(person=team.persons[0], organisation=elsewhere)

    with acting_for(elsewhere), pytest.raises(NotVisible):
        reassign_alerts(team.asked(), to_user_id=member.user_id, reason="conge", user_id=member.user_id,
                        organisation_id=elsewhere.id)  # fmt: skip


def test_an_alert_nobody_knows_is_not_given(team, acting_for):
    with acting_for(team.ml), pytest.raises(NotVisible):
        reassign_alerts([(uuid.uuid4(), 1)], to_user_id=team.hugo, reason="conge", **team.by)


# persons


def followers(session, team):
    session.expire_all()
    open_ones = sa.select(Link.person_id, Link.user_id).where(Link.ended_on.is_(None))
    named = {row[0]: row[1] for row in session.execute(open_ones)}
    return [named[person.id] for person in team.persons]


def test_another_referent_follows_the_persons_and_the_journal_says_so(team, session, acting_for):
    with acting_for(team.ml):
        links = [link.id for link in team.links]
        leaving = {"from_user_id": team.claire, "reason": "depart", "with_alerts": True}
        handed = reassign_persons(links, to_user_id=team.hugo, **leaving, **team.by)

    assert (handed.done, handed.changed) == (3, 0)
    assert followers(session, team) == [team.hugo] * 3
    assert owners(session, team) == [team.hugo] * 3
    named = sa.select(JournalEntry.enrolment_id, JournalEntry.occurred_on).where(JournalEntry.type == "referent_named")
    assert session.execute(named.order_by(JournalEntry.enrolment_id)).all() == [(step.id, clock.today()) for step in team.steps]


def test_the_former_link_ends_the_evening_before(team, session, acting_for, frozen_clock):
    yesterday = clock.today().replace(day=1)
    with acting_for(team.ml):
        reassign_persons([team.links[0].id], from_user_id=team.claire, to_user_id=team.hugo, reason="conge", with_alerts=False,
                         **team.by)  # fmt: skip

    session.expire_all()
    assert session.get(Link, team.links[0].id).ended_on == yesterday
    assert followers(session, team) == [team.hugo, team.claire, team.claire]
    assert owners(session, team) == [team.claire] * 3


def test_a_person_who_changed_hands_meanwhile_is_counted_and_left(team, session, acting_for):
    with acting_for(team.ml):
        first = {"from_user_id": team.claire, "reason": "conge", "with_alerts": False, **team.by}
        reassign_persons([team.links[0].id], to_user_id=team.head, **first)
        handed = reassign_persons([link.id for link in team.links], to_user_id=team.hugo, **first)

    assert (handed.done, handed.changed) == (2, 1)
    assert followers(session, team) == [team.head, team.hugo, team.hugo]


def test_a_step_another_organisation_leads_by_now_is_left_and_counted(team, session, acting_for):
    elsewhere = OrganisationFactory()
    JournalEntryFactory(person=team.persons[0], organisation=team.ml, enrolment_id=team.steps[0].id, type="transfer_requested",
                        payload={"to": elsewhere.id})  # fmt: skip
    JournalEntryFactory(person=team.persons[0], organisation=elsewhere, enrolment_id=team.steps[0].id, type="transfer_accepted")

    with acting_for(team.ml):
        on_leave = {"from_user_id": team.claire, "reason": "conge", "with_alerts": False}
        handed = reassign_persons([link.id for link in team.links], to_user_id=team.hugo, **on_leave, **team.by)

    assert (handed.done, handed.refused) == (2, 1)
    assert followers(session, team) == [team.claire, team.hugo, team.hugo]


def test_taking_a_change_of_referent_back_leaves_the_links_and_the_journal_as_they_were(team, session, acting_for):
    hands = {"from_user_id": team.claire, "to_user_id": team.hugo}
    with acting_for(team.ml):
        handed = reassign_persons([link.id for link in team.links], reason="conge", with_alerts=True, **hands, **team.by)
        back = undo_persons(handed.links, handed.batch, **hands, **team.by)

    assert back == 3
    session.expire_all()
    links = session.execute(sa.select(Link.id, Link.user_id, Link.ended_on).order_by(Link.id)).all()
    assert links == [(link.id, team.claire, None) for link in team.links]
    assert owners(session, team) == [team.claire] * 3
    named = set(session.scalars(sa.select(JournalEntry.id).where(JournalEntry.type == "referent_named")))
    assert named == set(session.scalars(sa.select(JournalEntry.retracts).where(JournalEntry.type == "retracted")))


def test_whoever_changed_hands_again_since_stays_there(team, session, acting_for):
    hands = {"from_user_id": team.claire, "to_user_id": team.hugo}
    with acting_for(team.ml):
        handed = reassign_persons([link.id for link in team.links], reason="conge", with_alerts=False, **hands, **team.by)
        taken = session.scalars(sa.select(Link.id).where(Link.user_id == team.hugo, Link.person_id == team.persons[0].id)).one()
        on = {"from_user_id": team.hugo, "to_user_id": team.head, "reason": "autre", "with_alerts": False}
        reassign_persons([taken], **on, **team.by)
        back = undo_persons(handed.links, handed.batch, **hands, **team.by)

    assert back == 2
    assert followers(session, team) == [team.head, team.claire, team.claire]


def test_the_number_of_statements_does_not_depend_on_how_many_persons(team, acting_for, counting):
    def move(links, to):
        with acting_for(team.ml), counting() as queries:
            reassign_persons(links, from_user_id=team.claire, to_user_id=to, reason="conge", with_alerts=True, **team.by)
        return queries

    one = move([team.links[0].id], team.hugo)
    assert move([link.id for link in team.links[1:]], team.hugo).cost_as_much_as(one)
