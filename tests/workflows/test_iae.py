"""The PASS IAE and the CDDI, line by line of their sheet."""

import pytest

from pathways.workflows.deadlines import cap_of
from pathways.workflows.schemes import SCHEMES
from tests.journal import Journal, day


@pytest.fixture
def journal():
    return Journal(iae="IAE", again="IAE", cddi="CDDI", next="CDDI", visa="PRF_VISA_METIERS", born="1970-05-12")


@pytest.fixture
def active(journal):
    """Eligible on 26 February 2024, first contract on 4 March."""
    journal.on("2024-02-26", "eligibility_declared", "iae", by="ml", criteria=["senior"])
    journal.on("2024-03-04", "work_contract_started", "cddi", by="siae", planned_end="2024-11-03")
    return journal


def cap(journal, when):
    return cap_of(journal.step("iae", when), journal.pathway(when))


# --- states ------------------------------------------------------------------------------------------------------------


def test_the_first_contract_begins_it(active):
    assert active.states("iae")[:2] == ["2024-02-26 eligible", "2024-03-04 active"]
    assert active.state("cddi", "2024-03-04") == "in_contract"


def test_a_pass_issued_begins_on_the_day_it_states(journal):
    journal.on("2024-02-26", "eligibility_declared", "iae", by="siae")
    journal.on("2024-02-28", "pass_issued", "iae", by="siae", start="2024-03-04")

    assert journal.state("iae", "2024-03-03") == "eligible"
    assert journal.state("iae", "2024-03-04") == "active"
    assert cap(journal, "2024-03-04") == day("2026-03-03")


def test_a_pass_issued_without_anything_else_begins_that_day(journal):
    journal.on("2024-03-04", "pass_issued", "iae", by="ml")

    assert journal.state("iae", "2024-03-04") == "active"


def test_a_pass_issued_for_a_signed_contract_waits_for_its_first_day(journal):
    journal.on("2024-02-26", "work_contract_signed", "cddi", by="siae", start="2024-03-11", planned_end="2024-09-10")
    journal.on("2024-02-28", "pass_issued", "iae", by="siae", start="2024-03-04")
    journal.on("2024-03-11", "work_contract_started", "cddi", by="siae")

    assert journal.state("iae", "2024-03-10") == "eligible"
    assert journal.state("iae", "2024-03-11") == "active"
    assert cap(journal, "2024-03-11") == day("2026-03-10")


def test_a_pass_issued_after_the_first_day_of_work_counts_from_that_day(journal):
    journal.on("2024-03-04", "work_contract_started", "cddi", by="siae", planned_end="2024-11-03")
    journal.on("2024-03-15", "pass_issued", "iae", by="siae")

    assert journal.state("iae", "2024-03-15") == "active"
    assert cap(journal, "2024-03-15") == day("2026-03-03")


def test_a_contract_over_before_the_pass_is_not_its_own(journal):
    journal.on("2019-03-04", "work_contract_started", "cddi", by="siae", planned_end="2019-11-03")
    journal.on("2019-11-03", "work_contract_ended", "cddi", by="siae", outcome="RECHERCHE_EMPLOI")
    journal.on("2024-03-04", "pass_issued", "iae", by="siae")

    assert cap(journal, "2024-03-04") == day("2026-03-03")


def test_a_contract_begun_under_a_former_pass_does_not_date_the_new_one(active):
    active.on("2024-10-01", "closed", "iae", by="siae", outcome="RECHERCHE_EMPLOI")
    active.on("2027-01-04", "pass_issued", "again", by="ml")

    new = active.step("again", "2027-01-04")
    assert (str(new.state), cap_of(new, active.pathway("2027-01-04"))) == ("active", day("2029-01-03"))


@pytest.mark.parametrize(("stop", "again"), [("suspended", "resumed"), ("pass_suspended", "pass_resumed")])
def test_it_is_suspended_and_taken_up_again(active, stop, again):
    active.on("2024-11-04", stop, "iae", by="siae", reason="CONTRAT_TERMINE")
    active.on("2025-01-13", again, "iae", by="siae")

    assert active.states("iae")[2:4] == ["2024-11-04 suspended", "2025-01-13 active"]


def test_screens_offer_one_name_for_a_suspension():
    offered = SCHEMES["IAE"].workflow.offered

    assert {"pass_suspended", "pass_resumed"} <= set(offered)
    assert not {"suspended", "resumed"} & set(offered)


def test_it_expires_the_day_after_its_last_day(active):
    assert active.state("iae", "2026-03-03") == "active"
    over = active.step("iae", "2026-03-04")
    assert (str(over.state), over.outcome) == ("expired", "ARRIVE_A_TERME")


@pytest.mark.parametrize("before", ["2024-02-28", "2024-06-03"])
def test_it_is_closed_from_any_open_state(active, before):
    active.on(before, "closed", "iae", by="ml", outcome="DEMENAGEMENT")

    assert active.state("iae", before) == "closed"


def test_who_may_declare_what(active):
    assert active.refused("2024-06-03", "pass_suspended", "iae", by="siae") == []
    assert active.refused("2024-06-03", "pass_suspended", "iae", by="of") == ["not_yours_to_declare"]
    assert active.refused("2024-06-03", "pass_resumed", "iae", by="siae") == ["not_from_this_state"]
    assert active.refused("2024-06-03", "obstacle", "iae", by="siae", theme="logement", severity="fort") == []


# --- the last day ------------------------------------------------------------------------------------------------------


def test_the_days_suspended_put_the_last_day_off(active):
    active.on("2024-11-04", "pass_suspended", "iae", by="siae")
    active.on("2025-01-13", "pass_resumed", "iae", by="siae")
    active.on("2025-06-02", "suspended", "iae", by="siae")
    active.on("2025-06-12", "resumed", "iae", by="siae")

    assert cap(active, "2024-11-03") == day("2026-03-03")
    assert cap(active, "2025-01-13") == day("2026-05-12"), "70 days later"
    assert cap(active, "2025-06-12") == day("2026-05-22"), "10 days more"


def test_there_is_no_last_day_while_suspended_and_it_does_not_expire(active):
    active.on("2025-12-01", "pass_suspended", "iae", by="siae")

    assert cap(active, "2025-12-01") is None
    assert active.state("iae", "2027-12-01") == "suspended"


def test_a_prolongation_moves_the_last_day_and_later_suspensions_still_count(active):
    active.on("2026-01-12", "prolongation_granted", "iae", by="ml", months=12, reason="50_ans")
    active.on("2026-06-01", "pass_suspended", "iae", by="siae")
    active.on("2026-06-11", "pass_resumed", "iae", by="siae")

    assert cap(active, "2026-01-12") == day("2027-03-03")
    assert cap(active, "2026-06-11") == day("2027-03-13")


def test_a_prolongation_to_a_day_replaces_the_last_day(active):
    active.on("2026-01-12", "prolongation_granted", "iae", by="ml", cap_on="2026-06-30")

    assert cap(active, "2026-01-12") == day("2026-06-30")


# --- prolongations -----------------------------------------------------------------------------------------------------


def prolonged(journal, reason, **more):
    return journal.refused("2026-01-12", "prolongation_granted", "iae", by="ml", reason=reason, **more)


def test_at_fifty_it_goes_to_84_months(active):
    assert prolonged(active, "50_ans", cap_on="2031-03-03") == []
    assert prolonged(active, "50_ans", cap_on="2031-03-04") == ["too_long"]


def test_with_an_rqth_it_goes_to_60_months(active):
    active.on("2024-01-08", "rqth_renewed", until="2030-01-01")

    assert prolonged(active, "rqth", cap_on="2029-03-03") == []
    assert prolonged(active, "rqth", cap_on="2029-03-04") == ["too_long"]


def test_in_an_association_it_goes_by_steps_of_a_year(active):
    assert prolonged(active, "ai_aci", months=12) == []
    assert prolonged(active, "ai_aci", months=13) == ["too_long"]


def test_the_days_suspended_do_not_count_in_the_longest_duration(active):
    active.on("2024-11-04", "pass_suspended", "iae", by="siae")
    active.on("2025-01-13", "pass_resumed", "iae", by="siae")

    assert prolonged(active, "50_ans", cap_on="2031-05-12") == []
    assert prolonged(active, "50_ans", cap_on="2031-05-13") == ["too_long"]


def test_somebody_younger_is_not_prolonged_for_their_age():
    journal = Journal(iae="IAE", cddi="CDDI", born="1995-05-12")
    journal.on("2024-03-04", "pass_issued", "iae", by="siae")

    assert prolonged(journal, "50_ans", months=12) == ["too_long"]
    assert prolonged(journal, "cdi_57", months=12) == ["too_long"]
    assert prolonged(journal, "fin_formation", months=12) == [], "nobody knows whether a course is running"


def test_a_course_that_runs_is_finished(active):
    active.on("2025-11-03", "entered", "visa", planned_end="2026-06-30")

    assert prolonged(active, "fin_formation", cap_on="2026-06-30") == []


# --- who may enter -----------------------------------------------------------------------------------------------------


def test_a_new_pass_within_two_years_is_for_a_prescriber_to_declare(active):
    active.on("2024-12-02", "closed", "iae", by="siae", outcome="RECHERCHE_EMPLOI")

    assert active.refused("2026-12-01", "eligibility_declared", "again", by="siae") == ["too_soon_after"]
    assert active.refused("2026-12-01", "eligibility_declared", "again", by="ml") == []
    assert active.refused("2026-12-02", "eligibility_declared", "again", by="siae") == []


def test_one_pass_at_a_time(active):
    assert active.refused("2024-06-03", "eligibility_declared", "again", by="ml") == ["already_open"]


def test_nobody_of_the_public_is_eligible():
    journal = Journal(iae="IAE")
    for condition in ("iae_prescriber", "minimum_income", "registered_24_months", "iae_criteria"):
        journal.on("2024-01-08", "condition_stated", condition=condition, holds=False)

    assert journal.refused("2024-02-26", "eligibility_declared", "iae", by="siae") == ["condition_not_met"]
    journal.on("2024-01-09", "condition_stated", condition="minimum_income", holds=True)
    assert journal.refused("2024-02-26", "eligibility_declared", "iae", by="siae") == []


def test_it_is_not_held_beside_a_csp():
    journal = Journal(iae="IAE", csp="CSP")
    journal.on("2024-01-08", "csp_accepted", "csp")
    journal.on("2024-01-15", "accompaniment_started", "csp")
    journal.on("2024-01-22", "csp_plan_signed", "csp")

    assert journal.refused("2024-02-26", "eligibility_declared", "iae", by="ml") == ["not_concurrent"]


@pytest.mark.parametrize(("when", "opens"), [("2021-08-31", "CT L5132-3 (agrément"), ("2021-09-01", "CT L5132-3, R5132-1-1")])
def test_the_agreement_of_pole_emploi_came_before_the_pass(journal, when, opens):
    scheme = journal.on(when, "pass_issued", "iae", by="ft") and journal.step("iae", when).scheme

    assert scheme.version(day(when)).source.startswith(opens)


# --- the contract ------------------------------------------------------------------------------------------------------


def test_a_cddi_lasts_four_months_and_twenty_hours_at_least(journal):
    def signed(planned_end, hours):
        asked = {"start": "2024-03-04", "planned_end": planned_end, "hours_per_week": hours}
        return journal.refused("2024-02-26", "work_contract_signed", "cddi", by="siae", **asked)

    assert signed("2024-07-03", 20) == []
    assert signed("2024-07-02", 19) == ["contract_too_short", "hours_too_low"]


def test_a_cddi_is_renewed_up_to_24_months_in_all(journal):
    journal.on("2024-03-04", "work_contract_started", "cddi", by="siae", planned_end="2024-11-03")
    renewed = {"by": "siae", "reason": "renouvellement"}

    assert journal.refused("2024-10-14", "work_contract_renewed", "cddi", planned_end="2026-03-03", **renewed) == []
    assert journal.refused("2024-10-14", "work_contract_renewed", "cddi", planned_end="2026-03-04", **renewed) == ["too_long"]


def test_a_second_contract_under_the_same_pass_changes_nothing(active):
    active.on("2024-11-03", "work_contract_ended", "cddi", by="siae", outcome="RECHERCHE_EMPLOI")
    active.on("2024-11-18", "work_contract_started", "next", by="siae2", planned_end="2025-05-17")

    assert cap(active, "2024-11-18") == day("2026-03-03")
    assert active.states("iae")[1:] == ["2024-03-04 active", "2026-03-04 expired"]
