"""What an export holds, an empty database makes again: states, signals with their history, alerts, who sees whom."""

from datetime import date
from pathlib import Path

import pytest

from pathways import clock
from pathways.demo.load import load
from pathways.detection.sweep import sweep
from pathways.exchange.stories.playing import play
from pathways.exchange.stories.reading import read_stories
from tests.exchange.tables.conftest import ALERTS, AS_OF, SIGNALS, STEPS, VISIBILITY, asked, digests
from tests.scene import build

STORIES = Path(__file__).parents[2] / "stories" / "scenarios.yaml"


@pytest.fixture
def region(own_database):
    """Two hundred fictitious persons, evaluated."""
    with clock.at(AS_OF):
        load(200, 1, AS_OF)
        sweep(AS_OF, history=True)
    return own_database


def test_a_region_comes_back_whole(region, another_database, exported, imported):
    folder = exported()
    before = {what: asked(what) for what in (STEPS, SIGNALS, ALERTS, VISIBILITY)}

    another_database()
    done, refused = imported(folder, part=70)

    assert refused == []
    assert done.rows["persons.csv"] == {"new": 200}
    for what, rows in before.items():
        assert asked(what) == rows
    assert any(row[8] is not None for row in before[SIGNALS]), "closed signals are compared too"


def test_exported_again_the_files_are_the_same_to_the_byte(region, another_database, exported, imported):
    folder = exported()

    another_database()
    imported(folder)

    assert digests(exported("again")) == digests(folder)


def test_imported_twice_nothing_is_written_twice(region, another_database, exported, imported):
    folder = exported()
    another_database()
    imported(folder)
    before = {what: asked(what) for what in (STEPS, SIGNALS, ALERTS, VISIBILITY)}

    done, refused = imported(folder)

    assert refused == []
    assert {status for statuses in done.rows.values() for status in statuses} == {"unchanged"}
    assert {what: asked(what) for what in before} == before


def test_imported_where_it_comes_from_nothing_changes(region, exported, imported):
    done, refused = imported(exported())

    assert refused == []
    assert {status for statuses in done.rows.values() for status in statuses} == {"unchanged"}


def test_stories_come_back_with_their_states_and_signals(own_database, another_database, exported, imported):
    stories = read_stories(STORIES)
    for story in stories:
        play(story)
    day = max([story.horizon for story in stories], default=date.min)
    with clock.at(day):
        sweep(day, full=True)
    folder = exported()
    before = {what: asked(what) for what in (STEPS, SIGNALS)}

    another_database()
    _, refused = imported(folder, day=day)

    assert refused == []
    assert asked(STEPS) == before[STEPS]
    assert asked(SIGNALS) == before[SIGNALS]
    assert len(before[SIGNALS]) > len(stories)


def test_a_database_that_lived_from_day_to_day_comes_back(own_database, frozen_clock, another_database, exported, imported):
    build()
    folder = exported()
    before = {what: asked(what) for what in (STEPS, SIGNALS, VISIBILITY)}

    another_database()
    _, refused = imported(folder)

    assert refused == []
    for what, rows in before.items():
        assert asked(what) == rows
    assert digests(exported("again")) == digests(folder)
