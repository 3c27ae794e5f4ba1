"""What the catalogue says of each rule is what the rule does."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

import pathways.detection.rules  # noqa: F401 -- registers every rule
from pathways import clock, db
from pathways.demo.load import evaluate, load
from pathways.detection.finding import Level
from pathways.detection.rule import RULES
from pathways.detection.settings import DEFAULTS, Settings
from pathways.detection.timeline import timeline
from pathways.exchange.stories.reading import read_stories

STORIES = sorted((Path(__file__).parents[1] / "stories").glob("*.yaml"))
AS_OF, PERSONS, SEED = date(2026, 3, 2), 250, 3


@pytest.mark.parametrize("rule", list(RULES.values()), ids=lambda each: each.id)
def test_every_rule_says_its_levels_what_ends_it_and_where_it_comes_from(rule):
    assert rule.levels, "levels=(…) in @rule"
    assert list(rule.levels) == sorted(set(rule.levels)), "each once, the lowest first"
    assert rule.closes.endswith("."), "closes=… in @rule, a French sentence"
    assert rule.source, "source=… in @rule"
    assert (rule.answer.__doc__ or "").strip()


def test_the_stories_show_no_level_a_rule_does_not_declare():
    shown: dict[str, set[Level]] = defaultdict(set)
    for path in STORIES:
        for story in read_stories(path):
            for run in timeline(story.entries, Settings(), story.horizon).runs:
                shown[run.key.rule].add(run.finding.level)

    assert undeclared(shown) == {}
    assert len(shown) > len(RULES) // 4, "the stories try a good part of the rules"


def test_the_demonstration_shows_no_level_a_rule_does_not_declare(own_database):
    with clock.at(AS_OF):
        load(PERSONS, SEED, AS_OF)
        evaluate(AS_OF)
        shown: dict[str, set[Level]] = defaultdict(set)
        with db.as_system():
            for rule, level in db.session().execute(sa.text("SELECT DISTINCT rule, level::text FROM signal")):
                shown[rule].add(Level[level.upper()])

    assert undeclared(shown) == {}
    assert shown


def undeclared(shown):
    return {rule: levels - set(RULES[rule].levels) for rule, levels in shown.items() if levels - set(RULES[rule].levels)}


def test_every_threshold_belongs_to_a_rule():
    assert {name.partition(".")[0] for name in DEFAULTS} - set(RULES) == set()
