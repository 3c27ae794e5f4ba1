"""R3: an alert keeps for good its rule and version, what it rested on as known that day, the threshold and its place."""

from copy import deepcopy

from pathways import clock
from pathways.detection.rule import RULES
from pathways.detection.sweep import sweep

WHAT = {"rule", "version", "level", "about", "threshold", "values", "evidence"}


def test_an_alert_keeps_what_was_known_when_it_opened(followed):
    alert = followed.looked_at().alert()
    proposed, opened, *_ = followed.log(alert)

    (signal,) = (each for each in proposed.data["signals"] if (each["rule"], each["level"]) == (alert.rule, alert.level))
    assert signal.keys() == WHAT
    assert (signal["rule"], signal["version"]) == ("contact_silence", RULES["contact_silence"].version)
    assert (signal["level"], signal["threshold"], signal["values"]["allowed"]) == ("alert", "2", 90)
    assert [(each["entry"], each["type"], each["on"], each["known"]) for each in signal["evidence"]] == [
        (followed.last.id, "contact", f"{followed.last.occurred_on}", f"{clock.paris_day(followed.last.recorded_at)}")
    ]
    assert (opened.kind, opened.data["reserve"]) == ("opened", alert.reserve)


def test_what_is_shown_within_the_budget_keeps_its_place(followed, session, frozen_clock):
    followed.told("obstacle", 40, {"theme": "mobilite", "severity": "bloquant"})
    alert = next(each for each in [followed.looked_at().alert(family) for family in ("gap", "deadline", "contact")] if each)
    lines = [line.data for line in followed.log(alert) if line.kind == "opened"]

    assert [("place" in line and "budget" in line) or line["reserve"] is not None for line in lines] == [True]


def test_it_stays_as_it_was_when_the_signal_changes_later(followed, frozen_clock):
    alert = followed.looked_at().alert()
    kept = [deepcopy(line.data) for line in followed.log(alert)]

    frozen_clock.advance(days=30)
    sweep(clock.today())
    followed.record("contact", {"channel": "phone"})

    assert followed.alert().closed_on == clock.today()
    assert [line.data for line in followed.log(alert)][: len(kept)] == kept
