"""A workflow as a graph: its states in layers, and one arrow for all the moves between the same two states."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pathways.workflows.definition import START, Clock, Line, Move, Note, Place, Reaction, Workflow

Moving = Move | Clock | Reaction
"""A line that moves the step."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """Every move from one place to another, in the order of the page. ``source`` and ``target`` are the same for a loop."""

    source: Place
    target: Place
    moves: tuple[Moving, ...]

    @property
    def is_loop(self) -> bool:
        return self.source == self.target


@dataclass(frozen=True, slots=True)
class Passage:
    """The same moves to one state, whatever the states they leave: what one number of the drawing stands for."""

    number: int
    target: Place
    moves: tuple[Moving, ...]
    sources: tuple[Place, ...]

    @property
    def is_automatic(self) -> bool:
        """Only the clock, or another step, moves along it: nobody declares anything on this step."""
        return not any(isinstance(move, Move) for move in self.moves)


def moving(lines: Iterable[Line]) -> list[Moving]:
    """The lines that move the step, but for second names of an event that screens do not offer."""
    return [line for line in lines if not isinstance(line, Note) and not (isinstance(line, Move) and not line.offered)]


def arrows(workflow: Workflow) -> list[Arrow]:
    """One arrow for each pair of places, those of the earliest states first."""
    found: dict[tuple[Place, Place], list[Moving]] = {}
    for line in moving(workflow.lines):
        for source in line.sources:
            found.setdefault((source, line.target), []).append(line)
    order = {place: position for position, place in enumerate(places(workflow))}
    pairs = sorted(found, key=lambda pair: (order[pair[0]], order[pair[1]]))
    return [Arrow(*pair, tuple(found[pair])) for pair in pairs]


def passages(workflow: Workflow) -> list[Passage]:
    """Every passage, numbered from 1 in the order of the arrows."""
    found: dict[tuple[Place, tuple[Moving, ...]], list[Place]] = {}
    for arrow in arrows(workflow):
        found.setdefault((arrow.target, arrow.moves), []).append(arrow.source)
    return [
        Passage(number, target, moves, tuple(sources))
        for number, ((target, moves), sources) in enumerate(found.items(), 1)
    ]


def places(workflow: Workflow) -> list[Place]:
    """The start, then the states in the order in which a case lives them, the final ones last."""
    depth = layers(workflow)
    named = list(dict.fromkeys(place for line in moving(workflow.lines) for place in (*sorted(line.sources), line.target)))
    known = [place for place in named if place != START]
    return [START, *sorted(known, key=lambda place: (place in workflow.final, depth[place], known.index(place)))]


def layers(workflow: Workflow) -> Mapping[Place, int]:
    """Place → layer: the longest way from the start without going back, the final states in the last one."""
    onwards = _onwards(workflow)
    depth: dict[Place, int] = {START: 0}
    for place in _in_order(onwards):
        for target in onwards.get(place, ()):
            depth[target] = max(depth.get(target, 0), depth[place] + 1)
    last = max((deep for place, deep in depth.items() if place not in workflow.final), default=0) + 1
    return {place: last if place in workflow.final else deep for place, deep in depth.items()}


def _targets(workflow: Workflow) -> dict[Place, list[Place]]:
    targets: dict[Place, list[Place]] = {}
    for line in moving(workflow.lines):
        for source in sorted(line.sources):
            if line.target != source and line.target not in targets.setdefault(source, []):
                targets[source].append(line.target)
    return targets


def _onwards(workflow: Workflow) -> dict[Place, list[Place]]:
    """The moves without those that go back to a state one comes from."""
    targets, onwards = _targets(workflow), dict[Place, list[Place]]()
    done: set[Place] = set()
    under_way: set[Place] = set()

    def visit(place: Place) -> None:
        under_way.add(place)
        for target in targets.get(place, ()):
            if target in under_way:
                continue
            onwards.setdefault(place, []).append(target)
            if target not in done:
                visit(target)
        under_way.discard(place)
        done.add(place)

    visit(START)
    return onwards


def _in_order(onwards: Mapping[Place, Iterable[Place]]) -> list[Place]:
    """Each place after all those that lead to it."""
    order: list[Place] = []
    done: set[Place] = set()

    def visit(place: Place) -> None:
        done.add(place)
        for target in onwards.get(place, ()):
            if target not in done:
                visit(target)
        order.append(place)

    visit(START)
    return order[::-1]
