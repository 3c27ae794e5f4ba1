"""The night: who is due, what it writes, and that a night that did not run is caught up exactly."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.detection import parallel
from pathways.detection.sweep import due, sweep
from pathways.exchange.stories.checking import mismatches
from pathways.exchange.stories.playing import Player, play
from pathways.exchange.stories.reading import read_stories
from pathways.models import Setting, Signal
from tests.factories import PersonFactory

STORIES = {
    story.id: story for path in sorted((Path(__file__).parents[1] / "stories").glob("*.yaml")) for story in read_stories(path)
}


def signals(session, person_id=None):
    session.expire_all()
    wanted = sa.select(Signal).order_by(Signal.shown_on, Signal.rule, Signal.threshold)
    rows = session.scalars(wanted.where(Signal.person_id == person_id) if person_id else wanted)
    return [(row.rule, row.about, row.threshold, row.shown_on, row.since_on, row.closed_on, row.close_reason) for row in rows]


def record_all(story, session):
    """Everything the story tells, recorded on its days, and nobody evaluated meanwhile."""
    player = Player(story, session)
    for entry in sorted(story.entries, key=lambda each: (each.known_on, each.number)):
        with clock.at(entry.known_on):
            player._record(entry)
    return player.person_id


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_a_story_played_in_the_database_shows_what_it_tells(session, story):
    assert list(mismatches(story, play(story))) == []


@pytest.mark.parametrize("pace", [1, 9, 1000])
def test_nights_that_did_not_run_are_caught_up_exactly(session, pace):
    story = STORIES["S04"]
    play(story)
    every_night = signals(session)

    person = record_all(story, session)
    day = story.entries[0].known_on
    while day < story.horizon:
        day = min(day + timedelta(days=pace), story.horizon)
        with clock.at(day):
            sweep(day, history=True)

    assert signals(session, person) == every_night


def test_somebody_looked_at_for_the_first_time_is_told_what_holds_since_the_day_it_would_have_shown(session):
    story = STORIES["S04"]
    play(story)
    still_open = [each for each in signals(session) if each[-2] is None]

    person = record_all(story, session)
    with clock.at(story.horizon):
        sweep(story.horizon)

    assert still_open
    assert signals(session, person) == still_open


def test_somebody_is_due_when_the_day_comes_when_touched_or_never_looked_at(session, frozen_clock):
    today = clock.today()
    rested = {"evaluated_day": today, "evaluated_at": clock.now()}
    never = PersonFactory()
    come = PersonFactory(next_on=today, **rested)
    touched = PersonFactory(touched_at=clock.now(), **rested)
    PersonFactory(next_on=today + timedelta(days=1), **rested)

    assert due(session, today) == sorted([never.id, come.id, touched.id])


def test_a_new_threshold_makes_everybody_due_once(session, frozen_clock):
    PersonFactory()
    sweep(clock.today())
    assert due(session, clock.today()) == []

    frozen_clock.advance(hours=1)
    session.add(Setting(name="entry_delay.watch", value=20, valid_from=clock.today()))
    session.flush()

    assert len(due(session, clock.today())) == 1
    frozen_clock.advance(hours=1)
    sweep(clock.today())
    assert due(session, clock.today()) == []


def test_an_organisation_s_own_threshold_changes_the_day_a_signal_shows(session):
    story = STORIES["S04"]
    session.add(Setting(name="entry_delay.watch", scheme="PRF_VISA_METIERS", value=20, valid_from=date(2025, 1, 1),
                        recorded_at=clock.noon(date(2025, 1, 1))))  # fmt: skip
    session.flush()

    shown = {signal.id: signal.raised_on for signal in play(story).signals}

    assert shown["entry_delay"] == date(2025, 6, 3)


def test_queries_do_not_grow_with_the_persons_of_a_range(session, frozen_clock, counting):
    def cost(persons):
        PersonFactory.create_batch(persons)
        with counting() as queries:
            sweep(clock.today())
        return queries

    one = cost(1)
    assert cost(40).cost_as_much_as(one)


@pytest.mark.usefixtures("own_database")
def test_two_processes_write_what_one_writes(monkeypatch):
    monkeypatch.setattr(parallel, "WORTH_A_PROCESS", 1)
    monkeypatch.setattr(parallel, "RANGE", 1)
    story = STORIES["S04"]
    with db.as_system(), db.atomic() as session:
        for _ in range(3):
            record_all(story, session)

    with clock.at(story.horizon):
        counts = parallel.sweep_in_parallel(story.horizon, processes=2)

    with db.as_system():
        every = [row[:3] for row in signals(db.session())]
    assert counts.persons == 3
    assert len(every) == 3 * len(set(every))
