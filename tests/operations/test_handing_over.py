"""Passing somebody on: who sees them, who answers for them, and what the stored list says, on both sides."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.detection.sweep import sweep
from pathways.errors import NotVisible, Refused
from pathways.models import Alert, Enrolment, HandOver, Kind, Link, Signal
from pathways.operations import handing_over
from pathways.operations.recording import record_event
from pathways.operations.undo import take_back
from pathways.queries.hand_overs import RECEIVED, SENT, hand_overs, of_person, one, waiting
from pathways.queries.outlook import outlook
from pathways.sharing.visibility import Reader
from tests.factories import LinkFactory, MembershipFactory, OrganisationFactory, PersonFactory, UserFactory


class Between:
    """A school leaver's network, two Missions locales and a third, with somebody in each; and one person."""

    def __init__(self) -> None:
        self.psad = OrganisationFactory(kind=Kind.PSAD, name="PSAD de Nantes", phone="+33240000001")
        self.ml, self.other, self.third = OrganisationFactory(), OrganisationFactory(phone="+33240000002"), OrganisationFactory()
        self.users = {each.id: UserFactory() for each in (self.psad, self.ml, self.other, self.third)}
        for organisation, user in self.users.items():
            MembershipFactory(user=user, organisation_id=organisation)
        self.person = PersonFactory()
        self.steps: dict[str, int] = {}

    def user(self, organisation):
        return self.users[organisation.id]

    def tell(self, event, scheme, by, *, ago=0, opens=False, **data) -> int:
        on = clock.today() - timedelta(days=ago)
        with clock.at(on), db.acting_for(by.id, self.user(by).id), db.atomic() as session:
            entry = record_event(
                person_id=self.person.id, type=event, occurred_on=on, data=data, organisation_id=by.id,
                user_id=self.user(by).id, enrolment_id=None if opens else self.steps.get(scheme),
                scheme=scheme if opens else None,
            )
            if opens:
                newest = sa.select(sa.func.max(Enrolment.id)).where(Enrolment.person_id == self.person.id)
                self.steps[scheme] = session.scalar(newest)
        return entry

    def handed_over(self, *, ago=0) -> HandOver:
        LinkFactory(person=self.person, organisation=self.psad, role="partner", user=self.user(self.psad))
        self.tell("leaver_identified", "PSAD", self.psad, ago=ago + 10, opens=True)
        self.tell("handed_over", "PSAD", self.psad, ago=ago, to=self.ml.id)
        return self.passage()

    def transfer(self, *, ago=0, **data) -> HandOver:
        LinkFactory(person=self.person, organisation=self.ml, user=self.user(self.ml))
        self.tell("engagement_signed", "CEJ", self.ml, ago=ago + 60, opens=True)
        self.tell("transfer_requested", "CEJ", self.ml, ago=ago, to=self.other.id, reason="DEMENAGEMENT", **data)
        return self.passage()

    def passage(self) -> HandOver:
        latest = sa.select(HandOver).order_by(HandOver.id.desc()).execution_options(populate_existing=True)
        return db.session().scalars(latest).first()

    def reader(self, organisation) -> Reader:
        return Reader(organisation.id, clock.today(), self.user(organisation).id)

    def links(self, organisation) -> set[tuple[str, bool]]:
        rows = db.session().execute(
            sa.select(Link.role, Link.ended_on.is_(None)).where(
                Link.organisation_id == organisation.id, Link.person_id == self.person.id)
        )
        return {(str(role), still) for role, still in rows}

    def leads(self, scheme) -> int:
        return db.session().scalar(sa.select(Enrolment.lead_organisation_id).where(Enrolment.id == self.steps[scheme]))

    def seen_by(self, organisation) -> bool:
        with db.acting_for(organisation.id), db.atomic() as session:
            return session.scalar(sa.select(sa.func.count()).select_from(HandOver)) > 0

    def answer(self, act, by, *args, passage=None) -> int:
        with db.acting_for(by.id, self.user(by).id):
            return act((passage or self.passage()).id, *args, organisation_id=by.id, user_id=self.user(by).id)


@pytest.fixture
def between(session):
    return Between()


# hand-overs


def test_the_two_organisations_see_the_passage_and_nobody_else(between):
    shown = between.handed_over().public_id

    assert between.seen_by(between.psad)
    assert between.seen_by(between.ml)
    LinkFactory(person=between.person, organisation=between.third)
    assert not between.seen_by(between.third)
    with db.acting_for(between.third.id), pytest.raises(NotVisible):
        one(shown, between.reader(between.third))


def test_no_organisation_writes_the_list_itself(between):
    passage = between.handed_over()

    with pytest.raises(sa.exc.ProgrammingError, match="row-level security"), db.acting_for(between.ml.id), db.atomic() as session:
        session.execute(sa.update(HandOver).where(HandOver.id == passage.id).values(stage="accepted", awaits_id=None))


def test_until_the_answer_the_sender_holds_the_person_although_its_own_step_is_over(between):
    passage = between.handed_over(ago=40)
    assert (passage.stage, passage.awaits_id) == ("sent", between.ml.id)
    assert ("partner", True) in between.links(between.psad)
    assert between.links(between.ml) == {("partner", True)}

    between.answer(handing_over.acknowledge, between.ml)

    assert between.passage().stage == "acknowledged"
    assert ("partner", True) in between.links(between.psad)


def test_accepting_names_a_referent_and_moves_the_responsibility(between):
    between.handed_over()
    referent = between.user(between.ml)

    between.answer(handing_over.accept, between.ml, str(referent.public_id))

    assert between.passage().stage == "accepted"
    assert between.links(between.ml) == {("partner", False), ("referent", True)}
    link = db.session().scalar(sa.select(Link).where(Link.organisation_id == between.ml.id, Link.role == "referent"))
    assert (link.user_id, link.enrolment_id) == (referent.id, None)


def test_somebody_of_another_organisation_cannot_be_named_referent(between):
    between.handed_over()

    with pytest.raises(Refused) as refused:
        between.answer(handing_over.accept, between.ml, str(between.user(between.third).public_id))

    assert refused.value.codes == ("not_a_colleague",)


def test_refusing_gives_a_reason_and_closes_the_door_after_thirty_days(between, frozen_clock):
    between.handed_over()
    between.answer(handing_over.refuse, between.ml, "HORS_SECTEUR")

    assert (between.passage().stage, between.passage().reason) == ("refused", "HORS_SECTEUR")
    assert between.links(between.ml) == {("partner", False)}
    assert ("partner", True) in between.links(between.psad)
    frozen_clock.advance(30)
    assert between.seen_by(between.ml)
    frozen_clock.advance(1)
    assert not between.seen_by(between.ml)
    assert between.seen_by(between.psad)


def test_an_answer_is_undone_with_everything_that_followed(between):
    between.handed_over()
    entry = between.answer(handing_over.accept, between.ml, str(between.user(between.ml).public_id))

    with db.acting_for(between.ml.id, between.user(between.ml).id):
        take_back([entry], organisation_id=between.ml.id, user_id=between.user(between.ml).id)

    assert between.passage().stage == "sent"
    assert ("partner", True) in between.links(between.ml)
    assert ("referent", True) not in between.links(between.ml)


def test_an_answer_undone_takes_away_no_link_that_was_there_before(between):
    LinkFactory(person=between.person, organisation=between.ml, user=between.user(between.ml))
    between.handed_over()
    entry = between.answer(handing_over.accept, between.ml, str(between.user(between.ml).public_id))

    with db.acting_for(between.ml.id, between.user(between.ml).id):
        take_back([entry], organisation_id=between.ml.id, user_id=between.user(between.ml).id)

    assert ("referent", True) in between.links(between.ml)


def test_the_sender_takes_it_back(between):
    between.handed_over()
    between.answer(handing_over.withdraw, between.psad)

    assert (between.passage().stage, between.passage().awaits_id) == ("withdrawn", None)
    assert between.links(between.ml) == {("partner", False)}


def test_taking_back_the_sending_itself_leaves_no_trace_in_the_list(between):
    between.handed_over()
    (entry,) = db.session().scalars(sa.select(HandOver.entry_id))

    with db.acting_for(between.psad.id, between.user(between.psad).id):
        take_back([entry], organisation_id=between.psad.id, user_id=between.user(between.psad).id)

    assert between.passage() is None
    assert between.links(between.ml) == {("partner", False)}


def test_the_sender_is_asked_to_act_when_nobody_answers(between):
    between.handed_over(ago=20)
    sweep(clock.today())

    open_signals = set(db.session().scalars(sa.select(Signal.rule).where(Signal.closed_on.is_(None))))
    assert {"hand_over_unacknowledged", "transfer_pending"} <= open_signals
    assert set(db.session().scalars(sa.select(Alert.organisation_id))) == {between.psad.id}

    between.answer(handing_over.acknowledge, between.ml)
    assert "hand_over_unacknowledged" not in set(
        db.session().scalars(sa.select(Signal.rule).where(Signal.closed_on.is_(None))))


def test_a_list_lost_is_written_again_by_the_evaluation(between):
    between.handed_over()
    with db.as_system(), db.atomic() as session:
        session.execute(sa.delete(HandOver))

    sweep(clock.today(), full=True)

    assert between.passage().stage == "sent"


# transfers


def test_what_is_to_be_done_follows_the_referent_once_the_transfer_is_accepted(between):
    between.transfer(ago=20)
    sweep(clock.today())
    assert set(db.session().scalars(sa.select(Alert.organisation_id).where(Alert.closed_on.is_(None)))) == {between.ml.id}

    between.tell("transfer_accepted", "CEJ", between.other, referent=str(between.user(between.other).public_id))

    assert between.leads("CEJ") == between.other.id
    left = db.session().execute(sa.select(Alert.organisation_id, Alert.owner_id).where(Alert.closed_on.is_(None))).all()
    assert {each.organisation_id for each in left} <= {between.other.id}
    assert {each.owner_id for each in left} <= {between.user(between.other).id}


def test_a_temporary_transfer_returns_with_its_links_the_night_after_its_end(between, frozen_clock):
    until = clock.today() + timedelta(days=20)
    between.transfer(until=until.isoformat())
    between.tell("transfer_accepted", "CEJ", between.other)
    assert ("co_referent", True) in between.links(between.ml)
    assert ("referent", True) in between.links(between.other)

    frozen_clock.advance(20)
    sweep(clock.today())
    assert between.leads("CEJ") == between.other.id

    frozen_clock.advance(1)
    sweep(clock.today())

    assert between.leads("CEJ") == between.ml.id
    assert ("referent", True) in between.links(between.ml)
    assert ("co_referent", True) not in between.links(between.ml)
    assert ("referent", True) not in between.links(between.other)
    back = db.session().scalar(
        sa.select(Link).where(Link.organisation_id == between.ml.id, Link.role == "referent", Link.ended_on.is_(None),
                              Link.enrolment_id.is_not(None)))
    assert (back.started_on, back.user_id) == (until + timedelta(days=1), between.user(between.ml).id)
    sweep(clock.today(), full=True)
    assert between.leads("CEJ") == between.ml.id


def test_the_return_of_a_temporary_transfer_is_announced(between):
    until = clock.today() + timedelta(days=20)
    between.transfer(until=until.isoformat())
    between.tell("transfer_accepted", "CEJ", between.other)

    with db.acting_for(between.other.id):
        coming = {each.rule: each.on for each in outlook(between.person.id, clock.today())}
    assert coming["clock:transfer_over"] == until + timedelta(days=1)


def test_the_new_mission_locale_may_ask_and_the_former_one_agrees(between):
    LinkFactory(person=between.person, organisation=between.ml, user=between.user(between.ml))
    LinkFactory(person=between.person, organisation=between.other, role="partner")
    between.tell("engagement_signed", "CEJ", between.ml, ago=60, opens=True)
    between.tell("transfer_requested", "CEJ", between.other, to=between.other.id, reason="DEMENAGEMENT",
                 referent=str(between.user(between.other).public_id))

    assert between.passage().awaits_id == between.ml.id
    assert ("referent", True) not in between.links(between.other)

    between.tell("transfer_accepted", "CEJ", between.ml)

    assert between.leads("CEJ") == between.other.id
    link = db.session().scalar(sa.select(Link).where(Link.organisation_id == between.other.id, Link.role == "referent"))
    assert link.user_id == between.user(between.other).id


def test_an_organisation_that_cannot_lead_the_scheme_is_not_asked(between):
    centre = OrganisationFactory(cfa=True)
    LinkFactory(person=between.person, organisation=between.ml)
    between.tell("engagement_signed", "CEJ", between.ml, ago=60, opens=True)

    with pytest.raises(Refused) as refused:
        between.tell("transfer_requested", "CEJ", between.ml, to=centre.id)

    assert refused.value.codes == ("cannot_lead",)


def test_somebody_else_who_notes_a_contact_does_not_become_referent(between):
    LinkFactory(person=between.person, organisation=between.ml)
    LinkFactory(person=between.person, organisation=between.other, role="co_referent")
    between.tell("engagement_signed", "CEJ", between.ml, ago=60, opens=True)
    between.tell("contact", "CEJ", between.other)

    assert between.links(between.other) == {("co_referent", True)}


# death


def test_a_death_closes_what_is_open_and_is_taken_back_whole(between):
    LinkFactory(person=between.person, organisation=between.ml, user=between.user(between.ml))
    between.tell("engagement_signed", "CEJ", between.ml, ago=60, opens=True)
    with db.acting_for(between.ml.id, between.user(between.ml).id):
        entry = record_event(
            person_id=between.person.id, type="deceased", occurred_on=clock.today(), data={}, organisation_id=between.ml.id,
            user_id=between.user(between.ml).id,
        )
    step = sa.select(Enrolment.state, Enrolment.outcome, Enrolment.closed_on).where(Enrolment.id == between.steps["CEJ"])
    assert db.session().execute(step).one() == ("closed", "DECES", clock.today())

    with db.acting_for(between.ml.id, between.user(between.ml).id):
        take_back([entry], organisation_id=between.ml.id, user_id=between.user(between.ml).id)
    assert db.session().execute(step).one() == ("active", None, None)


# lists


def test_the_lists_of_both_sides_and_the_record_say_the_same(between):
    between.handed_over(ago=9)
    with db.acting_for(between.ml.id):
        received = hand_overs(between.reader(between.ml), RECEIVED)
        assert hand_overs(between.reader(between.ml), SENT).rows == []
        assert waiting(between.reader(between.ml)) == 1
    with db.acting_for(between.psad.id):
        sent = hand_overs(between.reader(between.psad), SENT)
        assert waiting(between.reader(between.psad)) == 0
        (shown,) = of_person(between.person.id, between.reader(between.psad))

    (row,) = received.rows
    assert (row.awaits_me, row.to_acknowledge, row.other, row.is_late(clock.today())) == (True, True, "PSAD de Nantes", True)
    assert row.expected_on == row.sent_on + timedelta(days=10)
    assert received.counts == {RECEIVED: 1, SENT: 0}
    assert sent.counts == {RECEIVED: 0, SENT: 1}
    assert (shown.id, shown.asked_by_me) == (sent.rows[0].id, True)


def test_a_page_of_passages_costs_the_same_for_many(between, counting):
    def handed(count: int) -> None:
        for _n in range(count):
            between.person = PersonFactory()
            between.handed_over()

    handed(1)
    reader = between.reader(between.ml)
    with db.acting_for(between.ml.id), counting() as few:
        hand_overs(reader, RECEIVED)
    handed(30)
    with db.acting_for(between.ml.id), counting() as many:
        first = hand_overs(reader, RECEIVED)
    assert len(many) == len(few)

    with db.acting_for(between.ml.id):
        second = hand_overs(reader, RECEIVED, first.after)
        back = hand_overs(reader, RECEIVED, second.before)
    assert (len(first.rows), len(second.rows), second.after) == (25, 6, "")
    assert [each.id for each in back.rows] == [each.id for each in first.rows]
    assert {each.id for each in first.rows} & {each.id for each in second.rows} == set()
