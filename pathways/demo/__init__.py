"""The synthetic region: fictitious persons, pathways that could be real, and the truth behind them (docs/demo.md)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import TYPE_CHECKING

from pathways.demo.accounts import ACCOUNTS

if TYPE_CHECKING:
    from pathways.demo.population import DemoPerson

__all__ = ["ACCOUNTS", "DEFAULT_PERSONS", "DEFAULT_SEED", "cohort"]

DEFAULT_PERSONS, DEFAULT_SEED = 2_000, 1


def cohort(
    n: int, seed: int, as_of: date, *, entrance: str | None = None, scenarios: Collection[str] = ()
) -> Iterator[DemoPerson]:
    """``n`` persons with their journal and the hidden truth, without any database (`pathways.demo.population`)."""
    from pathways.demo import population

    return population.cohort(n, seed, as_of, entrance=entrance, scenarios=scenarios)
