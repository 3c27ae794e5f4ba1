"""Communes by their INSEE code, in words; a commune outside the region's table is shown by its code."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from pathways.workflows.reference import places


@cache
def communes() -> Mapping[str, str]:
    """INSEE code → name."""
    return {code: commune.name for code, commune in places.communes().items()}


def commune(code: str | None) -> str:
    """« Nantes », or the code for a commune of another region."""
    return communes().get(code, code) if code else ""


def epci(siren: str) -> str:
    """The name of a grouping, or its SIREN when it is none of the region."""
    known = places.epcis().get(siren)
    return known.name if known else siren
