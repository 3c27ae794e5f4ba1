"""Aided contracts, line by line of their sheet."""

import pytest

from pathways.workflows.deadlines import cap_of
from tests.journal import Journal, day


@pytest.fixture
def running():
    """Begun on 3 February 2025, planned for a year; born in 1972."""
    journal = Journal(cui="CUI_CAE", born="1972-06-01")
    journal.on("2025-01-27", "work_contract_signed", "cui", by="ml", start="2025-02-03", planned_end="2026-02-02")
    journal.on("2025-02-03", "work_contract_started", "cui", by="ml")
    return journal


def cap(journal, when):
    return cap_of(journal.step("cui", when), journal.pathway(when))


def granted(journal, **more):
    return journal.refused("2026-12-01", "prolongation_granted", "cui", by="ml", **more)


def signed(scheme, when="2025-01-27", born="1990-01-01", **more):
    return Journal(cui=scheme, born=born).refused(when, "work_contract_signed", "cui", **{"start": when, **more})


def test_it_is_signed_then_runs_without_trial(running):
    assert running.states("cui") == ["2025-01-27 contract_signed", "2025-02-03 in_contract"]


@pytest.mark.parametrize("reason", ["FIN_CDD_ANTICIPEE_EMBAUCHE", "FIN_CDD_ANTICIPEE_FORMATION"])
def test_left_for_a_job_or_a_qualifying_course_it_is_completed_and_nothing_is_broken(running, reason):
    running.on("2025-06-02", "contract_broken", "cui", broken_on="2025-06-02", reason=reason)

    assert running.states("cui")[-1] == "2025-06-02 completed"
    assert running.shown("contract_broken", "2025-12-31") == []


def test_any_other_break_closes_it(running):
    running.on("2025-06-02", "contract_broken", "cui", broken_on="2025-06-02", reason="FAUTE_GRAVE")

    assert running.states("cui")[-1] == "2025-06-02 broken_closed"
    assert running.shown("contract_broken", "2025-06-30") == ["critical 2025-06-02 →"]


def test_a_trial_elsewhere_suspends_it_without_leaving_it(running):
    running.on("2025-06-02", "suspended", "cui", by="ml")
    running.on("2025-06-16", "resumed", "cui", by="ml")

    assert running.state("cui", "2025-06-10") == running.state("cui", "2025-06-16") == "in_contract"


def test_the_aid_lasts_24_months(running):
    assert cap(running, "2025-02-03") == day("2027-02-02")
    assert running.shown("cap_approaching", "2027-01-31", "cui") == ["watch 2026-12-04 →", "alert 2027-01-03 →"]


def test_at_fifty_or_with_an_rqth_it_goes_to_60_months(running):
    assert granted(running, cap_on="2030-02-02", reason="50_ans") == []
    assert granted(running, cap_on="2030-02-03", reason="50_ans") == ["too_long"]
    running.on("2026-12-01", "prolongation_granted", "cui", by="ml", cap_on="2028-02-02", reason="50_ans")
    assert cap(running, "2026-12-01") == day("2028-02-02")


def test_somebody_younger_goes_beyond_24_months_to_finish_a_course_only():
    journal = Journal(cui="CUI_CAE", visa="PRF_VISA_METIERS", born="1995-01-01")
    journal.on("2025-02-03", "work_contract_started", "cui", by="ml")
    journal.on("2025-01-01", "condition_stated", condition="training_under_way", holds=False)

    assert granted(journal, cap_on="2027-06-30", reason="50_ans") == ["too_long"]
    assert granted(journal, cap_on="2027-06-30", reason="fin_formation") == ["too_long"]
    journal.on("2026-09-07", "entered", "visa", planned_end="2027-06-30")
    assert granted(journal, cap_on="2027-06-30", reason="fin_formation") == []


def test_only_who_decides_the_aid_prolongs_it(running):
    assert running.refused("2026-12-01", "prolongation_granted", "cui", by="emp", months=6) == ["not_yours_to_declare"]


@pytest.mark.parametrize(
    ("scheme", "asked", "reasons"),
    [
        ("CUI_CAE", {"hours_per_week": 20}, []),
        ("CUI_CAE", {"hours_per_week": 19.5}, ["hours_too_low"]),
        ("CUI_CIE", {"planned_end": "2025-07-26"}, []),
        ("CUI_CIE", {"planned_end": "2025-07-25"}, ["contract_too_short"]),
    ],
)
def test_hours_and_length_are_checked_where_they_are_known(scheme, asked, reasons):
    assert signed(scheme, **asked) == reasons


def test_it_is_for_people_without_work():
    journal = Journal(cui="CUI_CAE")
    journal.on("2025-01-06", "condition_stated", condition="in_work", holds=True)

    assert journal.refused("2025-01-27", "work_contract_signed", "cui", start="2025-02-03") == ["condition_not_met"]


@pytest.mark.parametrize(
    ("scheme", "when", "reasons"),
    [
        ("CUI_CAE", "2009-12-31", ["scheme_not_open"]),
        ("CUI_CAE", "2010-01-01", []),
        ("CUI_CIE", "2010-01-01", []),
        ("EMPLOI_AVENIR", "2012-10-31", ["scheme_not_open"]),
        ("EMPLOI_AVENIR", "2012-11-01", []),
        ("EMPLOI_AVENIR", "2017-12-31", []),
        ("EMPLOI_AVENIR", "2018-01-01", ["scheme_closed"]),
    ],
)
def test_each_opens_and_closes_on_its_day(scheme, when, reasons):
    assert signed(scheme, when, born=f"{int(when[:4]) - 20}-01-01") == reasons


def test_a_closed_job_of_the_future_proposes_what_replaces_it():
    (reason,) = Journal(cui="EMPLOI_AVENIR").reasons("2018-01-01", "work_contract_signed", "cui", start="2018-01-01")

    assert (reason.code, reason.values["propose"]) == ("scheme_closed", "CUI_CAE")


def test_a_job_of_the_future_was_for_the_young():
    assert signed("EMPLOI_AVENIR", "2016-06-01", born="1990-06-01") == ["age_above_26"]
    assert signed("EMPLOI_AVENIR", "2016-06-01", born="1990-06-02") == []
