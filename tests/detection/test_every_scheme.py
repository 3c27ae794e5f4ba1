"""What holds for each scheme of the catalogue, one by one: generated lives that follow its page, or contradict it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.detection.timeline import day_by_day, timeline
from pathways.workflows.fold import pathway
from pathways.workflows.schemes import SCHEMES
from tests.detection.journals import FIRST, LAST, journals
from tests.detection.test_properties import DEFAULTS, examples, folded, held, recorded_in, runs

EACH = pytest.mark.parametrize("scheme", sorted(SCHEMES))
NUMBER = 8


@EACH
def test_whatever_is_declared_the_step_stays_on_its_page_and_no_signal_is_open_twice(scheme):
    @examples(NUMBER)
    @given(journals(scheme=scheme))
    def holds(journal):
        told = timeline(journal.entries, DEFAULTS, LAST)
        by_key = {}
        for run in told.runs:
            by_key.setdefault(run.key, []).append(run)
        assert all(one.closed_on and one.closed_on < other.shown_on for same in by_key.values() for one, other in pairwise(same))
        for step in pathway(journal.entries, LAST, LAST).steps.values():
            assert not step.state or step.state in step.scheme.workflow.states

    holds()


@EACH
def test_jumping_equals_looking_every_evening(scheme):
    @examples(NUMBER)
    @given(journals(scheme=scheme))
    def holds(journal):
        entries = [entry for entry in journal.entries if entry.known_on >= FIRST]
        assert runs(timeline(entries, DEFAULTS, LAST)) == runs(day_by_day(entries, DEFAULTS, FIRST, LAST))

    holds()


@EACH
def test_the_order_of_recording_does_not_matter_once_everything_is_known(scheme):
    @examples(NUMBER)
    @given(journals(scheme=scheme, retractions=False, sheets=False), st.randoms(use_true_random=False))
    def holds(journal, chance):
        order = list(range(len(journal.entries)))
        chance.shuffle(order)
        shuffled, straight = recorded_in(order, journal.entries), recorded_in(sorted(order), journal.entries)
        chance.shuffle(shuffled)
        assert folded(shuffled, LAST, LAST) == folded(straight, LAST, LAST)
        assert held(shuffled, LAST, LAST) == held(straight, LAST, LAST)

    holds()
