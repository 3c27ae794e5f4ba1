"""Signals about the person's own conditions, day by day."""

import pytest

from tests.journal import Journal

UNTIL = "2027-12-31"


def accompanied(scheme="PACEA", on="2025-02-03", **more):
    journal = Journal(step=scheme, **more)
    journal.on(on, "engagement_signed", "step")
    return journal


@pytest.mark.parametrize("scheme", ["PACEA", "CEJ"])
def test_a_registration_that_ends_shows_until_it_begins_again(scheme):
    journal = accompanied(scheme)
    journal.on("2025-03-10", "ft_deregistered")
    journal.on("2025-03-24", "ft_registered")

    assert journal.shown("eligibility_at_risk", "2025-12-31") == ["alert 2025-03-10 → 2025-03-24"]


def test_before_2025_nothing_depended_on_it_and_from_2025_on_it_does():
    journal = accompanied(on="2024-05-06")
    journal.on("2024-10-07", "ft_deregistered")

    assert journal.shown("eligibility_at_risk", "2025-03-31") == ["alert 2025-01-01 →"]


def test_closing_ends_it_and_an_accompaniment_that_asks_for_nothing_is_silent():
    journal = accompanied()
    journal.on("2025-03-10", "ft_deregistered")
    journal.on("2025-03-31", "closed", "step", outcome="CESSATION_INSCRIPTION")

    assert journal.shown("eligibility_at_risk", UNTIL) == ["alert 2025-03-10 → 2025-03-31"]
    other = Journal(csp="CSP")
    other.on("2025-02-03", "accompaniment_started", "csp")
    other.on("2025-03-10", "ft_deregistered")
    assert other.shown("eligibility_at_risk", UNTIL) == []


def test_in_a_cej_a_recognition_that_lapses_past_26_puts_it_at_risk_until_renewed():
    journal = Journal(cej="CEJ", born="1998-04-20")
    journal.on("2024-01-08", "rqth_renewed", until="2025-06-30")
    journal.on("2025-02-03", "engagement_signed", "cej")
    journal.on("2025-07-14", "rqth_renewed", until="2030-06-30")

    assert journal.shown("eligibility_at_risk", "2025-12-31") == ["alert 2025-07-01 → 2025-07-14"]


def test_a_recognition_that_lapses_before_26_or_outside_a_cej_puts_nothing_at_risk():
    for scheme, born in (("CEJ", "1999-08-01"), ("PACEA", "2001-01-01")):
        journal = Journal(step=scheme, born=born)
        journal.on("2024-01-08", "rqth_renewed", until="2025-06-30")
        journal.on("2025-02-03", "engagement_signed", "step")

        assert journal.shown("eligibility_at_risk", UNTIL) == []


def test_a_recognition_is_to_be_renewed_from_180_days_before_it_ends_until_it_does():
    journal = accompanied("CE_FT")
    journal.on("2025-02-03", "rqth_renewed", until="2025-12-31")

    assert journal.shown("rqth_expiring", UNTIL) == ["watch 2025-07-04 → 2026-01-01"]


def test_a_renewal_closes_it():
    journal = accompanied("CE_FT")
    journal.on("2025-02-03", "rqth_renewed", until="2025-12-31")
    journal.on("2025-10-06", "rqth_renewed", until="2030-12-31")

    assert journal.shown("rqth_expiring", UNTIL) == ["watch 2025-07-04 → 2025-10-06"]


def test_nobody_accompanies_nobody_is_told():
    journal = Journal(job="EMPLOI")
    journal.on("2025-02-03", "rqth_renewed", until="2025-12-31")

    assert journal.shown("rqth_expiring", UNTIL) == []


# the end of a registration


@pytest.mark.parametrize("scheme", ["PPAE", "CE_FT", "PACEA", "CSP"])
def test_the_end_of_a_registration_shows_that_day_until_it_begins_again(scheme):
    journal = Journal(step=scheme)
    journal.on("2024-03-04" if scheme == "PPAE" else "2025-03-03", "accompaniment_started", "step")
    journal.on("2025-06-02", "ft_deregistered", reason="RADIATION")
    journal.on("2025-06-16", "ft_registered")

    assert journal.shown("ft_deregistered", UNTIL, "step") == ["alert 2025-06-02 → 2025-06-16"]


def test_it_is_about_the_accompaniment_that_rests_on_the_registration():
    journal = Journal(pacea="PACEA", ce="CE_FT")
    journal.on("2025-03-03", "engagement_signed", "pacea")
    journal.on("2025-03-10", "engagement_signed", "ce")
    journal.on("2025-06-02", "ft_deregistered", reason="RADIATION")

    assert journal.shown("ft_deregistered", UNTIL, "ce") == ["alert 2025-06-02 →"]
    assert journal.shown("ft_deregistered", UNTIL, "pacea") == []


def test_a_registration_of_the_same_day_a_closing_and_nobody_accompanying_keep_it_silent():
    journal = Journal(ce="CE_FT")
    journal.on("2025-03-10", "engagement_signed", "ce")
    journal.on("2025-06-02", "ft_deregistered", reason="NON_ACTUALISATION")
    journal.on("2025-06-02", "ft_registered")
    assert journal.shown("ft_deregistered", UNTIL) == []
    journal.on("2025-09-01", "ft_deregistered", reason="EMPLOI")
    journal.on("2025-09-15", "closed", "ce", outcome="EMPLOI_CDI")

    assert journal.shown("ft_deregistered", UNTIL) == ["alert 2025-09-01 → 2025-09-15"]
