"""Garantie jeunes, line by line of its sheet."""

import pytest

from pathways.workflows.deadlines import cap_of
from tests.journal import Journal, day


@pytest.fixture
def inside():
    """A Garantie jeunes begun on 1 July 2019 inside a PACEA of 9 April 2018."""
    journal = Journal(pacea="PACEA", gj="GJ", born="1998-02-03")
    journal.on("2018-04-09", "engagement_signed", "pacea")
    journal.on("2019-07-01", "commission_decision", "gj", decision="admission")
    journal.on("2019-07-01", "accompaniment_started", "gj")
    return journal


def cap(journal, step, when="2019-07-01"):
    return cap_of(journal.step(step, when), journal.pathway(when))


def test_twelve_months_that_carry_the_pacea_to_their_own_end(inside):
    assert cap(inside, "gj") == cap(inside, "pacea") == day("2020-06-30")
    assert inside.state("gj", "2020-06-30") == "active"
    assert inside.state("gj", "2020-07-01") == inside.state("pacea", "2020-07-01") == "closed"


def test_the_commission_adds_six_months_at_most(inside):
    assert inside.refused("2020-06-01", "prolongation_granted", "gj", months=6, reason="commission") == []
    assert inside.refused("2020-06-01", "prolongation_granted", "gj", months=7, reason="commission") == ["too_long"]
    inside.on("2020-06-01", "prolongation_granted", "gj", months=6, reason="commission", decider="commission")

    assert cap(inside, "gj", "2020-06-01") == cap(inside, "pacea", "2020-06-01") == day("2020-12-31")


@pytest.mark.parametrize(
    ("when", "reasons"),
    [
        ("2013-09-30", ["scheme_not_open"]), ("2013-10-01", []), ("2017-01-01", []), ("2022-02-28", []),
        ("2022-03-01", ["scheme_closed"]),
    ],
)
def test_nobody_enters_after_february_2022(when, reasons):
    assert Journal(gj="GJ").refused(when, "accompaniment_started", "gj") == reasons


def test_the_cej_is_proposed_instead():
    (reason,) = Journal(gj="GJ").reasons("2022-03-15", "accompaniment_started", "gj")

    assert reason.values["propose"] == "CEJ"


def test_what_was_signed_before_runs_to_its_term():
    journal = Journal(gj="GJ")
    journal.on("2022-02-28", "accompaniment_started", "gj")

    assert journal.state("gj", "2023-02-27") == "active"
    assert journal.state("gj", "2023-02-28") == "closed"


@pytest.mark.parametrize("condition", ["student", "in_work"])
def test_neither_a_student_nor_somebody_in_work(condition):
    journal = Journal(gj="GJ")
    journal.on("2019-06-03", "condition_stated", condition=condition, holds=True)

    assert journal.refused("2019-07-01", "accompaniment_started", "gj") == ["condition_not_met"]


@pytest.mark.parametrize("condition", ["without_support", "low_income"])
def test_alone_and_with_little_income(condition):
    journal = Journal(gj="GJ")
    journal.on("2019-06-03", "condition_stated", condition=condition, holds=False)

    assert journal.refused("2019-07-01", "accompaniment_started", "gj") == ["condition_not_met"]


def test_it_is_not_held_beside_a_cej():
    journal = Journal(gj="GJ", cej="CEJ")
    journal.on("2022-01-10", "accompaniment_started", "gj")

    assert "not_concurrent" in journal.refused("2022-03-07", "engagement_signed", "cej")
