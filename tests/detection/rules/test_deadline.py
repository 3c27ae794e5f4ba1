"""Signals of deadlines, day by day: signature, phases, longest duration, age."""

import pytest

from tests.journal import Journal

UNTIL = "2027-12-31"


# signature


@pytest.mark.parametrize("scheme", ["PACEA", "CEJ", "CE_FT"])
def test_since_2025_one_month_to_sign_runs_from_the_notified_orientation(scheme):
    journal = Journal(step=scheme)
    journal.on("2025-01-31", "orientation_notified", "step")
    journal.on("2025-02-10", "assessment", "step")
    journal.on("2025-03-14", "engagement_signed", "step")

    assert journal.shown("signature_overdue", UNTIL) == ["alert 2025-03-01 → 2025-03-14"]


def test_signed_on_the_last_day_of_the_month_it_stays_silent():
    journal = Journal(pacea="PACEA")
    journal.on("2025-02-03", "orientation_notified", "pacea")
    journal.on("2025-03-03", "engagement_signed", "pacea")

    assert journal.shown("signature_overdue", UNTIL) == []


def test_a_new_orientation_restarts_the_month():
    journal = Journal(pacea="PACEA")
    journal.on("2025-02-03", "orientation_notified", "pacea")
    journal.on("2025-03-10", "orientation_notified", "pacea")

    assert journal.shown("signature_overdue", "2025-05-01") == ["alert 2025-03-04 → 2025-03-10", "alert 2025-04-11 →"]


def test_before_2025_the_month_of_a_pacea_runs_from_the_diagnosis():
    journal = Journal(pacea="PACEA")
    journal.on("2024-05-06", "orientation_notified", "pacea")
    journal.on("2024-06-03", "assessment", "pacea")

    assert journal.shown("signature_overdue", "2024-08-01") == ["alert 2024-07-04 →"]


def test_a_diagnosis_of_the_last_days_of_a_month_is_signed_by_the_end_of_the_next():
    journal = Journal(pacea="PACEA")
    journal.on("2024-01-31", "assessment", "pacea")

    assert journal.shown("signature_overdue", "2024-03-31") == ["alert 2024-03-01 →"]


def test_a_pacea_oriented_in_2024_keeps_the_month_of_its_diagnosis():
    journal = Journal(pacea="PACEA")
    journal.on("2024-12-16", "orientation_notified", "pacea")
    journal.on("2024-12-20", "assessment", "pacea")

    assert journal.shown("signature_overdue", "2025-02-28") == ["alert 2025-01-21 →"]


@pytest.mark.parametrize(
    ("scheme", "when"), [("CEJ", "2024-06-03"), ("PPAE", "2024-06-03"), ("GJ", "2021-06-07"), ("GLOBAL", "2024-06-03")]
)
def test_where_no_month_runs_nothing_is_overdue(scheme, when):
    journal = Journal(step=scheme)
    journal.on(when, "assessment", "step")

    assert journal.shown("signature_overdue", UNTIL) == []


def test_a_pacea_opened_in_2025_without_a_notification_has_no_known_month():
    journal = Journal(pacea="PACEA")
    journal.on("2025-02-03", "assessment", "pacea")

    assert journal.shown("signature_overdue", UNTIL) == []


def test_declining_ends_the_wait_for_a_signature():
    journal = Journal(pacea="PACEA")
    journal.on("2025-02-03", "orientation_notified", "pacea")
    journal.on("2025-03-10", "declined", "pacea", reason="A")

    assert journal.shown("signature_overdue", UNTIL) == ["alert 2025-03-04 → 2025-03-10"]


# phases


def signed(on="2025-01-31", **more):
    journal = Journal(pacea="PACEA", **more)
    journal.on(on, "engagement_signed", "pacea")
    return journal


def test_the_first_phase_is_late_a_month_and_a_day_after_the_signature():
    journal = signed()
    journal.on("2025-03-10", "phase_started", "pacea", n=1, planned_end="2025-06-30")

    assert journal.shown("first_phase_overdue", UNTIL) == ["watch 2025-03-01 → 2025-03-10"]


def test_a_suspension_does_not_hide_that_no_phase_began():
    journal = signed("2025-02-03")
    journal.on("2025-02-20", "suspended", "pacea")

    assert journal.shown("first_phase_overdue", "2025-04-30") == ["watch 2025-03-04 →"]


def test_a_phase_on_the_last_day_of_the_month_is_in_time():
    journal = signed("2025-02-03")
    journal.on("2025-03-03", "phase_started", "pacea", n=1, planned_end="2025-06-30")

    assert journal.shown("first_phase_overdue", UNTIL) == []


def test_a_phase_without_review_shows_seven_days_after_its_planned_end():
    journal = signed()
    journal.on("2025-02-10", "phase_started", "pacea", n=1, planned_end="2025-06-30")
    journal.on("2025-07-21", "phase_reviewed", "pacea", n=1)

    assert journal.shown("phase_review_overdue", UNTIL) == ["watch 2025-07-07 → 2025-07-21"]


def test_a_phase_reviewed_by_the_sixth_day_stays_silent():
    journal = signed()
    journal.on("2025-02-10", "phase_started", "pacea", n=1, planned_end="2025-06-30")
    journal.on("2025-07-06", "phase_reviewed", "pacea", n=1)

    assert journal.shown("phase_review_overdue", UNTIL) == []


def test_each_phase_has_its_own_review():
    journal = signed()
    journal.on("2025-02-10", "phase_started", "pacea", n=1, planned_end="2025-05-30")
    journal.on("2025-06-02", "phase_reviewed", "pacea", n=1)
    journal.on("2025-06-03", "phase_started", "pacea", n=2, planned_end="2025-09-30")
    journal.on("2025-11-03", "closed", "pacea", outcome="EMPLOI_CDI")

    assert journal.shown("phase_review_overdue", UNTIL) == ["watch 2025-10-07 → 2025-11-03"]


# the longest duration


def test_the_cap_approaches_60_then_30_days_before_its_last_day_and_is_reached_on_it():
    journal = signed("2024-01-15", born="2006-01-01")

    assert journal.shown("cap_approaching", UNTIL) == ["watch 2025-11-15 → 2026-01-15", "alert 2025-12-15 → 2026-01-15"]
    assert journal.shown("cap_reached", UNTIL) == ["critical 2026-01-14 → 2026-01-15"]


def test_csp_is_warned_at_60_and_30_days_like_the_others():
    journal = Journal(csp="CSP")
    journal.on("2025-04-01", "accompaniment_started", "csp")

    assert journal.shown("cap_approaching", UNTIL) == ["watch 2026-01-30 → 2026-04-01", "alert 2026-03-01 → 2026-04-01"]


def test_where_nothing_closes_by_itself_the_cap_is_shown_past_its_day_until_somebody_closes():
    journal = Journal(glo="GLOBAL")
    journal.on("2024-05-06", "accompaniment_started", "glo")
    journal.on("2025-05-19", "closed", "glo", outcome="EMPLOI_CDI")

    assert journal.shown("cap_approaching", UNTIL) == ["watch 2025-03-06 → 2025-05-19", "alert 2025-04-05 → 2025-05-19"]
    assert journal.shown("cap_reached", UNTIL) == ["critical 2025-05-05 → 2025-05-19"]


def test_a_prolongation_closes_it_and_the_new_last_day_opens_it_again():
    journal = Journal(pacea="PACEA")
    journal.on("2024-01-15", "engagement_signed", "pacea", cap_months=12)
    journal.on("2024-12-02", "prolongation_granted", "pacea", months=6)

    assert journal.shown("cap_approaching", "2025-07-14") == [
        "watch 2024-11-15 → 2024-12-02", "watch 2025-05-15 →", "alert 2025-06-14 →",
    ]


def test_a_duration_of_less_than_120_days_is_not_announced_but_its_last_day_is():
    short, long = Journal(pacea="PACEA"), Journal(pacea="PACEA")
    short.on("2025-02-03", "engagement_signed", "pacea", cap_months=3)
    long.on("2025-02-03", "engagement_signed", "pacea", cap_months=4)

    assert short.shown("cap_approaching", UNTIL) == []
    assert short.shown("cap_reached", UNTIL) == ["critical 2025-05-02 → 2025-05-03"]
    assert [run[:20] for run in long.shown("cap_approaching", UNTIL)] == ["watch 2025-04-03 → 2", "alert 2025-05-03 → 2"]


@pytest.mark.parametrize(("cap_on", "announced"), [("2025-06-01", 0), ("2025-06-02", 2)])
def test_119_days_are_not_announced_120_are(cap_on, announced):
    journal = Journal(glo="GLOBAL")
    journal.on("2025-02-03", "accompaniment_started", "glo")
    journal.on("2025-02-03", "prolongation_granted", "glo", cap_on=cap_on)

    assert len(journal.shown("cap_approaching", "2025-06-30")) == announced


def test_an_early_exit_announces_no_cap():
    journal = signed("2024-01-15")
    journal.on("2025-11-14", "closed", "pacea", outcome="EMPLOI_CDI")

    assert journal.shown("cap_approaching", UNTIL) == journal.shown("cap_reached", UNTIL) == []


def test_the_external_course_of_a_cej_moves_its_last_day_and_silences_the_former_one():
    journal = Journal(cej="CEJ")
    journal.on("2023-03-06", "engagement_signed", "cej")
    journal.on("2024-02-02", "external_course_started", "cej", planned_end="2024-05-03")

    assert journal.shown("cap_approaching", "2024-07-30") == [
        "watch 2024-01-05 → 2024-02-02", "watch 2024-06-01 →", "alert 2024-07-01 →",
    ]
    assert journal.shown("cap_reached", UNTIL) == ["critical 2024-07-31 → 2024-08-01"]


# age


def test_the_26th_birthday_is_announced_90_then_30_days_ahead_and_shown_that_day():
    journal = signed("2024-03-04", born="1999-09-10")

    assert journal.shown("age_limit_approaching", UNTIL) == ["watch 2025-06-12 → 2025-09-10", "alert 2025-08-11 → 2025-09-10"]
    assert journal.shown("age_limit_reached", UNTIL) == ["alert 2025-09-10 → 2025-09-11"]


def test_a_birth_date_learnt_after_the_birthday_shows_it_the_day_the_step_closes():
    journal = signed("2024-01-15")
    journal.on("2024-03-04", "identity_stated", born="1998-02-10")

    assert journal.shown("age_limit_reached", UNTIL) == ["alert 2024-03-04 → 2024-03-05"]


def test_in_a_cej_the_birthday_closes_nothing_and_is_shown_until_the_exit():
    journal = Journal(cej="CEJ", born="1999-09-10")
    journal.on("2025-03-03", "engagement_signed", "cej")
    journal.on("2025-12-01", "closed", "cej", outcome="EMPLOI_CDI")

    assert journal.state("cej", "2025-11-30") == "active"
    assert journal.shown("age_limit_approaching", UNTIL) == ["watch 2025-06-12 → 2025-12-01", "alert 2025-08-11 → 2025-12-01"]
    assert journal.shown("age_limit_reached", UNTIL) == ["alert 2025-09-10 → 2025-12-01"]


def test_a_recognised_disabled_worker_has_until_30_in_a_cej():
    journal = Journal(cej="CEJ", born="1999-09-10")
    journal.on("2025-01-06", "rqth_renewed", until="2028-12-31")
    journal.on("2025-03-03", "engagement_signed", "cej")

    assert journal.shown("age_limit_reached", "2026-03-01") == journal.shown("age_limit_approaching", "2026-03-01") == []


@pytest.mark.parametrize(("until", "shown"), [("2025-09-09", ["alert 2025-09-10 →"]), ("2025-09-10", [])])
def test_the_recognition_must_be_valid_on_the_26th_birthday(until, shown):
    journal = Journal(cej="CEJ", born="1999-09-10")
    journal.on("2025-01-06", "rqth_renewed", until=until)
    journal.on("2025-03-03", "engagement_signed", "cej")

    assert journal.shown("age_limit_reached", "2025-12-31") == shown


def test_leaving_before_the_birthday_keeps_it_silent():
    journal = signed("2024-03-04", born="1999-09-10")
    journal.on("2025-06-11", "closed", "pacea", outcome="EMPLOI_CDI")

    assert journal.shown("age_limit_approaching", UNTIL) == journal.shown("age_limit_reached", UNTIL) == []


def test_an_unknown_birth_date_and_an_accompaniment_without_age_stay_silent():
    assert signed("2024-03-04").shown("age_limit_reached", UNTIL) == []
    journal = Journal(ce="CE_FT", born="1999-09-10")
    journal.on("2025-03-03", "engagement_signed", "ce")
    assert journal.shown("age_limit_approaching", UNTIL) == []
