"""Whom a budget would have called, and what the calls were worth: counted by hand."""

from datetime import date

import pytest

from pathways.backtest.capacity import SILENCE, Call, chosen
from pathways.backtest.measuring import Period, measured, raised
from pathways.backtest.report import report
from pathways.backtest.walking import Spell, Walked, mondays
from pathways.workflows.ruptures import Rupture

PERIOD = Period(date(2026, 3, 2), date(2026, 6, 28), date(2026, 9, 1))
SCORED = mondays(PERIOD.first, PERIOD.last)
NEVER = date.max


def day(text):
    return date.fromisoformat(text)


def somebody(number, *spells, silent=None, broke=None, gone=None):
    """``spells``: (rule, level, on); ``broke``: the formal day, ``gone`` the effective one."""
    ruptures = [Rupture(1, "PACEA", day("2026-01-05"), day(gone or broke), day(broke), came=True)] if broke else []
    weeks = {week: silent or 0 for week, monday in enumerate(SCORED) if not broke or monday < day(broke)}
    told = [Spell(rule, 0, level, day(on), NEVER) for rule, level, on in spells]
    return Walked(number, weeks, ruptures, {"in_force": told})


def called(walked, budget, choice="in_force"):
    return [(call.person, f"{call.on}") for call in chosen(walked, SCORED, budget, choice)]


def test_the_week_s_places_go_to_the_most_pressing_and_the_others_wait_their_turn():
    crowd = [somebody(number) for number in range(10, 60)]
    mild, grave = somebody(1, ("a", 1, "2026-03-02")), somebody(2, ("b", 2, "2026-03-02"))

    assert called([*crowd, mild, grave], 2)[:2] == [(2, "2026-03-02"), (1, "2026-03-09")]


def test_nobody_is_called_again_for_what_one_was_called_for():
    always = somebody(1, ("a", 1, "2026-03-02"))
    again = somebody(2, ("a", 1, "2026-03-02"), ("b", 1, "2026-05-04"))
    soon = somebody(3, ("a", 1, "2026-03-02"), ("b", 1, "2026-03-09"))

    assert called([always], 100) == [(1, "2026-03-02")]
    assert called([again], 100) == [(2, "2026-03-02"), (2, "2026-05-04")]
    assert called([soon], 100) == [(3, "2026-03-02"), (3, "2026-03-30")]  # within four weeks, it waits


def test_the_plain_rule_calls_the_longest_silence_first():
    crowd = [somebody(number, silent=number) for number in range(1, 51)]

    assert [person for person, _ in called(crowd, 2, SILENCE)[:3]] == [50, 49, 48]


def test_time_left_over_in_a_calm_week_is_not_spent_in_the_next():
    crowd = [somebody(number) for number in range(10, 55)]
    five = [somebody(number, ("a", 1, "2026-04-06")) for number in range(1, 6)]

    assert [on for _, on in called([*crowd, *five], 2)] == [
        "2026-04-06", "2026-04-13", "2026-04-20", "2026-04-27", "2026-05-04",
    ]  # fmt: skip


def test_every_figure_of_four_calls_by_hand():
    seen = somebody(1, broke="2026-05-01", gone="2026-04-20")
    late = somebody(2, broke="2026-05-01", gone="2026-04-20")
    missed = somebody(3, broke="2026-05-01")
    calm = somebody(4)
    calls = [Call(1, day("2026-03-30"), "a"), Call(1, day("2026-04-13"), "a"), Call(2, day("2026-04-27"), "a"),
             Call(4, day("2026-03-30"), "a")]  # fmt: skip

    found = measured(calls, [seen, late, missed, calm], PERIOD, 100)

    assert (found.calls, found.per_100) == (4, 4.0)
    assert found.precision.value == pytest.approx(2 / 4)  # 30 March is 32 days before: too early to be right
    assert found.person_precision.value == pytest.approx(3 / 4)
    assert found.recall.value == pytest.approx(1 / 3)  # the second call came after the last sign of life
    assert found.formal_recall.value == pytest.approx(2 / 3)
    assert found.useful.value == pytest.approx(1 / 3)
    assert found.recall.low <= found.recall.value <= found.recall.high


def test_calls_whose_four_weeks_are_not_over_are_counted_and_not_judged():
    period = Period(PERIOD.first, PERIOD.last, day("2026-06-28"))

    found = measured([Call(1, day("2026-06-15"), "a")], [somebody(1)], period, 10)

    assert (found.calls, found.precision.of, found.precision.value) == (1, 0, None)


def test_a_rupture_of_the_first_week_is_a_no_show_and_not_held_against_anybody():
    early = Walked(1, {}, [Rupture(1, "PACEA", day("2026-04-27"), day("2026-04-27"), day("2026-05-01"), came=True)], {})

    assert measured([], [early], PERIOD, 10).recall.of == 0


def test_each_rule_alone_speaks_once_a_person_in_four_weeks():
    one = somebody(1, ("a", 1, "2026-03-04"), ("a", 1, "2026-03-10"), ("a", 1, "2026-04-20"), ("b", 1, "2026-03-05"))

    found = raised([one], "in_force")

    assert {rule: [f"{call.on}" for call in calls] for rule, calls in found.items()} == {
        "a": ["2026-03-04", "2026-04-20"], "b": ["2026-03-05"],
    }  # fmt: skip


def test_the_same_replay_gives_the_same_figures_intervals_included():
    crowd = [somebody(n, ("a", 1, "2026-03-09"), silent=n, broke="2026-04-01" if n % 5 == 0 else None) for n in range(40)]

    first, second = (report(crowd, SCORED, PERIOD, ["in_force"]).kept() for _ in range(2))

    assert first == second
    assert first["ruptures"] == 8
    assert 0 < first["base_rate"] < 1
    assert set(first["at"]) == {"in_force", "silence"}


def test_a_rule_that_was_right_before_passes_first():
    """By what a Monday could know: calls whose four weeks are over."""
    right = [somebody(n, ("good", 1, "2026-02-02"), broke="2026-02-16") for n in range(1, 21)]
    wrong = [somebody(n, ("bad", 1, "2026-02-02")) for n in range(21, 41)]
    new = [somebody(90, ("bad", 1, "2026-05-04")), somebody(91, ("good", 1, "2026-05-04"))]
    calls = [call for call in called([*right, *wrong, *new], 100) if call[0] >= 90]

    assert {on for _, on in calls} == {"2026-05-04"}
    record = chosen([*right, *wrong, *new], SCORED, 100, "in_force")
    assert [call.person for call in record if call.person >= 90] == [91, 90]
