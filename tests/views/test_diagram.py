"""The drawing of every workflow: nothing lies on anything else, and a telephone can show it."""

from __future__ import annotations

import re
from itertools import combinations

import pytest

from pathways.sharing import scheme_words
from pathways.views.diagram import drawings
from pathways.workflows.graph import arrows, passages, places
from pathways.workflows.schemes import SCHEMES

WORKFLOWS = list({scheme.workflow.code: scheme.workflow for scheme in SCHEMES.values()}.values())
READABLE = 400
"""A drawing this wide is shown on a telephone at seven eighths of its size at least."""
STEPS = 12


def drawn(workflow, day=""):
    labels = {place: (scheme_words.place(place), day if place else "") for place in places(workflow)}
    return drawings(workflow, labels)


both = pytest.mark.parametrize(
    "drawing",
    [pytest.param(drawing, id=f"{workflow.code}-{'down' if drawing.down else 'right'}-{len(day)}")
     for workflow in WORKFLOWS for day in ("", "30 sept. 2026") for drawing in drawn(workflow, day)],
)


def overlap(one, other) -> bool:
    return (
        one.x < other.x + other.width and other.x < one.x + one.width
        and one.y < other.y + other.height and other.y < one.y + one.height
    )


def inside(box, x, y, margin=0.5) -> bool:
    return box.x + margin < x < box.x + box.width - margin and box.y + margin < y < box.y + box.height - margin


def points(line):
    """Points along an SVG path made of M, L and C with absolute coordinates."""
    at = (0.0, 0.0)
    for command, rest in re.findall(r"([MLC])([^MLC]*)", line):
        numbers = [float(each) for each in re.findall(r"-?[\d.]+", rest)]
        pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
        if command == "C":
            for step in range(STEPS + 1):
                yield along(at, *pairs, step / STEPS)
        elif command == "L":
            for step in range(STEPS + 1):
                yield along(at, at, pairs[0], pairs[0], step / STEPS)
        at = pairs[-1]


def along(first, second, third, last, t):
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
    return tuple(sum(weight * point[axis] for weight, point in zip(weights, (first, second, third, last), strict=True))
                 for axis in (0, 1))


@both
def test_no_two_states_lie_on_each_other(drawing):
    assert [(one.place, other.place) for one, other in combinations(drawing.boxes, 2) if overlap(one, other)] == []


@both
def test_everything_is_inside_the_canvas(drawing):
    for box in drawing.boxes:
        assert box.x >= 0, box.place
        assert box.y >= 0, box.place
        assert box.x + box.width <= drawing.width + 1, box.place
        assert box.y + box.height <= drawing.height + 1, box.place
    for stroke in drawing.strokes:
        assert all(-1 <= x <= drawing.width + 1 and -1 <= y <= drawing.height + 1 for x, y in points(stroke.line))


@both
def test_no_arrow_crosses_a_state(drawing):
    crossed = [
        (stroke.passage.number, box.place)
        for stroke in drawing.strokes
        for box in drawing.boxes
        if any(inside(box, x, y) for x, y in points(stroke.line))
    ]

    assert crossed == []


@both
def test_no_number_hides_a_state_or_another_number(drawing):
    numbers = [stroke.badge for stroke in drawing.strokes]

    assert [at for at in numbers for box in drawing.boxes if inside(box, *at)] == []
    assert [pair for pair in combinations(numbers, 2) if abs(pair[0][0] - pair[1][0]) + abs(pair[0][1] - pair[1][1]) < 10] == []


@both
def test_every_word_of_a_state_fits_its_box(drawing):
    for box in drawing.boxes:
        assert max(len(line) for _y, line in box.rows) * 6 <= box.width, box.place


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda each: each.code)
def test_every_state_and_every_arrow_is_drawn_in_both(workflow):
    for drawing in drawn(workflow):
        assert sorted(str(box.place) for box in drawing.boxes) == sorted(map(str, places(workflow)))
        assert len(drawing.strokes) == len(arrows(workflow))
        assert {stroke.passage.number for stroke in drawing.strokes} == {each.number for each in passages(workflow)}


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda each: each.code)
def test_a_telephone_shows_it_without_making_it_small(workflow):
    _wide, narrow = drawn(workflow, "30 sept. 2026")

    assert narrow.down
    assert narrow.width <= READABLE
