"""How fast the demo generator is, and how near its cohorts come to the published figures they were made from.

    .venv/bin/python -m benchmarks.demo [--persons 20000] [--seed 1]

Exit code 1 when a target is missed by more than 1.5 points, and by more than three standard errors where the group is small.
"""

from __future__ import annotations

import argparse
import sys
import time
from datetime import date

from pathways.demo.calibration import Line, measure
from pathways.demo.population import Cohort
from pathways.demo.rows import Rows, write_person

AS_OF = date(2026, 3, 2)
TOLERANCE = 1.5


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    speed(min(asked.persons, 5_000), asked.seed)
    print(f"\n{asked.persons} persons for each door, seed {asked.seed}\n")
    print(f"{'':52} {'target':>7} {'shown':>7} {'gap':>6} {'±':>5} {'cases':>7}")
    lines = list(measure(asked.persons, asked.seed, AS_OF))
    for line in lines:
        figures = f"{line.target:7.1f} {line.measured:7.1f} {line.gap:+6.1f} {line.error:5.1f} {line.cases:7}"
        print(f"{line.name:52} {figures} {_verdict(line)}")
    return int(any(_verdict(line) == "MISSED" for line in lines))


def _verdict(line: Line) -> str:
    if not line.is_target:
        return "for information"
    if abs(line.gap) <= TOLERANCE:
        return "ok"
    return "ok (noise)" if abs(line.gap) <= 3 * line.error else "MISSED"


def speed(persons: int, seed: int) -> None:
    started = time.perf_counter()
    made = Cohort(persons, seed, AS_OF)
    rows = Rows()
    entries = 0
    for person in made:
        entries += len(person.declared)
        write_person(rows, person, made.region, made.until)
    took = time.perf_counter() - started
    print(
        f"{persons} persons, {entries} entries generated, folded and written as rows in {took:.1f} s "
        f"({1000 * took / persons:.2f} ms a person, {rows.discordances} discordances)"
    )


if __name__ == "__main__":
    sys.exit(main())
