"""Signals of work contracts, day by day."""

import pytest

from tests.journal import Journal

UNTIL = "2021-12-31"
CFA_WEEKS = ["2019-09-09", "2019-09-30", "2019-10-21", "2019-11-18"]


def apprentice(weeks=CFA_WEEKS, **more):
    """Begun on 2 September 2019: company days 30, 35 and 45 are 4 and 12 November and 3 December."""
    journal = Journal(app="APPRENTISSAGE", next="APPRENTISSAGE", job="EMPLOI", **more)
    calendar = {"cfa_weeks": weeks} if weeks is not None else {}
    journal.on("2019-09-02", "work_contract_started", "app", planned_end="2021-08-31", **calendar)
    return journal


def broken(journal, when="2019-11-27", step="app", reason="ACCORD_COMMUN", **more):
    journal.on(when, "contract_broken", step, **{"broken_on": when, "reason": reason, **more})


# the first weeks


def test_no_visit_by_the_30th_company_day():
    journal = apprentice()
    journal.on("2019-11-15", "contract_checkin", "app")

    assert journal.shown("apprentice_no_visit", UNTIL) == ["watch 2019-11-04 → 2019-11-15"]


def test_a_visit_on_the_29th_company_day_keeps_it_silent():
    journal = apprentice()
    journal.on("2019-10-31", "contract_checkin", "app")

    assert journal.shown("apprentice_no_visit", UNTIL) == []


def test_the_35th_company_day_announces_the_end_of_the_probation():
    assert apprentice().shown("apprentice_probation_end_soon", UNTIL) == ["info 2019-11-12 → 2019-12-04"]


def test_days_away_from_the_company_put_both_off():
    journal = apprentice()
    journal.sheet("2019-10-14", "JJ JJ JJ JJ JJ", "app")

    assert journal.shown("apprentice_no_visit", "2019-11-30") == ["watch 2019-11-12 →"]
    assert journal.shown("apprentice_probation_end_soon", "2019-11-30") == ["info 2019-11-26 →"]


def test_without_calendar_nothing_is_known_of_company_days_until_a_total_is_declared():
    journal = apprentice(weeks=None)
    assert journal.shown("apprentice_no_visit", UNTIL) == journal.shown("apprentice_probation_end_soon", UNTIL) == []
    journal.on("2019-11-08", "company_days_total", "app", days=33)

    assert journal.shown("apprentice_no_visit", "2019-12-31") == ["watch 2019-11-08 →"]
    assert journal.shown("apprentice_probation_end_soon", "2019-12-31") == []


def test_a_break_before_those_days_keeps_them_silent():
    journal = apprentice()
    broken(journal, "2019-11-04")

    assert journal.shown("apprentice_no_visit", UNTIL) == journal.shown("apprentice_probation_end_soon", UNTIL) == []


# the break


def test_a_break_shows_from_the_first_day_without_contract_until_a_new_one_starts():
    journal = apprentice()
    broken(journal)
    journal.on("2020-01-16", "work_contract_signed", "next", start="2020-01-20")
    journal.on("2020-01-20", "work_contract_started", "next")

    assert journal.shown("contract_broken", UNTIL) == ["critical 2019-11-27 → 2020-01-20"]
    assert journal.shown("contract_broken_no_employer", UNTIL) == ["alert 2020-01-11 → 2020-01-20"]


def test_45_90_and_150_days_after_the_break_outlive_the_step():
    journal = apprentice()
    broken(journal)

    assert journal.state("app", "2020-05-27") == "dropped_out"
    assert journal.shown("contract_broken_no_employer", "2020-12-31") == [
        "alert 2020-01-11 →", "alert 2020-02-25 →", "critical 2020-04-25 →",
    ]


def test_a_contract_that_starts_on_the_45th_day_keeps_it_silent():
    journal = apprentice()
    broken(journal)
    journal.on("2020-01-11", "work_contract_started", "job")

    assert journal.shown("contract_broken_no_employer", UNTIL) == []


def test_a_contract_that_starts_on_the_first_day_without_the_other_leaves_nothing_broken():
    journal = apprentice()
    broken(journal)
    journal.on("2019-11-27", "work_contract_started", "next")

    assert journal.shown("contract_broken", UNTIL) == journal.shown("contract_broken_no_employer", UNTIL) == []


def test_a_signature_is_not_yet_a_new_contract():
    journal = apprentice()
    broken(journal)
    journal.on("2020-01-06", "work_contract_signed", "next", start="2020-02-03")
    journal.on("2020-02-03", "work_contract_started", "next")

    assert journal.shown("contract_broken_no_employer", UNTIL) == ["alert 2020-01-11 → 2020-02-03"]


def test_a_break_announced_in_advance_shows_on_its_day_not_before():
    journal = apprentice()
    broken(journal, "2019-11-13", broken_on="2019-11-27")

    assert journal.shown("contract_broken", "2019-12-31") == ["critical 2019-11-27 →"]


def test_a_break_declared_late_shows_the_day_it_is_told_and_counts_from_the_break():
    journal = apprentice()
    broken(journal, "2019-12-09", broken_on="2019-11-27")

    assert journal.shown("contract_broken", "2020-01-31") == ["critical 2019-12-09 →"]
    assert journal.shown("contract_broken_no_employer", "2020-01-31") == ["alert 2020-01-11 →"]


@pytest.mark.parametrize("reason", ["OBTENTION_DIPLOME", "FIN_CDD_ANTICIPEE_EMBAUCHE"])
@pytest.mark.parametrize("scheme", ["APPRENTISSAGE", "EMPLOI", "CONTRAT_PRO", "CUI_CAE", "SERVICE_CIVIQUE"])
def test_an_early_end_that_is_a_success_breaks_nothing(scheme, reason):
    journal = Journal(step=scheme)
    journal.on("2019-09-02", "work_contract_started", "step")
    broken(journal, "2019-10-07", "step", reason)

    assert journal.state("step", "2019-10-07") == "completed"
    for rule in ("contract_broken", "contract_broken_no_employer", "contract_broken_early", "maintien_expired"):
        assert journal.shown(rule, UNTIL) == []


@pytest.mark.parametrize("scheme", ["EMPLOI", "CONTRAT_PRO", "CUI_CAE", "SERVICE_CIVIQUE"])
def test_a_break_of_any_contract_shows_until_the_next_one(scheme):
    journal = Journal(step=scheme, job="EMPLOI")
    journal.on("2019-09-02", "work_contract_started", "step")
    broken(journal, "2020-03-02", "step")
    journal.on("2020-04-06", "work_contract_started", "job")

    assert journal.shown("contract_broken", UNTIL) == ["critical 2020-03-02 → 2020-04-06"]
    assert journal.shown("contract_broken_no_employer", UNTIL) == []


def test_a_natural_end_is_not_a_break():
    journal = apprentice()
    journal.on("2021-08-31", "work_contract_ended", "app")

    assert journal.shown("contract_broken", "2022-12-31") == journal.shown("contract_broken_no_employer", "2022-12-31") == []


@pytest.mark.parametrize(("when", "shown"), [("2019-12-01", ["alert 2019-12-01 →"]), ("2019-12-02", [])])
def test_a_job_broken_within_three_months_is_early(when, shown):
    journal = Journal(job="EMPLOI")
    journal.on("2019-09-02", "work_contract_started", "job")
    broken(journal, when, "job")

    assert journal.shown("contract_broken_early", "2020-01-31") == shown


def test_an_apprenticeship_is_never_an_early_job():
    journal = apprentice()
    broken(journal, "2019-10-07")

    assert journal.shown("contract_broken_early", UNTIL) == []


def test_the_end_of_the_maintenance_is_shown_the_day_it_ends():
    journal = apprentice()
    broken(journal)

    assert journal.shown("maintien_expired", UNTIL) == ["critical 2020-05-27 → 2020-05-28"]


def test_a_new_contract_on_the_last_day_or_a_dropout_keeps_the_end_of_maintenance_silent():
    hired, left = apprentice(), apprentice()
    for journal in (hired, left):
        broken(journal)
    hired.on("2020-05-26", "work_contract_started", "next")
    left.on("2020-05-26", "dropped", "app")

    assert hired.shown("maintien_expired", UNTIL) == left.shown("maintien_expired", UNTIL) == []


def test_a_break_learnt_after_six_months_shows_the_end_of_maintenance_that_day():
    journal = apprentice()
    broken(journal, "2020-07-06", broken_on="2019-11-27")

    assert journal.shown("maintien_expired", UNTIL) == ["critical 2020-07-06 → 2020-07-07"]


# without employer


def waiting(**more):
    journal = Journal(app="APPRENTISSAGE")
    journal.on("2023-09-04", "cfa_entered_without_contract", "app", **more)
    return journal


def test_no_employer_from_the_60th_day_to_the_eve_of_the_last():
    journal = waiting()

    assert journal.shown("no_employer_found", "2024-12-31") == ["watch 2023-11-03 → 2023-12-03"]
    assert journal.shown("cap_reached", "2024-12-31") == ["critical 2023-12-03 → 2023-12-04"]
    assert journal.shown("cap_approaching", "2024-12-31") == []


def test_an_employer_found_on_the_59th_day_keeps_it_silent_and_later_closes_it():
    early, later = waiting(), waiting()
    early.on("2023-11-02", "work_contract_signed", "app", start="2023-11-06")
    later.on("2023-11-20", "work_contract_signed", "app", start="2023-11-27")

    assert early.shown("no_employer_found", "2024-12-31") == []
    assert later.shown("no_employer_found", "2024-12-31") == ["watch 2023-11-03 → 2023-11-20"]
    assert later.shown("cap_reached", "2024-12-31") == []


# the employer


def test_an_employer_in_difficulty_shows_until_the_procedure_or_the_contract_ends():
    ended, closed = apprentice(), apprentice()
    for journal in (ended, closed):
        journal.on("2019-10-14", "employer_insolvency", "app", kind="redressement")
    broken(ended)
    closed.on("2019-11-27", "employer_insolvency_closed", "app")

    for journal in (ended, closed):
        assert journal.shown("employer_distress", UNTIL) == ["alert 2019-10-14 → 2019-11-27"]


def test_a_procedure_closed_the_very_day_and_a_new_one_after_it():
    journal = apprentice()
    journal.on("2019-10-14", "employer_insolvency", "app", kind="sauvegarde")
    journal.on("2019-10-14", "employer_insolvency_closed", "app")
    assert journal.shown("employer_distress", UNTIL) == []
    journal.on("2019-10-28", "employer_insolvency", "app", kind="redressement")

    assert journal.shown("employer_distress", "2019-11-30") == ["alert 2019-10-28 →"]


def test_a_procedure_opened_once_the_contract_is_over_concerns_nobody():
    journal = apprentice()
    broken(journal)
    journal.on("2019-12-02", "employer_insolvency", "app", kind="liquidation")

    assert journal.shown("employer_distress", UNTIL) == []
