"""Signals of the creation of a business, day by day."""

import pytest

from tests.journal import Journal

UNTIL = "2027-12-31"


def begun(phase="project_evaluation", on="2025-01-06"):
    journal = Journal(crea="CREATION", job="EMPLOI", pacea="PACEA", ce="CE_FT")
    journal.on(on, phase, "crea")
    return journal


def created(on="2025-01-15"):
    journal = begun("fundraising", "2024-11-04")
    journal.on(on, "created", "crea")
    return journal


# phases


@pytest.mark.parametrize(
    ("phase", "shown"),
    [
        ("project_evaluation", "2025-04-01"),  # 8 weeks: 56 days, 84 allowed
        ("entrepreneur_training", "2025-05-22"),  # three months: 90 days, 135 allowed
        ("fundraising", "2025-10-05"),  # six months: 181 days, 271 allowed
    ],
)
def test_a_phase_that_lasts_half_as_long_again_shows_until_the_next(phase, shown):
    journal = begun(phase)
    journal.on("2025-11-03", "created", "crea")

    assert journal.shown("creation_phase_long", UNTIL) == [f"watch {shown} → 2025-11-03"]


def test_the_next_phase_in_time_keeps_it_silent():
    journal = begun()
    journal.on("2025-03-31", "entrepreneur_training", "crea")
    journal.on("2025-06-02", "created", "crea")

    assert journal.shown("creation_phase_long", UNTIL) == []


def test_a_pause_is_not_counted():
    journal = begun()
    journal.on("2025-02-03", "paused", "crea", reason="SANTE")
    journal.on("2025-03-03", "resumed", "crea")

    assert journal.shown("creation_phase_long", UNTIL) == ["watch 2025-04-29 →"]


def test_nothing_is_long_during_the_pause():
    journal = begun()
    journal.on("2025-02-03", "paused", "crea", reason="SANTE")

    assert journal.shown("creation_phase_long", UNTIL) == []


def test_a_phase_taken_up_again_begins_anew():
    journal = begun()
    journal.on("2025-03-03", "entrepreneur_training", "crea")
    journal.on("2025-03-24", "project_evaluation", "crea")

    assert journal.shown("creation_phase_long", UNTIL) == ["watch 2025-06-17 →"]


# meetings


def test_a_meeting_is_overdue_30_days_after_its_day_until_one_is_held():
    journal = created()
    journal.on("2025-06-02", "contact", "crea")

    assert journal.shown("creation_meeting_overdue", "2025-08-13") == ["watch 2025-05-15 → 2025-06-02"]


def test_each_of_the_three_meetings_is_owed():
    journal = created()
    journal.on("2025-01-20", "post_creation", "crea")

    assert journal.shown("creation_meeting_overdue", UNTIL) == ["watch 2025-05-15 →", "watch 2025-08-14 →", "watch 2026-02-14 →"]


def test_a_meeting_counts_from_a_month_before_its_day():
    journal = created()
    journal.on("2025-03-15", "appointment", "crea", status="seen")
    journal.on("2025-06-14", "appointment", "crea", status="seen")
    journal.on("2025-12-15", "appointment", "crea", status="seen")

    assert journal.shown("creation_meeting_overdue", UNTIL) == []


def test_a_missed_appointment_is_no_meeting():
    journal = created()
    journal.on("2025-04-15", "appointment", "crea", status="noshow")

    assert journal.shown("creation_meeting_overdue", "2025-06-30") == ["watch 2025-05-15 →"]


# an early end


def test_a_business_closed_within_the_year_is_an_alert_until_something_begins():
    journal = created()
    journal.on("2025-12-01", "business_closed", "crea")
    journal.on("2026-01-12", "work_contract_signed", "job", start="2026-02-02")

    assert journal.shown("business_closed_early", UNTIL) == ["alert 2025-12-01 → 2026-01-12"]


@pytest.mark.parametrize(("last_day", "shown"), [("2026-01-14", ["alert 2026-01-26 →"]), ("2026-01-15", [])])
def test_the_last_day_of_the_business_decides(last_day, shown):
    journal = created()
    journal.on("2026-01-26", "business_closed", "crea", last_day=last_day)

    assert journal.shown("business_closed_early", UNTIL) == shown


def test_the_end_of_the_follow_up_is_not_the_end_of_the_business():
    journal = created()
    journal.on("2025-12-01", "closed", "crea", outcome="CREATION_ENTREPRISE")

    assert journal.shown("business_closed_early", UNTIL) == []


# gaps and silence


def test_a_creation_phase_is_a_step_of_its_own():
    journal = begun(on="2025-03-03")
    journal.on("2024-12-02", "work_contract_started", "job")
    journal.on("2025-02-28", "work_contract_ended", "job")

    assert journal.shown("no_solution_gap", "2025-12-31") == []
    journal.on("2025-06-02", "abandoned", "crea")
    assert journal.shown("no_solution_gap", "2025-09-30") == ["watch 2025-07-03 →", "alert 2025-09-01 →"]


def test_silence_counts_90_days_and_only_while_nobody_accompanies():
    journal = begun()
    journal.on("2025-05-12", "contact", "crea")
    journal.on("2025-06-02", "engagement_signed", "pacea")

    assert journal.shown("contact_silence", "2026-01-31", "crea") == ["watch 2025-04-07 → 2025-05-12"]


def test_while_a_creation_runs_an_accompaniment_allows_twice_as_long():
    journal = begun()
    journal.on("2025-01-06", "engagement_signed", "pacea")

    assert journal.shown("contact_silence", "2025-05-31", "pacea") == ["watch 2025-04-07 →"]
