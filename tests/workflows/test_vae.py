"""VAE, line by line of its sheet."""

import pytest

from tests.journal import Journal


@pytest.fixture
def filed():
    """A feasibility file in December 2024, complete on 15 January 2025."""
    journal = Journal(vae="VAE", other="VAE", third="VAE", fourth="VAE")
    journal.on("2024-11-04", "registered", "vae", certification="RNCP1")
    journal.on("2024-12-02", "feasibility", "vae", certification="RNCP1")
    journal.on("2025-01-15", "admissibility_pending", "vae")
    return journal


def test_from_the_registration_to_a_whole_validation(filed):
    filed.on("2025-02-10", "admissible", "vae")
    filed.on("2025-05-05", "jury_planned", "vae", jury_on="2025-06-16")
    filed.on("2025-06-20", "validated", "vae")

    assert filed.states("vae") == [
        "2024-11-04 registered", "2024-12-02 feasibility", "2025-01-15 admissibility_pending", "2025-02-10 admissible",
        "2025-05-05 jury_planned", "2025-06-20 validated",
    ]


@pytest.mark.parametrize("end", ["validated", "partly_validated", "refused"])
def test_a_jury_ends_in_one_of_three_ways(filed, end):
    filed.on("2025-02-10", "admissible", "vae")
    filed.on("2025-05-05", "jury_planned", "vae")
    filed.on("2025-06-20", end, "vae")

    assert filed.states("vae")[-1] == f"2025-06-20 {end}"
    assert not filed.step("vae", "2025-06-20").is_open


def test_a_file_that_is_not_admissible_ends_there(filed):
    filed.on("2025-02-10", "not_admissible", "vae")

    assert filed.states("vae")[-1] == "2025-02-10 not_admissible"


@pytest.mark.parametrize("state", ["registered", "feasibility", "admissibility_pending", "admissible", "jury_planned"])
def test_a_project_is_abandoned_from_anywhere(state):
    journal = Journal(vae="VAE")
    day = 1
    for each in ("registered", "feasibility", "admissibility_pending", "admissible", "jury_planned"):
        journal.on(f"2025-01-{day:02d}", each, "vae")
        day += 1
        if each == state:
            break
    journal.on("2025-02-03", "abandoned", "vae", reason="PROJET_CHANGE")

    assert journal.states("vae")[-1] == "2025-02-03 abandoned"


@pytest.mark.parametrize(
    ("complete", "last_day", "admitted"),
    [("2025-01-15", "2025-03-15", "2025-03-16"), ("2024-12-31", "2025-02-28", "2025-03-01")],
)
def test_silence_admits_the_day_after_two_months(complete, last_day, admitted):
    journal = Journal(vae="VAE")
    journal.on("2024-11-04", "registered", "vae")
    journal.on(complete, "admissibility_pending", "vae")

    assert journal.state("vae", last_day) == "admissibility_pending"
    assert journal.state("vae", admitted) == "admissible"
    assert journal.step("vae", admitted).history[-1].clock == "silence_is_admission"


def test_the_answer_notified_after_the_silence_does_not_restart_the_six_months(filed):
    filed.on("2025-04-02", "admissible", "vae")

    assert filed.state("vae", "2025-09-15") == "admissible"
    assert filed.state("vae", "2025-09-16") == "lapsed"


def test_it_lapses_the_day_after_six_months_without_a_step(filed):
    filed.on("2025-03-03", "admissible", "vae")

    assert filed.states("vae")[-1] == "2025-09-03 lapsed"


def test_a_refusal_declared_in_time_but_recorded_after_the_silence_stands(filed):
    filed.on("2025-03-14", "not_admissible", "vae", known="2025-03-20")

    assert filed.state("vae", "2025-03-19") == "admissible"
    assert filed.state("vae", "2025-03-20") == "not_admissible"


# files of a year


def test_one_file_a_year_for_one_certification(filed):
    assert filed.refused("2024-12-16", "feasibility", "other", certification="RNCP1") == ["certification_filed_already"]
    assert filed.refused("2024-12-16", "feasibility", "other", certification="RNCP2") == []
    assert filed.refused("2025-01-02", "feasibility", "other", certification="RNCP1") == []


def test_the_certification_of_the_registration_counts_as_that_of_the_file():
    journal = Journal(vae="VAE", other="VAE")
    journal.on("2025-01-06", "registered", "vae", certification="RNCP1")
    journal.on("2025-02-03", "feasibility", "vae")
    journal.on("2025-03-03", "registered", "other", certification="RNCP1")

    assert journal.refused("2025-03-10", "feasibility", "other") == ["certification_filed_already"]


def test_three_files_a_year_in_all_with_the_source_of_the_rule(filed):
    filed.on("2024-12-03", "feasibility", "other", certification="RNCP2")
    assert filed.refused("2024-12-09", "feasibility", "third", certification="RNCP3") == []
    filed.on("2024-12-09", "feasibility", "third", certification="RNCP3")

    (reason,) = filed.reasons("2024-12-16", "feasibility", "fourth", certification="RNCP4")
    assert reason.code == "too_many_files"
    assert (reason.values["count"], reason.values["most"]) == (3, 3)
    assert "R6412" in reason.values["source"]


def test_both_reasons_are_given_at_once(filed):
    filed.on("2024-12-03", "feasibility", "other", certification="RNCP2")
    filed.on("2024-12-09", "feasibility", "third", certification="RNCP3")

    assert filed.refused("2024-12-16", "feasibility", "fourth", certification="RNCP2") == [
        "certification_filed_already", "too_many_files",
    ]


def test_files_for_blocks_are_neither_refused_nor_counted(filed):
    filed.on("2024-12-03", "feasibility", "other", certification="RNCP2", blocks=True)
    filed.on("2024-12-09", "feasibility", "third", certification="RNCP3")

    assert filed.refused("2024-12-16", "feasibility", "fourth", certification="RNCP4") == []
    assert filed.refused("2024-12-16", "feasibility", "fourth", certification="RNCP1", blocks=True) == []


# entry


@pytest.mark.parametrize(("when", "reasons"), [("2002-01-17", ["scheme_not_open"]), ("2002-01-18", []), ("2026-06-01", [])])
def test_it_exists_since_2002(when, reasons):
    assert Journal(vae="VAE").refused(when, "registered", "vae") == reasons


def test_a_year_of_activity_was_asked_until_the_reform():
    journal = Journal(vae="VAE")
    journal.on("2022-01-03", "condition_stated", condition="one_year_of_activity", holds=False)

    assert journal.refused("2022-12-22", "registered", "vae") == ["condition_not_met"]
    assert journal.refused("2022-12-23", "registered", "vae") == []


def test_not_while_in_initial_training_for_the_same_certification():
    journal = Journal(vae="VAE")
    journal.on("2024-09-02", "condition_stated", condition="same_certification_in_initial_training", holds=True)

    assert journal.refused("2024-10-07", "registered", "vae") == ["condition_not_met"]


def test_who_declares():
    journal = Journal(vae="VAE")

    assert journal.refused("2024-10-07", "registered", "vae", by="of") == []
    assert journal.refused("2024-10-07", "registered", "vae", by="emp") == ["not_yours_to_declare"]
