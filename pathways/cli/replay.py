"""``./run replay FILE [--check]``: written stories, played evening by evening in a throw-away database."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pathways.cli import COULD_NOT_RUN

if TYPE_CHECKING:
    from pathways.exchange.stories.playing import Played
    from pathways.exchange.stories.reading import Story


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Compare with what the stories expect; one line per mismatch, exit code 1 if any.")
def command(file: Path, check: bool) -> None:
    """Play the stories of FILE day by day; print the states and signals that show."""
    from pathways.exchange.stories.checking import mismatches, not_checked
    from pathways.exchange.stories.reading import NotAStory, read_stories

    try:
        stories = read_stories(file)
    except NotAStory as fault:
        click.echo(f"{fault}", err=True)
        sys.exit(COULD_NOT_RUN)
    from pathways.exchange.stories.playing import play

    found = 0
    with throw_away_database():
        for story in stories:
            played = play(story)
            if not check:
                show(story, played)
                continue
            for line in mismatches(story, played):
                click.echo(line)
                found += 1
            for line in not_checked(story):
                click.echo(line)
    if check:
        click.echo(f"{len(stories)} stories, {found} mismatch{'es' if found != 1 else ''}")
        sys.exit(1 if found else 0)


def show(story: Story, played: Played) -> None:
    """The states and signals of one story, in the order of days."""
    click.echo(f"{story.id} {story.title}")
    before: dict[str, str] = {}
    lines = []
    for scheme, seen in played.states.items():
        for day, state, _referent in seen:
            if before.get(scheme) != state:
                lines.append((day, f"  {day} {scheme}: {state}"))
                before[scheme] = state
    for signal in played.signals:
        until = f" until {signal.resolved_on}" if signal.resolved_on else ""
        lines.append(
            (signal.raised_on, f"  {signal.raised_on} ! {signal.id} {signal.level} ({signal.scheme or 'person'}){until}")
        )
    for _day, line in sorted(lines, key=lambda each: each[0]):
        click.echo(line)


@contextmanager
def throw_away_database() -> Iterator[None]:
    """Servers and a migrated database of its own, gone afterwards: no story ever touches real data."""
    from pathways import db
    from pathways.cli.migrate import upgrade
    from pathways.server import TESTING, embedded

    before = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="pathways-replay-") as folder:
        Path(folder).chmod(0o755)  # an unprivileged server must be able to pass through
        with embedded(Path(folder) / "data", TESTING, which=frozenset({"postgres"})) as servers:
            os.environ.update(servers.environment({}))
            try:
                upgrade()
                db.configure(servers.app_url)
                yield
            finally:
                db.remove()
                db.dispose()
                os.environ.clear()
                os.environ.update(before)
