"""Jobs, line by line of their sheet: signed, in contract, ended or broken."""

import pytest

from tests.journal import Journal, day


@pytest.fixture
def running():
    journal = Journal(job="EMPLOI", pro="CONTRAT_PRO", pacea="PACEA")
    journal.on("2024-12-10", "work_contract_signed", "job", start="2025-01-15", planned_end="2025-07-14", kind="cdd")
    journal.on("2025-01-15", "work_contract_started", "job")
    return journal


def test_a_job_is_signed_then_runs_without_probation(running):
    assert running.states("job") == ["2024-12-10 contract_signed", "2025-01-15 in_contract"]


def test_a_signed_contract_gives_the_dates_of_the_step(running):
    step = running.step("job", "2024-12-10")

    assert (step.planned_start, step.planned_end) == (day("2025-01-15"), day("2025-07-14"))


def test_a_natural_end_completes_it(running):
    running.on("2025-07-14", "work_contract_ended", "job", outcome="EMPLOI_CDI")

    done = running.step("job", "2025-07-14")
    assert (str(done.state), done.outcome) == ("completed", "EMPLOI_CDI")


def test_a_break_closes_it_there_is_no_maintenance(running):
    running.on("2025-03-03", "contract_broken", "job", broken_on="2025-03-03", reason="ESSAI_EMPLOYEUR")

    assert running.states("job")[-1] == "2025-03-03 broken_closed"
    assert running.state("job", "2026-03-03") == "broken_closed"


def test_a_break_announced_in_advance_acts_on_its_day(running):
    running.on("2025-03-03", "contract_broken", "job", broken_on="2025-03-17", reason="ACCORD_COMMUN")

    assert running.state("job", "2025-03-16") == "in_contract"
    assert running.state("job", "2025-03-17") == "broken_closed"


def test_leaving_early_for_a_better_job_is_an_end_not_a_break(running):
    running.on("2025-03-03", "contract_broken", "job", broken_on="2025-03-03", reason="FIN_CDD_ANTICIPEE_EMBAUCHE")

    assert running.states("job")[-1] == "2025-03-03 completed"


def test_a_contract_that_never_begins_is_cancelled():
    journal = Journal(job="EMPLOI")
    journal.on("2024-12-10", "work_contract_signed", "job", start="2025-01-15")
    journal.on("2025-01-10", "cancelled", "job", reason="A")

    assert journal.states("job")[-1] == "2025-01-10 cancelled"


def test_a_renewal_moves_the_planned_end(running):
    running.on("2025-07-01", "work_contract_renewed", "job", planned_end="2025-12-31")

    assert running.step("job", "2025-07-01").planned_end == day("2025-12-31")


def test_the_planned_end_passes_without_ending_the_job(running):
    assert running.state("job", "2025-09-30") == "in_contract"


def test_the_referent_of_the_accompaniment_may_declare_the_job_of_somebody():
    journal = Journal(job="EMPLOI", pacea="PACEA")
    journal.on("2024-10-01", "engagement_signed", "pacea")

    asked = {"start": "2025-01-15"}
    assert journal.refused("2024-12-10", "work_contract_signed", "job", by="ml", **asked) == []
    assert journal.refused("2024-12-10", "work_contract_signed", "job", by="region", **asked) == ["not_yours_to_declare"]


def test_jobs_may_follow_each_other_or_overlap(running):
    running.steps["evening"] = "EMPLOI"
    assert running.refused("2025-02-03", "work_contract_signed", "evening", start="2025-02-10") == []


def test_a_trial_ends_the_day_after_its_last_day():
    journal = Journal(pro="CONTRAT_PRO")
    journal.on("2024-01-15", "work_contract_started", "pro", trial_last_day="2024-02-14")

    assert journal.state("pro", "2024-02-14") == "probation"
    assert journal.state("pro", "2024-02-15") == "in_contract"
