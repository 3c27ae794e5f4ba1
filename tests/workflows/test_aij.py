"""AIJ, line by line of its sheet."""

import pytest

from pathways.workflows.deadlines import cap_of
from tests.journal import Journal, day


def begun(born="2003-05-10", **details):
    journal = Journal(aij="AIJ", cej="CEJ", glob="GLOBAL", born=born)
    journal.on("2025-03-03", "accompaniment_started", "aij", **details)
    return journal


def cap(journal, when="2025-03-03"):
    return cap_of(journal.step("aij", when), journal.pathway(when))


def test_it_lasts_six_months_alone_three_in_a_club():
    assert cap(begun()) == day("2025-09-02")
    assert cap(begun(modality="individuel")) == day("2025-09-02")
    assert cap(begun(modality="club")) == day("2025-06-02")
    assert cap(begun(cap_months=4)) == day("2025-07-02")


def test_the_cap_asks_a_human_and_closes_nothing():
    journal = begun()

    assert journal.state("aij", "2026-01-01") == "active"
    assert journal.shown("cap_approaching", "2025-09-30") == ["watch 2025-07-04 →", "alert 2025-08-03 →"]
    assert journal.shown("cap_reached", "2025-09-30") == ["critical 2025-09-02 →"]


def test_three_months_are_too_short_to_be_announced():
    journal = begun(modality="club")

    assert journal.shown("cap_approaching", "2025-09-30") == []
    assert journal.shown("cap_reached", "2025-09-30") == ["critical 2025-06-02 →"]


def test_silence_is_three_weeks():
    assert begun().shown("contact_silence", "2025-04-30") == ["watch 2025-03-25 →", "alert 2025-04-15 →"]


@pytest.mark.parametrize(
    ("born", "reasons"),
    [("1999-03-04", []), ("1999-03-03", []), ("1995-03-04", []), ("1995-03-03", ["age_above_30"])],
)
def test_under_26_and_in_some_conditions_under_30(born, reasons):
    journal = Journal(aij="AIJ", born=born)

    assert journal.refused("2025-03-03", "accompaniment_started", "aij") == reasons


def test_past_26_the_conditions_known_not_to_hold_refuse():
    journal = Journal(aij="AIJ", born="1997-01-01")
    assert journal.refused("2025-03-03", "accompaniment_started", "aij") == []
    journal.on("2025-01-06", "condition_stated", condition="special_circumstances", holds=False)

    (reason,) = journal.reasons("2025-03-03", "accompaniment_started", "aij")
    assert (reason.code, reason.values["age"]) == ("age_above_26", 28)


def test_it_is_run_by_france_travail_from_september_2014():
    journal = Journal(aij="AIJ")

    assert journal.refused("2014-08-31", "accompaniment_started", "aij") == ["scheme_not_open"]
    assert journal.refused("2014-09-01", "accompaniment_started", "aij") == []
    assert journal.refused("2025-03-03", "accompaniment_started", "aij", by="ml") == ["not_yours_to_declare"]


@pytest.mark.parametrize("other", ["cej", "glob"])
def test_two_intensive_accompaniments_are_not_held_together(other):
    journal = begun()

    assert "not_concurrent" in journal.refused("2025-04-07", "accompaniment_started", other)


def test_somebody_struck_off_is_not_admitted():
    journal = Journal(aij="AIJ")
    journal.on("2025-02-03", "ft_deregistered", reason="RADIATION")

    assert journal.refused("2025-03-03", "accompaniment_started", "aij") == ["not_registered"]
