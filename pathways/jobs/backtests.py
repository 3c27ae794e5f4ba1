"""Replays of past periods, and the ruptures nobody was warned of."""

from pathways.operations import backtests, missed


def run(backtest_id: int) -> None:
    """Replays what was asked for."""
    backtests.run(backtest_id)


def look_back() -> None:
    """Opens an entry for each new rupture that no alert came before."""
    missed.open_missed()
