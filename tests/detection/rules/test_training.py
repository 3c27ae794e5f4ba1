"""Signals of training, day by day: before it, the body's own flag, and after it."""

import pytest

from tests.journal import Journal

UNTIL = "2026-12-31"


def prescribed(on="2025-03-03", **more):
    journal = Journal(visa="PRF_VISA_METIERS", **more)
    journal.on(on, "prescribed", "visa")
    return journal


def entered(on="2025-02-03", end="2025-07-31", **more):
    journal = Journal(visa="PRF_VISA_METIERS", **more)
    journal.on(on, "entered", "visa", planned_end=end)
    return journal


# waiting


def test_waiting_shows_on_the_31st_day_then_louder_on_the_61st():
    assert prescribed().shown("entry_delay", "2025-06-30") == ["watch 2025-04-03 →", "alert 2025-05-03 →"]


def test_a_date_of_admission_ends_the_first_level_only():
    journal = prescribed()
    journal.on("2025-04-07", "admitted", "visa", planned_start="2025-06-02", planned_end="2025-12-19")
    journal.on("2025-06-02", "entered", "visa")

    assert journal.shown("entry_delay", UNTIL) == ["watch 2025-04-03 → 2025-04-07", "alert 2025-05-03 → 2025-06-02"]


def test_an_admission_without_a_date_does_not_end_the_wait():
    journal = prescribed()
    journal.on("2025-04-07", "admitted", "visa")

    assert journal.shown("entry_delay", "2025-04-30") == ["watch 2025-04-03 →"]


@pytest.mark.parametrize(("event", "more"), [("entered", {}), ("cancelled", {"reason": "A"}), ("not_selected", {"reason": "A"})])
def test_an_entry_or_a_refusal_on_the_30th_day_keeps_it_silent(event, more):
    journal = prescribed()
    journal.on("2025-04-02", event, "visa", **more)

    assert journal.shown("entry_delay", UNTIL) == []


def test_a_waiting_list_is_still_waiting():
    journal = prescribed()
    journal.on("2025-03-17", "waitlisted", "visa")

    assert journal.shown("entry_delay", "2025-04-30") == ["watch 2025-04-03 →"]


def test_three_days_after_the_planned_start_nobody_came():
    journal = prescribed()
    journal.on("2025-03-10", "admitted", "visa", planned_start="2025-03-24", planned_end="2025-07-31")
    journal.on("2025-04-01", "cancelled", "visa", reason="A")

    assert journal.shown("entry_no_show", UNTIL) == ["alert 2025-03-27 → 2025-04-01"]


def test_an_entry_on_the_second_day_or_a_start_put_off_is_no_no_show():
    came, later = prescribed(), prescribed()
    for journal in (came, later):
        journal.on("2025-03-10", "admitted", "visa", planned_start="2025-03-24", planned_end="2025-07-31")
    came.on("2025-03-26", "entered", "visa")
    later.on("2025-03-25", "admitted", "visa", planned_start="2025-04-07", planned_end="2025-07-31")
    later.on("2025-04-07", "entered", "visa")

    assert came.shown("entry_no_show", UNTIL) == later.shown("entry_no_show", UNTIL) == []


# the body's flag


@pytest.mark.parametrize(("level", "shown"), [(1, "watch"), (2, "alert"), (3, "critical"), (0, "watch"), (7, "critical")])
def test_the_level_the_body_gives_is_the_level_shown(level, shown):
    journal = entered()
    journal.on("2025-03-10", "risk_flag", "visa", dimension="sante", level=level)

    assert journal.shown("training_risk_flag", "2025-04-30") == [f"{shown} 2025-03-10 →"]


def test_a_flag_is_closed_by_the_body_by_a_contact_that_answers_it_or_by_the_exit():
    closed, answered, left = entered(pacea="PACEA"), entered(pacea="PACEA"), entered(pacea="PACEA")
    for journal in (closed, answered, left):
        journal.on("2025-03-10", "risk_flag", "visa", dimension="sante", level=2)
    closed.on("2025-03-20", "risk_flag_closed", "visa")
    answered.on("2025-03-18", "contact", "pacea")
    answered.on("2025-03-20", "contact", "pacea", resolves=["training_risk_flag"])
    left.on("2025-03-20", "completed", "visa")

    for journal in (closed, answered, left):
        assert journal.shown("training_risk_flag", UNTIL) == ["alert 2025-03-10 → 2025-03-20"]


def test_a_flag_closed_the_very_day_is_not_open():
    journal = entered()
    journal.on("2025-03-10", "risk_flag", "visa", dimension="sante", level=2)
    journal.on("2025-03-10", "risk_flag_closed", "visa")

    assert journal.shown("training_risk_flag", UNTIL) == []


def test_each_dimension_is_a_flag_of_its_own_and_a_later_flag_is_open_again():
    journal = entered()
    journal.on("2025-03-10", "risk_flag", "visa", dimension="sante", level=1)
    journal.on("2025-03-12", "risk_flag", "visa", dimension="professionnel", level=2)
    journal.on("2025-03-20", "risk_flag_closed", "visa")
    journal.on("2025-03-25", "risk_flag", "visa", dimension="sante", level=3)

    assert journal.shown("training_risk_flag", "2025-04-30") == [
        "watch 2025-03-10 → 2025-03-20", "alert 2025-03-12 → 2025-03-20", "critical 2025-03-25 →",
    ]


# the early exit


@pytest.mark.parametrize("event", ["dropped", "excluded"])
def test_an_exit_before_the_planned_end_shows_until_the_next_structuring_step_begins(event):
    journal = entered(job="EMPLOI")
    journal.on("2025-07-30", event, "visa")
    journal.on("2025-09-08", "work_contract_signed", "job", start="2025-09-15")
    journal.on("2025-09-15", "work_contract_started", "job")

    assert journal.shown("training_interrupted", UNTIL) == ["critical 2025-07-30 → 2025-09-15"]


def test_an_exit_on_the_planned_end_or_a_completed_course_is_no_interruption():
    last_day, completed = entered(), entered()
    last_day.on("2025-07-31", "dropped", "visa")
    completed.on("2025-05-02", "completed", "visa")

    assert last_day.shown("training_interrupted", UNTIL) == completed.shown("training_interrupted", UNTIL) == []


@pytest.mark.parametrize(("ended", "shown"), [("2025-03-30", ["critical 2025-03-31 →"]), ("2025-03-31", [])])
def test_a_job_still_held_on_the_day_of_the_exit_answers_it(ended, shown):
    journal = entered(job="EMPLOI")
    journal.on("2025-02-03", "work_contract_started", "job")
    journal.on(ended, "work_contract_ended", "job")
    journal.on("2025-03-31", "dropped", "visa")

    assert journal.shown("training_interrupted", "2025-06-30") == shown


def test_a_new_accompaniment_alone_does_not_answer_an_interruption():
    journal = entered(pacea="PACEA")
    journal.on("2025-03-31", "dropped", "visa")
    journal.on("2025-04-07", "engagement_signed", "pacea")

    assert journal.shown("training_interrupted", "2025-12-31") == ["critical 2025-03-31 →"]


def test_the_end_of_a_maintenance_in_cfa_is_no_interruption_of_a_training():
    journal = Journal(app="APPRENTISSAGE")
    journal.on("2024-09-02", "work_contract_started", "app", planned_end="2026-08-31")
    journal.on("2025-01-06", "contract_broken", "app", broken_on="2025-01-06", reason="ACCORD_COMMUN")

    assert journal.state("app", "2025-07-06") == "dropped_out"
    assert journal.shown("training_interrupted", UNTIL) == []


# after the exit


def exited(event="completed", on="2025-03-31", **more):
    journal = entered(on="2024-12-02", end="2025-03-31", job="EMPLOI", **more)
    journal.on(on, event, "visa")
    return journal


def test_a_follow_up_is_late_16_days_after_1_3_and_6_months():
    assert exited().shown("post_exit_followup_overdue", "2025-12-31") == [
        "watch 2025-05-16 →", "watch 2025-07-16 →", "watch 2025-10-16 →",
    ]


def test_a_follow_up_closes_its_month_and_the_earlier_ones():
    journal = exited()
    journal.on("2025-07-21", "followup", "visa", month=3, situation="RECHERCHE_EMPLOI")

    assert journal.shown("post_exit_followup_overdue", "2025-12-31") == [
        "watch 2025-05-16 → 2025-07-21", "watch 2025-07-16 → 2025-07-21", "watch 2025-10-16 →",
    ]


@pytest.mark.parametrize(
    ("when", "shown"),
    [
        ("2025-03-31", []),
        ("2025-05-15", []),
        ("2025-05-16", ["watch 2025-05-16 →"]),
        ("2025-06-02", ["watch 2025-05-16 →"]),
    ],
)
def test_a_job_that_begins_around_the_first_month_says_where_the_person_stands(when, shown):
    journal = exited()
    journal.on(when, "work_contract_started", "job")

    assert journal.shown("post_exit_followup_overdue", "2025-06-10") == shown


@pytest.mark.parametrize(("when", "shown"), [("2025-05-29", ["watch 2025-07-16 →"]), ("2025-05-30", [])])
def test_the_window_of_a_month_opens_31_days_before_it(when, shown):
    journal = exited()
    journal.on("2025-04-15", "followup", "visa", month=1, situation="RECHERCHE_EMPLOI")
    journal.on(when, "work_contract_signed", "job", start="2025-09-01")

    assert journal.shown("post_exit_followup_overdue", "2025-08-31") == shown


def test_the_exit_itself_answers_nothing_nor_what_came_before_it():
    journal = exited(on="2025-03-31")
    journal.on("2025-03-28", "work_contract_signed", "job", start="2025-09-01")

    assert journal.shown("post_exit_followup_overdue", "2025-06-10") == ["watch 2025-05-16 →"]


@pytest.mark.parametrize("event", ["dropped", "excluded"])
def test_early_exits_are_followed_up_too(event):
    assert exited(event, "2025-02-28").shown("post_exit_followup_overdue", "2025-05-10") == ["watch 2025-04-13 →"]


def test_the_last_day_given_counts_rather_than_the_day_of_the_declaration():
    journal = entered(on="2024-12-02", end="2025-03-31")
    journal.on("2025-04-10", "completed", "visa", last_day="2025-03-31")

    assert journal.shown("post_exit_followup_overdue", "2025-06-10") == ["watch 2025-05-16 →"]


def test_leaving_the_cfa_without_contract_is_followed_up_and_ending_a_job_is_not():
    cfa, job = Journal(app="APPRENTISSAGE"), Journal(job="EMPLOI")
    cfa.on("2023-09-04", "cfa_entered_without_contract", "app")
    job.on("2023-09-04", "work_contract_started", "job")
    job.on("2023-12-03", "work_contract_ended", "job")

    assert cfa.shown("post_exit_followup_overdue", "2024-04-30") == ["watch 2024-01-19 →", "watch 2024-03-19 →"]
    assert job.shown("post_exit_followup_overdue", "2024-12-31") == []


# the result


def test_a_certifying_course_without_result_shows_after_60_days():
    journal = Journal(visa="PRF_VISA_METIERS")
    journal.on("2024-12-02", "entered", "visa", planned_end="2025-03-31", certification="RNCP")
    journal.on("2025-03-31", "completed", "visa", outcome="FIN_FORMATION")
    journal.on("2025-06-10", "certification_result", "visa", result="CERTIFIE_PARTIEL")

    assert journal.shown("result_unknown", UNTIL) == ["watch 2025-05-30 → 2025-06-10"]


@pytest.mark.parametrize("outcome", ["CERTIFIE_TOTAL", "CERTIFIE_PARTIEL", "NON_CERTIFIE", "NON_PRESENTE"])
def test_a_result_given_with_the_end_is_known(outcome):
    journal = Journal(visa="PRF_VISA_METIERS")
    journal.on("2024-12-02", "entered", "visa", certification="RNCP")
    journal.on("2025-03-31", "completed", "visa", outcome=outcome)

    assert journal.shown("result_unknown", UNTIL) == []


def test_a_course_that_certifies_nothing_and_a_dropout_have_no_result_to_expect():
    plain, dropped = entered(), Journal(visa="PRF_VISA_METIERS")
    plain.on("2025-07-31", "completed", "visa")
    dropped.on("2024-12-02", "entered", "visa", certification="RNCP")
    dropped.on("2025-02-03", "dropped", "visa")

    assert plain.shown("result_unknown", UNTIL) == dropped.shown("result_unknown", UNTIL) == []


def test_an_apprentice_has_a_result_to_expect_too():
    journal = Journal(app="APPRENTISSAGE")
    journal.on("2023-08-28", "work_contract_signed", "app", start="2023-09-04", certification="CAP")
    journal.on("2023-09-04", "work_contract_started", "app")
    journal.on("2025-08-31", "work_contract_ended", "app")

    assert journal.shown("result_unknown", "2025-12-31") == ["watch 2025-10-30 →"]
