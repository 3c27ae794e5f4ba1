"""Signals of a PASS IAE, day by day: its suspension, its last day, silence."""

import pytest

from tests.journal import Journal


def active(**more):
    """Since 4 March 2024, under a CDDI that runs to 3 November."""
    journal = Journal(iae="IAE", cddi="CDDI", **more)
    journal.on("2024-02-26", "eligibility_declared", "iae", by="ml")
    journal.on("2024-03-04", "work_contract_started", "cddi", by="siae", planned_end="2024-11-03")
    return journal


@pytest.mark.parametrize(("stop", "again"), [("suspended", "resumed"), ("pass_suspended", "pass_resumed")])
def test_suspended_for_more_than_twelve_months(stop, again):
    journal = active()
    journal.on("2024-11-04", stop, "iae", by="siae")
    journal.on("2025-12-01", again, "iae", by="siae")

    assert journal.shown("iae_long_suspension", "2026-02-28") == ["alert 2025-11-05 → 2025-12-01"]


def test_back_on_the_last_day_of_the_twelve_months_keeps_it_silent():
    journal = active()
    journal.on("2024-11-04", "pass_suspended", "iae", by="siae")
    journal.on("2025-11-04", "pass_resumed", "iae", by="siae")

    assert journal.shown("iae_long_suspension", "2026-02-28") == []


def test_the_end_of_the_pass_closes_it():
    journal = active()
    journal.on("2024-11-04", "pass_suspended", "iae", by="siae")
    journal.on("2025-11-20", "closed", "iae", by="ml", outcome="RECHERCHE_EMPLOI")

    assert journal.shown("iae_long_suspension", "2026-06-30") == ["alert 2025-11-05 → 2025-11-20"]


def test_the_last_day_is_announced_then_the_pass_expires():
    journal = active()

    assert journal.shown("cap_approaching", "2026-06-30", "iae") == [
        "watch 2026-01-02 → 2026-03-04", "alert 2026-02-01 → 2026-03-04",
    ]
    assert journal.shown("cap_reached", "2026-06-30", "iae") == ["critical 2026-03-03 → 2026-03-04"]


def test_nothing_is_announced_while_it_is_suspended():
    journal = active()
    journal.on("2026-01-20", "pass_suspended", "iae", by="siae")

    assert journal.shown("cap_approaching", "2026-06-30", "iae") == ["watch 2026-01-02 → 2026-01-20"]


def test_silence_runs_from_the_first_contract_twice_as_long_while_it_lasts():
    assert active().shown("contact_silence", "2024-11-30", "iae") == ["watch 2024-07-03 →", "alert 2024-10-31 →"]


def test_silence_counts_sixty_days_between_two_contracts():
    journal = active()
    journal.on("2024-11-03", "work_contract_ended", "cddi", by="siae", outcome="RECHERCHE_EMPLOI")
    journal.on("2024-11-03", "contact", "iae", by="siae")

    assert journal.shown("contact_silence", "2025-02-28", "iae")[-1] == "watch 2025-01-03 →"


def test_a_blocking_obstacle_told_by_the_structure_asks_for_an_action():
    journal = active()
    journal.on("2024-04-02", "obstacle", "iae", by="siae", theme="logement", severity="bloquant")
    journal.on("2024-05-06", "obstacle_action", "iae", by="siae", theme="logement")

    assert journal.shown("obstacle_unaddressed", "2024-06-30") == ["alert 2024-05-03 → 2024-05-06"]


def test_a_contract_that_ends_without_another_is_told_thirty_days_before():
    assert active().shown("exit_without_plan", "2024-12-31") == ["watch 2024-10-04 → 2024-11-03"]
