"""CEJ, line by line of its sheet."""

import pytest

from pathways.workflows.deadlines import cap_of
from tests.journal import Journal, day


@pytest.fixture
def running():
    """Signed on 6 March 2023: twelve months until 5 March 2024."""
    journal = Journal(cej="CEJ", again="CEJ", pacea="PACEA", visa="PRF_VISA_METIERS", born="2003-05-10")
    journal.on("2023-03-06", "engagement_signed", "cej")
    return journal


def cap(journal, when):
    return cap_of(journal.step("cej", when), journal.pathway(when))


def test_it_closes_the_day_after_twelve_months(running):
    assert cap(running, "2023-03-06") == day("2024-03-05")
    assert running.state("cej", "2024-03-05") == "active"
    closed = running.step("cej", "2024-03-06")
    assert (str(closed.state), closed.outcome) == ("closed", "ARRIVE_A_TERME")


def test_a_motivated_prolongation_carries_it_to_eighteen_months_in_all(running):
    assert running.refused("2024-02-05", "prolongation_granted", "cej", cap_on="2024-09-05", reason="motivee") == []
    assert running.refused("2024-02-05", "prolongation_granted", "cej", cap_on="2024-09-06", reason="motivee") == ["too_long"]
    running.on("2024-02-05", "prolongation_granted", "cej", months=6, reason="motivee", decider="referent")

    assert cap(running, "2024-02-05") == day("2024-09-05")


@pytest.mark.parametrize(
    ("planned", "ended", "expected"),
    [
        ("2024-05-03", None, "2024-07-31"),
        ("2024-05-03", "2024-05-04", "2024-07-31"),  # back the day after
        ("2024-05-31", "2024-06-01", "2024-07-31"),  # … even when that is another month
        ("2024-05-03", "2023-11-20", "2024-03-05"),  # given up early: the twelve months are later
        ("2024-05-03", "2024-02-12", "2024-04-30"),
        ("2024-05-03", "2024-06-14", "2024-08-31"),  # went on longer
        (None, "2024-02-12", "2024-04-30"),
        (None, None, "2024-03-05"),
    ],
)
def test_an_external_course_carries_it_to_the_end_of_the_second_month_after(running, planned, ended, expected):
    running.on("2023-09-04", "external_course_started", "cej", course="MISSION", **({"planned_end": planned} if planned else {}))
    if ended:
        running.on(ended, "external_course_ended", "cej", course="MISSION")

    assert cap(running, "2024-02-29" if expected == "2024-03-05" else (ended or "2024-02-29")) == day(expected)


def test_it_goes_to_an_external_course_and_a_suspension_and_back(running):
    running.on("2023-09-04", "external_course_started", "cej", course="MISSION", planned_end="2023-12-22")
    running.on("2023-12-23", "external_course_ended", "cej", course="MISSION")
    running.on("2024-01-08", "suspended", "cej", reason="SANTE")
    running.on("2024-01-22", "resumed", "cej")

    assert running.states("cej")[:5] == [
        "2023-03-06 active", "2023-09-04 external_course", "2023-12-23 active", "2024-01-08 suspended", "2024-01-22 active",
    ]


def test_another_one_only_six_months_later_but_in_special_circumstances(running):
    running.on("2023-12-04", "closed", "cej", outcome="EMPLOI_CDI")
    special = "special_circumstances"

    assert running.refused("2024-06-03", "engagement_signed", "again") == ["too_soon_after"]
    assert running.refused("2024-06-04", "engagement_signed", "again") == []
    running.on("2024-05-13", "condition_stated", condition=special, holds=True)
    assert running.refused("2024-06-03", "engagement_signed", "again") == []


def test_neither_beside_a_pacea_nor_from_within_a_course(running):
    assert "not_concurrent" in running.refused("2023-04-03", "engagement_signed", "pacea")
    other = Journal(cej="CEJ", visa="PRF_VISA_METIERS", born="2003-05-10")
    other.on("2023-02-06", "entered", "visa", planned_end="2023-06-30")
    assert other.refused("2023-03-06", "engagement_signed", "cej") == ["condition_not_met"]


@pytest.mark.parametrize(
    ("born", "until", "reasons"),
    [
        ("1997-03-07", None, []),
        ("1997-03-06", None, ["age_above_26"]),
        ("1993-03-07", "2024-12-31", []),
        ("1993-03-06", "2024-12-31", ["age_above_30"]),
    ],
)
def test_under_26_or_30_for_a_recognised_disabled_worker(born, until, reasons):
    journal = Journal(cej="CEJ", born=born)
    if until:
        journal.on("2023-01-02", "rqth_renewed", until=until)

    assert journal.refused("2023-03-06", "engagement_signed", "cej") == reasons


def test_a_birthday_closes_nothing():
    journal = Journal(cej="CEJ", born="1997-06-01")
    journal.on("2023-03-06", "engagement_signed", "cej")

    assert journal.state("cej", "2023-06-01") == "active"


@pytest.mark.parametrize(("when", "reasons"), [("2022-02-28", ["scheme_not_open"]), ("2022-03-01", []), ("2025-01-01", [])])
def test_it_exists_since_march_2022(when, reasons):
    assert Journal(cej="CEJ").refused(when, "engagement_signed", "cej") == reasons


def test_since_2025_it_asks_for_the_registration():
    journal = Journal(cej="CEJ")
    journal.on("2024-11-04", "ft_deregistered", reason="RADIATION")

    assert journal.refused("2024-12-31", "engagement_signed", "cej") == []
    assert journal.refused("2025-01-01", "engagement_signed", "cej") == ["not_registered"]
