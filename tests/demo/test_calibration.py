"""The shares a cohort shows are the published ones, as far as a small cohort can tell (benchmarks/demo.py tells more)."""

from datetime import date

import pytest

from pathways.demo.calibration import broken_by, measure
from pathways.demo.case import Episode

PERSONS = 1_500
ROOM = 1.0
"""Points, besides four standard errors: thirty figures are looked at."""


@pytest.mark.slow
def test_the_shares_are_the_published_ones():
    lines = [line for line in measure(PERSONS, 4, date(2026, 3, 2)) if line.is_target]
    missed = [
        f"{line.name}: {line.measured:.1f} instead of {line.target:.1f} ± {line.error:.1f}"
        for line in lines
        if abs(line.gap) > ROOM + 4 * line.error
    ]
    assert len(lines) > 25
    assert not missed


def test_shares_leave_out_whoever_ended_otherwise_before():
    def lasting(days, *, broken):
        start, end = date(2025, 1, 1), date.fromordinal(date(2025, 1, 1).toordinal() + days)
        return Episode(1, "APPRENTISSAGE", start, end, formal_on=end if broken else None)

    contracts = [lasting(10, broken=True), lasting(20, broken=False), lasting(40, broken=True), lasting(500, broken=False)]
    share, cases, _ = broken_by(contracts, 2)
    assert cases == 4
    assert share == pytest.approx(100 * (1 - 3 / 4 * 1 / 2))
