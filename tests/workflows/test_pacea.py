"""PACEA, line by line of its sheet."""

import pytest

from pathways.workflows.deadlines import cap_of
from tests.journal import Journal, day


@pytest.fixture
def running():
    """Signed on 5 June 2023 at 18, first phase on the 12th."""
    journal = Journal(pacea="PACEA", born="2005-01-20")
    journal.on("2023-05-22", "assessment", "pacea")
    journal.on("2023-06-05", "engagement_signed", "pacea", cap_months=24)
    journal.on("2023-06-12", "phase_started", "pacea", n=1, planned_end="2023-12-31")
    return journal


def cap(journal, when):
    return cap_of(journal.step("pacea", when), journal.pathway(when))


def test_from_the_assessment_to_the_first_phase(running):
    assert running.states("pacea")[:3] == ["2023-05-22 assessing", "2023-06-05 signed", "2023-06-12 active"]


def test_since_2025_it_begins_with_a_notified_orientation():
    journal = Journal(pacea="PACEA")
    journal.on("2025-02-03", "orientation_notified", "pacea")
    journal.on("2025-02-10", "assessment", "pacea")
    journal.on("2025-02-20", "engagement_signed", "pacea")

    assert journal.states("pacea")[:3] == ["2025-02-03 oriented", "2025-02-10 assessing", "2025-02-20 signed"]


def test_somebody_not_eligible_is_declined_before_signing_only():
    journal = Journal(pacea="PACEA")
    journal.on("2025-02-03", "orientation_notified", "pacea")

    assert journal.refused("2025-02-04", "declined", "pacea", reason="A") == []
    journal.on("2025-02-10", "engagement_signed", "pacea")
    assert journal.refused("2025-02-11", "declined", "pacea", reason="A") == ["not_from_this_state"]


def test_a_phase_follows_a_phase_without_leaving_the_step(running):
    running.on("2023-12-20", "phase_reviewed", "pacea", n=1)
    running.on("2024-01-02", "phase_started", "pacea", n=2, planned_end="2024-06-30")

    assert running.state("pacea", "2024-01-02") == "active"
    assert running.step("pacea", "2024-01-02").since == day("2023-06-12")


def test_a_suspension_or_an_external_course_comes_back_to_active(running):
    running.on("2023-07-03", "suspended", "pacea")
    running.on("2023-07-10", "resumed", "pacea")
    running.on("2023-09-04", "external_course_started", "pacea")
    running.on("2023-10-04", "external_course_ended", "pacea")

    assert running.states("pacea")[3:7] == [
        "2023-07-03 suspended", "2023-07-10 active", "2023-09-04 external_course", "2023-10-04 active",
    ]


@pytest.mark.parametrize(
    ("born", "birthday", "eve"),
    [
        ("1999-09-10", "2025-09-10", "2025-09-09"),
        ("2000-02-29", "2026-02-28", "2026-02-27"),
        ("1999-12-31", "2025-12-31", "2025-12-30"),
    ],
)
def test_the_26th_birthday_closes_it_that_very_day(born, birthday, eve):
    journal = Journal(pacea="PACEA", born=born)
    journal.on("2025-01-13", "engagement_signed", "pacea")

    assert journal.state("pacea", eve) == "signed"
    closed = journal.step("pacea", birthday)
    assert (str(closed.state), closed.closed_on, closed.outcome) == ("closed", day(birthday), "LIMITE_AGE")


@pytest.mark.parametrize(
    ("signed", "months", "last", "after"),
    [
        ("2023-06-05", 24, "2025-06-04", "2025-06-05"),
        ("2023-06-05", None, "2025-06-04", "2025-06-05"),
        ("2024-02-29", 12, "2025-02-27", "2025-02-28"),
        ("2023-08-31", 6, "2024-02-28", "2024-02-29"),
    ],
)
def test_the_day_after_the_last_day_of_the_longest_duration_closes_it(signed, months, last, after):
    journal = Journal(pacea="PACEA", born="2005-01-20")
    journal.on(signed, "engagement_signed", "pacea", **({"cap_months": months} if months else {}))

    assert cap(journal, signed) == day(last)
    assert journal.state("pacea", last) == "signed"
    closed = journal.step("pacea", after)
    assert (str(closed.state), closed.outcome) == ("closed", "ARRIVE_A_TERME")


def test_without_a_birth_date_only_the_duration_ends_it():
    journal = Journal(pacea="PACEA")
    journal.on("2023-06-05", "engagement_signed", "pacea")

    assert journal.states("pacea") == ["2023-06-05 signed", "2025-06-05 closed"]


def test_on_a_birthday_that_is_also_the_day_after_the_last_day_the_age_is_the_reason():
    journal = Journal(pacea="PACEA", born="1999-06-05")
    journal.on("2023-06-05", "engagement_signed", "pacea")

    assert journal.step("pacea", "2025-06-05").outcome == "LIMITE_AGE"


def test_a_closing_declared_before_the_birthday_stands(running):
    running.on("2023-10-02", "closed", "pacea", outcome="EMPLOI_CDI")

    assert running.states("pacea")[-1] == "2023-10-02 closed"
    assert running.step("pacea", "2031-06-01").outcome == "EMPLOI_CDI"


def test_a_birth_date_learnt_late_closes_it_the_day_it_acts_not_before():
    journal = Journal(pacea="PACEA")
    journal.on("2024-01-15", "engagement_signed", "pacea")
    journal.on("2024-03-04", "identity_stated", born="1998-02-10")

    assert journal.states("pacea") == ["2024-01-15 signed", "2024-03-04 closed"]


def test_a_prolongation_moves_the_last_day():
    journal = Journal(pacea="PACEA")
    journal.on("2023-06-05", "engagement_signed", "pacea", cap_months=12)
    journal.on("2024-05-20", "prolongation_granted", "pacea", months=6)

    assert cap(journal, "2024-05-19") == day("2024-06-04")
    assert cap(journal, "2024-05-20") == day("2024-12-04")
    assert journal.state("pacea", "2024-12-04") == "signed"
    assert journal.state("pacea", "2024-12-05") == "closed"


def test_a_prolongation_beyond_24_months_is_refused():
    journal = Journal(pacea="PACEA")
    journal.on("2023-06-05", "engagement_signed", "pacea", cap_months=18)

    assert journal.refused("2024-11-20", "prolongation_granted", "pacea", months=6) == []
    assert journal.refused("2024-11-20", "prolongation_granted", "pacea", months=7) == ["too_long"]
    assert journal.refused("2024-11-20", "prolongation_granted", "pacea", cap_on="2025-06-05") == ["too_long"]


def test_a_garantie_jeunes_begun_inside_carries_it_to_its_own_end():
    journal = Journal(pacea="PACEA", gj="GJ", born="1998-02-03")
    journal.on("2018-04-09", "engagement_signed", "pacea", cap_months=24)
    journal.on("2019-07-01", "accompaniment_started", "gj", by="ml", cap_months=12)

    assert cap(journal, "2019-06-30") == day("2020-04-08")
    assert cap(journal, "2019-07-01") == day("2020-06-30")
    assert journal.state("pacea", "2020-06-30") == "signed"
    assert journal.state("pacea", "2020-07-01") == "closed"


def test_a_signature_recorded_three_weeks_late_is_dated_on_its_own_day():
    journal = Journal(pacea="PACEA", born="2005-01-20")
    journal.on("2024-05-06", "assessment", "pacea")
    journal.on("2024-05-20", "engagement_signed", "pacea", known="2024-06-10")

    assert journal.state("pacea", "2024-06-09") == "assessing"
    assert journal.state("pacea", "2024-06-10") == "signed"
    assert journal.state("pacea", "2024-05-20", known_at="2024-06-10") == "signed"


def test_a_phase_told_after_the_closing_but_dated_before_it_is_part_of_the_story(running):
    running.on("2023-10-02", "closed", "pacea", outcome="EMPLOI_CDI")
    running.on("2023-09-25", "suspended", "pacea", known="2023-10-09")

    assert running.states("pacea")[3:] == ["2023-09-25 suspended", "2023-10-02 closed"]


def test_what_does_not_apply_is_kept_as_a_discordance(running):
    running.on("2023-10-02", "closed", "pacea", outcome="EMPLOI_CDI")
    running.on("2023-11-06", "phase_started", "pacea", n=2, planned_end="2024-03-01")

    (discordance,) = running.pathway("2023-11-06").discordances
    assert [entry.type for entry in discordance.entries] == ["closed", "phase_started"]
    assert running.state("pacea", "2023-11-06") == "closed"


@pytest.mark.parametrize(
    ("born", "when", "reasons"),
    [
        ("2009-03-02", "2025-03-01", ["age_below_16"]),
        ("2009-03-02", "2025-03-02", []),
        ("1999-03-02", "2025-03-01", []),
        ("1999-03-02", "2025-03-02", ["age_above_26"]),
        ("1995-01-01", "2016-12-31", ["scheme_not_open"]),
        ("1995-01-01", "2017-01-01", []),
    ],
)
def test_who_may_enter_and_when(born, when, reasons):
    assert Journal(pacea="PACEA", born=born).refused(when, "assessment", "pacea") == reasons


def test_a_minor_does_not_sign_alone():
    journal = Journal(pacea="PACEA", born="2007-03-10")
    journal.on("2025-02-03", "orientation_notified", "pacea")

    assert journal.refused("2025-03-09", "engagement_signed", "pacea") == ["minor"]
    assert journal.refused("2025-03-09", "engagement_signed", "pacea", legal_representative_signed=True) == []
    assert journal.refused("2025-03-10", "engagement_signed", "pacea") == []


def test_since_2025_somebody_no_longer_registered_is_refused():
    journal = Journal(pacea="PACEA")
    journal.on("2024-10-01", "ft_deregistered")

    assert journal.refused("2024-12-31", "assessment", "pacea") == []
    assert journal.refused("2025-01-01", "assessment", "pacea") == ["not_registered"]
    journal.on("2025-01-06", "ft_registered")
    assert journal.refused("2025-01-06", "assessment", "pacea") == []


def test_one_pacea_at_a_time(running):
    running.steps["again"] = "PACEA"

    assert running.refused("2023-09-01", "assessment", "again") == ["already_open"]
    running.on("2023-10-02", "closed", "pacea", outcome="EMPLOI_CDI")
    assert running.refused("2023-10-02", "assessment", "again") == []


def test_a_phase_is_reviewed_before_the_next_begins(running):
    assert running.refused("2024-01-02", "phase_started", "pacea", n=2, planned_end="2024-06-30") == ["phase_not_reviewed"]
    assert running.refused("2024-01-02", "phase_reviewed", "pacea", n=2) == ["phase_not_started"]
    running.on("2024-01-02", "phase_reviewed", "pacea", n=1)
    assert running.refused("2024-01-02", "phase_started", "pacea", n=2, planned_end="2024-06-30") == []


def test_every_reason_against_an_entry_is_given_at_once(running):
    assert running.refused("2023-09-01", "assessment", "pacea", by="of") == ["not_yours_to_declare"]
    both = ["not_yours_to_declare", "not_from_this_state"]
    assert running.refused("2023-09-01", "declined", "pacea", by="of", reason="A") == both
    assert running.refused("2023-09-01", "attendance", "pacea") == ["not_in_this_scheme"]


def test_a_refusal_says_which_moves_are_possible_instead(running):
    (reason,) = running.reasons("2023-09-01", "declined", "pacea", reason="A")

    assert reason.values["state"] == "active"
    assert reason.values["sources"] == ["assessing", "oriented"]
    assert reason.values["possible"] == ["phase_started", "external_course_started", "suspended", "closed"]


def test_a_late_fact_is_not_refused_for_the_state_of_the_step(running):
    assert running.refused("2023-09-01", "declined", "pacea", reason="A", late=True) == []


def test_a_transfer_changes_the_referent_and_nothing_else(running):
    assert running.refused("2023-09-01", "transfer_accepted", "pacea", by="ml2") == ["no_transfer_pending"]
    running.on("2023-09-01", "transfer_requested", "pacea", to="ml2")
    running.on("2023-09-11", "transfer_accepted", "pacea", by="ml2")

    assert [running.step("pacea", when).lead for when in ("2023-09-10", "2023-09-11")] == ["ml", "ml2"]
    assert cap(running, "2023-09-11") == day("2025-06-04")
    assert running.refused("2023-09-12", "closed", "pacea", by="ml", outcome="EMPLOI_CDI") == ["not_yours_to_declare"]
    assert running.refused("2023-09-12", "closed", "pacea", by="ml2", outcome="EMPLOI_CDI") == []
