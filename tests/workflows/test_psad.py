"""PSAD, line by line of its sheet."""

import pytest

from tests.journal import Journal


@pytest.fixture
def identified():
    journal = Journal(psad="PSAD", born="2008-03-12")
    journal.on("2025-01-06", "leaver_identified", "psad", source="SIEI")
    return journal


def test_from_the_list_to_a_solution(identified):
    identified.on("2025-01-13", "contact_attempt", "psad", channel="phone", result="failed")
    identified.on("2025-01-15", "contact_attempt", "psad", channel="sms", result="reached")
    identified.on("2025-01-22", "appointment", "psad", status="seen")
    identified.on("2025-01-24", "handed_over", "psad", to="ml")
    identified.on("2025-03-03", "in_solution", "psad", solution="formation")
    identified.on("2025-06-02", "closed", "psad", outcome="FORMATION_PREQUALIFIANTE")

    assert identified.states("psad") == [
        "2025-01-06 identified", "2025-01-13 contacting", "2025-01-15 reached", "2025-01-22 interviewed",
        "2025-01-24 handed_over", "2025-03-03 in_solution", "2025-06-02 closed",
    ]


def test_a_school_identifies_and_a_relay_association_may_reach(identified):
    assert Journal(psad="PSAD").refused("2025-01-06", "leaver_identified", "psad", by="lycee") == []
    assert identified.refused("2025-01-13", "contact_attempt", "psad", by="ml", channel="phone", result="failed") == []
    assert identified.refused("2025-01-13", "contact_attempt", "psad", by="of", channel="phone", result="failed") == [
        "not_yours_to_declare"
    ]


def test_three_failures_on_two_channels_and_the_clock_calls_out_of_reach(identified):
    for on, channel in (("2025-01-13", "phone"), ("2025-01-14", "phone"), ("2025-01-16", "letter")):
        identified.on(on, "contact_attempt", "psad", channel=channel, result="failed")

    assert identified.state("psad", "2025-01-15") == "contacting"
    assert identified.state("psad", "2025-01-16") == "unreachable"
    identified.on("2025-02-03", "contact_attempt", "psad", channel="visit", result="reached")
    assert identified.state("psad", "2025-02-03") == "reached"


def test_somebody_spoken_with_is_reached_however_late_it_is_known(identified):
    identified.on("2025-01-08", "contact", "psad", known="2025-02-03")

    assert identified.state("psad", "2025-02-02") == "identified"
    assert identified.state("psad", "2025-02-03") == "reached"
    assert identified.shown("leaver_not_contacted", "2025-06-30") == ["watch 2025-01-22 → 2025-02-03 (corrected)"]
    identified.on("2025-02-10", "contact", "psad")
    assert identified.states("psad") == ["2025-01-06 identified", "2025-01-08 reached"]


@pytest.mark.parametrize("end", ["already_followed", "moved", "not_a_dropout"])
def test_a_search_may_end_because_there_is_nobody_to_find(identified, end):
    assert identified.refused("2025-01-13", end, "psad") == []
    assert identified.refused("2025-01-13", end, "psad", by="lycee") == []
    identified.on("2025-01-13", end, "psad")

    assert identified.states("psad")[-1] == f"2025-01-13 {end}"
    assert identified.shown("leaver_not_contacted", "2025-06-30") == []


def test_nobody_is_silent_once_handed_over(identified):
    identified.on("2025-01-15", "contact_attempt", "psad", channel="sms", result="reached")
    identified.on("2025-02-14", "handed_over", "psad", to="ml")

    assert identified.shown("contact_silence", "2025-12-31") == []


def test_sixteen_is_the_least_age():
    young = Journal(psad="PSAD", born="2009-01-07")

    assert young.refused("2025-01-06", "leaver_identified", "psad") == ["age_below_16"]
    assert young.refused("2025-01-07", "leaver_identified", "psad") == []


@pytest.mark.parametrize(
    ("when", "born", "reasons"),
    [
        ("2020-08-31", "2003-06-01", ["condition_not_met"]),  # 17, before the obligation de formation
        ("2020-09-01", "2003-06-01", []),
        ("2020-09-01", "2002-06-01", ["condition_not_met"]),  # 18
    ],
)
def test_with_the_diploma_only_minors_are_concerned_and_since_2020(when, born, reasons):
    journal = Journal(psad="PSAD", born=born)
    journal.on("2020-07-06", "condition_stated", condition="below_aimed_diploma", holds=False)

    assert journal.refused(when, "leaver_identified", "psad") == reasons


def test_it_dates_from_the_circular_of_2011():
    assert Journal(psad="PSAD").refused("2011-02-08", "leaver_identified", "psad") == ["scheme_not_open"]
    assert Journal(psad="PSAD").refused("2011-02-09", "leaver_identified", "psad") == []


def test_who_was_reached_and_no_longer_answers_is_called_out_of_reach_again(identified):
    identified.on("2025-01-08", "contact", "psad")
    for on, channel in (("2025-01-13", "phone"), ("2025-01-14", "phone"), ("2025-01-20", "letter")):
        identified.on(on, "contact_attempt", "psad", channel=channel, result="failed")

    assert identified.state("psad", "2025-01-20") == "reached"
    assert identified.shown("leaver_unreachable", "2025-02-28") == ["alert 2025-01-20 →"]
    identified.on("2025-02-03", "appointment", "psad", status="seen")
    assert identified.shown("leaver_unreachable", "2025-02-28") == ["alert 2025-01-20 → 2025-02-03"]
