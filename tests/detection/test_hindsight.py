"""The two dates of a signal, and why it closed: what was known each evening, and what is known now."""

from pathways.detection.settings import Settings
from pathways.detection.timeline import since_on, timeline
from tests.journal import Journal, day


def since(journal, rule, until):
    """Each signal open on that evening: since when by what is known then."""
    shown = {run.key: run.shown_on for run in timeline(journal.entries, Settings(), day(until)).open}
    told = since_on(journal.entries, Settings(), day(until), shown)
    return [f"{on}" for key, on in sorted(told.items(), key=str) if key.rule == rule]


def silent_pacea():
    journal = Journal(pacea="PACEA", visa="PRF_VISA_METIERS")
    journal.on("2024-01-15", "engagement_signed", "pacea")
    return journal


def test_without_anything_late_both_dates_are_the_same():
    journal = silent_pacea()

    assert journal.shown("contact_silence", "2024-03-15") == ["watch 2024-03-01 →"]
    assert since(journal, "contact_silence", "2024-03-15") == ["2024-03-01"]


def test_a_fact_recorded_late_moves_since_never_the_day_it_was_shown():
    journal = Journal(visa="PRF_VISA_METIERS")
    journal.on("2024-01-15", "entered", "visa", planned_end="2024-12-20")
    journal.sheet("2024-03-04", "UU UU PP", "visa", known="2024-03-14")

    assert journal.shown("unjustified_absence", "2024-03-31") == ["watch 2024-03-14 →"]
    assert since(journal, "unjustified_absence", "2024-03-31") == ["2024-03-05"]


def test_a_break_told_two_weeks_late_is_dated_from_its_day_in_hindsight():
    journal = Journal(job="EMPLOI")
    journal.on("2024-01-15", "work_contract_started", "job")
    journal.on("2024-06-03", "contract_broken", "job", known="2024-06-17", broken_on="2024-06-03", reason="ACCORD_COMMUN")

    assert journal.shown("contract_broken", "2024-06-30") == ["critical 2024-06-17 →"]
    assert since(journal, "contract_broken", "2024-06-30") == ["2024-06-03"]


def test_an_earlier_evening_of_hindsight_is_not_known_before_it_is_told():
    journal = Journal(job="EMPLOI")
    journal.on("2024-01-15", "work_contract_started", "job")
    journal.on("2024-06-03", "contract_broken", "job", known="2024-06-17", broken_on="2024-06-03", reason="ACCORD_COMMUN")

    assert since(journal, "contract_broken", "2024-06-16") == []


def test_a_contact_recorded_late_but_held_before_the_silence_corrects_it():
    journal = silent_pacea()
    journal.on("2024-02-26", "contact", "pacea", known="2024-03-11")

    assert journal.shown("contact_silence", "2024-03-31") == ["watch 2024-03-01 → 2024-03-11 (corrected)"]


def test_a_contact_recorded_late_but_held_during_the_silence_ends_it():
    journal = silent_pacea()
    journal.on("2024-03-06", "contact", "pacea", known="2024-03-11")

    assert journal.shown("contact_silence", "2024-03-31") == ["watch 2024-03-01 → 2024-03-11"]


def test_what_is_taken_back_closes_that_day_as_corrected():
    journal = Journal(visa="PRF_VISA_METIERS")
    journal.on("2024-01-15", "entered", "visa", planned_end="2024-12-20")
    wrong = journal.on("2024-03-04", "dropped", "visa")
    journal.retract(wrong, "2024-03-08")

    assert journal.shown("training_interrupted", "2024-05-31") == ["critical 2024-03-04 → 2024-03-08 (corrected)"]
    assert journal.state("visa", "2024-03-07") == "dropped_out"
    assert journal.state("visa", "2024-03-08") == "in_training"


def test_taking_back_the_wrong_exit_and_telling_the_right_one_the_same_evening_keeps_the_signal():
    journal = Journal(visa="PRF_VISA_METIERS")
    journal.on("2024-01-15", "entered", "visa", planned_end="2024-12-20")
    wrong = journal.on("2024-03-04", "dropped", "visa", reason="SANTE")
    journal.retract(wrong, "2024-03-08")
    journal.on("2024-03-04", "dropped", "visa", known="2024-03-08", reason="TRANSPORT")

    assert journal.shown("training_interrupted", "2024-05-31") == ["critical 2024-03-04 →"]


def test_a_retraction_taken_back_lets_the_entry_stand_again():
    journal = silent_pacea()
    contact = journal.on("2024-02-26", "contact", "pacea")
    mistake = journal.retract(contact, "2024-03-04")
    journal.retract(mistake, "2024-03-06")

    assert journal.shown("contact_silence", "2024-03-31") == ["watch 2024-03-04 → 2024-03-06 (corrected)"]


def test_a_gap_in_the_run_makes_a_new_signal():
    journal = Journal(visa="PRF_VISA_METIERS", job="EMPLOI")
    journal.on("2024-01-08", "entered", "visa", planned_end="2024-03-29")
    journal.on("2024-03-29", "completed", "visa")
    journal.on("2024-05-06", "work_contract_signed", "job", start="2024-06-03")
    journal.on("2024-05-27", "cancelled", "job", reason="A")

    first, second = journal.runs("no_solution_gap", "2024-06-15")
    assert first.key == second.key
    assert journal.shown("no_solution_gap", "2024-06-15") == ["watch 2024-04-29 → 2024-05-06", "watch 2024-05-27 →"]
    assert since(journal, "no_solution_gap", "2024-06-15") == ["2024-05-27"]


def test_a_gap_filled_afterwards_is_one_run_in_hindsight():
    journal = Journal(visa="PRF_VISA_METIERS", job="EMPLOI")
    journal.on("2024-01-08", "entered", "visa", planned_end="2024-03-29")
    journal.on("2024-03-29", "completed", "visa")
    wrong = journal.on("2024-05-06", "work_contract_signed", "job", start="2024-06-03")
    journal.retract(wrong, "2024-05-27")

    assert journal.shown("no_solution_gap", "2024-06-15") == ["watch 2024-04-29 → 2024-05-06", "watch 2024-05-27 →"]
    assert since(journal, "no_solution_gap", "2024-06-15") == ["2024-04-29"]


def test_an_evening_already_past_is_judged_with_what_was_known_then():
    journal = silent_pacea()
    journal.on("2024-02-26", "contact", "pacea", known="2024-03-11")

    assert [key.rule for key in journal.held("2024-03-10") if key.rule == "contact_silence"] == ["contact_silence"]
    assert [key.rule for key in journal.held("2024-03-11") if key.rule == "contact_silence"] == []


def test_the_finding_shown_today_rests_on_what_is_known_today():
    journal = Journal(pacea="PACEA")
    journal.on("2024-01-15", "engagement_signed", "pacea")
    for missed in ("2024-02-05", "2024-02-12", "2024-02-19"):
        journal.on(missed, "appointment", "pacea", status="noshow")

    (alert, _) = journal.runs("repeated_no_show", "2024-02-29")
    assert alert.shown_on == day("2024-02-12")
    assert [entry.occurred_on for entry in alert.finding.evidence] == [day("2024-02-05"), day("2024-02-12")]
