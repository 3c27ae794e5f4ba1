"""``./run sweep``: the evaluation of everybody who is due, with its figures."""

from __future__ import annotations

import time
from datetime import date, datetime

import click


@click.command()
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Day to evaluate (default: today in Paris).")
@click.option("--full", is_flag=True, help="Evaluate everybody, not only those who are due.")
@click.option("--history", is_flag=True, help="Of persons never evaluated, look at every past evening too.")
@click.option("--processes", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes for large numbers.")
def command(as_of: datetime | None, full: bool, history: bool, processes: int) -> None:
    """Evaluate every signal of the persons who are due."""
    from pathways import clock
    from pathways.detection.parallel import sweep_in_parallel

    day: date = as_of.date() if as_of else clock.today()
    started = time.monotonic()
    counts = sweep_in_parallel(day, full=full, history=history, processes=processes)
    took = time.monotonic() - started
    click.echo(
        f"{day}: {counts.persons} persons evaluated from {counts.entries} entries and {counts.half_days} half-days, "
        f"{counts.opened} signals opened, {counts.closed} closed, in {took:.1f} s "
        f"({counts.entries / took:,.0f} entries a second)"
    )
