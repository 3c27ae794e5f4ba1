"""``./run export``: what this system holds, one sub-command per format, each imported when it is used."""

from __future__ import annotations

import importlib
from typing import Any

import click

from pathways.cli import Needs, prepared

FORMATS = {
    "tables": ("pathways.cli.export_tables", "One CSV file per kind of record."),
}


class Formats(click.Group):
    """The sub-commands, known by name before any of them is imported."""

    def list_commands(self, _context: click.Context) -> list[str]:
        return sorted(FORMATS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        if name not in FORMATS:
            return None
        module, _summary = FORMATS[name]
        command: click.Command = importlib.import_module(module).command
        # As in imports: the servers are the sub-command's, the group's own function is over before it begins.
        return prepared(command, Needs.APPLICATION)


def _summaries(formats: dict[str, tuple[str, str]]) -> str:
    return "\n".join(f"{name}: {summary}" for name, (_module, summary) in sorted(formats.items()))


@click.command(cls=Formats, help="Write what this system holds into files.\n\n\b\n" + _summaries(FORMATS))
def command(**_given: Any) -> None:
    """Nothing of its own: a sub-command does the work."""
