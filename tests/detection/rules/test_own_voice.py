"""What the person says comes first, and an objection silences what is computed, not what is said."""

from tests.journal import Journal

UNTIL = "2025-06-30"


def followed():
    journal = Journal(pacea="PACEA", course="PRF_VISA_METIERS", born="2004-05-10")
    journal.on("2025-01-06", "engagement_signed", "pacea")
    journal.on("2025-01-13", "phase_started", "pacea", n=1, planned_end="2025-09-30")
    return journal


def test_a_call_for_help_is_urgent_at_once_and_until_somebody_speaks_with_the_person():
    journal = followed()
    journal.on("2025-02-10", "help_asked", by="ml", topic="housing")
    journal.on("2025-02-12", "contact", "pacea")

    assert journal.shown("help_asked", UNTIL) == ["critical 2025-02-10 → 2025-02-12"]


def test_a_call_of_the_same_day_answers_only_when_it_says_so():
    journal = followed()
    journal.on("2025-02-10", "help_asked", by="ml", topic="money")
    journal.on("2025-02-10", "contact", "pacea", channel="phone")
    assert journal.shown("help_asked", UNTIL) == ["critical 2025-02-10 →"]

    journal.on("2025-02-10", "contact", "pacea", channel="office", resolves=["help_asked"])
    assert journal.shown("help_asked", UNTIL) == []


def test_an_attempt_without_answer_does_not_close_it():
    journal = followed()
    journal.on("2025-02-10", "help_asked", by="ml", topic="other")
    journal.on("2025-02-11", "contact_attempt", "pacea", channel="phone", result="failed")

    assert journal.shown("help_asked", UNTIL) == ["critical 2025-02-10 →"]


def test_an_appointment_to_move_asks_for_another_until_it_is_past():
    journal = followed()
    journal.on("2025-03-10", "appointment", "pacea", status="planned", known="2025-02-03")
    journal.on("2025-02-24", "appointment_answered", by="ml", answer="move", **{"for": "2025-03-10"})
    assert journal.shown("appointment_declined", UNTIL) == ["alert 2025-02-24 → 2025-03-11"]

    journal.on("2025-02-26", "contact", "pacea", channel="phone")
    assert journal.shown("appointment_declined", UNTIL) == ["alert 2025-02-24 → 2025-02-26"]


def test_who_confirms_raises_nothing():
    journal = followed()
    journal.on("2025-02-24", "appointment_answered", by="ml", answer="confirmed", **{"for": "2025-03-10"})

    assert journal.timeline("2025-03-09").runs == () or not journal.shown("appointment_declined", UNTIL)


def test_an_objection_silences_every_computed_signal_from_that_day_and_no_human_one():
    journal = followed()
    journal.on("2025-01-20", "entered", "course", planned_end="2025-06-27")
    journal.on("2025-03-03", "risk_flag", "course", dimension="professionnel", level=2)
    journal.on("2025-03-10", "help_asked", by="ml", topic="other")
    before = {key.rule for key in journal.held("2025-05-04")}
    journal.on("2025-05-05", "objection_stated", by="ml")

    assert "contact_silence" in before
    assert {key.rule for key in journal.held("2025-05-05")} == {"training_risk_flag", "help_asked"}
    assert all(line.endswith("→ 2025-05-05") for line in journal.shown("contact_silence", UNTIL))


def test_an_objection_withdrawn_lets_them_speak_again_and_the_support_went_on():
    journal = followed()
    journal.on("2025-02-03", "objection_stated", by="ml")
    assert journal.held("2025-04-30") == set()
    assert journal.state("pacea", "2025-04-30") == "active"
    journal.on("2025-05-05", "objection_withdrawn", by="ml")

    assert "contact_silence" in {key.rule for key in journal.held("2025-05-05")}


def test_objecting_again_on_the_day_one_withdrew_holds():
    journal = followed()
    for event in ("objection_stated", "objection_withdrawn", "objection_stated"):
        journal.on("2025-02-03", event, by="ml")

    assert journal.held("2025-04-30") == set()


def test_what_the_law_requires_of_a_minor_is_said_all_the_same():
    journal = Journal(born="2008-03-10")
    journal.on("2025-01-06", "school_exit", by="lycee", diploma="none")
    journal.on("2025-01-07", "objection_stated", by="ml")

    assert {key.rule for key in journal.held("2025-02-10")} == {"minor_without_solution"}
