"""Silence measured by the rhythm agreed with the person."""

from pathways.detection.settings import Setting, Settings
from tests.journal import Journal, day


def followed(*appointments, start="2026-01-05", **more):
    journal = Journal(pacea="PACEA", born="2005-05-05", **more)
    journal.on(start, "engagement_signed", "pacea")
    for when, status in appointments:
        journal.on(when, "appointment", "pacea", status=status)
    return journal


WEEKLY = [("2026-01-12", "seen"), ("2026-01-19", "seen"), ("2026-01-26", "seen"), ("2026-02-02", "seen")]
EVERY_THREE_WEEKS = [("2026-01-05", "seen"), ("2026-01-26", "seen"), ("2026-02-16", "seen"), ("2026-03-09", "seen")]


def test_it_shows_after_half_as_much_again_as_the_usual_interval():
    assert followed(*EVERY_THREE_WEEKS).shown("rhythm_broken", "2026-06-30") == ["watch 2026-04-11 →"]  # 21 days: 32 allowed


def test_a_short_rhythm_does_not_alert_before_three_weeks():
    assert followed(*WEEKLY).shown("rhythm_broken", "2026-03-15") == ["watch 2026-02-24 →"]


def test_appointments_that_were_missed_say_the_rhythm_and_are_no_sign_of_life():
    journal = followed(*WEEKLY[:2], ("2026-01-26", "noshow"), ("2026-02-02", "noshow"))

    assert journal.shown("rhythm_broken", "2026-03-15") == ["watch 2026-02-10 →"]


def test_where_the_scheme_allows_no_longer_silence_that_one_speaks():
    slow = [("2026-01-05", "seen"), ("2026-02-05", "seen"), ("2026-03-05", "seen"), ("2026-04-05", "seen")]

    assert followed(*slow, ("2026-05-20", "seen")).shown("rhythm_broken", "2026-12-31") == []  # a month and a half: 45 days


def test_two_appointments_make_no_rhythm():
    assert followed(*WEEKLY[:2]).shown("rhythm_broken", "2026-06-30") == []


def test_a_sign_of_life_of_any_kind_closes_it():
    journal = followed(*WEEKLY)
    journal.on("2026-02-26", "contact_attempt", "pacea", result="reached")

    assert journal.shown("rhythm_broken", "2026-03-01") == ["watch 2026-02-24 → 2026-02-26"]


def test_a_presence_in_another_step_is_a_sign_of_life():
    journal = followed(*WEEKLY, course="PRF_VISA_METIERS")
    journal.on("2026-02-04", "entered", "course", planned_end="2026-02-13")
    journal.sheet("2026-02-09", "PPPPPPPPPP", "course")

    (run,) = journal.runs("rhythm_broken", "2026-03-15")

    assert run.shown_on == day("2026-03-07")  # counted from Friday 13 February


def test_during_a_course_appointments_are_rarer_by_agreement():
    journal = followed(*WEEKLY, course="PRF_VISA_METIERS")
    journal.on("2026-02-04", "entered", "course", planned_end="2026-06-30")

    assert journal.shown("rhythm_broken", "2026-06-30") == []


def test_what_the_service_cancelled_says_nothing_of_a_rhythm():
    assert followed(*WEEKLY[:2], ("2026-01-26", "revoked")).shown("rhythm_broken", "2026-06-30") == []


def test_an_organisation_may_ask_for_less_patience():
    own = Setting("rhythm_broken.days", 14, day("2026-01-01"), day("2026-01-01"))

    assert followed(*WEEKLY, settings=Settings.of([own])).shown("rhythm_broken", "2026-03-15") == ["watch 2026-02-17 →"]
