"""Signals of attendance, day by day. A sheet gives two codes a day: P present, U absent, J excused, C in the company."""

import pytest

from tests.journal import Journal, day

UNTIL = "2025-12-31"
THERE, GONE = "PP PP PP PP PP", "UU UU UU UU UU"


def course(start="2025-02-03", **more):
    """Entered on a Monday."""
    journal = Journal(visa="PRF_VISA_METIERS", pacea="PACEA", **more)
    journal.on(start, "entered", "visa", planned_end="2025-12-19")
    return journal


# two days, or three half-days


def test_two_scheduled_days_in_a_row_show_on_the_second():
    journal = course()
    journal.sheet("2025-03-10", "PP UU", "visa")
    journal.sheet("2025-03-12", "UU PP", "visa", known="2025-03-12")

    assert journal.shown("unjustified_absence", "2025-03-31") == ["watch 2025-03-12 →"]


def test_two_days_in_a_row_count_even_where_only_the_morning_was_scheduled():
    journal = course()
    journal.sheet("2025-03-10", "U- U-", "visa")

    assert journal.shown("unjustified_absence", "2025-03-31") == ["watch 2025-03-11 →"]


def test_a_weekend_or_a_day_without_code_neither_adds_nor_breaks():
    journal = course()
    journal.sheet("2025-03-14", "UU", "visa")
    journal.sheet("2025-03-17", "-- UU", "visa")

    assert journal.shown("unjustified_absence", "2025-03-31") == ["watch 2025-03-18 →"]


@pytest.mark.parametrize("between", ["PP", "JJ", "PU"])
def test_a_day_there_or_excused_breaks_the_row(between):
    journal = course()
    journal.sheet("2025-03-10", "UU", "visa")
    journal.sheet("2025-03-25", between, "visa")
    journal.sheet("2025-03-26", "U-", "visa")

    assert journal.shown("unjustified_absence", "2025-04-30") == []


@pytest.mark.parametrize(("third", "shown"), [("2025-03-23", ["watch 2025-03-23 →"]), ("2025-03-24", [])])
def test_three_half_days_within_14_days(third, shown):
    journal = course()
    journal.sheet("2025-03-10", "UP", "visa")
    journal.sheet("2025-03-14", "PU", "visa")
    journal.sheet(third, "PU", "visa")

    assert journal.shown("unjustified_absence", "2025-04-30") == shown


def test_two_half_days_are_not_enough_and_neither_are_excused_days():
    journal = course()
    journal.sheet("2025-03-10", "UP PU JJ JJ JJ", "visa")

    assert journal.shown("unjustified_absence", UNTIL) == []


def test_a_contact_closes_it_and_only_later_absences_count_again():
    journal = course()
    journal.sheet("2025-03-10", "UU UU", "visa")
    journal.on("2025-03-12", "contact", "pacea")
    journal.sheet("2025-03-13", "UU", "visa")
    journal.sheet("2025-03-18", "UU", "visa")

    assert journal.shown("unjustified_absence", "2025-04-30") == ["watch 2025-03-11 → 2025-03-12", "watch 2025-03-18 →"]


def test_an_absence_on_the_day_of_the_contact_was_spoken_of():
    journal = course()
    journal.sheet("2025-03-10", "UU UU U-", "visa")
    journal.on("2025-03-11", "contact", "visa")

    assert journal.shown("unjustified_absence", UNTIL) == []


@pytest.mark.parametrize(("halves", "shown"), [("U- U-", "watch 2025-03-13 →"), ("UP PU UP", "watch 2025-03-14 →")])
def test_absences_from_the_day_after_a_contact_on_count_again(halves, shown):
    journal = course()
    journal.on("2025-03-11", "contact", "visa")
    journal.sheet("2025-03-12", halves, "visa")

    assert journal.shown("unjustified_absence", "2025-03-31") == [shown]


def test_a_justification_closes_it_as_corrected():
    journal = course()
    journal.sheet("2025-03-10", "UU UU", "visa")
    journal.sheet("2025-03-10", "JJ JJ", "visa", known="2025-03-14")

    assert journal.shown("unjustified_absence", UNTIL) == ["watch 2025-03-11 → 2025-03-14 (corrected)"]


def test_the_exit_closes_it():
    journal = course()
    journal.sheet("2025-03-10", "UU UU", "visa")
    journal.on("2025-03-17", "dropped", "visa")

    assert journal.shown("unjustified_absence", UNTIL) == ["watch 2025-03-11 → 2025-03-17"]


def test_a_sheet_that_arrives_on_a_wednesday_shows_that_wednesday():
    journal = course()
    journal.sheet("2025-03-03", "UU UU PP PP PP", "visa", known="2025-03-12")

    assert journal.shown("unjustified_absence", "2025-03-31") == ["watch 2025-03-12 →"]


def test_a_sheet_filled_in_ahead_counts_day_by_day():
    journal = course()
    journal.sheet("2025-03-10", "UU UU UU UU UU", "visa", known="2025-03-10")

    assert journal.shown("unjustified_absence", "2025-03-31") == ["watch 2025-03-11 →"]
    assert journal.shown("absence_streak_critical", "2025-03-31") == ["critical 2025-03-14 →"]


def test_what_a_sheet_says_of_next_week_does_not_count_today():
    journal = course()
    journal.sheet("2025-03-10", "UU UU UU UU UU", "visa", known="2025-03-10")
    journal.sheet("2025-03-17", "PP PP PP PP PP", "visa", known="2025-03-10")

    assert journal.shown("absence_streak_critical", "2025-03-31") == ["critical 2025-03-14 → 2025-03-17"]


def test_an_old_contact_recorded_late_does_not_open_the_same_absence_anew():
    journal = course()
    journal.sheet("2025-03-10", "UU UU", "visa")
    journal.on("2025-03-05", "contact", "pacea", known="2025-03-18")

    assert journal.shown("unjustified_absence", "2025-03-31") == ["watch 2025-03-11 →"]


def test_absences_at_the_cfa_count_too():
    journal = Journal(app="APPRENTISSAGE")
    journal.on("2025-02-03", "work_contract_started", "app")
    journal.sheet("2025-03-10", "UU UU", "app")

    assert journal.shown("unjustified_absence", "2025-03-31") == ["watch 2025-03-11 →"]


# the streak


def test_five_scheduled_days_in_a_row_until_the_return():
    journal = course()
    journal.sheet("2025-03-06", "UU UU", "visa")
    journal.sheet("2025-03-10", "UU UU UU", "visa")
    journal.on("2025-03-13", "contact", "pacea")
    journal.sheet("2025-03-13", "UU UU", "visa")
    journal.sheet("2025-03-17", "PP", "visa")

    assert journal.shown("absence_streak_critical", UNTIL) == ["critical 2025-03-12 → 2025-03-17"]


def test_four_days_or_five_with_one_excused_are_not_a_streak():
    four, excused = course(), course()
    four.sheet("2025-03-10", "UU UU UU UU PP", "visa")
    excused.sheet("2025-03-10", "UU UU JJ UU UU", "visa")
    excused.sheet("2025-03-17", "UU", "visa")

    assert four.shown("absence_streak_critical", UNTIL) == excused.shown("absence_streak_critical", UNTIL) == []


def test_half_days_are_days_where_only_half_was_scheduled():
    journal = course()
    journal.sheet("2025-03-10", "U- U- U- U- U-", "visa")

    assert journal.shown("absence_streak_critical", "2025-03-31") == ["critical 2025-03-14 →"]


def test_an_excuse_for_the_second_day_corrects_the_streak():
    journal = course()
    journal.sheet("2025-03-10", GONE, "visa")
    journal.sheet("2025-03-11", "JJ", "visa", known="2025-03-19")

    assert journal.shown("absence_streak_critical", UNTIL) == ["critical 2025-03-14 → 2025-03-19 (corrected)"]


def test_the_exit_ends_the_streak():
    journal = course()
    journal.sheet("2025-03-10", GONE, "visa")
    journal.on("2025-03-18", "dropped", "visa")

    assert journal.shown("absence_streak_critical", UNTIL) == ["critical 2025-03-14 → 2025-03-18"]


# the rate


def test_more_than_a_tenth_of_four_complete_weeks_shows_on_the_monday():
    journal = course()
    journal.weeks("2025-02-03", "2025-02-24", THERE, "visa")
    journal.sheet("2025-03-03", "UU UP PP PP PP", "visa")
    journal.sheet("2025-03-10", "UU PP PP PP PP", "visa")
    journal.weeks("2025-03-17", "2025-04-07", THERE, "visa")

    assert journal.shown("absence_rate_high", UNTIL) == ["alert 2025-03-17 → 2025-04-07"]


def test_a_tenth_exactly_is_not_above_it():
    journal = course()
    journal.weeks("2025-02-03", "2025-02-17", THERE, "visa")
    journal.sheet("2025-02-24", "UU UU PP PP PP", "visa")
    journal.weeks("2025-03-03", "2025-03-31", THERE, "visa")

    assert journal.shown("absence_rate_high", UNTIL) == []


def test_a_public_holiday_makes_two_days_more_than_a_tenth():
    journal = course("2025-03-31")
    journal.weeks("2025-03-31", "2025-04-14", THERE, "visa")
    journal.sheet("2025-04-22", "UU UU PP PP", "visa")

    assert day("2025-04-21").weekday() == 0
    assert journal.shown("absence_rate_high", "2025-05-11") == ["alert 2025-04-28 →"]


def test_it_is_not_asked_before_four_complete_weeks_since_the_entry():
    monday, tuesday = course("2025-02-03"), course("2025-02-04")
    for journal in (monday, tuesday):
        journal.weeks("2025-02-10", "2025-02-24", THERE, "visa")
        journal.sheet("2025-02-10", "UU UU UU PP PP", "visa", known="2025-02-15")

    assert monday.shown("absence_rate_high", "2025-03-09") == ["alert 2025-03-03 →"]
    assert tuesday.shown("absence_rate_high", "2025-03-09") == []


def test_a_sheet_that_arrives_late_shows_it_the_day_it_arrives():
    journal = course()
    journal.weeks("2025-02-03", "2025-02-17", THERE, "visa")
    journal.sheet("2025-02-24", "UU UU UU PP PP", "visa", known="2025-03-05")

    assert journal.shown("absence_rate_high", "2025-03-09") == ["alert 2025-03-05 →"]


def test_a_silent_feed_leaves_the_answer_as_it_was():
    journal = course()
    journal.weeks("2025-02-03", "2025-02-17", THERE, "visa")
    journal.sheet("2025-02-24", "UU UU UU PP PP", "visa")

    assert journal.shown("absence_rate_high", "2025-06-30") == ["alert 2025-03-03 →"]


def test_after_a_contact_only_later_absences_count_in_the_rate():
    journal = course()
    journal.weeks("2025-02-03", "2025-02-17", THERE, "visa")
    journal.sheet("2025-02-24", "UU UU UU PP PP", "visa")
    journal.on("2025-03-06", "contact", "pacea")

    assert journal.shown("absence_rate_high", "2025-06-30") == ["alert 2025-03-03 → 2025-03-06"]


@pytest.mark.parametrize("contact", ["2025-02-24", "2025-02-25"])
def test_a_contact_meanwhile_leaves_too_few_absences_after_it(contact):
    journal = course()
    journal.weeks("2025-02-03", "2025-02-17", THERE, "visa")
    journal.sheet("2025-02-24", "UU UU UU PP PP", "visa")
    journal.on(contact, "contact", "pacea")

    assert journal.shown("absence_rate_high", "2025-06-30") == []


@pytest.mark.parametrize(("contact", "shown"), [("2025-02-02", ["alert 2025-03-03 →"]), ("2025-02-03", [])])
def test_a_contact_before_the_four_weeks_changes_nothing(contact, shown):
    journal = course()
    journal.sheet("2025-02-03", "UU UU UU PP PP", "visa")
    journal.weeks("2025-02-10", "2025-02-24", THERE, "visa")
    journal.on(contact, "contact", "pacea")

    assert journal.shown("absence_rate_high", "2025-03-09") == shown


def test_days_in_the_company_are_not_scheduled_at_the_body():
    journal = course()
    journal.weeks("2025-02-03", "2025-02-10", "CC CC CC CC CC", "visa")
    journal.sheet("2025-02-17", "UU UP PP PP PP", "visa")
    journal.sheet("2025-02-24", THERE, "visa")

    assert journal.shown("absence_rate_high", "2025-03-09") == ["alert 2025-03-03 →"]


def test_excused_absences_do_not_count_in_the_rate():
    journal = course()
    journal.weeks("2025-02-03", "2025-03-31", "JJ JJ PP PP PP", "visa")

    assert journal.shown("absence_rate_high", UNTIL) == []
