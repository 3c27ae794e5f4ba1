"""Apprenticeship, line by line of its sheet."""

import pytest

from pathways.workflows.deadlines import company_day
from tests.journal import Journal, day

CFA_WEEKS = ["2019-09-09", "2019-09-30", "2019-10-21", "2019-11-18"]


@pytest.fixture
def running():
    """Begun on Monday 2 September 2019, four weeks at the CFA: the 45th day in the company is Tuesday 3 December."""
    journal = Journal(app="APPRENTISSAGE", next="APPRENTISSAGE", pro="CONTRAT_PRO", job="EMPLOI")
    journal.on("2019-08-26", "work_contract_signed", "app", start="2019-09-02", planned_end="2021-08-31")
    journal.on("2019-09-02", "work_contract_started", "app", planned_end="2021-08-31", cfa_weeks=CFA_WEEKS)
    return journal


def broken(journal, when="2019-11-27", reason="ACCORD_COMMUN", **more):
    journal.on(when, "contract_broken", "app", **{"broken_on": when, "reason": reason, **more})


def test_the_first_day_begins_the_probation(running):
    assert running.states("app")[:2] == ["2019-08-26 contract_signed", "2019-09-02 probation"]


def test_the_day_after_the_45th_company_day_the_probation_is_over(running):
    assert company_day(running.step("app", "2019-12-01"), 45) == day("2019-12-03")
    assert running.state("app", "2019-12-03") == "probation"
    assert running.state("app", "2019-12-04") == "in_contract"


def test_company_days_leave_out_cfa_weeks_weekends_and_bank_holidays(running):
    step = running.step("app", "2019-09-02")

    assert [company_day(step, n) for n in (1, 5, 6, 30, 35, 40)] == [
        day(on) for on in ("2019-09-02", "2019-09-06", "2019-09-16", "2019-11-04", "2019-11-12", "2019-11-26")
    ]


def test_two_days_of_illness_put_the_45th_day_off_by_two(running):
    running.sheet("2019-11-06", "JJ JJ", "app")

    assert running.state("app", "2019-12-05") == "probation"
    assert running.state("app", "2019-12-06") == "in_contract"


def test_half_a_day_away_counts_as_a_day_in_the_company(running):
    running.sheet("2019-11-06", "JC", "app")

    assert running.state("app", "2019-12-04") == "in_contract"


def test_without_calendar_only_a_declared_total_tells():
    journal = Journal(app="APPRENTISSAGE")
    journal.on("2024-09-02", "work_contract_started", "app")
    journal.on("2024-11-29", "company_days_total", "app", days=44)

    assert journal.state("app", "2025-06-30") == "probation"
    journal.on("2024-12-13", "company_days_total", "app", days=46)
    assert journal.state("app", "2024-12-13") == "probation"
    assert journal.state("app", "2024-12-14") == "in_contract"


def test_a_declared_total_restarts_the_count_from_its_day(running):
    running.on("2019-10-31", "company_days_total", "app", days=20)

    assert company_day(running.step("app", "2019-11-01"), 22) == day("2019-11-05")


def test_a_break_begins_six_months_of_maintenance_in_the_cfa(running):
    broken(running)

    assert running.state("app", "2019-11-26") == "probation"
    assert running.state("app", "2019-11-27") == "broken_continuing_cfa"
    assert running.state("app", "2020-05-26") == "broken_continuing_cfa"
    gone = running.step("app", "2020-05-27")
    assert (str(gone.state), gone.closed_on) == ("dropped_out", day("2020-05-27"))


def test_six_months_from_the_end_of_august_end_with_february(running):
    broken(running, "2020-08-31")

    assert running.state("app", "2021-02-27") == "broken_continuing_cfa"
    assert running.state("app", "2021-02-28") == "dropped_out"


def test_a_break_announced_in_advance_acts_on_its_day(running):
    running.on("2019-12-16", "contract_broken", "app", broken_on="2020-01-06", reason="INITIATIVE_APPRENTI")

    assert running.state("app", "2020-01-05") == "in_contract"
    assert running.state("app", "2020-01-06") == "broken_continuing_cfa"
    assert running.state("app", "2020-07-06") == "dropped_out"


def test_a_break_learnt_seven_months_late_ends_the_maintenance_the_day_it_is_told(running):
    running.on("2020-07-06", "contract_broken", "app", broken_on="2019-11-27", reason="ACCORD_COMMUN")

    assert running.states("app")[-2:] == ["2020-07-06 broken_continuing_cfa", "2020-07-06 dropped_out"]


@pytest.mark.parametrize("reason", ["OBTENTION_DIPLOME", "FIN_CDD_ANTICIPEE_EMBAUCHE"])
def test_an_early_end_for_a_diploma_or_a_job_completes_the_contract(running, reason):
    broken(running, "2021-07-05", reason)

    assert running.states("app")[-1] == "2021-07-05 completed"


@pytest.mark.parametrize("other", ["next", "pro"])
def test_a_new_contract_closes_the_broken_one(running, other):
    broken(running)
    running.on("2020-01-16", "work_contract_signed", other, by="cfa", start="2020-01-20", planned_end="2021-08-31")
    running.on("2020-01-20", "work_contract_started", other, by="cfa")

    assert running.state("app", "2020-01-19") == "broken_continuing_cfa"
    assert running.state("app", "2020-01-20") == "broken_closed"
    assert running.state(other, "2020-01-20") == "probation"


def test_an_ordinary_job_does_not_end_the_maintenance(running):
    broken(running)
    running.on("2020-01-20", "work_contract_started", "job")

    assert running.state("app", "2020-05-26") == "broken_continuing_cfa"


def test_a_new_contract_begun_on_the_day_of_the_break_closes_it_at_once(running):
    broken(running)
    running.on("2019-11-27", "work_contract_started", "next")

    assert running.state("app", "2019-11-27") == "broken_closed"


def test_a_break_told_once_the_new_contract_has_begun_is_closed_by_it(running):
    running.on("2020-01-20", "work_contract_started", "next")
    running.on("2020-02-03", "contract_broken", "app", broken_on="2020-01-15", reason="ACCORD_COMMUN")

    assert running.state("app", "2020-02-02") == "in_contract"
    assert running.state("app", "2020-02-03") == "broken_closed"


def test_leaving_the_cfa_during_the_maintenance_is_a_dropout(running):
    broken(running)
    running.on("2020-02-10", "dropped", "app", reason="PROJET_CHANGE")

    assert running.states("app")[-1] == "2020-02-10 dropped_out"


def test_a_cfa_cycle_without_employer_lasts_three_months():
    journal = Journal(app="APPRENTISSAGE")
    journal.on("2023-09-04", "seeking_employer", "app")
    journal.on("2023-09-04", "cfa_entered_without_contract", "app")

    assert journal.state("app", "2023-12-03") == "cfa_without_contract"
    left = journal.step("app", "2023-12-04")
    assert (str(left.state), left.outcome) == ("left_without_contract", "SANS_EMPLOYEUR")


def test_an_employer_found_in_time_ends_the_wait():
    journal = Journal(app="APPRENTISSAGE")
    journal.on("2023-09-04", "cfa_entered_without_contract", "app")
    assert journal.refused("2023-12-03", "work_contract_signed", "app", start="2023-12-04") == []
    journal.on("2023-12-01", "work_contract_signed", "app", start="2023-12-11")

    assert journal.state("app", "2023-12-10") == "contract_signed"
    assert journal.refused("2023-12-05", "left_without_contract", "app") == ["not_from_this_state"]


def test_a_contract_that_runs_its_course_is_completed(running):
    running.on("2021-08-31", "work_contract_ended", "app", outcome="EMPLOI_CDI", certification="CERTIFIE_TOTAL")

    done = running.step("app", "2021-08-31")
    assert (str(done.state), done.outcome) == ("completed", "EMPLOI_CDI")


def test_a_break_declared_after_the_natural_end_contradicts_it(running):
    running.on("2021-08-31", "work_contract_ended", "app", outcome="EMPLOI_CDI")
    broken(running, "2021-09-20")

    assert running.state("app", "2021-09-20") == "completed"
    assert len(running.pathway("2021-09-20").discordances) == 1


def test_a_planned_end_passed_without_a_word_changes_no_state(running):
    assert running.state("app", "2021-10-31") == "in_contract"


def test_a_year_more_after_a_failure_moves_the_planned_end(running):
    running.on("2021-08-30", "work_contract_renewed", "app", planned_end="2022-08-31")

    assert running.step("app", "2021-09-01").planned_end == day("2022-08-31")


@pytest.mark.parametrize(
    ("born", "when", "reasons"),
    [
        ("2004-09-02", "2019-09-01", ["age_below_15"]),
        ("2004-09-02", "2019-09-02", []),
        ("1989-09-02", "2019-09-01", []),
        ("1989-09-02", "2019-09-02", ["age_above_30"]),
        ("1990-12-31", "2016-12-31", ["age_above_26"]),
        ("1990-12-31", "2017-01-01", []),
        ("1988-12-31", "2018-12-31", ["age_above_30"]),
    ],
)
def test_the_age_at_signature_follows_the_rules_of_that_day(born, when, reasons):
    assert Journal(app="APPRENTISSAGE", born=born).refused(when, "work_contract_signed", "app", start=when) == reasons


def test_nobody_breaks_a_contract_before_it_began(running):
    asked = {"broken_on": "2019-08-30", "reason": "ESSAI_EMPLOYEUR"}

    assert running.refused("2019-09-10", "contract_broken", "app", **asked) == ["break_before_start"]


def test_the_cfa_the_employer_and_the_mission_locale_may_each_declare_a_break(running):
    asked = {"broken_on": "2019-11-27", "reason": "ACCORD_COMMUN"}

    for who in ("cfa", "emp", "ml"):
        assert running.refused("2019-11-27", "contract_broken", "app", by=who, **asked) == []
    assert running.refused("2019-11-27", "work_contract_ended", "app", by="emp") == ["not_yours_to_declare"]


def test_two_orders_of_one_day_give_the_same_pathway(running):
    first = Journal(**running.steps)
    second = Journal(**running.steps)
    told = [
        ("work_contract_started", "next", {}),
        ("contract_broken", "app", {"broken_on": "2019-11-27", "reason": "ACCORD_COMMUN"}),
        ("contract_checkin", "app", {}),
    ]
    for journal, today in ((first, told), (second, told[::-1])):
        journal.on("2019-09-02", "work_contract_started", "app", cfa_weeks=CFA_WEEKS)
        for event, step, data in today:
            journal.on("2019-11-27", event, step, **data)

    assert first.states("app") == second.states("app")
    assert first.state("next", "2019-11-27") == second.state("next", "2019-11-27") == "probation"


# --- who may begin, and for how long -----------------------------------------------------------------------------------


def signing(born, when, scheme="APPRENTISSAGE", conditions=(), **more):
    journal = Journal(app=scheme, born=born)
    for condition, holds in conditions:
        journal.on("2015-01-02", "condition_stated", condition=condition, holds=holds)
    return journal.refused(when, "work_contract_signed", "app", **{"start": when, **more})


def test_at_fifteen_the_end_of_college_decides():
    asked = ("2009-06-01", "2024-09-02")

    assert signing(*asked) == []
    assert signing(*asked, conditions=[("finished_college", True)]) == []
    assert signing(*asked, conditions=[("finished_college", False)]) == ["age_below_16"]


def test_the_age_is_asked_on_the_first_day_of_the_contract():
    assert signing("1994-09-02", "2024-08-26", start="2024-09-01") == []
    assert signing("1994-09-02", "2024-08-26", start="2024-09-02") == ["age_above_30"]


@pytest.mark.parametrize("scheme", ["APPRENTISSAGE", "CFA_2E_CHANCE"])
def test_past_thirty_only_a_case_of_the_law_opens_it(scheme):
    assert signing("1980-01-01", "2024-09-02", scheme) == ["age_above_30"]
    assert signing("1980-01-01", "2024-09-02", scheme, [("apprentice_without_age_limit", True)]) == []
    second = [("apprentice_second_contract", True)]
    assert signing("1988-09-03", "2024-09-02", scheme, second) == []
    assert signing("1988-09-02", "2024-09-02", scheme, second) == ["age_above_30"]


def test_an_rqth_lifts_the_limit():
    journal = Journal(app="APPRENTISSAGE", born="1980-01-01")
    journal.on("2024-01-08", "rqth_renewed", until="2028-01-01")

    assert journal.refused("2024-09-02", "work_contract_signed", "app", start="2024-09-02") == []


@pytest.mark.parametrize(
    ("reason", "start", "reasons"),
    [
        ("LIQUIDATION_EMPLOYEUR", "2025-03-03", []),
        ("LIQUIDATION_EMPLOYEUR", "2025-03-04", ["age_above_30"]),
        ("INITIATIVE_APPRENTI", "2024-06-03", ["age_above_30"]),
    ],
)
def test_a_break_the_apprentice_did_not_want_opens_a_second_contract_for_a_year(reason, start, reasons):
    journal = Journal(app="APPRENTISSAGE", next="APPRENTISSAGE", born="1994-01-01")
    journal.on("2023-09-04", "work_contract_started", "app", planned_end="2025-08-31")
    journal.on("2024-03-03", "contract_broken", "app", broken_on="2024-03-03", reason=reason)

    assert journal.refused(start, "work_contract_signed", "next", start=start) == reasons


@pytest.mark.parametrize(
    ("end", "reasons"),
    [
        ("2025-03-01", []),
        ("2025-02-28", ["contract_too_short"]),
        ("2027-09-01", []),
        ("2027-09-02", ["too_long"]),
        (None, []),
    ],
)
def test_six_months_to_three_years_where_the_end_is_known(end, reasons):
    assert signing("2004-01-01", "2024-09-02", **({"planned_end": end} if end else {})) == reasons


def test_four_years_with_an_rqth():
    journal = Journal(app="APPRENTISSAGE", born="2004-01-01")
    journal.on("2024-01-08", "rqth_renewed", until="2028-01-01")

    asked = ("2024-09-02", "work_contract_signed", "app")
    assert journal.refused(*asked, start="2024-09-02", planned_end="2028-09-01") == []
    assert journal.refused(*asked, start="2024-09-02", planned_end="2028-09-02") == ["too_long"]


def test_a_contract_signed_during_the_maintenance_may_be_shorter(running):
    broken(running)
    asked = {"start": "2020-01-20", "planned_end": "2020-06-30"}

    assert running.refused("2020-01-16", "work_contract_signed", "next", **asked) == []
    assert running.refused("2020-06-01", "work_contract_signed", "next", start="2020-06-02", planned_end="2020-08-31") == [
        "contract_too_short"
    ]


def test_the_training_begins_within_three_months_of_the_contract():
    journal = Journal(app="APPRENTISSAGE")
    asked = ("2024-09-02", "work_contract_started", "app")

    assert journal.refused(*asked, cfa_weeks=["2024-12-16", "2024-12-02"]) == []
    assert journal.refused(*asked, cfa_weeks=["2024-12-09"]) == ["training_too_late"]
    journal.on("2024-08-26", "work_contract_signed", "app", start="2024-09-02")
    assert journal.refused(*asked, cfa_weeks=["2024-12-09"]) == ["training_too_late"]


def test_a_failed_exam_carries_the_contract_on_by_a_year_once(running):
    again = {"reason": "echec"}

    assert running.refused("2021-07-05", "work_contract_renewed", "app", planned_end="2022-08-31", **again) == []
    assert running.refused("2021-07-05", "work_contract_renewed", "app", planned_end="2022-09-01", **again) == ["too_long"]
    running.on("2021-07-05", "work_contract_renewed", "app", planned_end="2022-08-31", **again)
    assert running.refused("2022-07-04", "work_contract_renewed", "app", planned_end="2023-08-31", **again) == ["renewed_already"]


def test_the_cfa_of_the_second_chance_follows_the_same_lines():
    journal = Journal(app="CFA_2E_CHANCE", next="CFA_2E_CHANCE")
    journal.on("2019-09-02", "work_contract_started", "app", by="cfa", planned_end="2021-08-31", cfa_weeks=CFA_WEEKS)

    assert journal.shown("apprentice_no_visit", "2019-11-30") == ["watch 2019-11-04 →"]
    broken(journal, by="cfa")
    journal.on("2020-01-20", "work_contract_started", "next", by="cfa")
    assert journal.states("app") == ["2019-09-02 probation", "2019-11-27 broken_continuing_cfa", "2020-01-20 broken_closed"]
