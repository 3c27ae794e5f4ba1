"""Signals of the recognition of experience, day by day."""

import pytest

from tests.journal import Journal

UNTIL = "2027-12-31"


def filed(on="2025-01-15"):
    """Registered in November 2024; the complete file goes to the certifier on that day."""
    journal = Journal(vae="VAE", again="VAE", visa="PRF_VISA_METIERS", pacea="PACEA")
    journal.on("2024-11-04", "registered", "vae", certification="RNCP1")
    journal.on("2024-12-02", "feasibility", "vae", certification="RNCP1")
    journal.on(on, "admissibility_pending", "vae")
    return journal


def admissible():
    """Notified on 3 March 2025: six months until 2 September."""
    journal = filed()
    journal.on("2025-03-03", "admissible", "vae")
    return journal


# the certifier's answer


@pytest.mark.parametrize(
    ("complete", "shown"),
    [("2025-01-15", "2025-03-16"), ("2024-12-31", "2025-03-01"), ("2025-12-29", "2026-03-01"), ("2025-06-30", "2025-08-31")],
)
def test_the_day_after_two_months_without_answer_silence_is_admission(complete, shown):
    journal = filed(complete)

    assert journal.shown("vae_answer_late", shown) == [f"watch {shown} →"]
    assert journal.state("vae", shown) == "admissible"


def test_an_answer_on_the_last_day_is_in_time():
    journal = filed()
    journal.on("2025-03-15", "admissible", "vae")

    assert journal.shown("vae_answer_late", UNTIL) == []


@pytest.mark.parametrize(("event", "data"), [("admissible", {}), ("vae_step", {"kind": "dossier"}), ("jury_planned", {})])
def test_the_answer_or_the_next_step_closes_it(event, data):
    journal = filed()
    journal.on("2025-04-02", event, "vae", **data)

    assert journal.shown("vae_answer_late", UNTIL) == ["watch 2025-03-16 → 2025-04-02"]


def test_an_answer_given_in_time_but_recorded_late_corrects_it():
    journal = filed()
    journal.on("2025-03-14", "not_admissible", "vae", known="2025-03-20")

    assert journal.shown("vae_answer_late", UNTIL) == ["watch 2025-03-16 → 2025-03-20 (corrected)"]
    assert journal.state("vae", "2025-03-20") == "not_admissible"


# six months to take a step


def test_the_lapse_is_near_30_days_before_the_last_day_of_six_months():
    journal = admissible()

    assert journal.shown("vae_lapse_near", UNTIL) == ["watch 2025-08-03 → 2025-09-03"]
    assert journal.state("vae", "2025-09-02") == "admissible"
    assert journal.state("vae", "2025-09-03") == "lapsed"


def test_after_a_silence_the_six_months_run_from_the_day_it_admits():
    journal = filed()
    journal.on("2025-04-02", "admissible", "vae")

    assert journal.shown("vae_lapse_near", UNTIL) == ["watch 2025-08-16 → 2025-09-16"]
    assert journal.state("vae", "2025-09-16") == "lapsed"


@pytest.mark.parametrize(("event", "data"), [("jury_planned", {}), ("vae_step", {"kind": "accompagnement"}), ("abandoned", {})])
def test_a_step_recorded_closes_it_and_nothing_lapses(event, data):
    journal = admissible()
    journal.on("2025-09-02", event, "vae", **data)

    assert journal.shown("vae_lapse_near", UNTIL) == ["watch 2025-08-03 → 2025-09-02"]
    assert journal.state("vae", "2026-06-30") != "lapsed"


def test_a_contact_is_not_a_step():
    journal = admissible()
    journal.on("2025-08-20", "contact", "vae")

    assert journal.shown("vae_lapse_near", UNTIL) == ["watch 2025-08-03 → 2025-09-03"]


def test_what_began_before_the_decree_has_neither_delay():
    journal = Journal(vae="VAE")
    journal.on("2023-10-02", "registered", "vae")
    journal.on("2023-11-06", "admissibility_pending", "vae")

    assert journal.shown("vae_answer_late", UNTIL) == []
    assert journal.state("vae", UNTIL) == "admissibility_pending"


# the jury and its result


def test_the_jury_is_late_the_day_after_the_third_month_of_the_deposit():
    journal = admissible()
    journal.on("2025-06-10", "jury_planned", "vae")
    journal.on("2025-10-01", "validated", "vae")

    assert journal.shown("vae_jury_late", UNTIL) == ["watch 2025-09-10 → 2025-10-01"]


def test_a_deposit_dated_apart_counts_from_its_own_day():
    journal = admissible()
    journal.on("2025-06-10", "jury_planned", "vae", deposited_on="2025-05-31")

    assert journal.shown("vae_jury_late", UNTIL) == ["watch 2025-08-31 →"]


@pytest.mark.parametrize(("jury", "shown"), [("2025-09-09", []), ("2025-09-10", ["watch 2025-09-10 →"])])
def test_a_jury_known_to_be_in_time_keeps_it_silent(jury, shown):
    journal = admissible()
    journal.on("2025-06-10", "jury_planned", "vae", jury_on=jury)

    assert journal.shown("vae_jury_late", "2025-09-20") == shown


def test_a_result_before_the_last_day_keeps_it_silent():
    journal = admissible()
    journal.on("2025-06-10", "jury_planned", "vae")
    journal.on("2025-09-09", "refused", "vae")

    assert journal.shown("vae_jury_late", UNTIL) == []


def test_the_result_is_late_on_the_sixteenth_day_after_the_jury():
    journal = admissible()
    journal.on("2025-06-10", "jury_planned", "vae", jury_on="2025-07-01")
    journal.on("2025-07-21", "validated", "vae")

    assert journal.shown("vae_result_late", UNTIL) == ["watch 2025-07-17 → 2025-07-21"]


def test_a_result_within_15_days_of_the_jury_or_a_jury_without_day_keeps_it_silent():
    journal = admissible()
    journal.on("2025-06-10", "jury_planned", "vae")
    assert journal.shown("vae_result_late", UNTIL) == []
    journal.on("2025-06-20", "jury_planned", "vae", jury_on="2025-07-01")
    journal.on("2025-07-16", "validated", "vae")

    assert journal.shown("vae_result_late", UNTIL) == []


# a partial validation


def partly():
    journal = admissible()
    journal.on("2025-06-10", "jury_planned", "vae")
    journal.on("2025-07-01", "partly_validated", "vae", blocks=["B1"])
    return journal


def test_a_partial_validation_without_plan_shows_after_60_days_until_one_is_made():
    journal = partly()
    journal.on("2025-09-15", "vae_plan", "vae")

    assert journal.shown("vae_partial_without_plan", UNTIL) == ["watch 2025-08-31 → 2025-09-15"]


def test_a_plan_on_the_sixtieth_day_keeps_it_silent():
    journal = partly()
    journal.on("2025-08-30", "vae_plan", "vae")

    assert journal.shown("vae_partial_without_plan", UNTIL) == []


def test_another_step_begun_since_closes_it():
    journal = partly()
    journal.on("2025-09-08", "prescribed", "visa")

    assert journal.shown("vae_partial_without_plan", UNTIL) == ["watch 2025-08-31 → 2025-09-08"]


def test_a_whole_validation_asks_for_no_plan():
    journal = admissible()
    journal.on("2025-06-10", "jury_planned", "vae")
    journal.on("2025-07-01", "validated", "vae")

    assert journal.shown("vae_partial_without_plan", UNTIL) == []


# silence


def test_silence_counts_60_days_from_the_registration_or_the_last_exchange():
    journal = Journal(vae="VAE")
    journal.on("2025-01-06", "registered", "vae")
    journal.on("2025-02-03", "contact", "vae")
    journal.on("2025-06-16", "contact", "vae")

    assert journal.shown("contact_silence", "2025-07-31") == ["watch 2025-04-05 → 2025-06-16", "alert 2025-06-04 → 2025-06-16"]


def test_silence_does_not_count_while_somebody_accompanies():
    journal = Journal(vae="VAE", pacea="PACEA")
    journal.on("2025-01-06", "registered", "vae")
    journal.on("2025-02-03", "engagement_signed", "pacea")
    journal.on("2025-06-16", "closed", "pacea", outcome="EMPLOI_CDI")

    assert journal.shown("contact_silence", "2025-12-31", "vae") == ["watch 2025-06-16 →", "alert 2025-06-16 →"]


def test_a_training_body_that_runs_it_keeps_the_silence_away():
    journal = Journal(vae="VAE")
    journal.on("2025-01-06", "registered", "vae")
    journal.on("2025-02-24", "contact", "vae", by="of")

    assert journal.shown("contact_silence", "2025-04-30") == ["watch 2025-04-26 →"]
