"""Communes by their INSEE code, from the region's file; another commune is shown by its code."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

FILE = "communes.csv"


@cache
def communes() -> Mapping[str, str]:
    """INSEE code → name."""
    with (files("pathways.sharing") / FILE).open(encoding="utf-8") as lines:
        return {row["commune"]: row["nom"] for row in csv.DictReader(lines)}


def commune(code: str | None) -> str:
    """« Nantes », or the code for a commune of another region."""
    return communes().get(code, code) if code else ""
