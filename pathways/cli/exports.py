"""``./run export``: what this system holds."""

from __future__ import annotations

from pathways.cli.formats import Formats

command = Formats(
    "export",
    "Write what this system holds into files.",
    {"tables": ("pathways.cli.export_tables", "one CSV file per kind of record")},
)
