"""The drawing of a workflow: states in rows from the start to the ends, arrows in lanes of their own between them.

A small layered layout. Lengths are pixels. ``along`` is the direction a case lives in (down on a telephone, to the right on a
wide screen), ``across`` the other one. An arrow that passes a row keeps a lane there, shared by all arrows to the same state;
so no arrow meets a state it has nothing to do with.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pathways.workflows.definition import Place, Workflow
from pathways.workflows.graph import Arrow, Passage, arrows, layers, passages, places

LINE, CHARACTER, SMALL_CHARACTER, PADDING = 15, 7.2, 6.2, 9
PORT = 16
"""Between two arrows that leave the same state: their numbers stand side by side."""
LANE, APART = 4, 10
GAP, MARGIN = 46, 8
BADGE_AT = 12
LOOP = 20
NARROW_WIDTH = 350
"""What a telephone of 390 px leaves."""
SWEEPS = 12

Key = tuple[str, Place, int]
"""An item of a row: ("state", place, row), or a lane ("to" or "back", target, row)."""


@dataclass(frozen=True, slots=True)
class Label:
    """What a box says: lines of text, and a line below them in small."""

    lines: tuple[str, ...]
    small: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A state, its corner and its size."""

    place: Place
    x: float
    y: float
    width: float
    height: float
    label: Label

    @property
    def rows(self) -> list[tuple[float, str]]:
        """Each line of text with where it stands."""
        told = [*self.label.lines, *([self.label.small] if self.label.small else [])]
        top = self.y + self.height / 2 - (len(told) - 1) * LINE / 2
        return [(round(top + LINE * position, 1), line) for position, line in enumerate(told)]

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True, slots=True)
class Stroke:
    """An arrow: the passage it is of, its source, its line, its head, and where its number stands."""

    passage: Passage
    source: Place
    line: str
    head: str
    badge: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything to draw, in a canvas of that size."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    strokes: tuple[Stroke, ...]
    down: bool


def drawings(workflow: Workflow, labels: Mapping[Place, tuple[str, str]]) -> tuple[Drawing, Drawing]:
    """The drawing for a wide screen and the one for a telephone. ``labels``: what is said of each place, and in small."""
    wide = draw(workflow, labels, down=False, abreast=6)
    tries = (draw(workflow, labels, down=True, abreast=abreast) for abreast in (3, 2, 1))
    narrow = min(tries, key=lambda each: max(each.width, NARROW_WIDTH))
    return wide, narrow


def draw(workflow: Workflow, labels: Mapping[Place, tuple[str, str]], *, down: bool, abreast: int) -> Drawing:
    """One drawing, with at most ``abreast`` states in a row."""
    return _Layout(workflow, labels, down, abreast).drawing()


@dataclass(slots=True)
class _Way:
    """An arrow laid through the rows: the items it passes, from its source to its target."""

    passage: Passage
    arrow: Arrow
    items: list[Key]
    back: bool


@dataclass(slots=True)
class _Item:
    """A state or a lane in its row: its size across and along, and its middle across."""

    across: float
    along: float
    at: float = 0.0
    ways: dict[str, list[tuple[Key, _Way]]] = field(default_factory=lambda: {"before": [], "after": []})


class _Layout:
    def __init__(self, workflow: Workflow, labels: Mapping[Place, tuple[str, str]], down: bool, abreast: int) -> None:
        self.down = down
        self.row_of = _rows(workflow, abreast)
        self.rows: list[list[Key]] = [[] for _ in range(max(self.row_of.values()) + 1)]
        for place in places(workflow):
            self.rows[self.row_of[place]].append(self._key(place))
        of = {(source, passage.target): passage for passage in passages(workflow) for source in passage.sources}
        found = [(of[arrow.source, arrow.target], arrow) for arrow in arrows(workflow)]
        self.ways = [self._way(passage, arrow) for passage, arrow in found if not arrow.is_loop]
        self.loops = {arrow.source: passage for passage, arrow in found if arrow.is_loop}
        self.labels = {place: _label(*labels.get(place, (str(place), "")), down=down) for place in self.row_of}
        self.items = {key: _Item(LANE, 0) for row in self.rows for key in row}
        for way in self.ways:
            self._tie(way)
        for place in self.row_of:
            self._size(place)

    def drawing(self) -> Drawing:
        """Orders the rows, gives each item its place, then draws."""
        self._order()
        self._place()
        tops = self._tops()
        low = min(item.at - item.across / 2 for item in self.items.values()) - MARGIN
        for item in self.items.values():
            item.at -= low
        high = max(item.at + item.across / 2 for item in self.items.values()) + MARGIN
        end = tops[-1] + self._depth(len(self.rows) - 1) + MARGIN
        boxes = tuple(self._box(place, tops) for place in self.row_of)
        strokes = [self._stroke(way, tops) for way in self.ways]
        strokes += [self._loop(box) for box in boxes if box.place in self.loops]
        width, height = (high, end) if self.down else (end, high)
        return Drawing(round(width), round(height), boxes, tuple(strokes), self.down)

    # what there is

    def _key(self, place: Place) -> Key:
        return ("state", place, self.row_of[place])

    def _way(self, passage: Passage, arrow: Arrow) -> _Way:
        first, last = self.row_of[arrow.source], self.row_of[arrow.target]
        back = last < first
        passed = range(first - 1, last, -1) if back else range(first + 1, last)
        lanes: list[Key] = [("back" if back else "to", arrow.target, row) for row in passed]
        for lane in lanes:
            if lane not in self.rows[lane[2]]:
                self.rows[lane[2]].append(lane)
        return _Way(passage, arrow, [self._key(arrow.source), *lanes, self._key(arrow.target)], back)

    def _tie(self, way: _Way) -> None:
        """Notes on each item what it is tied to in the row before and in the row after."""
        for one, other in zip(way.items, way.items[1:], strict=False):
            ahead, behind = ("before", "after") if way.back else ("after", "before")
            self.items[one].ways[ahead].append((other, way))
            self.items[other].ways[behind].append((one, way))

    def _size(self, place: Place) -> None:
        item, label = self.items[self._key(place)], self.labels[place]
        text = LINE * (len(label.lines) + bool(label.small)) + PADDING
        longest = max(CHARACTER * max(map(len, label.lines)), SMALL_CHARACTER * len(label.small))
        width = max(longest + 2 * PADDING, 44)
        ports = PORT * max(len(self._ports(item, side)) for side in ("before", "after"))
        loop = LOOP if place in self.loops else 0
        item.across, item.along = (max(width, ports), text) if self.down else (max(text, ports), width)
        item.across += 2 * loop if self.down else loop

    @staticmethod
    def _ports(item: _Item, side: str) -> list[tuple[Key, int]]:
        """What leaves or reaches one side: an arrow that leaves has its own port, arrows that come by one lane share theirs."""
        found: dict[tuple[Key, int], None] = {}
        for other, way in item.ways[side]:
            leaves = (side == "after") != way.back
            found[other, way.passage.number if leaves else 0] = None
        return list(found)

    # where it stands

    def _order(self) -> None:
        """Each row in the order of the middles of what it is tied to, looking back then ahead."""
        for sweep in range(SWEEPS):
            side, rows = ("before", self.rows[1:]) if sweep % 2 == 0 else ("after", self.rows[-2::-1])
            rank = {key: position / len(row) for row in self.rows for position, key in enumerate(row)}
            for row in rows:
                row.sort(key=lambda key: (_mean([rank[other] for other, _way in self.items[key].ways[side]], rank[key]), key[0]))
                rank.update({key: position / len(row) for position, key in enumerate(row)})

    def _place(self) -> None:
        """Gives each item the middle of what it is tied to, as far as its row leaves room."""
        for row in self.rows:
            at = 0.0
            for key in row:
                item = self.items[key]
                item.at = at + item.across / 2
                at += item.across + APART
            for key in row:
                self.items[key].at -= at / 2
        for sweep in range(SWEEPS):
            for row in self.rows if sweep % 2 == 0 else self.rows[::-1]:
                self._settle(row)

    def _settle(self, row: Sequence[Key]) -> None:
        """The nearest places to those wished for, keeping the order and the room between (pools of neighbours)."""
        pools: list[list[float]] = []  # wished for, weight, number of items
        offset, offsets = 0.0, []
        before: _Item | None = None
        for key in row:
            item = self.items[key]
            offset += (before.across + item.across) / 2 + APART if before else 0.0
            offsets.append(offset)
            before = item
            wish, weight = self._wish(key)
            pools.append([wish - offset, weight, 1])
            while len(pools) > 1 and pools[-2][0] >= pools[-1][0]:
                last, former = pools.pop(), pools.pop()
                together = former[1] + last[1]
                pools.append([(former[0] * former[1] + last[0] * last[1]) / together, together, former[2] + last[2]])
        settled = [pool[0] for pool in pools for _ in range(int(pool[2]))]
        for key, base, moved in zip(row, settled, offsets, strict=True):
            self.items[key].at = base + moved

    def _wish(self, key: Key) -> tuple[float, float]:
        item = self.items[key]
        tied = [(other, 4.0 if key[0] == other[0] else 1.0) for side in item.ways.values() for other, _way in side]
        if not tied:
            return item.at, 1.0
        weight = sum(each for _other, each in tied)
        return sum(self.items[other].at * each for other, each in tied) / weight, weight

    def _depth(self, row: int) -> float:
        return max(self.items[key].along for key in self.rows[row])

    def _tops(self) -> list[float]:
        tops = [float(MARGIN)]
        for row in range(len(self.rows) - 1):
            tops.append(tops[-1] + self._depth(row) + GAP)
        return tops

    # what is drawn

    def _box(self, place: Place, tops: Sequence[float]) -> Box:
        item = self.items[self._key(place)]
        deep = self._depth(self.row_of[place])
        loop = (LOOP if self.down else LOOP / 2) if place in self.loops else 0
        across, along = item.at - item.across / 2 + loop, tops[self.row_of[place]] + (deep - item.along) / 2
        size = item.across - 2 * loop
        x, y, width, height = (across, along, size, item.along) if self.down else (along, across, item.along, size)
        return Box(place, round(x, 1), round(y, 1), round(width, 1), round(height, 1), self.labels[place])

    def _port(self, key: Key, side: str, other: Key, way: _Way) -> float:
        """Where along its side an arrow leaves or reaches an item."""
        item = self.items[key]
        if key[0] != "state":
            return item.at
        leaves = (side == "after") != way.back
        ports = sorted(self._ports(item, side), key=lambda port: (self.items[port[0]].at, port[1]))
        spread = min(PORT, (item.across - PADDING) / len(ports))
        position = ports.index((other, way.passage.number if leaves else 0))
        return item.at + (position - (len(ports) - 1) / 2) * spread

    def _edge(self, key: Key, side: str, tops: Sequence[float]) -> float:
        """The near or far edge of an item along the way; a lane spans its whole row."""
        row = key[2]
        deep, along = self._depth(row), self.items[key].along if key[0] == "state" else self._depth(row)
        start = tops[row] + (deep - along) / 2
        return start if side == "before" else start + along

    def _stroke(self, way: _Way, tops: Sequence[float]) -> Stroke:
        leaving, reaching = ("before", "after") if way.back else ("after", "before")
        sign = -1 if way.back else 1
        line: list[str] = []
        start = end = (0.0, 0.0)
        for position, (one, other) in enumerate(zip(way.items, way.items[1:], strict=False)):
            start = (self._port(one, leaving, other, way), self._edge(one, leaving, tops))
            end = (self._port(other, reaching, one, way), self._edge(other, reaching, tops))
            if position == 0:
                badge = (start[0], start[1] + sign * BADGE_AT)
                line.append(f"M{self._point(*start)}")
                start = (start[0], start[1] + sign * BADGE_AT)
            line.append(f"L{self._point(*start)}")
            middle = (start[1] + end[1]) / 2
            line.append(f"C{self._point(start[0], middle)} {self._point(end[0], middle)} {self._point(*end)}")
        head = (end, (end[0] - 4, end[1] - sign * 7), (end[0] + 4, end[1] - sign * 7))
        points = " ".join(self._point(*each) for each in head)
        return Stroke(way.passage, way.arrow.source, " ".join(line), points, self._as_xy(*badge))

    def _loop(self, box: Box) -> Stroke:
        passage = self.loops[box.place]
        # On the far side of the box: its middle is at ``near``, the loop bulges across.
        side, near = (box.x + box.width, box.y + box.height / 2) if self.down else (box.y + box.height, box.middle)
        curve = [(side, near - 6), (side + 16, near - 14), (side + 16, near + 14), (side, near + 6)]
        head = [(side, near + 6), (side + 7, near + 3), (side + 6, near + 11)]
        points = [self._point(*each) for each in curve]
        line = f"M{points[0]} C{' '.join(points[1:])}"
        return Stroke(passage, box.place, line, " ".join(self._point(*each) for each in head), self._as_xy(side + 12, near))

    def _as_xy(self, across: float, along: float) -> tuple[float, float]:
        x, y = (across, along) if self.down else (along, across)
        return round(x, 1), round(y, 1)

    def _point(self, across: float, along: float) -> str:
        x, y = self._as_xy(across, along)
        return f"{x},{y}"


def _rows(workflow: Workflow, abreast: int) -> dict[Place, int]:
    """Place → row: the layers in order, one that holds too many states taking several rows."""
    found: dict[Place, int] = {}
    depth, row = layers(workflow), -1
    for layer in sorted(set(depth.values())):
        for position, place in enumerate(each for each in places(workflow) if depth[each] == layer):
            row += position % abreast == 0
            found[place] = row
    return found


def _label(text: str, small: str, *, down: bool) -> Label:
    lines = textwrap.wrap(text, 13 if down else 14, break_long_words=False) or [text]
    return Label(tuple(lines), small)


def _mean(ranks: Iterable[float], otherwise: float) -> float:
    known = list(ranks)
    return sum(known) / len(known) if known else otherwise

