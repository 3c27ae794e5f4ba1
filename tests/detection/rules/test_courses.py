"""Signals of single courses, day by day: quotes, promised jobs, CléA, getting ready for an apprenticeship, trials."""

import pytest

from tests.journal import Journal


def course(scheme, *, entered="2024-09-23", end="2024-12-06", born="1991-07-07"):
    journal = Journal(born=born, course=scheme, job="EMPLOI", app="APPRENTISSAGE")
    journal.on(entered, "entered", "course", planned_end=end)
    return journal


def test_a_quote_waits_for_fifteen_days():
    journal = Journal(born="1991-07-07", aif="AIF")
    journal.on("2025-03-03", "quote_requested", "aif")
    journal.on("2025-03-05", "quote_submitted", "aif")

    assert journal.shown("quote_pending", "2025-04-01") == ["watch 2025-03-21 →"]
    journal.on("2025-03-24", "accepted_by_person", "aif")
    assert journal.shown("quote_pending", "2025-04-01") == ["watch 2025-03-21 →"]
    journal.on("2025-03-27", "funded", "aif")
    assert journal.shown("quote_pending", "2025-04-01") == ["watch 2025-03-21 → 2025-03-27"]


def test_a_promised_job_is_expected_fifteen_days_after_the_course():
    journal = course("POEI")
    journal.on("2024-12-06", "completed", "course", outcome="FIN_FORMATION")

    assert journal.shown("promise_broken", "2025-01-31") == ["critical 2024-12-21 →"]
    journal.on("2025-01-13", "work_contract_signed", "job", start="2025-01-20")
    assert journal.shown("promise_broken", "2025-01-31") == ["critical 2024-12-21 → 2025-01-13"]


def test_a_job_signed_during_the_course_keeps_the_promise():
    journal = course("POEI")
    journal.on("2024-12-02", "work_contract_signed", "job", start="2024-12-09")
    journal.on("2024-12-06", "completed", "course", outcome="FIN_FORMATION")

    assert journal.shown("promise_broken", "2025-01-31") == []


@pytest.mark.parametrize(("commitment", "shown"), [(False, []), (True, ["critical 2024-12-21 →"])])
def test_a_collective_course_promises_only_what_an_employer_did(commitment, shown):
    journal = course("POEC")
    if commitment:
        journal.on("2024-10-01", "employer_commitment", "course", kind="cdd", months=12)
    journal.on("2024-12-06", "completed", "course", outcome="FIN_FORMATION")

    assert journal.shown("promise_broken", "2025-01-31") == shown


def test_after_a_partial_assessment_the_course_is_expected_within_sixty_days():
    journal = Journal(born="1985-02-25", clea="CLEA")
    journal.on("2025-01-06", "preliminary_assessment", "clea", result="partiel")

    assert journal.shown("clea_course_missing", "2025-04-30") == ["watch 2025-03-07 →"]
    journal.on("2025-03-17", "entered", "clea", planned_end="2025-06-20")
    assert journal.shown("clea_course_missing", "2025-04-30") == ["watch 2025-03-07 → 2025-03-17"]


def test_who_has_everything_needs_no_course():
    journal = Journal(born="1985-02-25", clea="CLEA")
    journal.on("2025-01-06", "preliminary_assessment", "clea", result="total")

    assert journal.shown("clea_course_missing", "2025-04-30") == []


def test_the_five_years_are_told_180_days_before_their_end():
    journal = Journal(born="1985-02-25", clea="CLEA")
    journal.on("2020-01-06", "preliminary_assessment", "clea", result="partiel")
    journal.on("2020-02-03", "entered", "clea", planned_end="2020-06-26")

    assert journal.shown("clea_limit_near", "2025-02-28") == ["watch 2024-07-09 → 2025-01-06"]


def test_thirty_days_before_the_end_of_a_preparation_an_employer_is_missing():
    journal = course("PREPA_APPRENTISSAGE", entered="2024-03-04", end="2024-06-28", born="2006-01-01")

    assert journal.shown("prepa_without_employer", "2024-07-10") == ["watch 2024-05-29 → 2024-06-28"]
    journal.on("2024-06-10", "work_contract_signed", "app", start="2024-09-02")
    assert journal.shown("prepa_without_employer", "2024-07-10") == ["watch 2024-05-29 → 2024-06-10"]
    assert journal.shown("apprenticeship_far", "2024-07-10") == ["watch 2024-06-10 →"]


def test_a_contract_within_sixty_days_is_near():
    journal = course("PREPA_APPRENTISSAGE", entered="2024-03-04", end="2024-07-05", born="2006-01-01")
    journal.on("2024-06-10", "work_contract_signed", "app", start="2024-09-03")

    assert journal.shown("apprenticeship_far", "2024-08-10") == []


# --- trials --------------------------------------------------------------------------------------------------------------


def test_in_the_trial_of_an_e2c_two_half_days_are_enough():
    journal = Journal(born="2006-01-01", school="E2C")
    journal.on("2025-09-01", "trial", "school", by="of", planned_end="2026-03-27")
    journal.sheet("2025-09-08", "PU PP PP UP PP", "school")

    assert [line[:5] for line in journal.shown("unjustified_absence", "2025-09-30")] == ["watch"]
    assert journal.states("school") == ["2025-09-01 trial", "2025-10-20 in_training"]


def test_after_the_trial_the_usual_threshold_holds():
    journal = Journal(born="2006-01-01", school="E2C")
    journal.on("2025-09-01", "entered", "school", by="of", planned_end="2026-03-27")
    journal.sheet("2025-09-08", "PU PP PP UP PP", "school")

    assert journal.shown("unjustified_absence", "2025-09-30") == []


def test_two_days_away_from_an_epide_are_an_alarm():
    journal = Journal(born="2006-01-01", school="EPIDE")
    journal.on("2025-09-01", "trial", "school", by="of", planned_end="2026-04-30")
    journal.sheet("2025-09-08", "PP UU UU PP PP", "school")

    assert journal.states("school") == ["2025-09-01 trial", "2025-11-01 in_training"]
    assert journal.shown("absence_streak_critical", "2025-09-30") == []
    late = Journal(born="2006-01-01", school="EPIDE")
    late.on("2025-09-01", "trial", "school", by="of", planned_end="2026-04-30")
    late.sheet("2025-09-08", "PP PP PP UU UU", "school")
    assert [line[:8] for line in late.shown("absence_streak_critical", "2025-09-30")] == ["critical"]


def test_a_declared_end_of_the_trial_counts_before_the_longest():
    journal = Journal(born="2006-01-01", school="E2C")
    journal.on("2025-09-01", "trial", "school", by="of", until="2025-09-19")

    assert journal.states("school") == ["2025-09-01 trial", "2025-09-20 in_training"]
