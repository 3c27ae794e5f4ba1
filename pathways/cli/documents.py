"""``./run docs``: the pages of docs/ that come from the code, so that they cannot disagree with it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pathways.cli import PROJECT


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; exit code 1 if a page is stale.")
def command(check: bool) -> None:
    """Write workflows.md, signals.md, alerts.md, visibility.md, the lists of glossary.md and the schema of the access export."""
    stale = [path for path, text in pages() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if check:
        for path in stale:
            click.echo(f"{path.relative_to(PROJECT)} is stale: ./run docs")
        sys.exit(1 if stale else 0)
    for path, text in pages():
        path.write_text(text, encoding="utf-8")
    click.echo(f"{len(stale)} page{'s' if len(stale) != 1 else ''} changed")


def pages() -> list[tuple[Path, str]]:
    """Each generated page and its text. What is written by hand in the glossary stays as it is."""
    from pathways.exchange.access_export import schema
    from pathways.operations.acting import NEXT_LOOK
    from pathways.operations.alert_clock import JUDGED_ON, TOO_IRRELEVANT
    from pathways.operations.alerts import AFTER_PAUSE
    from pathways.queries.alert_reference import alerts_page
    from pathways.queries.reference import signals_page, workflows_page
    from pathways.queries.reference_words import glossary_page
    from pathways.queries.retention_reference import retention_page
    from pathways.queries.visibility_reference import visibility_page

    of_alerts = [
        ("to act once a pause has ended", f"{AFTER_PAUSE} working days"),
        ("looked at again after an act", f"{NEXT_LOOK} working days"),
        ("a rule is put under review", f"above {TOO_IRRELEVANT:.0%} of its last {JUDGED_ON} closings found irrelevant"),
    ]
    docs = PROJECT / "docs"
    glossary, retention = docs / "glossary.md", docs / "retention.md"
    return [
        (docs / "workflows.md", workflows_page()),
        (docs / "signals.md", signals_page()),
        (docs / "alerts.md", alerts_page(of_alerts)),
        (docs / "visibility.md", visibility_page()),
        (docs / "access-export.schema.json", schema.as_text()),
        (retention, retention_page(retention.read_text(encoding="utf-8"))),
        (glossary, glossary_page(glossary.read_text(encoding="utf-8"))),
    ]
