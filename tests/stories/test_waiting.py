"""What a rule waits for: until one of these events is declared, asking it would only have said nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pathways.detection.facts import Facts
from pathways.detection.finding import Findings
from pathways.detection.rule import RULES
from pathways.detection.settings import Settings
from pathways.exchange.stories.reading import read_stories
from pathways.workflows.entry import standing
from pathways.workflows.events import EVENTS
from pathways.workflows.fold import Folding
from tests.stories.test_stories import STORIES

WAITING = [rule for rule in RULES.values() if rule.after]
TOLD = [story for path in sorted(STORIES.parent.glob("*.yaml")) for story in read_stories(path)]


def test_what_is_waited_for_is_an_event():
    assert {event for rule in WAITING for event in rule.after} <= set(EVENTS)
    assert len(WAITING) > 15


@pytest.mark.parametrize("story", TOLD, ids=lambda story: story.id)
def test_a_rule_says_nothing_of_whom_nothing_it_waits_for_was_declared(story):
    settings, asked = Settings(), 0
    folding = Folding(standing(story.entries, story.horizon))
    for day in (story.horizon - timedelta(days=n) for n in range(720, -1, -20)):
        facts = Facts(folding.advance(day), day)
        for step in facts.steps:
            values = settings.values(step.step.scheme.code, step.step.lead, day, day)
            for rule in WAITING:
                if not rule.about_the_person and rule.concerns(step.step.scheme.code, step.state):
                    waits = rule.after.isdisjoint(step.step.entries)
                    assert not waits or rule.answer(step, values) in (Findings(), Findings((), None)), rule.id
                    asked += waits
        for rule in WAITING:
            if rule.about_the_person and rule.after.isdisjoint(facts.pathway.person):
                assert rule.answer(facts, settings.values("", None, day, day)) == Findings(), rule.id
                asked += 1
    assert asked
