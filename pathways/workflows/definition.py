"""The language workflows are written in, and the checks that refuse a faulty one at import.

A workflow is a list of lines in the order a case lives. The order matters once: it ranks the events of one day.

- ``on``:   an event, declared by these actors, moves the step from these states to that one, if these guards hold;
- ``note``: an event is recorded and moves nothing;
- ``at``:   the clock moves the step on the day a function of the step gives;
- ``when``: an event of another step of the same person moves this one.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from pathways.errors import Reason
from pathways.workflows.actors import Actor
from pathways.workflows.entry import Entry
from pathways.workflows.events import EVENTS
from pathways.workflows.states import NOT_STARTED, State

if TYPE_CHECKING:
    from pathways.workflows.fold import Pathway, Step

Place = State | str
Guard = Callable[["Step", "Pathway", Entry], Reason | Iterable[Reason] | None]
Given = Callable[[Entry], bool]
DueOn = Callable[["Step", "Pathway"], date | None]

START = NOT_STARTED
ANYWHERE: frozenset[Place] = frozenset()


class FaultyWorkflow(TypeError):
    """A workflow that could strand somebody: refused when its page is imported."""


@dataclass(frozen=True, slots=True)
class Move:
    """An event that moves the step. ``given`` restricts it to some contents of the event.

    ``offered``: screens offer it; another name of an event they already offer is understood, not offered.
    """

    event: str
    sources: frozenset[Place]
    target: State
    by: frozenset[Actor]
    needs: tuple[Guard, ...] = ()
    given: Given | None = None
    offered: bool = True


@dataclass(frozen=True, slots=True)
class Note:
    """An event that is recorded on the step without moving it; ``during`` empty means in any state."""

    event: str
    by: frozenset[Actor]
    during: frozenset[Place] = ANYWHERE
    needs: tuple[Guard, ...] = ()


@dataclass(frozen=True, slots=True)
class Clock:
    """A move the law or the sheet gives to the clock: on the day ``due`` returns, after that day's events."""

    name: str
    due: DueOn
    sources: frozenset[Place]
    target: State
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Reaction:
    """A move caused by an event of another step of the same person, in one of the schemes ``of``."""

    event: str
    of: frozenset[str]
    sources: frozenset[Place]
    target: State


Line = Move | Note | Clock | Reaction


def _places(places: Iterable[Place] | Place) -> frozenset[Place]:
    return frozenset({places}) if isinstance(places, str) else frozenset(places)


def _actors(by: Iterable[Actor] | Actor) -> frozenset[Actor]:
    return frozenset({by}) if isinstance(by, str) else frozenset(by)


def on(
    event: str,
    sources: Iterable[Place] | Place,
    target: State,
    *,
    by: Iterable[Actor] | Actor,
    needs: Iterable[Guard] = (),
    given: Given | None = None,
    offered: bool = True,
) -> Move:
    """``event``, declared by ``by``, moves the step from ``sources`` to ``target``."""
    return Move(event, _places(sources), target, _actors(by), tuple(needs), given, offered)


def note(
    event: str, *, by: Iterable[Actor] | Actor, during: Iterable[Place] | Place = ANYWHERE, needs: Iterable[Guard] = ()
) -> Note:
    """``event`` is recorded on the step and moves nothing."""
    return Note(event, _actors(by), _places(during), tuple(needs))


def at(name: str, due: DueOn, sources: Iterable[Place] | Place, target: State, *, outcome: str | None = None) -> Clock:
    """The clock moves the step on ``due``; ``name`` says why, in the history."""
    return Clock(name, due, _places(sources), target, outcome)


def when(event: str, sources: Iterable[Place] | Place, target: State, *, of: Iterable[str]) -> Reaction:
    """``event`` on another step of the person, of one of these schemes, moves this one."""
    return Reaction(event, frozenset(of), _places(sources), target)


@dataclass(frozen=True)
class Workflow:
    """The lines of one scheme family or scheme, checked when built.

    Raises `FaultyWorkflow` for an unknown event, a missing actor, a state out of reach, a state with no way out that is not
    final, a move out of a final state, or two lines that say the same thing.
    """

    code: str
    final: frozenset[State]
    lines: tuple[Line, ...]
    rank: Mapping[str, int] = field(init=False, repr=False)
    moves: Mapping[tuple[str, Place], tuple[Move, ...]] = field(init=False, repr=False)
    clocks: Mapping[Place, tuple[Clock, ...]] = field(init=False, repr=False)
    reactions: tuple[Reaction, ...] = field(init=False, repr=False)
    notes: Mapping[str, Note] = field(init=False, repr=False)

    def __init__(self, code: str, *, final: Iterable[State], lines: Iterable[Line]) -> None:
        put = object.__setattr__
        put(self, "code", code)
        put(self, "final", frozenset(final))
        put(self, "lines", tuple(lines))
        put(self, "rank", self._ranks())
        put(self, "moves", self._moves())
        put(self, "clocks", self._clocks())
        put(self, "reactions", tuple(line for line in self.lines if isinstance(line, Reaction)))
        put(self, "notes", {line.event: line for line in self.lines if isinstance(line, Note)})
        faults = list(self._faults())
        if faults:
            raise FaultyWorkflow(f"{code}: " + "; ".join(faults))

    @property
    def states(self) -> frozenset[State]:
        """Every state this workflow can be in."""
        moving = [line for line in self.lines if not isinstance(line, Note)]
        named = {place for line in moving for place in (*line.sources, line.target)}
        return frozenset(State(place) for place in named if place != START)

    @property
    def events(self) -> tuple[str, ...]:
        """Every event one may declare on the step, once each, in the order of the page."""
        return tuple(dict.fromkeys(line.event for line in self.lines if isinstance(line, Move | Note)))

    @property
    def offered(self) -> tuple[str, ...]:
        """Those of them that screens offer."""
        kept = {line.event for line in self.lines if isinstance(line, Note) or (isinstance(line, Move) and line.offered)}
        return tuple(event for event in self.events if event in kept)

    def move(self, entry: Entry, state: Place) -> Move | None:
        """The move ``entry`` causes from ``state``, if any."""
        for move in self.moves.get((entry.type, state), ()):
            if move.given is None or move.given(entry):
                return move
        return None

    def accepts(self, event: str, state: Place) -> bool:
        """Whether ``event`` is simply recorded in ``state``."""
        line = self.notes.get(event)
        return line is not None and (not line.during or state in line.during)

    def _ranks(self) -> dict[str, int]:
        ranks: dict[str, int] = {}
        for position, line in enumerate(self.lines):
            if isinstance(line, Move | Note):
                ranks.setdefault(line.event, position)
        return ranks

    def _moves(self) -> dict[tuple[str, Place], tuple[Move, ...]]:
        table: dict[tuple[str, Place], tuple[Move, ...]] = {}
        for line in self.lines:
            if isinstance(line, Move):
                for source in line.sources:
                    key = (line.event, source)
                    table[key] = (*table.get(key, ()), line)
        return table

    def _clocks(self) -> dict[Place, tuple[Clock, ...]]:
        table: dict[Place, tuple[Clock, ...]] = {}
        for line in self.lines:
            if isinstance(line, Clock):
                for source in line.sources:
                    table[source] = (*table.get(source, ()), line)
        return table

    def _faults(self) -> Iterable[str]:
        yield from self._faults_of_lines()
        yield from self._faults_of_the_graph()

    def _faults_of_lines(self) -> Iterable[str]:
        for line in self.lines:
            if not isinstance(line, Clock) and line.event not in EVENTS:
                yield f"unknown event {line.event!r}"
            if isinstance(line, Move | Note) and not line.by:
                yield f"nobody may declare {line.event!r}"
        for (event, source), moves in self.moves.items():
            if sum(move.given is None for move in moves) > 1:
                yield f"{event!r} from {source or 'the start'} moves to two states"

    def _faults_of_the_graph(self) -> Iterable[str]:
        moving = [line for line in self.lines if not isinstance(line, Note)]
        for line in moving:
            if leaving := line.sources & self.final:
                yield f"a move leaves the final state {', '.join(sorted(leaving))}"
        reached: set[Place] = {START}
        while more := {line.target for line in moving if line.sources & reached} - reached:
            reached |= more
        if out_of_reach := (self.states | self.final) - reached:
            yield f"unreachable: {', '.join(sorted(out_of_reach))}"
        ways_out = {source for line in moving for source in line.sources if line.target != source}
        if traps := self.states - self.final - ways_out:
            yield f"no way out of {', '.join(sorted(traps))}"
