"""Signals of what a contract owes besides work, day by day."""

import pytest

from tests.journal import Journal

UNTIL = "2026-12-31"


def contract(scheme, start="2025-01-15", end="2025-12-31", **more):
    journal = Journal(job=scheme, visa="PRF_VISA_METIERS", pacea="PACEA")
    journal.on(start, "work_contract_started", "job", planned_end=end, **more)
    return journal


# --- adequacy review -------------------------------------------------------------------------------------------------


def test_the_review_of_the_programme_is_overdue_the_day_after_two_months():
    journal = contract("CONTRAT_PRO")
    journal.on("2025-03-20", "contract_checkin", "job", kind="adequation_programme")

    assert journal.shown("adequacy_review_overdue", UNTIL) == ["watch 2025-03-16 → 2025-03-20"]


def test_a_review_on_the_last_day_keeps_it_silent():
    journal = contract("CONTRAT_PRO")
    journal.on("2025-03-15", "contract_checkin", "job", kind="adequation_programme")

    assert journal.shown("adequacy_review_overdue", UNTIL) == []


def test_a_visit_is_not_the_review():
    journal = contract("CONTRAT_PRO")
    journal.on("2025-03-10", "contract_checkin", "job", kind="visite")
    journal.on("2025-06-02", "contract_broken", "job", broken_on="2025-06-02", reason="ACCORD_COMMUN")

    assert journal.shown("adequacy_review_overdue", UNTIL) == ["watch 2025-03-16 → 2025-06-02"]


# --- tutor -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["CONTRAT_PRO", "CUI_CAE", "CUI_CIE"])
def test_nobody_is_tutor_until_somebody_is(scheme):
    journal = contract(scheme, tutor="none")
    journal.on("2025-02-03", "contract_checkin", "job", tutor="designated")

    assert journal.shown("tutor_missing", UNTIL) == ["watch 2025-01-15 → 2025-02-03"]


def test_a_tutor_who_leaves_is_missing_from_that_day():
    journal = contract("CUI_CAE", tutor="designated")
    journal.on("2025-04-07", "contract_checkin", "job", tutor="none")

    assert journal.shown("tutor_missing", "2025-06-30") == ["watch 2025-04-07 →"]


def test_what_nobody_says_is_unknown_and_the_end_of_the_contract_closes_it():
    ended, unsaid = contract("CONTRAT_PRO", tutor="none"), contract("CONTRAT_PRO")
    ended.on("2025-03-03", "contract_broken", "job", broken_on="2025-03-03", reason="ACCORD_COMMUN")

    assert ended.shown("tutor_missing", UNTIL) == ["watch 2025-01-15 → 2025-03-03"]
    assert unsaid.shown("tutor_missing", UNTIL) == []


# --- aided contracts -------------------------------------------------------------------------------------------------


def test_three_months_of_an_aided_contract_without_training():
    journal = contract("CUI_CAE")
    journal.on("2025-05-05", "entered", "visa", planned_end="2025-06-30")

    assert journal.shown("training_action_missing", UNTIL) == ["watch 2025-04-15 → 2025-05-05"]


def test_a_training_begun_the_day_before_or_told_at_a_check_in_keeps_it_silent():
    trained, told = contract("CUI_CAE"), contract("CUI_CIE")
    trained.on("2025-04-14", "entered", "visa", planned_end="2025-06-30")
    told.on("2025-04-14", "contract_checkin", "job", kind="formation")

    assert trained.shown("training_action_missing", UNTIL) == told.shown("training_action_missing", UNTIL) == []


def test_a_training_ended_before_the_contract_does_not_count():
    journal = contract("EMPLOI_AVENIR", start="2017-03-01", end="2018-02-28")
    journal.on("2016-10-03", "entered", "visa", planned_end="2017-01-31")
    journal.on("2017-01-31", "completed", "visa", outcome="FIN_FORMATION")

    assert journal.shown("training_action_missing", "2017-12-31") == ["watch 2017-06-01 →"]


def test_the_exit_interview_is_owed_60_days_before_the_end_until_its_eve():
    assert contract("CUI_CAE").shown("exit_interview_missing", UNTIL) == ["watch 2025-11-01 → 2025-12-31"]


def test_an_exit_interview_within_the_last_three_months_counts_and_an_earlier_one_does_not():
    early, done, late = (contract("CUI_CAE") for _ in range(3))
    early.on("2025-09-29", "contract_checkin", "job", kind="entretien_sortie")
    done.on("2025-09-30", "contract_checkin", "job", kind="entretien_sortie")
    late.on("2025-11-20", "contract_checkin", "job", kind="entretien_sortie")

    assert early.shown("exit_interview_missing", UNTIL) == ["watch 2025-11-01 → 2025-12-31"]
    assert done.shown("exit_interview_missing", UNTIL) == []
    assert late.shown("exit_interview_missing", UNTIL) == ["watch 2025-11-01 → 2025-11-20"]


def test_a_renewal_puts_the_exit_interview_off():
    journal = contract("CUI_CAE")
    journal.on("2025-11-10", "work_contract_renewed", "job", planned_end="2026-06-30")

    assert journal.shown("exit_interview_missing", "2026-03-31") == ["watch 2025-11-01 → 2025-11-10"]


# --- support in employment -------------------------------------------------------------------------------------------


def job(**more):
    """A job begun on 15 January 2025, recorded by the Mission locale."""
    journal = Journal(job="EMPLOI", pacea="PACEA")
    journal.on("2025-01-15", "work_contract_started", "job", by="ml", **more)
    return journal


def test_the_fifteenth_day_then_the_end_of_the_trial_then_three_months():
    assert job(trial_last_day="2025-03-14").shown("job_followup_overdue", "2025-06-30") == [
        "watch 2025-01-31 →", "watch 2025-03-15 →", "watch 2025-04-16 →",
    ]


def test_a_contact_answers_what_was_owed_before_it_and_the_next_one():
    journal = job(trial_last_day="2025-03-14")
    journal.on("2025-01-30", "contact_attempt", "job", by="ml", channel="phone", result="reached")
    journal.on("2025-03-20", "appointment", "job", by="ml", status="seen")

    assert journal.shown("job_followup_overdue", "2025-09-30") == ["watch 2025-03-15 → 2025-03-20"]


def test_without_declared_trial_two_contacts_are_owed_and_a_check_in_counts():
    journal = job()
    journal.on("2025-01-20", "contract_checkin", "job", by="emp")
    journal.on("2025-04-20", "contact", "job", by="ml")

    assert journal.shown("job_followup_overdue", "2025-09-30") == ["watch 2025-04-16 → 2025-04-20"]


def test_the_end_of_the_job_ends_it():
    journal = job()
    journal.on("2025-02-10", "contract_broken", "job", broken_on="2025-02-10", reason="ESSAI_SALARIE")

    assert journal.shown("job_followup_overdue", UNTIL) == ["watch 2025-01-31 → 2025-02-10"]


def test_the_employee_of_nobody_followed_is_left_alone_until_somebody_accompanies_them():
    journal = Journal(job="EMPLOI", pacea="PACEA")
    journal.on("2025-01-15", "work_contract_started", "job", by="emp")

    assert journal.shown("job_followup_overdue", "2025-03-31") == []
    journal.on("2025-03-03", "engagement_signed", "pacea")
    assert journal.shown("job_followup_overdue", "2025-03-31") == ["watch 2025-03-03 →"]


# --- absence told by the host ----------------------------------------------------------------------------------------


def test_an_absence_the_host_tells_shows_until_somebody_speaks_with_the_person():
    journal = contract("SERVICE_CIVIQUE")
    journal.on("2025-03-03", "absence_reported", "job")
    journal.on("2025-03-06", "contact", "job", by="ml")

    assert journal.shown("absence_reported", UNTIL) == ["watch 2025-03-03 → 2025-03-06"]


def test_an_excused_absence_is_no_signal_and_one_after_a_contact_counts_again():
    journal = contract("SERVICE_CIVIQUE")
    journal.on("2025-03-03", "absence_reported", "job", excused=True)
    journal.on("2025-03-06", "contact", "job", by="ml")
    journal.on("2025-03-10", "absence_reported", "job")
    journal.on("2025-03-17", "work_contract_ended", "job", outcome="ABANDON")

    assert journal.shown("absence_reported", UNTIL) == ["watch 2025-03-10 → 2025-03-17"]
