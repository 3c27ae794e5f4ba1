"""Signals of passages, day by day: received late, unanswered, refused."""

from __future__ import annotations

import pytest

from tests.journal import Journal

UNTIL = "2019-12-31"


@pytest.fixture
def leaver() -> Journal:
    """Handed over by the network on Wednesday 30 January 2019."""
    journal = Journal(psad="PSAD", pacea="PACEA")
    journal.on("2019-01-14", "leaver_identified", "psad")
    journal.on("2019-01-24", "contact_attempt", "psad", channel="phone", result="reached")
    journal.on("2019-01-30", "handed_over", "psad", to="ml")
    return journal


def test_five_working_days_without_a_word_and_the_sender_is_told_on_the_morrow(leaver):
    """Thursday 31, Friday 1, Monday 4, Tuesday 5, Wednesday 6: it shows on Thursday 7."""
    leaver.on("2019-02-12", "hand_over_acknowledged", "psad", by="ml")

    assert leaver.shown("hand_over_unacknowledged", UNTIL) == ["watch 2019-02-07 → 2019-02-12"]


@pytest.mark.parametrize(
    ("event", "by", "data"),
    [
        ("hand_over_acknowledged", "ml", {}), ("hand_over_accepted", "ml", {}),
        ("hand_over_refused", "ml", {"reason": "CAPACITE"}), ("hand_over_withdrawn", "psad", {}), ("contact", "ml", {}),
    ],
)
def test_on_the_fifth_working_day_any_sign_of_either_is_in_time(leaver, event, by, data):
    leaver.on("2019-02-06", event, "psad", by=by, **data)

    assert leaver.shown("hand_over_unacknowledged", UNTIL) == []


def test_a_bank_holiday_is_no_working_day():
    journal = Journal(psad="PSAD")
    journal.on("2025-04-01", "leaver_identified", "psad")
    journal.on("2025-04-17", "handed_over", "psad", to="ml")  # Easter Monday is the 21st

    assert journal.shown("hand_over_unacknowledged", "2025-04-30") == ["watch 2025-04-26 →"]


@pytest.mark.parametrize(
    ("event", "by", "data"),
    [("hand_over_accepted", "ml", {}), ("hand_over_refused", "ml", {"reason": "CAPACITE"}), ("hand_over_withdrawn", "psad", {})],
)
def test_received_is_not_answered_and_the_sixteenth_day_says_so(leaver, event, by, data):
    leaver.on("2019-01-31", "hand_over_acknowledged", "psad", by="ml")
    leaver.on("2019-02-20", event, "psad", by=by, **data)

    assert leaver.shown("transfer_pending", UNTIL) == ["alert 2019-02-15 → 2019-02-20"]


def test_answered_on_the_fifteenth_day_it_is_never_pending(leaver):
    leaver.on("2019-02-14", "hand_over_accepted", "psad", by="ml")

    assert leaver.shown("transfer_pending", UNTIL) == []


def test_opening_a_step_of_ones_own_answers(leaver):
    leaver.on("2019-02-14", "engagement_signed", "pacea")

    assert leaver.shown("transfer_pending", UNTIL) == []


def test_a_hand_over_taken_back_by_its_author_stops_waiting(leaver):
    leaver.retract(leaver.entries[-1], known="2019-02-20")

    assert leaver.shown("transfer_pending", UNTIL) == ["alert 2019-02-15 → 2019-02-20 (corrected)"]


def test_a_refused_leaver_stays_in_sight_until_somebody_takes_them(leaver):
    leaver.on("2019-02-01", "hand_over_refused", "psad", by="ml", reason="HORS_SECTEUR")
    leaver.on("2019-02-11", "handed_over", "psad", to="ml2")
    leaver.on("2019-02-12", "hand_over_accepted", "psad", by="ml2")

    assert leaver.shown("hand_over_refused", UNTIL) == ["watch 2019-02-01 → 2019-02-11"]


def test_a_transfer_withdrawn_no_longer_waits():
    journal = Journal(step="CEJ")
    journal.on("2025-01-06", "engagement_signed", "step")
    journal.on("2025-02-03", "transfer_requested", "step", to="ml2")
    journal.on("2025-02-24", "transfer_withdrawn", "step", by="ml")

    assert journal.shown("transfer_pending", "2025-12-31") == ["alert 2025-02-19 → 2025-02-24"]


def test_a_transfer_of_an_accompaniment_that_ended_waits_no_more():
    journal = Journal(step="CEJ")
    journal.on("2025-01-06", "engagement_signed", "step")
    journal.on("2025-02-03", "transfer_requested", "step", to="ml2")
    journal.on("2025-02-24", "closed", "step", outcome="EMPLOI_CDI")

    assert journal.shown("transfer_pending", "2025-12-31") == ["alert 2025-02-19 → 2025-02-24"]


def test_one_sent_to_somebody_known_by_name_alone_waits_for_nobody():
    journal = Journal(psad="PSAD")
    journal.on("2019-01-14", "leaver_identified", "psad")
    entry = journal.on("2019-01-30", "handed_over", "psad", to=None)

    assert entry.data["to"] is None
    assert journal.shown("transfer_pending", UNTIL) == journal.shown("hand_over_unacknowledged", UNTIL) == []


def test_a_death_silences_what_waits(leaver):
    leaver.on("2019-02-20", "deceased", by="ml")

    assert leaver.shown("transfer_pending", UNTIL) == ["alert 2019-02-15 → 2019-02-20"]


def test_two_referents_on_one_day_contradict_each_other_also_after_a_transfer():
    journal = Journal(step="CEJ")
    journal.on("2025-01-06", "engagement_signed", "step")
    journal.on("2025-02-03", "transfer_requested", "step", to="ml2")
    journal.on("2025-02-10", "transfer_accepted", "step", by="ml2")
    journal.on("2025-02-10", "referent_named", "step", by="ml")

    (found,) = journal.runs("discordance", "2025-02-10")
    assert found.finding.about.startswith("two_leads")


def test_a_former_referent_that_says_yes_and_the_new_one_that_names_somebody_agree():
    journal = Journal(step="CEJ")
    journal.on("2025-01-06", "engagement_signed", "step")
    journal.on("2025-02-03", "transfer_requested", "step", by="ml2", to="ml2")
    journal.on("2025-02-10", "transfer_accepted", "step", by="ml")
    journal.on("2025-02-10", "referent_named", "step", by="ml2")

    assert journal.runs("discordance", "2025-02-10") == []


def test_two_organisations_that_take_somebody_over_on_one_day_contradict_each_other(leaver):
    leaver.on("2019-01-30", "handed_over", "psad", to="ml2")
    leaver.on("2019-02-04", "hand_over_accepted", "psad", by="ml")
    leaver.on("2019-02-04", "hand_over_accepted", "psad", by="ml2")

    (found,) = leaver.runs("discordance", "2019-02-04")
    assert found.finding.about.startswith("two_leads")
