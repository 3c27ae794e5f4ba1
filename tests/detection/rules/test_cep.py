"""Signals of the advice on one's career, day by day."""

import pytest

from tests.journal import Journal

UNTIL = "2026-12-31"


def supported():
    journal = Journal(cep="CEP", visa="PRF_VISA_METIERS")
    journal.on("2025-01-06", "requested", "cep")
    journal.on("2025-01-13", "welcomed", "cep")
    journal.on("2025-01-20", "supported", "cep")
    return journal


def test_the_summary_is_missing_30_days_after_the_last_interview():
    journal = supported()
    journal.on("2025-02-03", "appointment", "cep", status="seen")
    journal.on("2025-03-17", "synthesis_given", "cep", project="formation")

    assert journal.shown("cep_synthesis_missing", UNTIL) == ["watch 2025-03-05 → 2025-03-17"]


def test_without_any_interview_it_counts_from_the_support_itself():
    assert supported().shown("cep_synthesis_missing", UNTIL) == ["watch 2025-02-19 →"]


def test_a_new_interview_restarts_it_a_missed_one_does_not():
    journal = supported()
    journal.on("2025-02-24", "appointment", "cep", status="seen")
    journal.on("2025-03-10", "appointment", "cep", status="noshow")

    assert journal.shown("cep_synthesis_missing", UNTIL) == ["watch 2025-02-19 → 2025-02-24", "watch 2025-03-26 →"]


def test_a_summary_given_by_the_29th_day_or_a_mere_welcome_keeps_it_silent():
    journal = supported()
    journal.on("2025-02-18", "synthesis_given", "cep")
    welcomed = Journal(cep="CEP")
    welcomed.on("2025-01-13", "welcomed", "cep")

    assert journal.shown("cep_synthesis_missing", UNTIL) == welcomed.shown("cep_synthesis_missing", UNTIL) == []


def validated(project="formation"):
    journal = supported()
    journal.on("2025-02-10", "synthesis_given", "cep", project=project)
    journal.on("2025-02-10", "closed", "cep", outcome="ARRIVE_A_TERME")
    return journal


def test_a_project_validated_without_a_step_shows_90_days_later_until_one_begins():
    journal = validated()
    journal.on("2025-06-02", "prescribed", "visa")

    assert journal.shown("cep_project_without_step", UNTIL) == ["watch 2025-05-11 → 2025-06-02"]


def test_news_of_the_person_closes_it_too():
    journal = validated()
    journal.on("2025-06-02", "followup", "cep", month=3, situation="EMPLOI_CDI")

    assert journal.shown("cep_project_without_step", UNTIL) == ["watch 2025-05-11 → 2025-06-02"]


def test_a_step_begun_by_the_89th_day_keeps_it_silent():
    journal = validated()
    journal.on("2025-05-10", "prescribed", "visa")

    assert journal.shown("cep_project_without_step", UNTIL) == []


@pytest.mark.parametrize("project", [None, "maintien"])
def test_no_project_or_that_of_staying_asks_for_no_step(project):
    assert validated(project).shown("cep_project_without_step", UNTIL) == []
