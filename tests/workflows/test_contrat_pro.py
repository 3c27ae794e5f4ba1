"""The contrat de professionnalisation, line by line of its sheet."""

import pytest

from tests.journal import Journal, day


def begun(start="2025-01-06", end=None, **more):
    journal = Journal(pro="CONTRAT_PRO", born="2000-06-01")
    journal.on(start, "work_contract_started", "pro", **({"planned_end": end} if end else {}), **more)
    return journal


def signed(born, when="2025-01-06", **more):
    return Journal(pro="CONTRAT_PRO", born=born).refused(when, "work_contract_signed", "pro", **{"start": when, **more})


@pytest.mark.parametrize(
    ("end", "last"),
    [
        ("2025-07-06", "2025-02-05"),  # six months and a day: one month
        ("2025-07-05", "2025-01-19"),  # six months: two weeks at most
        ("2025-03-16", "2025-01-15"),  # ten weeks: ten days
        ("2025-03-15", "2025-01-14"),  # nine full weeks: nine days
    ],
)
def test_the_trial_is_the_longest_the_law_allows_when_none_is_declared(end, last):
    journal = begun(end=end)

    assert journal.state("pro", last) == "probation"
    assert journal.states("pro")[1] == f"{day(last).replace(day=day(last).day + 1)} in_contract"


def test_a_declared_trial_wins():
    assert begun(end="2025-12-31", trial_last_day="2025-01-10").states("pro")[1] == "2025-01-11 in_contract"


def test_the_trial_of_a_contract_of_unknown_length_is_unknown():
    assert begun().state("pro", "2026-06-30") == "probation"


def test_a_renewal_does_not_lengthen_the_trial():
    journal = begun(end="2025-07-05")
    journal.on("2025-01-10", "work_contract_renewed", "pro", planned_end="2025-12-31")

    assert journal.state("pro", "2025-01-20") == "in_contract"


def test_a_break_during_the_trial_or_after_closes_it():
    journal = begun(end="2025-12-31")
    journal.on("2025-01-20", "contract_broken", "pro", broken_on="2025-01-20", reason="ESSAI_EMPLOYEUR")

    assert journal.states("pro") == ["2025-01-06 probation", "2025-01-20 broken_closed"]


def test_a_natural_end_completes_it():
    journal = begun(end="2025-12-31")
    journal.on("2025-12-31", "work_contract_ended", "pro", outcome="EMPLOI_CDI")

    assert journal.states("pro")[-1] == "2025-12-31 completed"


def test_it_is_for_young_people_job_seekers_and_a_few_others():
    assert signed("2009-01-07") == ["age_below_16"]
    assert signed("2009-01-06") == []
    assert signed("1990-01-01") == [], "nobody knows whether they are registered"
    older = Journal(pro="CONTRAT_PRO", born="1990-01-01")
    for condition in ("job_seeker", "minimum_income", "former_aided_contract"):
        older.on("2025-01-02", "condition_stated", condition=condition, holds=False)
    assert older.refused("2025-01-06", "work_contract_signed", "pro", start="2025-01-06") == ["condition_not_met"]
    older.on("2025-01-03", "condition_stated", condition="job_seeker", holds=True)
    assert older.refused("2025-01-06", "work_contract_signed", "pro", start="2025-01-06") == []


@pytest.mark.parametrize(
    ("when", "end", "reasons"),
    [
        ("2025-01-06", "2025-07-04", ["contract_too_short"]),
        ("2025-01-06", "2025-07-05", []),
        ("2025-01-06", "2028-01-05", []),
        ("2025-01-06", "2028-01-06", ["too_long"]),
        ("2018-01-08", "2020-01-07", []),
        ("2018-01-08", "2020-01-08", ["too_long"]),
    ],
)
def test_its_length_follows_the_rules_of_the_day(when, end, reasons):
    assert signed("1999-01-01", when, planned_end=end) == reasons


def test_it_is_renewed_once():
    journal = begun(end="2025-12-31")
    assert journal.refused("2025-12-01", "work_contract_renewed", "pro", planned_end="2026-06-30") == []
    journal.on("2025-12-01", "work_contract_renewed", "pro", planned_end="2026-06-30", reason="renouvellement")
    assert journal.refused("2026-06-01", "work_contract_renewed", "pro", planned_end="2026-12-31") == ["renewed_already"]


def test_a_contract_that_never_begins_is_cancelled():
    journal = Journal(pro="CONTRAT_PRO")
    journal.on("2025-01-02", "work_contract_signed", "pro", start="2025-01-06")
    journal.on("2025-01-03", "cancelled", "pro", reason="A")

    assert journal.states("pro") == ["2025-01-02 contract_signed", "2025-01-03 cancelled"]


def test_absences_at_the_training_body_and_its_flags_are_followed():
    journal = begun(end="2025-12-31", cfa_weeks=["2025-03-03", "2025-03-10"])
    journal.sheet("2025-03-03", "UU UU", "pro")
    journal.on("2025-03-06", "risk_flag", "pro", dimension="professionnel", level=2)

    assert journal.shown("unjustified_absence", "2025-03-10") == ["watch 2025-03-04 →"]
    assert journal.shown("training_risk_flag", "2025-03-10") == ["alert 2025-03-06 →"]
