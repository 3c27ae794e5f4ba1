"""Dated slots: each is asked for once, whoever asks; the latest one is caught up after a pause."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, time, timedelta

import pytest

from pathways.cli.processes import Slots
from pathways.server.ticker import PARIS, Periodic, Ticker

SWEEP = Periodic("sweep.night", at=time(3, 0))
OFTEN = Periodic("feeds.fetch", every=timedelta(minutes=10))


def paris(*moment):
    return datetime(*moment, tzinfo=PARIS)


@pytest.fixture
def ledger(redis_for_slots):
    return Slots(redis_for_slots)


@pytest.fixture
def redis_for_slots(running_servers):
    import redis

    connection = redis.Redis.from_url(running_servers.redis_url)
    connection.flushdb()
    yield connection
    connection.close()


def ticker(ledger, now, asked, schedule=(SWEEP, OFTEN)):
    return Ticker(schedule, lambda job, slot: asked.append((job, slot)), ledger, lambda: now)


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        (paris(2026, 3, 2, 2, 59), "sweep-night-2026-03-01T03-00"),
        (paris(2026, 3, 2, 3, 0), "sweep-night-2026-03-02T03-00"),
        (datetime(2026, 3, 2, 1, 59, tzinfo=UTC), "sweep-night-2026-03-01T03-00"),
        (datetime(2026, 7, 2, 1, 0, tzinfo=UTC), "sweep-night-2026-07-02T03-00"),
    ],
)
def test_a_daily_slot_is_of_the_day_in_paris(now, slot):
    assert SWEEP.slot(now) == slot


def test_a_slot_is_what_the_queue_accepts_as_an_id():
    assert OFTEN.slot(paris(2026, 3, 2, 18, 47)) == "feeds-fetch-2026-03-02T18-40"


def test_the_hour_that_comes_twice_in_october_has_two_slots_of_each_kind():
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert OFTEN.slot(first) == "feeds-fetch-2026-10-25T02-30"
    assert OFTEN.slot(first + timedelta(hours=1)) == "feeds-fetch-2026-10-25T02-30-b"


def test_a_daily_slot_in_the_hour_that_does_not_exist_in_march_comes_once():
    early = Periodic("sweep.night", at=time(2, 30))
    slots = {early.slot(datetime(2026, 3, 29, 0, 0, tzinfo=UTC) + timedelta(minutes=minutes)) for minutes in range(240)}
    assert slots == {"sweep-night-2026-03-28T02-30", "sweep-night-2026-03-29T02-30"}


def test_several_tickers_ask_for_a_slot_once(ledger):
    asked, now = [], paris(2026, 3, 2, 9, 0)
    for _ in range(3):
        ticker(ledger, now, asked).tick()
    assert asked == [("sweep.night", "sweep-night-2026-03-02T03-00"), ("feeds.fetch", "feeds-fetch-2026-03-02T09-00")]


def test_after_a_pause_only_the_latest_slot_is_caught_up(ledger):
    asked = []
    ticker(ledger, paris(2026, 3, 2, 9, 0), asked, [SWEEP]).tick()
    ticker(ledger, paris(2026, 3, 6, 9, 0), asked, [SWEEP]).tick()
    assert [slot for _, slot in asked] == ["sweep-night-2026-03-02T03-00", "sweep-night-2026-03-06T03-00"]


def test_a_slot_that_could_not_be_asked_for_is_asked_for_again(ledger):
    asked, errors, attempts, stop = [], [], [], threading.Event()

    def ask(job, slot):
        attempts.append(slot)
        if len(attempts) == 1:
            raise ConnectionError("the queue restarts")
        asked.append(slot)

    def note(error):
        errors.append(error)
        looking.tick()
        stop.set()

    looking = Ticker([SWEEP], ask, ledger, lambda: paris(2026, 3, 2, 9, 0))
    looking.run(stop, note)

    assert [type(error) for error in errors] == [ConnectionError]
    assert asked == ["sweep-night-2026-03-02T03-00"]


def test_slots_are_forgotten_after_their_use(ledger, redis_for_slots):
    ticker(ledger, paris(2026, 3, 2, 9, 0), [], [SWEEP]).tick()
    kept = redis_for_slots.ttl("pathways:slot:sweep-night-2026-03-02T03-00")
    assert timedelta(days=2) < timedelta(seconds=kept) <= timedelta(days=3)


@pytest.mark.parametrize("wrong", [{}, {"every": timedelta(hours=1), "at": time(3)}, {"every": timedelta(seconds=5)}])
def test_a_schedule_that_says_nothing_or_too_much_is_refused(wrong):
    with pytest.raises(ValueError, match=r"sweep\.night"):
        Periodic("sweep.night", **wrong)
