"""When somebody is expected, and where: statements of a calendar, and what is counted from them."""

import pytest

from pathways.workflows.calendars import Calendar, calendar_of, stated
from pathways.workflows.deadlines import company_day
from tests.journal import Journal, day

CFA_WEEKS = ["2019-09-09", "2019-09-30", "2019-10-21", "2019-11-18"]
MONDAY, SATURDAY, BANK_HOLIDAY = "2025-03-10", "2025-03-15", "2025-05-01"
THERE, GONE = "PP PP PP PP PP", "UU UU UU UU UU"


def course():
    """Entered on Monday 3 February 2025, until Christmas."""
    journal = Journal(visa="PRF_VISA_METIERS")
    journal.on("2025-02-03", "entered", "visa", planned_end="2025-12-19")
    return journal


@pytest.fixture
def apprentice():
    """Begun on Monday 2 September 2019, nobody having said when the weeks at the CFA are."""
    journal = Journal(app="APPRENTISSAGE")
    journal.on("2019-08-26", "work_contract_signed", "app", start="2019-09-02", planned_end="2021-08-31")
    journal.on("2019-09-02", "work_contract_started", "app", planned_end="2021-08-31")
    return journal


def scheduled(journal, when, step="visa", known_at=None):
    return calendar_of(journal.step(step, known_at or when)).scheduled(day(when))


def stated_on(journal, when, step="visa", **parts):
    lists = {name: [day(each) for each in days] for name, days in parts.items() if name in {"cfa_weeks", "closures", "leave"}}
    bounds = {name: day(value) for name, value in parts.items() if name in {"from", "until"}}
    return journal.on(when, "calendar_stated", step, **parts | lists | bounds)


# nothing stated


@pytest.mark.parametrize(("when", "halves"), [(MONDAY, "BB"), (SATURDAY, "--"), (BANK_HOLIDAY, "--")])
def test_a_course_expects_its_trainees_on_working_days(when, halves):
    assert scheduled(course(), when) == halves


def test_nobody_knows_where_an_apprentice_is_expected_without_a_calendar(apprentice):
    assert scheduled(apprentice, "2019-09-10", "app") == "??"


# statements


def test_closures_leave_and_part_time_are_days_off():
    journal = course()
    stated_on(journal, "2025-02-03", closures=["2025-03-10"], leave=["2025-03-11"], working_days=["mon", "tue", "wed_am", "sat"])

    week = [scheduled(journal, f"2025-03-{n}") for n in range(10, 17)]
    assert week == ["--", "--", "B-", "--", "--", "BB", "--"]


def test_outside_the_weeks_at_the_cfa_the_days_are_in_the_company():
    journal = course()
    stated_on(journal, "2025-02-03", cfa_weeks=["2025-03-10"])

    assert scheduled(journal, "2025-03-10") == "BB"
    assert scheduled(journal, "2025-03-17") == "CC"


def test_each_part_counts_until_a_later_statement_gives_it_again():
    journal = course()
    stated_on(journal, "2025-02-03", leave=["2025-03-10"], working_days=["mon", "tue"])
    stated_on(journal, "2025-02-10", leave=["2025-03-11"])

    assert [scheduled(journal, f"2025-03-{n}") for n in (10, 11, 12)] == ["BB", "--", "--"]


def test_a_statement_leaves_the_days_before_it_as_they_were():
    journal = course()
    stated_on(journal, "2025-02-03", leave=["2025-02-24"])
    stated_on(journal, "2025-02-03", **{"from": "2025-03-01"}, leave=[])
    stated_on(journal, "2025-03-03", leave=["2025-02-25"])

    assert scheduled(journal, "2025-02-24", known_at="2025-04-01") == "--"
    assert scheduled(journal, "2025-02-25", known_at="2025-04-01") == "BB"


def test_once_a_statement_is_over_the_one_before_counts_again():
    journal = course()
    stated_on(journal, "2025-02-03", working_days=["mon"])
    stated_on(journal, "2025-02-10", **{"from": "2025-03-01", "until": "2025-03-31"}, working_days=["tue"])

    assert [scheduled(journal, when) for when in ("2025-02-24", "2025-03-10", "2025-03-11", "2025-04-07")] == [
        "BB", "--", "BB", "BB",
    ]


def test_taking_a_statement_back_restores_what_was_said_before():
    journal = course()
    stated_on(journal, "2025-02-03", leave=["2025-03-10"])
    wrong = stated_on(journal, "2025-02-10", leave=["2025-03-11"])
    journal.retract(wrong, "2025-02-20")

    assert [scheduled(journal, f"2025-03-{n}") for n in (10, 11)] == ["--", "BB"]


def test_of_two_statements_of_one_day_the_last_recorded_counts():
    journal = course()
    stated_on(journal, "2025-02-10", leave=["2025-03-11"])
    stated_on(journal, "2025-02-10", leave=["2025-03-10"])

    assert [scheduled(journal, f"2025-03-{n}") for n in (10, 11)] == ["--", "BB"]


def test_a_statement_is_known_from_the_day_it_is_made_even_of_days_to_come():
    journal = course()
    stated_on(journal, "2025-02-10", **{"from": "2025-03-01"}, leave=["2025-03-10"])

    assert scheduled(journal, "2025-03-10", known_at="2025-02-10") == "--"
    assert scheduled(journal, "2025-03-10", known_at="2025-02-09") == "BB"


@pytest.mark.parametrize("by", ["of", "cfa", "ml", "ft"])
def test_who_runs_or_accompanies_the_step_may_state_its_calendar(by):
    assert course().refused("2025-03-10", "calendar_stated", "visa", by) == []


def test_others_may_not():
    assert course().refused("2025-03-10", "calendar_stated", "visa", "region") == ["not_yours_to_declare"]


# what is counted from it: days in the company


def test_without_calendar_the_45th_day_in_the_company_is_unknown(apprentice):
    assert company_day(apprentice.step("app", "2019-10-01"), 45) is None


def test_a_stated_calendar_gives_the_same_days_as_the_one_of_the_contract(apprentice):
    stated_on(apprentice, "2019-09-16", "app", **{"from": "2019-09-02"}, cfa_weeks=CFA_WEEKS)

    assert company_day(apprentice.step("app", "2019-09-16"), 45) == day("2019-12-03")
    assert apprentice.state("app", "2019-12-03") == "probation"
    assert apprentice.state("app", "2019-12-04") == "in_contract"


def test_leave_closures_and_part_time_put_the_45th_day_off(apprentice):
    weeks = {"from": "2019-09-02", "cfa_weeks": CFA_WEEKS}
    stated_on(apprentice, "2019-09-02", "app", **weeks)
    stated_on(apprentice, "2019-10-28", "app", leave=["2019-10-28", "2019-10-29"], closures=["2019-10-30"])

    assert company_day(apprentice.step("app", "2019-10-28"), 45) == day("2019-12-06")
    stated_on(apprentice, "2019-11-25", "app", working_days=["mon", "tue", "thu", "fri"])
    assert company_day(apprentice.step("app", "2019-11-25"), 45) == day("2019-12-10")


def test_the_45th_day_follows_a_calendar_that_is_corrected(apprentice):
    stated_on(apprentice, "2019-09-02", "app", cfa_weeks=CFA_WEEKS)
    assert company_day(apprentice.step("app", "2019-10-01"), 45) == day("2019-12-03")

    stated_on(apprentice, "2019-10-14", "app", cfa_weeks=[*CFA_WEEKS, "2019-10-28"])
    assert company_day(apprentice.step("app", "2019-10-14"), 45) == day("2019-12-09")


def test_beyond_the_days_a_calendar_covers_nothing_is_counted(apprentice):
    stated_on(apprentice, "2019-09-02", "app", until="2019-10-31", cfa_weeks=CFA_WEEKS)

    assert company_day(apprentice.step("app", "2019-10-01"), 30) is None
    assert company_day(apprentice.step("app", "2019-10-01"), 29) == day("2019-10-31")


# absences


def test_absences_on_days_off_are_none():
    journal = course()
    stated_on(journal, "2025-02-03", leave=[f"2025-03-{n}" for n in range(10, 15)])
    journal.sheet(MONDAY, GONE, "visa")

    assert journal.shown("unjustified_absence", "2025-03-31") == []
    assert journal.shown("absence_streak_critical", "2025-03-31") == []


def test_the_same_absences_show_once_the_leave_is_taken_back():
    journal = course()
    leave = stated_on(journal, "2025-02-03", leave=[f"2025-03-{n}" for n in range(10, 15)])
    journal.sheet(MONDAY, GONE, "visa")
    journal.retract(leave, "2025-03-20")

    assert journal.shown("absence_streak_critical", "2025-03-31") == ["critical 2025-03-20 →"]


def test_an_absence_noted_in_a_company_week_is_left_out():
    journal = course()
    stated_on(journal, "2025-02-03", cfa_weeks=["2025-03-17"])
    journal.sheet(MONDAY, GONE, "visa")

    assert journal.shown("absence_streak_critical", "2025-03-31") == []


def test_closures_make_the_rate_higher_since_less_was_scheduled():
    """Three half-days of forty are 7.5 %; of the twenty of two weeks, 15 %."""
    journal = course()
    journal.weeks("2025-03-03", "2025-03-24", THERE, "visa")
    journal.sheet("2025-03-31", "UU PP PP PP U-", "visa")
    assert journal.shown("absence_rate_high", "2025-04-30") == []

    closed = [f"2025-03-{n}" for n in (*range(10, 15), *range(17, 22))]
    stated_on(journal, "2025-04-08", **{"from": "2025-02-03"}, closures=closed)
    assert journal.shown("absence_rate_high", "2025-04-30") == ["alert 2025-04-08 →"]


# the arithmetic of a calendar


def test_the_weeks_that_expect_somebody_leave_out_those_without_a_day():
    calendar = Calendar([stated(day("2025-02-03"), {"closures": [day(f"2025-03-{n}") for n in range(10, 15)]})])

    assert list(calendar.weeks_at_body(day("2025-03-03"), day("2025-03-23"))) == [day("2025-03-03"), day("2025-03-17")]
