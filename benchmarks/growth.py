"""Draws how figures grow with the size of the region: ``python -m benchmarks.growth growth.json growth.svg``.

Both axes are logarithmic: what grows as the region does is a line at the slope of the grey ones.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 900, 480, 70, 290, 20, 50
DRAWN = {
    "everybody from nothing": ("#000091", "tout le monde, depuis rien"),
    "night 1: who is due": ("#b34000", "une nuit : ceux qui sont dus"),
    "scan every entry, nothing else": ("#006a6f", "lire chaque fait, rien d’autre"),
    "columnar: 25 plain conditions on the same entries": ("#6e445a", "25 conditions en colonnes (DuckDB)"),
}
"""Figure → its colour and name."""


def _ticks(low: float, high: float) -> list[float]:
    return [10.0**power for power in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)]


def _said(value: float) -> str:
    return f"{value:,.0f}".replace(",", "\u202f") if value >= 1 else f"{value:g}".replace(".", ",")


def draw(kept: dict[str, dict[str, float]]) -> str:
    """The plot, as SVG. ``kept``: size asked for → figure → seconds."""
    runs = sorted(kept.values(), key=lambda run: run["active steps"])
    lines = {name: [(run["active steps"], run[name]) for run in runs if name in run] for name in DRAWN}
    steps = _ticks(min(run["active steps"] for run in runs), max(run["active steps"] for run in runs))
    seconds = _ticks(*(choose(value for points in lines.values() for _, value in points) for choose in (min, max)))

    def place(size: float, took: float) -> tuple[float, float]:
        across = math.log10(size / steps[0]) / math.log10(steps[-1] / steps[0])
        up = math.log10(took / seconds[0]) / math.log10(seconds[-1] / seconds[0])
        return LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="14">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
    ]
    for tick in steps:
        x, y = place(tick, seconds[0])
        parts.append(f'<path d="M{x:.0f} {TOP}V{y:.0f}" stroke="#ddd"/>')
        parts.append(f'<text x="{x:.0f}" y="{y + 20:.0f}" text-anchor="middle">{_said(tick)}</text>')
    for tick in seconds:
        x, y = place(steps[0], tick)
        parts.append(f'<path d="M{x:.0f} {y:.0f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{x - 8:.0f}" y="{y + 5:.0f}" text-anchor="end">{_said(tick)} s</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(f'<text x="{middle:.0f}" y="{HEIGHT - 8}" text-anchor="middle">étapes actives</text>')
    for name, points in lines.items():
        if not points:
            continue
        colour, label = DRAWN[name]
        ends = [place(*point) for point in points]
        (first, took), (x, y) = points[0], ends[-1]
        in_step = [place(first, took), place(points[-1][0], took * points[-1][0] / first)]
        parts.append(_path(in_step, "#999", dashed=True))
        parts.append(_path(ends, colour))
        parts += [f'<circle cx="{cx:.1f}" cy="{cy:.1f}" r="4" fill="{colour}"/>' for cx, cy in ends]
        said = f"{label} : {_said(round(points[-1][1], 1))} s"
        parts.append(f'<text x="{x + 10:.0f}" y="{y + 5:.0f}" fill="{colour}">{said}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _path(points: list[tuple[float, float]], colour: str, *, dashed: bool = False) -> str:
    way = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    dashes = ' stroke-dasharray="4 4"' if dashed else ""
    return f'<path d="M{way}" fill="none" stroke="{colour}" stroke-width="2"{dashes}/>'


def main() -> None:
    kept, plot = map(Path, sys.argv[1:])
    plot.write_text(draw(json.loads(kept.read_text())), encoding="utf-8")


if __name__ == "__main__":
    main()
