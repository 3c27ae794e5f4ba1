"""Days are Paris days, and the clock is one."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime

import pytest

from pathways import clock


def test_half_past_eleven_in_the_evening_in_london_is_tomorrow_in_paris():
    with clock.at(datetime(2026, 7, 14, 22, 30, tzinfo=UTC)):
        assert clock.today() == date(2026, 7, 15)


def test_a_day_is_frozen_at_noon_in_paris():
    with clock.at(date(2026, 1, 31)) as moment:
        assert clock.today() == date(2026, 1, 31)
        assert moment == clock.now() == clock.noon(date(2026, 1, 31))
        assert moment.hour == 11


def test_freezing_nests_and_ends():
    with clock.at(date(2020, 1, 1)):
        with clock.at(date(2021, 1, 1)):
            assert clock.today().year == 2021
        assert clock.today().year == 2020
    assert clock.today() == clock.paris_day(datetime.now(UTC))


def test_other_threads_keep_the_time():
    seen = []
    with clock.at(date(2020, 1, 1)):
        other = threading.Thread(target=lambda: seen.append(clock.today()))
        other.start()
        other.join()

    assert seen[0].year > 2020


@pytest.mark.parametrize("use", [clock.paris_day, lambda moment: clock.at(moment).__enter__()])
def test_a_naive_moment_is_a_guess_and_refused(use):
    with pytest.raises(ValueError, match=r"naive|aware"):
        use(datetime(2026, 1, 1))  # noqa: DTZ001 -- the mistake under test
