"""``./run demo``: the synthetic region into an empty database."""

from __future__ import annotations

import sys
import time
from datetime import datetime

import click

from pathways.demo import DEFAULT_PERSONS, DEFAULT_SEED
from pathways.demo.region import SCENARIOS

COULD_NOT_RUN = 2


@click.command()
@click.option(
    "--persons", type=click.IntRange(min=1), default=DEFAULT_PERSONS, show_default=True, help="How many fictitious persons."
)
@click.option("--seed", type=int, default=DEFAULT_SEED, show_default=True, help="The same seed and day give the same journal.")
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The morning on which the region is shown (default: today in Paris)."
)
@click.option("--scenario", "scenarios", type=click.Choice(list(SCENARIOS)), multiple=True, help="Something out of the ordinary.")
def demo(persons: int, seed: int, as_of: datetime | None, scenarios: tuple[str, ...]) -> None:
    """Load the synthetic region into an empty database, and evaluate everybody."""
    from pathways import clock
    from pathways.demo.cast import perform
    from pathways.demo.load import NotEmpty, evaluate, load

    day = as_of.date() if as_of else clock.today()
    try:
        loaded = load(persons, seed, day, scenarios)
    except NotEmpty:
        click.echo("This database is not empty: the demo region goes into a new one (--data DIR).", err=True)
        sys.exit(COULD_NOT_RUN)
    click.echo(
        f"{loaded.persons} persons, {loaded.enrolments} steps, {loaded.entries} entries, {loaded.organisations} organisations "
        f"and {loaded.users} users as of {day} in {loaded.seconds:.1f} s (seed {seed}, {loaded.discordances} discordances)"
    )
    started = time.monotonic()
    written = perform(loaded.region)
    click.echo(f"{written} written lives beside them in {time.monotonic() - started:.1f} s")
    started = time.monotonic()
    signals = evaluate(day)
    click.echo(f"{signals} signals in {time.monotonic() - started:.1f} s")
