"""A person walked through a period: what each evening knew, and what really came."""

from datetime import date

from pathways.backtest.replaying import Change, choices, read_change
from pathways.backtest.walking import Choice, mondays, walk
from pathways.detection.settings import Setting, Settings
from pathways.workflows.fold import Folding
from pathways.workflows.ruptures import ruptures
from tests.journal import Journal

FIRST, LAST, LATER = date(2026, 3, 2), date(2026, 6, 28), date(2026, 9, 1)
BASE = Choice("in_force", Settings())


def silent_since_march(**known):
    """Somebody in a PACEA, last spoken with on 2 March, closed as unreachable on 1 June."""
    journal = Journal(pacea="PACEA", born="2005-05-05")
    journal.on("2026-01-05", "orientation_notified", "pacea")
    journal.on("2026-01-12", "engagement_signed", "pacea")
    journal.on("2026-03-02", "contact", "pacea", channel="telephone", **known)
    journal.on("2026-06-01", "closed", "pacea", outcome="INJOIGNABLE")
    return journal


def walked(journal, *changes, until=LATER):
    with_changes = choices(Settings(), changes)
    return walk(1, journal.entries, with_changes, mondays(FIRST, LAST), until)


def spells(found, rule, name="in_force"):
    return [(spell.on, spell.until) for spell in found.spells[name] if spell.rule == rule]


def test_the_weeks_scored_begin_before_the_period():
    scored = mondays(date(2026, 3, 4), date(2026, 3, 20))

    assert (scored[0], scored[-1]) == (date(2025, 12, 8), date(2026, 3, 16))
    assert all(monday.weekday() == 0 for monday in scored)


def test_a_rupture_has_the_day_declared_and_the_day_somebody_was_last_there():
    (rupture,) = walked(silent_since_march()).ruptures

    assert (rupture.formal_on, rupture.effective_on, rupture.came) == (date(2026, 6, 1), date(2026, 3, 2), True)


def test_presence_belongs_to_its_own_step_and_an_exchange_to_the_person():
    journal = Journal(course="PRF_VISA_METIERS", pacea="PACEA")
    journal.on("2026-01-05", "engagement_signed", "pacea")
    journal.on("2026-01-12", "entered", "course", planned_end="2026-07-31")
    journal.sheet("2026-02-02", "PPPPPPPPUU", "course")
    journal.on("2026-02-10", "dropped", "course", outcome="ABANDON_FORMATION")
    told = journal.entries
    folded = Folding(told).advance(LATER)

    (rupture,) = [each for each in ruptures(folded, told) if each.scheme == "PRF_VISA_METIERS"]

    assert rupture.effective_on == date(2026, 2, 5)


def test_days_of_silence_are_counted_by_what_was_known_on_the_evening():
    late = walked(silent_since_march(known="2026-03-24")).weeks
    at_once = walked(silent_since_march()).weeks
    week = mondays(FIRST, LAST).index(date(2026, 3, 16))

    assert at_once[week] == 14
    assert late[week] > 60
    assert late[week + 2] == at_once[week + 2] == 28


def test_weeks_without_an_open_step_are_not_followed():
    weeks = walked(silent_since_march()).weeks
    scored = mondays(FIRST, LAST)

    assert scored.index(date(2026, 5, 25)) in weeks
    assert scored.index(date(2026, 6, 8)) not in weeks


def test_a_signal_is_a_spell_from_the_evening_it_showed_and_another_once_it_rises():
    found = spells(walked(silent_since_march()), "contact_silence")

    assert found == [
        (date(2026, 2, 27), date(2026, 3, 2)),  # 45 days allowed since the signature: on the 46th, until the contact
        (date(2026, 4, 17), date(2026, 6, 1)),
    ]


def test_a_changed_threshold_is_replayed_on_every_day_and_leaves_other_rules_alone():
    journal = silent_since_march()
    found = walked(journal, Change("contact_silence.days", 20, "PACEA"))

    assert [on for on, _ in spells(found, "contact_silence", "changed")] == [
        date(2026, 2, 2), date(2026, 2, 22), date(2026, 3, 23), date(2026, 4, 12),
    ]  # fmt: skip
    for rule in {spell.rule for spell in found.spells["in_force"]} - {"contact_silence"}:
        assert spells(found, rule, "changed") == spells(found, rule)


def test_a_choice_of_an_organisation_is_replaced_for_that_organisation():
    own = Setting("contact_silence.days", 60, date(2026, 1, 1), date(2026, 1, 1), "PACEA", "ml")
    now = Settings((own,))

    _, changed = choices(now, [Change("contact_silence.days", 20, "PACEA", "ml")])

    day = date(2026, 4, 1)
    assert now.values("PACEA", "ml", day, day)["contact_silence.days"] == 60
    assert changed.settings.values("PACEA", "ml", day, day)["contact_silence.days"] == 20
    assert changed.settings.values("PACEA", "elsewhere", day, day)["contact_silence.days"] == 45


def test_a_change_is_read_from_a_line():
    assert read_change("CEJ:contact_silence.days=10") == Change("contact_silence.days", 10, "CEJ")
    assert read_change("repeated_no_show.alert=[2, 30]").value == [2, 30]
