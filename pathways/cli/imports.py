"""``./run import``: files of another system."""

from __future__ import annotations

from pathways.cli.formats import Formats

command = Formats(
    "import",
    "Read files of another system.",
    {
        "dossiers-apprenants": ("pathways.cli.import_feed", "the feed that training centres' software sends (v3 payload)"),
        "tables": ("pathways.cli.import_tables", "one CSV file per kind of record"),
    },
)
