"""CSP, line by line of its sheet."""

import pytest

from pathways.workflows.deadlines import cap_of
from tests.journal import Journal, day


@pytest.fixture
def proposed():
    """Proposed on 10 March 2025: the 21 days of reflection end on the 31st."""
    journal = Journal(csp="CSP")
    journal.on("2025-03-10", "csp_proposed", "csp")
    return journal


@pytest.fixture
def running(proposed):
    """Accepted on the 28th, begun on 1 April, plan signed on 12 May."""
    proposed.on("2025-03-28", "csp_accepted", "csp")
    proposed.on("2025-04-01", "accompaniment_started", "csp")
    proposed.on("2025-04-07", "csp_prebilan_done", "csp")
    proposed.on("2025-05-12", "csp_plan_signed", "csp")
    return proposed


def test_from_the_proposal_to_the_plan(running):
    assert running.states("csp")[:4] == [
        "2025-03-10 proposed", "2025-03-28 accepted", "2025-04-01 assessing", "2025-05-12 active",
    ]


def test_silence_is_a_refusal_on_the_22nd_day(proposed):
    assert proposed.state("csp", "2025-03-31") == "proposed"
    assert proposed.state("csp", "2025-04-01") == "declined"


def test_an_answer_on_the_21st_day_is_in_time(proposed):
    proposed.on("2025-03-31", "csp_accepted", "csp")

    assert proposed.state("csp", "2025-04-01") == "accepted"


def test_an_answer_given_in_time_but_recorded_later_stands(proposed):
    proposed.on("2025-03-30", "csp_accepted", "csp", known="2025-04-04")

    assert proposed.state("csp", "2025-04-03") == "declined"
    assert proposed.state("csp", "2025-04-04") == "accepted"
    assert proposed.pathway("2025-04-04").discordances == []


def test_an_answer_after_the_delay_is_refused_and_if_recorded_contradicts(proposed):
    assert proposed.refused("2025-03-31", "csp_accepted", "csp") == []
    assert proposed.refused("2025-04-01", "csp_accepted", "csp") == ["not_from_this_state"]
    assert proposed.refused("2025-04-01", "csp_accepted", "csp", late=True) == []
    proposed.on("2025-04-02", "csp_accepted", "csp")

    assert proposed.state("csp", "2025-04-02") == "declined"
    assert len(proposed.pathway("2025-04-02").discordances) == 1


def test_a_refusal_declared_ends_it(proposed):
    proposed.on("2025-03-14", "csp_declined", "csp")

    assert proposed.states("csp") == ["2025-03-10 proposed", "2025-03-14 declined"]


def test_a_work_period_or_an_illness_comes_back_to_active(running):
    running.on("2025-06-02", "work_period", "csp")
    running.on("2025-07-01", "resumed", "csp", by="ft")
    running.on("2025-09-01", "suspended_sick", "csp")
    running.on("2025-09-15", "resumed", "csp", by="ft")

    assert running.states("csp")[4:8] == [
        "2025-06-02 work_period", "2025-07-01 active", "2025-09-01 suspended_sick", "2025-09-15 active",
    ]


def test_the_day_after_twelve_months_closes_it(running):
    assert cap_of(running.step("csp", "2025-04-01"), running.pathway("2025-04-01")) == day("2026-03-31")
    assert running.state("csp", "2026-03-31") == "active"
    closed = running.step("csp", "2026-04-01")
    assert (str(closed.state), closed.outcome) == ("closed", "ARRIVE_A_TERME")


def test_work_periods_may_carry_it_three_months_further(running):
    assert running.refused("2026-03-02", "prolongation_granted", "csp", months=3) == []
    running.on("2026-03-02", "prolongation_granted", "csp", months=3)

    assert running.state("csp", "2026-06-30") == "active"
    assert running.state("csp", "2026-07-01") == "closed"


def test_a_durable_job_closes_it(running):
    running.on("2026-01-12", "closed", "csp", outcome="EMPLOI_CDI")

    assert running.states("csp")[-1] == "2026-01-12 closed"
    assert running.step("csp", "2027-01-01").outcome == "EMPLOI_CDI"


def test_only_an_employer_or_france_travail_proposes_and_only_france_travail_runs_it(running):
    fresh = Journal(csp="CSP")

    assert [fresh.refused("2025-03-10", "csp_proposed", "csp", by=who) for who in ("emp", "ft", "ml")] == [
        [], [], ["not_yours_to_declare"],
    ]
    assert running.refused("2025-06-02", "work_period", "csp", by="ml") == ["not_yours_to_declare"]
    assert running.refused("2025-06-02", "work_period", "csp", by="ft") == []


@pytest.mark.parametrize(
    ("when", "reasons"),
    [("2011-08-31", ["scheme_not_open"]), ("2011-09-01", []), ("2026-12-31", []), ("2027-01-01", ["scheme_closed"])],
)
def test_the_convention_bounds_the_proposals(when, reasons):
    assert Journal(csp="CSP").refused(when, "csp_proposed", "csp") == reasons


def test_an_acceptance_told_without_its_proposal_is_enough():
    journal = Journal(csp="CSP")
    journal.on("2025-03-28", "csp_accepted", "csp")

    assert journal.state("csp", "2025-12-31") == "accepted"


@pytest.mark.parametrize(("end", "reasons"), [("2025-06-03", ["work_period_too_short"]), ("2025-06-04", [])])
def test_a_work_period_is_of_three_days_at_least(running, end, reasons):
    assert running.refused("2025-06-02", "work_period", "csp", start="2025-06-02", planned_end=end) == reasons


def test_work_periods_add_three_months_at_most_an_illness_is_not_bounded(running):
    assert running.refused("2026-03-02", "prolongation_granted", "csp", months=4, reason="periodes_travaillees") == ["too_long"]
    assert running.refused("2026-03-02", "prolongation_granted", "csp", months=4, reason="maladie_maternite") == []
