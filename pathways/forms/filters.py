"""Filters of the list: they live in the address of the page, and what is not on the list of choices is ignored."""

from __future__ import annotations

from collections.abc import Mapping

from pathways.queries.caseload import BY_NAME, BY_URGENCY, MINE, TEAM, Filters
from pathways.sharing.naming import LEVELS

LONGEST_SEARCH = 100


def read_filters(query: Mapping[str, str], scope: str) -> Filters:
    """The filters an address asks for."""
    level, order = query.get("niveau", ""), query.get("tri", "")
    return Filters(
        scope=scope if scope in {MINE, TEAM} else MINE,
        search=query.get("q", "").strip()[:LONGEST_SEARCH],
        level=level if level in LEVELS else "",
        order=BY_NAME if order == "nom" else BY_URGENCY,
        after=query.get("apres", ""),
    )


def as_query(filters: Filters) -> dict[str, str]:
    """The filters as an address carries them, without what is usual."""
    asked = {"q": filters.search, "niveau": filters.level, "tri": "nom" if filters.order == BY_NAME else ""}
    return {name: value for name, value in asked.items() if value}
