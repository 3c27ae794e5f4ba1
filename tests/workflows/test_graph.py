"""A workflow as a graph: layers, arrows, passages."""

from __future__ import annotations

import pytest

from pathways.workflows.actors import ML
from pathways.workflows.definition import START, Move, Workflow, at, note, on
from pathways.workflows.graph import arrows, layers, passages, places
from pathways.workflows.schemes import SCHEMES
from pathways.workflows.states import State as S

WORKFLOWS = list({scheme.workflow.code: scheme.workflow for scheme in SCHEMES.values()}.values())


@pytest.fixture
def small():
    """Oriented, active, suspended and back, closed by somebody or by the clock."""
    return Workflow(
        "small",
        final={S.CLOSED},
        lines=[
            on("orientation_notified", START, S.ORIENTED, by=ML),
            on("accompaniment_started", {START, S.ORIENTED}, S.ACTIVE, by=ML),
            on("suspended", S.ACTIVE, S.SUSPENDED, by=ML),
            on("resumed", S.SUSPENDED, S.ACTIVE, by=ML),
            note("contact", by=ML),
            on("phase_started", S.ACTIVE, S.ACTIVE, by=ML),
            on("closed", {S.ORIENTED, S.ACTIVE, S.SUSPENDED}, S.CLOSED, by=ML),
            at("cap", lambda _step, _pathway: None, S.ACTIVE, S.CLOSED),
        ],
    )


def test_a_state_lies_beyond_all_those_that_lead_to_it_and_the_ends_last(small):
    assert layers(small) == {START: 0, S.ORIENTED: 1, S.ACTIVE: 2, S.SUSPENDED: 3, S.CLOSED: 4}


def test_a_way_back_does_not_push_a_state_further(small):
    assert layers(small)[S.ACTIVE] < layers(small)[S.SUSPENDED]


def test_moves_between_the_same_states_are_one_arrow(small):
    (arrow,) = [each for each in arrows(small) if (each.source, each.target) == (S.ACTIVE, S.CLOSED)]

    assert [type(move).__name__ for move in arrow.moves] == ["Move", "Clock"]


def test_the_same_moves_from_several_states_are_one_passage(small):
    found = {(each.target, each.sources) for each in passages(small)}

    assert (S.CLOSED, (S.ORIENTED, S.SUSPENDED)) in found
    assert (S.CLOSED, (S.ACTIVE,)) in found, "there the clock closes it too"
    assert [each.number for each in passages(small)] == list(range(1, len(passages(small)) + 1))


def test_a_state_one_stays_in_is_a_loop(small):
    assert [each.source for each in arrows(small) if each.is_loop] == [S.ACTIVE]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda each: each.code)
def test_every_move_on_offer_is_in_exactly_one_passage(workflow):
    told = [(source, move) for each in passages(workflow) for source in each.sources for move in each.moves]
    expected = [
        (source, line)
        for line in workflow.lines
        if hasattr(line, "target") and not (isinstance(line, Move) and not line.offered)
        for source in line.sources
    ]

    assert len(told) == len(expected)
    assert all(each in told for each in expected)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda each: each.code)
def test_every_state_has_its_place_and_the_ends_come_last(workflow):
    order, depth = places(workflow), layers(workflow)

    assert set(order) == {START, *workflow.states}
    assert {depth[state] for state in workflow.final} == {max(depth.values())}
    assert all(depth[state] < max(depth.values()) for state in order if state not in workflow.final)
