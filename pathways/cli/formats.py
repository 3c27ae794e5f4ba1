"""Commands with one sub-command per format, each imported when it is used."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

import click

from pathways.cli import Needs, prepared


class Formats(click.Group):
    """``formats``: name → (module that holds ``command``, what it is). Known by name before any of them is imported."""

    def __init__(self, name: str, what: str, formats: Mapping[str, tuple[str, str]]) -> None:
        told = "\n".join(f"{each}: {summary}" for each, (_module, summary) in sorted(formats.items()))
        super().__init__(name, help=f"{what}\n\n\b\n{told}")
        self.formats = formats

    def list_commands(self, _context: click.Context) -> list[str]:
        return sorted(self.formats)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        if name not in self.formats:
            return None
        module: Any = importlib.import_module(self.formats[name][0])
        # A group's own function is over before its sub-command begins: the servers are the sub-command's.
        return prepared(module.command, Needs.APPLICATION)
