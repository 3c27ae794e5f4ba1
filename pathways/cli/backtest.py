"""``./run backtest --from DAY --to DAY [--set rule.threshold=value …]``: a period replayed, and what each choice was worth."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, NoReturn

import click

from pathways.cli import COULD_NOT_RUN

if TYPE_CHECKING:
    from pathways.backtest.measuring import Figure, Measure
    from pathways.backtest.replaying import Change
    from pathways.backtest.report import Report

DAY = click.DateTime(["%Y-%m-%d"])
SAID = {"in_force": "thresholds in force", "changed": "with the changes", "silence": "days since last sign of life"}
HEADER = (
    "| {} | calls | per 100 a week | right in 28 d | person right | caught | caught ≥ 14 d | lead, days (quartiles) "
    "| from formal day |"
)


@click.command()
@click.option("--from", "first", type=DAY, required=True, help="First day of the period.")
@click.option("--to", "last", type=DAY, required=True, help="Last day, at the latest today.")
@click.option("--set", "settings", multiple=True, metavar="[SCHEME:]RULE.THRESHOLD=VALUE", help="A threshold to change (repeat).")
@click.option("--as", "organisation", metavar="ORG", help="Only the persons this organisation leads or led (else everybody's).")
@click.option("--processes", type=click.IntRange(1, 64), default=2, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of tables.")
def command(
    first: datetime, last: datetime, settings: tuple[str, ...], organisation: str | None, processes: int, *, as_json: bool
) -> None:
    """Replay a period as it was known day by day, and judge who would have been called against the ruptures that came."""
    from pathways import clock, db
    from pathways.backtest.measuring import Period
    from pathways.backtest.replaying import replay
    from pathways.exchange.dossiers_apprenants.bodies import UnknownBody, find_body

    period = Period(first.date(), last.date(), clock.today())
    if not period.first <= period.last <= period.until:
        _give_up("--from must come before --to, and --to no later than today.")
    of = None
    if organisation is not None:
        try:
            with db.as_system(), db.atomic() as session:
                of = find_body(session, organisation).id
        except UnknownBody as fault:
            _give_up(f"{fault}")
    changes = [_change(text, of) for text in settings]
    found = replay(period, changes, organisation=of, processes=processes, progress=_progress)
    click.echo("", err=True)
    click.echo(json.dumps(found.kept(), ensure_ascii=False, indent=2) if as_json else "\n".join(tables(found)))


def _change(text: str, organisation: int | None) -> Change:
    from dataclasses import replace

    from pathways.backtest.replaying import read_change
    from pathways.detection.choices import SWITCHES
    from pathways.detection.settings import DEFAULTS
    from pathways.workflows.schemes import SCHEMES

    try:
        change = read_change(text)
    except ValueError:
        _give_up(f"--set {text}: write it as contact_silence.days=20 or CEJ:contact_silence.days=10, the value as JSON.")
    if change.name not in {*DEFAULTS, *SWITCHES} or (change.scheme is not None and change.scheme not in SCHEMES):
        _give_up(f"--set {text}: no such threshold or scheme. ./run docs writes them all into docs/signals.md.")
    return replace(change, organisation=organisation)


def _give_up(why: str) -> NoReturn:
    click.echo(why, err=True)
    sys.exit(COULD_NOT_RUN)


def _progress(done: int, total: int) -> None:
    click.echo(f"\r{done:,} of {total:,} persons replayed", nl=False, err=True)


def tables(found: Report) -> Iterator[str]:
    """Every figure, as Markdown; intervals at 95 %, by person."""
    yield (
        f"{found.period.first} to {found.period.last}: {found.persons:,} persons followed, {found.person_weeks:,} person-weeks, "
        f"{found.ruptures} ruptures ({found.never_came} who never came apart), base rate in 28 days {found.base_rate:.1%}"
    )
    budgets = list(next(iter(found.at.values())))
    for budget in budgets:
        yield "\n" + HEADER.format(f"{budget} calls per 100 a week")
        yield "|---" * HEADER.count(" | ") + "|---|"
        yield from (row(SAID[choice], measures[budget]) for choice, measures in found.at.items())
    for choice, rules in found.rules.items():
        yield "\n" + HEADER.format(f"each rule alone, {SAID[choice]}")
        yield "|---" * HEADER.count(" | ") + "|---|"
        yield from (row(f"`{rule}`", measure) for rule, measure in rules.items())


def row(name: str, one: Measure) -> str:
    """One line of a table."""
    lead, formal = (
        f"{each[1]:.0f} ({each[0]:.0f}–{each[2]:.0f})" if each else "–" for each in (one.lead, one.formal_lead)
    )
    shares = " | ".join(said(each) for each in (one.precision, one.person_precision, one.recall, one.useful))
    return f"| {name} | {one.calls} | {one.per_100:.1f} | {shares} | {lead} | {formal} |"


def said(share: Figure) -> str:
    """« 0.27 (0.22–0.31) »."""
    return f"{share.value:.2f} ({share.low:.2f}–{share.high:.2f})" if share.value is not None else "–"
