"""Signals of the contrat de sécurisation professionnelle, day by day."""

from tests.journal import Journal

UNTIL = "2026-12-31"


def proposed():
    journal = Journal(csp="CSP", visa="PRF_VISA_METIERS", job="EMPLOI")
    journal.on("2025-03-10", "csp_proposed", "csp")
    return journal


def begun():
    journal = proposed()
    journal.on("2025-03-28", "csp_accepted", "csp")
    journal.on("2025-04-01", "accompaniment_started", "csp")
    return journal


def test_reminders_come_on_the_14th_and_the_19th_day_until_the_answer():
    journal = proposed()
    journal.on("2025-03-30", "csp_accepted", "csp")

    assert journal.shown("csp_reflection_ending", UNTIL) == ["info 2025-03-24 → 2025-03-30", "info 2025-03-29 → 2025-03-30"]
    assert journal.shown("csp_reflection_expired", UNTIL) == []


def test_an_answer_on_the_13th_day_keeps_everything_silent():
    journal = proposed()
    journal.on("2025-03-23", "csp_declined", "csp")

    assert journal.shown("csp_reflection_ending", UNTIL) == journal.shown("csp_reflection_expired", UNTIL) == []


def test_the_22nd_day_without_answer_is_shown_though_the_clock_ends_the_step():
    journal = proposed()

    assert journal.shown("csp_reflection_ending", UNTIL) == ["info 2025-03-24 → 2025-04-01", "info 2025-03-29 → 2025-04-01"]
    assert journal.shown("csp_reflection_expired", UNTIL) == ["alert 2025-04-01 → 2025-04-02"]


def test_an_answer_on_the_21st_day_recorded_late_corrects_it():
    journal = proposed()
    journal.on("2025-03-31", "csp_accepted", "csp", known="2025-04-02")

    assert journal.shown("csp_reflection_expired", UNTIL) == ["alert 2025-04-01 → 2025-04-02 (corrected)"]


def test_the_pre_assessment_is_late_on_the_ninth_day():
    journal = begun()
    journal.on("2025-04-14", "csp_prebilan_done", "csp")

    assert journal.shown("csp_prebilan_overdue", UNTIL) == ["alert 2025-04-10 → 2025-04-14"]


def test_a_pre_assessment_on_the_eighth_day_is_in_time():
    journal = begun()
    journal.on("2025-04-09", "csp_prebilan_done", "csp")

    assert journal.shown("csp_prebilan_overdue", UNTIL) == []


def test_the_plan_is_late_a_month_and_a_day_after_the_pre_assessment():
    journal = begun()
    journal.on("2025-04-14", "csp_prebilan_done", "csp")
    journal.on("2025-05-20", "csp_plan_signed", "csp")

    assert journal.shown("csp_plan_overdue", UNTIL) == ["alert 2025-05-15 → 2025-05-20"]


def test_a_plan_signed_on_the_last_day_of_the_month_is_in_time_and_none_is_due_before_the_pre_assessment():
    journal = begun()
    assert journal.shown("csp_plan_overdue", "2025-12-31") == []
    journal.on("2025-04-14", "csp_prebilan_done", "csp")
    journal.on("2025-05-14", "csp_plan_signed", "csp")

    assert journal.shown("csp_plan_overdue", UNTIL) == []


def test_four_months_without_training_or_work_show_until_one_begins():
    journal = begun()
    journal.on("2025-08-25", "entered", "visa")

    assert journal.shown("csp_no_action_m4", UNTIL) == ["watch 2025-08-01 → 2025-08-25"]


def test_a_course_a_job_or_a_work_period_within_four_months_keeps_it_silent():
    course, job, period = begun(), begun(), begun()
    course.on("2025-07-31", "entered", "visa")
    job.on("2025-07-31", "work_contract_started", "job")
    period.on("2025-05-12", "csp_plan_signed", "csp")
    period.on("2025-07-31", "work_period", "csp")

    for journal in (course, job, period):
        assert journal.shown("csp_no_action_m4", UNTIL) == []


def test_a_course_prescribed_but_not_entered_is_not_yet_an_action():
    journal = begun()
    journal.on("2025-05-13", "prescribed", "visa", by="ft")

    assert journal.shown("csp_no_action_m4", "2025-12-31") == ["watch 2025-08-01 →"]


def test_what_was_over_before_the_csp_began_is_not_an_action_of_it():
    journal = begun()
    journal.on("2025-01-06", "work_contract_started", "job")
    journal.on("2025-03-07", "work_contract_ended", "job")

    assert journal.shown("csp_no_action_m4", "2025-12-31") == ["watch 2025-08-01 →"]


def test_the_end_of_the_accompaniment_ends_every_delay():
    journal = begun()
    journal.on("2025-04-11", "closed", "csp", outcome="EMPLOI_CDI")

    assert journal.shown("csp_prebilan_overdue", UNTIL) == ["alert 2025-04-10 → 2025-04-11"]
    assert journal.shown("csp_no_action_m4", UNTIL) == []
