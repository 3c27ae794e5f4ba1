"""Signals of weekly hours in a CEJ, Monday by Monday."""

from datetime import date, timedelta

import pytest

from pathways.detection.settings import Setting, Settings
from tests.journal import Journal, day

MONDAYS = ["2025-02-03", "2025-02-10", "2025-02-17", "2025-02-24", "2025-03-03", "2025-03-10"]


def cej(*hours, scheme="CEJ", least=15, **more):
    """Hours of the weeks from 3 February 2025 on, known each Sunday; None: no entry."""
    journal = Journal(cej=scheme, **more)
    journal.on("2025-01-06", "engagement_signed", "cej", **({"weekly_hours_min": least} if least else {}))
    for monday, validated in zip(MONDAYS, hours, strict=False):
        if validated is not None:
            journal.on(day(monday) + timedelta(days=6), "weekly_hours", "cej", monday=monday, validated=validated)
    return journal


def shown(journal, rule, until="2025-03-17"):
    return [found.split(" → ")[0].removesuffix(" →") for found in journal.shown(rule, until)]


def test_a_week_under_the_hours_of_the_contract_shows_the_following_monday():
    assert shown(cej(16, 14.5, 15), "weekly_hours_low") == ["info 2025-02-17"]


def test_the_contract_says_how_many_hours_else_fifteen():
    assert shown(cej(12, least=12), "weekly_hours_low") == []
    assert shown(cej(11, least=12), "weekly_hours_low") == ["info 2025-02-10"]
    assert shown(cej(14.9, 15, least=None), "weekly_hours_low") == ["info 2025-02-10"]


def test_a_low_week_is_news_for_four_weeks():
    assert cej(10, 16).shown("weekly_hours_low", "2025-04-30") == ["info 2025-02-10 → 2025-03-10"]


def test_hours_known_on_a_wednesday_show_that_wednesday():
    journal = cej()
    journal.on("2025-02-12", "weekly_hours", "cej", monday="2025-02-03", validated=8)

    assert shown(journal, "weekly_hours_low") == ["info 2025-02-12"]


def test_a_week_without_entry_is_unknown_not_zero():
    assert shown(cej(16, None, None, 16), "weekly_hours_low") == []


def test_two_low_weeks_in_a_row_then_three_until_the_first_normal_one():
    assert cej(10, 10, 10, 16).shown("weekly_hours_low_repeat", "2025-03-31") == [
        "alert 2025-02-17 → 2025-03-03", "critical 2025-02-24 → 2025-03-03",
    ]


def test_fifteen_hours_are_a_normal_week():
    assert cej(10, 10, 15).shown("weekly_hours_low_repeat", "2025-03-31") == ["alert 2025-02-17 → 2025-02-24"]


def test_a_week_that_begins_with_the_return_counts_again():
    journal = cej(16, 5, 16)
    journal.on("2025-02-05", "external_course_started", "cej")
    journal.on("2025-02-10", "external_course_ended", "cej")

    assert shown(journal, "weekly_hours_low") == ["info 2025-02-17"]


def test_a_normal_week_between_keeps_it_silent():
    assert cej(10, 16, 10, 16).shown("weekly_hours_low_repeat", "2025-03-31") == []


def test_an_unknown_week_breaks_the_run_without_closing_it():
    assert cej(10, None, 10).shown("weekly_hours_low_repeat", "2025-03-31") == []
    assert cej(10, 10, None, 10).shown("weekly_hours_low_repeat", "2025-03-31") == ["alert 2025-02-17 →"]


def test_an_excused_week_is_neither_low_nor_normal():
    journal = cej(10, None, 10)
    journal.on("2025-02-16", "weekly_hours", "cej", monday="2025-02-10", validated=0, excused=True)

    assert shown(journal, "weekly_hours_low") == ["info 2025-02-10", "info 2025-02-24"]
    assert journal.shown("weekly_hours_low_repeat", "2025-03-31") == []


@pytest.mark.parametrize(
    ("leaves", "comes_back"), [("external_course_started", "external_course_ended"), ("suspended", "resumed")]
)
def test_weeks_elsewhere_do_not_count(leaves, comes_back):
    journal = cej(16, 5, 5, 16)
    journal.on("2025-02-12", leaves, "cej")
    journal.on("2025-02-21", comes_back, "cej", by="ml")

    assert shown(journal, "weekly_hours_low") == []


def test_the_latest_value_of_a_week_counts():
    journal = cej(10)
    journal.on("2025-02-14", "weekly_hours", "cej", monday="2025-02-03", validated=17)

    assert journal.shown("weekly_hours_low", "2025-03-31") == ["info 2025-02-10 → 2025-02-14"]


def test_in_a_contrat_d_engagement_hours_are_followed_only_where_asked():
    asked = Settings.of([Setting("weekly_hours_low.followed", True, date(2025, 1, 1), date(2025, 1, 1), "CE_FT", "ft")])

    assert shown(cej(10, 10, scheme="CE_FT"), "weekly_hours_low") == []
    assert shown(cej(10, 10, scheme="CE_FT"), "weekly_hours_low_repeat") == []
    assert shown(cej(10, 10, scheme="CE_FT", settings=asked), "weekly_hours_low") == ["info 2025-02-10", "info 2025-02-17"]
    assert shown(cej(10, 10, scheme="CE_FT", settings=asked), "weekly_hours_low_repeat") == ["alert 2025-02-17"]
