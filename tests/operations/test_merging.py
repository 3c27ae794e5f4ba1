"""Joining two records moves everything to one; undoing moves exactly that back. Nobody sees more than they may."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from pathways import clock, db
from pathways.detection.sweep import evaluate_now
from pathways.errors import NotVisible, Refused
from pathways.models import (
    Alert,
    AlertAction,
    DuplicateProposal,
    Enrolment,
    ExternalId,
    JournalEntry,
    LinkRole,
    Person,
    PersonMerge,
    User,
)
from pathways.operations.likeness import propose
from pathways.operations.merging import join, reopen, tell_apart, undo
from pathways.operations.recording import record_event
from tests.factories import (
    AlertFactory,
    JournalEntryFactory,
    LinkFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    SignalFactory,
    days_ago,
)

TABLES = ("person", "external_id", "enrolment", "link", "visibility", "journal_entry", "signal", "alert")
FACTS = ("external_id", "enrolment", "link", "visibility", "journal_entry")


def dump(*tables: str) -> dict[str, list[str]]:
    """Every row of these tables, as text."""
    with db.as_system():
        session = db.session()
        return {table: sorted(session.scalars(sa.text(f"select {table}::text from {table}"))) for table in tables}


class Two:
    """One person recorded twice: at a mission locale with a step, and again by it, with a training body on that step."""

    def __init__(self):
        self.ml, self.body = OrganisationFactory(), OrganisationFactory(training_body=True)
        self.elsewhere = OrganisationFactory()
        self.user = MembershipFactory(organisation=self.ml).user_id
        born = days_ago(20 * 366)
        self.first = PersonFactory(family_name="Guérin", given_name="Maëlys", birth_date=born, phone="+33611111111")
        self.second = PersonFactory(family_name="Guerin", given_name="Maelys", birth_date=born, phone=None, email="m@exemple.fr")
        LinkFactory(person=self.first, organisation=self.ml)
        LinkFactory(person=self.second, organisation=self.ml)
        with db.atomic() as session:
            session.add(ExternalId(person_id=self.second.id, system="france_travail", value="1234567A"))
        for person in (self.first, self.second):
            self.tell(person, 200, "identity_stated", {"born": born.isoformat()})
        self.pacea = self.opened(self.first, 120)
        self.again = self.opened(self.second, 60)
        LinkFactory(person=self.second, organisation=self.body, enrolment_id=self.again, role=LinkRole.OPERATOR)
        self.tell(self.second, 5, "contact", {"channel": "phone"}, step=self.again)
        propose(self.first.id)
        for person in (self.first, self.second):
            with db.atomic():
                evaluate_now(person.id, clock.today())

    def opened(self, person, days) -> int:
        self.tell(person, days + 2, "orientation_notified", scheme="PACEA")
        with db.as_system():
            return db.session().scalar(sa.select(sa.func.max(Enrolment.id)).where(Enrolment.person_id == person.id))

    def tell(self, person, ago, event, data=None, *, step=None, scheme=None, by=None) -> int:
        with clock.at(days_ago(ago)), db.as_system(), db.atomic():
            return record_event(
                person_id=person.id, type=event, occurred_on=clock.today(), data=data or {}, enrolment_id=step, scheme=scheme,
                organisation_id=(by or self.ml).id, user_id=self.user,
            )  # fmt: skip

    def join(self, **more) -> int:
        with db.acting_for(self.ml.id, self.user):
            return join(self.first.id, self.second.id, user_id=self.user, organisation_id=self.ml.id, **more)

    def undo(self, merge: int) -> None:
        with db.acting_for(self.ml.id, self.user):
            undo(merge, user_id=self.user, organisation_id=self.ml.id)


@pytest.fixture
def two(session, frozen_clock):
    return Two()


def open_ones():
    """What signals and alerts are open, whatever their row."""
    with db.as_system():
        session = db.session()
        signals = session.execute(
            sa.text("select person_id, enrolment_id, rule, about, threshold, level from signal where closed_on is null")
        )
        alerts = session.execute(sa.text("select person_id, enrolment_id, family, level from alert where closed_on is null"))
        return sorted(map(str, signals)), sorted(map(str, alerts))


def persons_seen(organisation) -> set[int]:
    with db.acting_for(organisation.id):
        return set(db.session().scalars(sa.select(Person.id)))


def test_joining_moves_everything_to_the_kept_record(two, session):
    two.join(reason="Même carte d’identité")

    session.expire_all()
    for row in (Enrolment, JournalEntry, ExternalId):
        assert set(session.scalars(sa.select(row.person_id))) == {two.first.id}
    assert session.get(Person, two.second.id).merged_into == two.first.id
    assert session.get(Person, two.first.id).email == "m@exemple.fr"
    assert session.scalar(sa.select(DuplicateProposal.state)) == "joined"


def test_undoing_puts_every_row_back(two):
    before = dump(*FACTS)
    held = open_ones()

    two.undo(two.join())

    assert dump(*FACTS) == before
    assert open_ones() == held


def test_a_quiet_pair_comes_back_byte_for_byte(session, frozen_clock):
    """Without steps nothing is evaluated anew: every row of every table is again what it was, signals and alerts included."""
    ml = OrganisationFactory()
    user = MembershipFactory(organisation=ml).user_id
    kept, merged = (PersonFactory(family_name="Guérin", given_name="Maëlys", email="m@exemple.fr") for _two in range(2))
    for person in (kept, merged):
        LinkFactory(person=person, organisation=ml)
        JournalEntryFactory(person=person, organisation=ml, type="ft_registered")
        evaluate_now(person.id, clock.today())
        AlertFactory(person=person, organisation=ml, family="deadline")
        SignalFactory(person=person, rule="withdrawn_rule", closed_on=days_ago(1), shown_on=days_ago(9), close_reason="ended")
    session.add(ExternalId(person_id=merged.id, system="ine", value="123456789AB"))
    session.commit()
    before = dump(*TABLES)

    with db.acting_for(ml.id, user):
        merge = join(kept.id, merged.id, user_id=user, organisation_id=ml.id)
        during = dump(*TABLES)
        undo(merge, user_id=user, organisation_id=ml.id)

    assert during != before
    assert dump(*TABLES) == before


def test_an_alert_about_the_same_thing_is_closed_as_handled_and_opens_again(two, session):
    mine = AlertFactory(person=two.first, organisation=two.ml, family="data")
    theirs = AlertFactory(person=two.second, organisation=two.ml, family="data", owner=session.get(User, two.user))

    merge = two.join()

    session.expire_all()
    closed = session.get(Alert, theirs.id)
    assert (closed.person_id, closed.state, closed.outcome) == (two.first.id, "dismissed", "already_handled")
    assert session.get(Alert, mine.id).person_id == two.first.id
    two.undo(merge)
    session.expire_all()
    back = session.get(Alert, theirs.id)
    assert (back.person_id, back.owner_id, back.version) == (two.second.id, two.user, 1)
    kinds = sa.select(AlertAction.kind).where(AlertAction.alert_id == theirs.id).order_by(AlertAction.id)
    assert session.scalars(kinds).all()[:2] == ["dismissed", "reopened"]


def test_what_was_declared_since_goes_with_its_step_or_stays(two, session):
    merge = two.join()
    with_the_step = two.tell(two.first, 0, "contact", {"channel": "sms"}, step=two.again)
    of_the_other = two.tell(two.first, 0, "contact", {"channel": "sms"}, step=two.pacea)
    of_the_person = two.tell(two.first, 0, "ft_registered")
    moved = session.scalar(sa.select(sa.func.min(JournalEntry.id)).where(JournalEntry.enrolment_id == two.again))
    with db.acting_for(two.ml.id, two.user):
        taken_back = record_event(
            person_id=two.first.id, type="retracted", occurred_on=clock.today(), data={"reason": "Erreur"}, retracts=moved,
            organisation_id=two.ml.id, user_id=two.user,
        )  # fmt: skip

    two.undo(merge)

    session.expire_all()
    since = (with_the_step, of_the_other, of_the_person, taken_back)
    assert {entry: session.get(JournalEntry, entry).person_id for entry in since} == {
        with_the_step: two.second.id,
        taken_back: two.second.id,
        of_the_other: two.first.id,
        of_the_person: two.first.id,
    }


def test_undoing_weeks_later_leaves_nothing_open_twice(two, session, frozen_clock):
    merge = two.join()
    frozen_clock.advance(days=60)
    evaluate_now(two.first.id, clock.today())

    two.undo(merge)

    held = open_ones()
    assert len(set(held[0])) == len(held[0])
    assert session.scalar(sa.text("select count(*) from signal s join enrolment e on e.id = s.enrolment_id "
                                  "where e.person_id <> s.person_id")) == 0  # fmt: skip


def test_everybody_sees_what_they_accompany_before_during_and_after(two):
    assert persons_seen(two.body) == {two.second.id}

    merge = two.join()
    assert persons_seen(two.ml) == persons_seen(two.body) == {two.first.id}
    assert persons_seen(two.elsewhere) == set()

    two.undo(merge)
    assert persons_seen(two.ml) == {two.first.id, two.second.id}
    assert persons_seen(two.body) == {two.second.id}
    assert persons_seen(two.elsewhere) == set()


def test_any_organisation_that_accompanies_the_person_may_undo_and_no_other(two, session):
    merge = two.join()

    with db.acting_for(two.elsewhere.id, two.user), pytest.raises(NotVisible):
        undo(merge, user_id=two.user, organisation_id=two.elsewhere.id)
    with db.acting_for(two.body.id, two.user):
        undo(merge, user_id=two.user, organisation_id=two.body.id)

    session.expire_all()
    assert session.get(PersonMerge, merge).undone_for == two.body.id
    with pytest.raises(Refused) as refused:
        two.undo(merge)
    assert refused.value.codes == ("merge_undone",)


def test_what_was_taken_from_the_other_record_is_stated_and_given_back(two, session):
    merge = two.join(from_merged=frozenset({"family_name"}))
    session.expire_all()
    stated = session.scalars(
        sa.select(JournalEntry.payload).where(JournalEntry.type == "identity_stated").order_by(JournalEntry.id.desc())
    ).first()
    assert (session.get(Person, two.first.id).family_name, stated) == ("Guerin", {"family_name": "Guerin"})

    two.undo(merge)

    session.expire_all()
    kept = session.get(Person, two.first.id)
    assert (kept.family_name, kept.given_name, kept.email) == ("Guérin", "Maëlys", None)


def test_what_somebody_corrected_since_is_not_given_back(two, session):
    merge = two.join(from_merged=frozenset({"family_name"}))
    session.execute(sa.update(Person).where(Person.id == two.first.id).values(family_name="Guérin-Roy"))

    two.undo(merge)

    session.expire_all()
    assert session.get(Person, two.first.id).family_name == "Guérin-Roy"


def test_both_records_must_be_visible(two):
    with db.acting_for(two.body.id, two.user), pytest.raises(NotVisible):
        join(two.first.id, two.second.id, user_id=two.user, organisation_id=two.body.id)


def test_an_organisation_that_has_left_joins_nothing(session, frozen_clock):
    ml = OrganisationFactory()
    user = MembershipFactory(organisation=ml).user_id
    one, other = PersonFactory(), PersonFactory()
    for person in (one, other):
        LinkFactory(person=person, organisation=ml, ended_days_ago=5)

    with db.acting_for(ml.id, user), pytest.raises(Refused) as refused:
        join(one.id, other.id, user_id=user, organisation_id=ml.id, confirmed=True)

    assert refused.value.codes == ("not_accompanied",)


def test_a_record_is_joined_once_and_not_to_itself(two):
    two.join()

    with pytest.raises(Refused) as again:
        two.join()
    assert again.value.codes == ("already_joined",)
    with db.acting_for(two.ml.id, two.user), pytest.raises(Refused) as oneself:
        join(two.first.id, two.first.id, user_id=two.user, organisation_id=two.ml.id)
    assert oneself.value.codes == ("same_record",)


def test_a_chain_is_undone_from_its_last_link(two, session):
    oldest = PersonFactory(family_name="Guérin", given_name="Maëlys", birth_date=two.first.birth_date)
    LinkFactory(person=oldest, organisation=two.ml)
    merge = two.join()
    with db.acting_for(two.ml.id, two.user):
        onward = join(oldest.id, two.first.id, user_id=two.user, organisation_id=two.ml.id)
        assert session.scalar(sa.select(sa.func.now_known_as(two.second.public_id))) == oldest.public_id
    with db.acting_for(two.elsewhere.id):
        assert session.scalar(sa.select(sa.func.now_known_as(two.second.public_id))) is None

    with pytest.raises(NotVisible):
        two.undo(merge)
    two.undo(onward)
    two.undo(merge)

    assert persons_seen(two.ml) == {oldest.id, two.first.id, two.second.id}


def test_contradictions_are_confirmed_by_whoever_joins(two, session):
    session.execute(sa.update(Person).where(Person.id == two.second.id).values(sex="M", birth_date=days_ago(21 * 366)))
    two.tell(two.second, 1, "deceased")

    with pytest.raises(Refused) as refused:
        two.join()
    assert set(refused.value.codes) == {"births_differ", "sexes_differ", "death_declared"}
    assert two.join(confirmed=True)


def test_nobody_moves_rows_of_records_they_do_not_see(two, session):
    merge = two.join()
    two.undo(merge)
    with db.acting_for(two.elsewhere.id), pytest.raises(DBAPIError, match="not to be moved"), session.begin_nested():
        session.execute(sa.text("select move_record(:merge, false)"), {"merge": merge})


def test_the_application_does_not_write_what_moved(two, session):
    merge = two.join()
    for change in ("moved = '{}'", "kept_id = merged_id", "undone_at = null, before = '{}'"):
        with pytest.raises(DBAPIError, match="permission denied"), session.begin_nested():
            session.execute(sa.text(f"update person_merge set {change} where id = {merge}"))


def test_two_people_are_two_until_somebody_reopens_the_question(two, session):
    proposal = session.scalar(sa.select(DuplicateProposal.id))
    with db.acting_for(two.ml.id, two.user):
        tell_apart(proposal, user_id=two.user, organisation_id=two.ml.id, reason=" Jumelles ")
        with pytest.raises(Refused) as refused:
            tell_apart(proposal, user_id=two.user, organisation_id=two.ml.id)
    assert refused.value.codes == ("proposal_decided",)
    assert session.execute(sa.select(DuplicateProposal.state, DuplicateProposal.reason)).all() == [("apart", "Jumelles")]

    with db.acting_for(two.ml.id, two.user):
        reopen(proposal)
        with pytest.raises(Refused):
            reopen(proposal)
    assert session.scalar(sa.select(DuplicateProposal.state)) == "open"


def test_whoever_sees_one_record_only_says_why_they_are_two(two, session):
    proposal = session.scalar(sa.select(DuplicateProposal.id))

    with db.acting_for(two.body.id, two.user):
        with pytest.raises(Refused) as refused:
            tell_apart(proposal, user_id=two.user, organisation_id=two.body.id)
        tell_apart(proposal, user_id=two.user, organisation_id=two.body.id, reason="Vu avec la mission locale")
    assert refused.value.codes == ("reason_missing",)
    with db.acting_for(two.elsewhere.id, two.user), pytest.raises(NotVisible):
        reopen(proposal)


def test_two_who_join_at_once_join_once(own_database, frozen_clock):
    two = Two()
    db.remove()
    start, came = threading.Barrier(2), []

    def press():
        with clock.at(clock.noon(today)):
            start.wait()
            try:
                came.append(two.join())
            except (Refused, NotVisible) as refusal:
                came.append(getattr(refusal, "codes", "not visible"))
            finally:
                db.remove()

    today = clock.today()
    threads = [threading.Thread(target=press) for _one in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert min(map(str, came)) == "('already_joined',)"
    with db.as_system():
        assert db.session().scalars(sa.select(PersonMerge.merged_id)).all() == [two.second.id]
