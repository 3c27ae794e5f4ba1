"""Signals of immersions and of school leavers, day by day."""

import pytest

from tests.journal import Journal

UNTIL = "2025-12-31"


def immersion():
    journal = Journal(imm="PMSMP")
    journal.on("2025-03-03", "immersion_agreed", "imm", start="2025-03-10", end="2025-03-21")
    journal.on("2025-03-10", "immersion_started", "imm")
    return journal


def test_a_report_is_missing_eight_days_after_the_end():
    journal = immersion()
    journal.on("2025-03-21", "immersion_ended", "imm")
    journal.on("2025-04-02", "immersion_report", "imm")

    assert journal.shown("immersion_report_missing", UNTIL) == ["watch 2025-03-29 → 2025-04-02"]


def test_an_end_nobody_declared_is_the_planned_one():
    assert immersion().shown("immersion_report_missing", "2025-04-30") == ["watch 2025-03-29 →"]


def test_a_report_on_the_seventh_day_keeps_it_silent():
    journal = immersion()
    journal.on("2025-03-21", "immersion_ended", "imm")
    journal.on("2025-03-28", "immersion_report", "imm")

    assert journal.shown("immersion_report_missing", UNTIL) == []


def test_an_immersion_ended_early_shows_until_its_report():
    journal = immersion()
    journal.on("2025-03-13", "immersion_broken", "imm")
    journal.on("2025-03-20", "immersion_report", "imm")

    assert journal.shown("immersion_broken", UNTIL) == ["alert 2025-03-13 → 2025-03-20"]
    assert journal.shown("immersion_report_missing", UNTIL) == []


def test_an_immersion_cancelled_or_over_breaks_nothing():
    cancelled, over = Journal(imm="PMSMP"), immersion()
    cancelled.on("2025-03-03", "immersion_agreed", "imm", start="2025-03-10", end="2025-03-21")
    cancelled.on("2025-03-07", "cancelled", "imm", reason="A")
    over.on("2025-03-21", "immersion_ended", "imm")

    assert cancelled.shown("immersion_report_missing", UNTIL) == over.shown("immersion_broken", UNTIL) == []


def leaver(**more):
    journal = Journal(psad="PSAD", **more)
    journal.on("2025-01-13", "leaver_identified", "psad")
    return journal


def tried(journal, *attempts):
    for when, channel, result in attempts:
        journal.on(when, "contact_attempt", "psad", channel=channel, result=result)


def test_nobody_tried_by_the_sixteenth_day():
    journal = leaver()
    tried(journal, ("2025-02-03", "phone", "failed"))

    assert journal.shown("leaver_not_contacted", UNTIL) == ["watch 2025-01-29 → 2025-02-03"]


def test_an_attempt_on_the_fifteenth_day_even_failed_keeps_it_silent():
    journal = leaver()
    tried(journal, ("2025-01-28", "phone", "failed"))

    assert journal.shown("leaver_not_contacted", UNTIL) == []


def test_the_third_failure_in_a_row_on_two_channels_until_somebody_is_reached():
    journal = leaver()
    tried(journal, ("2025-01-20", "phone", "failed"), ("2025-01-22", "phone", "failed"), ("2025-01-27", "sms", "failed"),
          ("2025-02-10", "visit", "reached"))

    assert [journal.state("psad", on) for on in ("2025-01-26", "2025-01-27")] == ["contacting", "unreachable"]
    assert journal.shown("leaver_unreachable", UNTIL) == ["alert 2025-01-27 → 2025-02-10"]


@pytest.mark.parametrize(
    "attempts",
    [
        [("2025-01-20", "phone", "failed"), ("2025-01-22", "sms", "failed")],
        [("2025-01-20", "phone", "failed"), ("2025-01-22", "phone", "failed"), ("2025-01-27", "phone", "failed")],
    ],
)
def test_two_failures_or_one_channel_are_not_enough(attempts):
    journal = leaver()
    tried(journal, *attempts)

    assert journal.shown("leaver_unreachable", UNTIL) == []


def test_a_file_is_silent_30_days_after_the_first_contact_not_before():
    journal = leaver()
    tried(journal, ("2025-01-20", "phone", "failed"), ("2025-01-27", "sms", "reached"))
    journal.on("2025-03-10", "handed_over", "psad", to="ml")

    assert leaver().shown("contact_silence", UNTIL) == []
    assert journal.shown("contact_silence", UNTIL) == ["watch 2025-02-27 → 2025-03-10"]


def test_a_file_is_not_silent_while_somebody_else_accompanies():
    journal = leaver(pacea="PACEA")
    tried(journal, ("2025-01-27", "sms", "reached"))
    journal.on("2025-02-10", "engagement_signed", "pacea")
    journal.on("2025-03-03", "contact", "pacea")

    assert journal.shown("contact_silence", "2025-03-31") == []
