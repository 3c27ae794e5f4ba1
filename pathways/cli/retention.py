"""``./run retention``: what is kept too long is announced, archived, then erased."""

from __future__ import annotations

import sys
import time
from collections import Counter
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from pathways.cli import COULD_NOT_RUN

if TYPE_CHECKING:
    from pathways.operations.retention import Decision

DOES = {"notice": "announced, due on", "archive": "archived on", "erase": "erased on"}


@click.command()
@click.option("--dry-run", is_flag=True, help="Say what is due and why, write nothing.")
@click.option("--on", "on", type=click.DateTime(["%Y-%m-%d"]), help="Day to look at (default: today in Paris).")
def command(dry_run: bool, on: datetime | None) -> None:
    """Announce, archive and erase what is past its time (docs/retention.md).

    Per rule how many, then one line per person by public reference. May be stopped at any moment and started again. Exit code 2:
    could not run (another run, a day to come, no DATABASE_ERASER_URL).
    """
    from pathways import clock

    day: date = on.date() if on else clock.today()
    started = time.monotonic()
    if dry_run:
        tell_what_is_due(day)
    else:
        do_what_is_due(day)
    click.echo(f"in {time.monotonic() - started:.1f} s{'; nothing was written' if dry_run else ''}")


def tell_what_is_due(day: date) -> None:
    from pathways.operations.retention import old_lines, review

    found = list(review(day))
    counts = Counter((each.rule, "held" if each.held else str(each.act)) for each in found)
    counts.update({(rule, "erase"): lines for rule, lines in old_lines(day).items()})
    tell_counts(day, counts)
    for each in sorted(found, key=lambda each: (each.rule, each.on, each.facts.person_id)):
        click.echo(line(each))


def do_what_is_due(day: date) -> None:
    from flask import current_app

    from pathways.errors import Refused
    from pathways.operations.retention import run

    eraser_url = current_app.extensions["pathways"].eraser_url
    if not eraser_url:
        click.echo("Set DATABASE_ERASER_URL to the database, under the role pathways_eraser (docs/retention.md).", err=True)
        sys.exit(COULD_NOT_RUN)
    try:
        report = run(day, eraser_url, lambda each: click.echo(line(each)))
    except Refused as refusal:
        click.echo(f"Nothing was done: {refusal}", err=True)
        sys.exit(COULD_NOT_RUN)
    tell_counts(day, report.done)
    click.echo(f"{report.held} held back, {report.reopened} taken up again")


def tell_counts(day: date, counts: Counter[tuple[str, str]]) -> None:
    from pathways.sharing.retention import RULES

    for code, rule in RULES.items():
        told = [f"{number} {act}" for (named, act), number in sorted(counts.items()) if named == code and number]
        if told:
            click.echo(f"{day} {code}: {', '.join(told)} ({rule.active} months + {rule.archive} archived; {rule.source})")


def line(each: Decision) -> str:
    """Public reference, last contact or end, rule, what happens when. Never a name."""
    what = f"step {each.step}" if each.step else "record"
    happens = "held, nothing happens" if each.held else f"{DOES[each.act]} {each.on}"
    return f"  {each.facts.public_id}  {what}  {each.rule}  counted from {each.last_on}  {happens}"
