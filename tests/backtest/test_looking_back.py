"""A rupture nobody was warned of: what was known when, which rule came closest, by how many days."""

from datetime import date

from pathways.backtest.looking_back import look_back
from pathways.detection.settings import Settings
from tests.backtest.test_walking import LATER, silent_since_march
from tests.journal import Journal


def looked_back(journal, step, today=LATER):
    return look_back(journal.entries, Settings(), step, today)


def told(nears):
    return [(near.rule, f"{near.on}", near.late) for near in nears]


def gone_in_april(known="2026-04-14"):
    journal = Journal(pacea="PACEA", born="2005-05-05")
    journal.on("2026-01-05", "orientation_notified", "pacea")
    journal.on("2026-01-12", "engagement_signed", "pacea")
    journal.on("2026-01-12", "phase_started", "pacea", n=1, planned_end="2026-07-10")
    journal.on("2026-02-16", "contact", "pacea", channel="telephone")
    journal.on("2026-03-16", "contact", "pacea", channel="telephone")
    journal.on("2026-04-13", "closed", "pacea", outcome="INJOIGNABLE", known=known)
    return journal


def test_the_rule_that_came_closest_is_told_with_its_days():
    found = looked_back(gone_in_april(), "pacea")

    assert (f"{found.rupture.effective_on}", f"{found.told_on}") == ("2026-03-16", "2026-04-14")
    assert found.before == []
    assert told(found.after)[0] == ("contact_silence", "2026-05-01", 46)


def test_the_declaration_itself_is_no_part_of_what_was_known_before_it():
    early, late = (looked_back(gone_in_april(known), "pacea") for known in ("2026-04-13", "2026-05-20"))

    assert told(early.after)[0] == told(late.after)[0] == ("contact_silence", "2026-05-01", 46)
    assert f"{late.told_on}" == "2026-05-20"


def test_what_held_before_the_last_sign_of_life_was_computed_and_not_shown():
    found = looked_back(silent_since_march(), "pacea")

    assert ("contact_silence", "2026-02-27", -3) in told(found.before)


def test_facts_entered_late_are_what_hid_it():
    journal = gone_in_april()
    for on in ("2026-02-23", "2026-03-09"):
        journal.on(on, "appointment", "pacea", status="noshow", known="2026-04-20")

    found = looked_back(journal, "pacea")

    assert ("repeated_no_show", "2026-03-09", -7) in told(found.on_time)
    assert found.before == []


def test_a_rupture_taken_back_has_nothing_to_look_back_on():
    journal = gone_in_april()
    journal.retract(journal.entries[-1], "2026-04-15")

    assert looked_back(journal, "pacea") is None
    assert looked_back(journal, "pacea", date(2026, 4, 14)) is not None
