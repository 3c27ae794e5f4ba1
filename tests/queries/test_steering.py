"""A team's alerts counted by owner and by day, the lists behind the numbers, and what is missing around the team."""

from datetime import date, timedelta

import pytest

from pathways import clock
from pathways.models import Person
from pathways.queries.owed import APPOINTMENTS, ENDS, FOLLOWUPS, POSITIONS, SHEETS, everything, numbers, owed_page
from pathways.queries.steering import (
    LATE,
    LATER,
    NOBODY,
    WEEK,
    AlertFilters,
    board,
    every_alert,
    followed_by,
    steered_alerts,
    team,
)
from pathways.sharing.visibility import Reader
from pathways.workflows.actors import Kind
from tests.factories import (
    AlertFactory,
    EnrolmentFactory,
    JournalEntryFactory,
    LinkFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    SignalFactory,
    UserFactory,
    days_ago,
)

VISA = "PRF_VISA_METIERS"


class Office:
    """A mission locale on Monday 2 March 2026, its head, two counsellors, and a training body."""

    def __init__(self):
        self.ml = OrganisationFactory()
        self.body = OrganisationFactory(training_body=True, phone="+33240111111")
        self.claire = UserFactory(name="Claire Moreau")
        self.hugo = UserFactory(name="Hugo Petit")
        for user in (self.claire, self.hugo):
            MembershipFactory(user=user, organisation=self.ml)

    @property
    def reader(self):
        return Reader(self.ml.id, clock.today(), self.claire.id, kind=Kind.MISSION_LOCALE)

    @property
    def of_the_body(self):
        return Reader(self.body.id, clock.today(), None, kind=Kind.ORGANISME_FORMATION)

    def person(self, of=None, **more) -> Person:
        return PersonFactory(followed_by=self.ml, followed_by__user=of or self.claire, **more)

    def alert(self, due_in=0, owner=None, person=None, **more):
        return AlertFactory(person=person or self.person(), organisation=self.ml, owner=owner, due_on=days_ago(-due_in), **more)

    def in_training(self, weeks=12, **more):
        """Entered so many weeks ago at the body."""
        person = self.person()
        step = EnrolmentFactory(
            person=person, lead=self.body, operator_id=self.body.id, in_training=True, opened_on=days_ago(7 * weeks),
            state_since=days_ago(7 * weeks), **more,
        )  # fmt: skip
        LinkFactory(person=person, organisation=self.body, enrolment_id=step.id, role="operator")
        return step

    def sheet(self, step, monday, halves="PPPPPPPPPP"):
        self.entry(step, "attendance", monday, **{"from": monday.isoformat(), "halves": halves})

    def entry(self, step, kind, on, by=None, **payload):
        return JournalEntryFactory(
            person_id=step.person_id, person=None, organisation=by or self.body, enrolment_id=step.id, type=kind, occurred_on=on,
            payload=payload,
        )  # fmt: skip

    def missing(self, what, reader=None):
        return [each for each in everything(reader or self.reader) if each.what == what]


@pytest.fixture
def office(session, frozen_clock):
    return Office()


def mondays(*days):
    return tuple(date.fromisoformat(f"2026-{day}") for day in days)


# the board


def test_each_colleague_has_their_late_near_and_later_alerts(office):
    for due_in in (-3, -1, 0, 6, 7):
        office.alert(due_in, office.claire)
    office.alert(-2)

    found = board(office.reader)
    claire = next(mate for mate in found.mates if mate.name == "Claire Moreau")
    assert (claire.late, claire.week, claire.later, claire.total) == (2, 2, 1, 5)
    assert (found.nobody.late, found.sum("late")) == (1, 3)


def test_an_alert_without_a_day_is_for_later(office):
    AlertFactory(person=office.person(), organisation=office.ml, owner=office.hugo, due_on=None)

    assert [(mate.name, mate.later) for mate in board(office.reader).mates] == [("Claire Moreau", 0), ("Hugo Petit", 1)]


def test_the_load_counts_each_person_once(office):
    person = office.person()
    LinkFactory(person=person, organisation=office.ml, user=office.claire, role="co_referent")
    office.person(office.hugo)
    LinkFactory(person=PersonFactory(), organisation=office.ml)

    found = board(office.reader)
    assert [(mate.name, mate.persons) for mate in found.mates] == [("Claire Moreau", 1), ("Hugo Petit", 1)]
    assert found.persons == 1


def test_somebody_who_left_shows_as_long_as_something_is_in_their_name(office):
    gone = UserFactory(name="Zoé Partie")
    MembershipFactory(user=gone, organisation=office.ml, left=True)
    assert "Zoé Partie" not in [mate.name for mate in board(office.reader).mates]

    office.alert(owner=gone)
    assert [(mate.name, mate.member) for mate in board(office.reader).mates][-1] == ("Zoé Partie", False)
    assert "Zoé Partie" not in [mate.name for mate in team(office.reader)]


def test_another_organisation_counts_none_of_it(office):
    office.alert(-2, office.claire)

    assert board(office.of_the_body).sum("total") == 0


def test_closed_alerts_and_merged_persons_do_not_count(office):
    office.alert(closed_today=True)
    other = PersonFactory()
    office.alert(person=office.person(merged_into=other.id))

    assert board(office.reader).sum("total") == 0


# the list


@pytest.mark.parametrize(("filters", "found"), [
    ({}, ["late", "watched", "later"]), ({"due": LATE}, ["late"]), ({"due": WEEK}, ["watched"]), ({"due": LATER}, ["later"]),
    ({"owner": NOBODY}, ["later"]), ({"level": "critical"}, ["late"]), ({"family": "attendance"}, ["watched"]),
    ({"scheme": "PACEA"}, ["later"]), ({"age": 30}, ["late"]),
])  # fmt: skip
def test_the_filters_say_which_alerts_first_due_first(office, filters, found):
    step = EnrolmentFactory(person=office.person(), lead=office.ml)
    names = {
        office.alert(-2, office.claire, level="critical", opened_on=days_ago(40)).id: "late",
        office.alert(3, office.hugo, family="attendance").id: "watched",
        office.alert(20, person=None, person_id=step.person_id, enrolment_id=step.id).id: "later",
    }

    page = steered_alerts(office.reader, AlertFilters(**filters))
    assert [names[row.id] for row in page.rows] == found
    assert page.total == len(found) == len(every_alert(office.reader, AlertFilters(**filters)))


def test_a_colleague_s_alerts_are_found_by_their_public_id(office):
    office.alert(owner=office.hugo)
    office.alert(owner=office.claire)

    page = steered_alerts(office.reader, AlertFilters(owner=str(office.hugo.public_id)))
    assert [row.owner for row in page.rows] == ["Hugo Petit"]


def test_pages_follow_each_other_without_gap(office):
    for n in range(5):
        office.alert(n)

    seen, at = [], ""
    while True:
        page = steered_alerts(office.reader, AlertFilters(at=at), size=2)
        seen += [row.due_on for row in page.rows]
        if not page.after:
            break
        at = page.after
    assert seen == [clock.today() + timedelta(days=n) for n in range(5)]


def test_the_row_says_the_worst_open_signal_of_the_alert(office):
    person = office.person()
    SignalFactory(person=person, level="watch", details={"allowed": 45, "spoken": True, "since": "2026-01-02"})
    office.alert(person=person)

    (row,) = steered_alerts(office.reader, AlertFilters()).rows
    assert row.signal.rule == "contact_silence"


def test_fifty_alerts_cost_as_many_queries_as_one(office, counting):
    office.alert(owner=office.claire)
    with counting() as one:
        board(office.reader), steered_alerts(office.reader, AlertFilters()), everything(office.reader)
    for _ in range(49):
        office.alert(owner=office.hugo)
        office.in_training()
    with counting() as fifty:
        board(office.reader), steered_alerts(office.reader, AlertFilters()), everything(office.reader)

    assert fifty.cost_as_much_as(one)


def test_the_persons_of_a_colleague_are_listed_by_name(office):
    for name in ("Zola", "Arnaud"):
        office.person(office.hugo, family_name=name)

    rows, total, _before, _after = followed_by(office.reader, office.hugo.id)
    assert ([row.family_name for row in rows], total) == (["Arnaud", "Zola"], 2)


# sheets


def test_complete_weeks_without_a_sheet_are_missed_after_seven_days(office):
    """On Monday 2 March the week of 16 February ended eight days ago, that of 23 February one day ago."""
    step = office.in_training(weeks=4)
    office.sheet(step, date(2026, 2, 9))

    (missing,) = office.missing(SHEETS)
    assert missing.mondays == mondays("02-02", "02-16")
    assert (missing.body, missing.since) == (office.body.id, date(2026, 2, 2))


def test_weeks_of_closure_and_leave_are_not_missed(office):
    step = office.in_training(weeks=4)
    closed = [f"2026-02-{n:02}" for n in range(2, 7)]
    on_leave = [f"2026-02-{n:02}" for n in range(16, 21)]
    office.entry(step, "calendar_stated", days_ago(28), closures=closed, leave=on_leave)

    assert [each.mondays for each in office.missing(SHEETS)] == [mondays("02-09")]


def test_an_apprentice_is_expected_in_the_weeks_at_the_cfa_alone(office):
    step = office.in_training(scheme="APPRENTISSAGE", state="in_contract", weeks=6)
    office.entry(step, "work_contract_started", days_ago(42), cfa_weeks=["2026-02-02", "2026-02-16"])
    office.sheet(step, date(2026, 2, 2))

    assert [each.mondays for each in office.missing(SHEETS)] == [mondays("02-16")]


def test_without_a_known_calendar_nothing_is_expected_of_an_apprentice(office):
    step = office.in_training(scheme="APPRENTISSAGE", state="in_contract", weeks=6)
    office.sheet(step, date(2026, 2, 2))

    assert office.missing(SHEETS) == []


def test_a_body_without_account_owes_no_sheet(office):
    office.body = OrganisationFactory(training_body=True, has_account=False)
    office.in_training()

    assert office.missing(SHEETS) == []


def test_a_sheet_taken_back_is_missing_again(office):
    step = office.in_training(weeks=3)
    office.sheet(step, date(2026, 2, 9))
    wrong = office.entry(step, "attendance", date(2026, 2, 16), **{"from": "2026-02-16", "halves": "PP"})
    JournalEntryFactory(retracting=wrong, organisation=office.body)

    assert [each.mondays for each in office.missing(SHEETS)] == [mondays("02-16")]


# the rest


def test_an_undeclared_end_is_the_body_s_and_a_followup_one_s_own(office):
    step = office.in_training()
    of_step = {"person_id": step.person_id, "person": None, "enrolment_id": step.id}
    SignalFactory(**of_step, rule="end_undeclared", family="data")
    SignalFactory(**of_step, rule="post_exit_followup_overdue", family="deadline")

    assert [each.body for each in office.missing(ENDS)] == [office.body.id]
    assert [(each.body, each.colleague) for each in office.missing(FOLLOWUPS)] == [(office.ml.id, office.claire.id)]


@pytest.mark.parametrize(("days", "found"), [(10, 0), (11, 1)])
def test_a_prescription_waits_ten_days_for_its_answer(office, days, found):
    step = EnrolmentFactory(person=office.person(), lead=office.ml, scheme=VISA, state="prescribed", state_since=days_ago(days),
                            prescriber_id=office.ml.id)  # fmt: skip
    office.entry(step, "prescribed", days_ago(days), by=office.ml, to=office.body.id)

    assert [each.body for each in office.missing(POSITIONS)] == [office.body.id] * found


def test_a_past_appointment_asks_what_became_of_it(office):
    step = EnrolmentFactory(person=office.person(), lead=office.ml)
    office.entry(step, "appointment", days_ago(3), by=office.ml, status="planned")
    assert [each.since for each in office.missing(APPOINTMENTS)] == [days_ago(3)]

    office.entry(step, "appointment", days_ago(3), by=office.ml, status="seen")
    assert office.missing(APPOINTMENTS) == []


def test_an_appointment_to_come_asks_nothing(office):
    step = EnrolmentFactory(person=office.person(), lead=office.ml)
    office.entry(step, "appointment", days_ago(-3), by=office.ml, status="planned")

    assert office.missing(APPOINTMENTS) == []


def test_the_list_names_who_owes_with_their_number(office):
    office.in_training(weeks=4)
    page = owed_page(office.reader, SHEETS)

    assert [(each.name, each.phone, each.number) for each in page.debtors] == [(office.body.name, "+33240111111", 1)]
    assert [(row.body, row.phone) for row in page.rows] == [(office.body.name, "+33240111111")]
    assert owed_page(office.reader, SHEETS, by=str(office.ml.public_id)).rows == []


def test_the_body_s_own_head_sees_what_it_owes(office):
    office.in_training(weeks=4)

    (row,) = owed_page(office.of_the_body, SHEETS).rows
    assert (row.body, numbers(everything(office.of_the_body))[SHEETS]) == ("", 1)


def test_a_body_without_link_sees_nothing(office):
    office.in_training(weeks=4)
    stranger = OrganisationFactory(training_body=True)

    assert everything(Reader(stranger.id, clock.today(), None, kind=Kind.ORGANISME_FORMATION)) == []
