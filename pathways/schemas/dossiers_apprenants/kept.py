"""Reading what is kept of a row: days, the departure, and the training as the dashboard's statuses see it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pathways.workflows.apprentice_status import Contract, Session

CONTRACTS = "contrats"
LEFT = 0
"""The old status code of somebody who left."""


def day(content: Mapping[str, Any], name: str) -> date | None:
    """A day of the content."""
    return date.fromisoformat(content[name]) if content.get(name) else None


def departure(content: Mapping[str, Any]) -> tuple[date | None, bool]:
    """The day the learner left the centre before the end, and whether they were excluded (an old status code 0 is not)."""
    excluded_on = day(content, "date_exclusion_formation")
    if excluded_on is not None or content.get("statut_apprenant") != LEFT:
        return excluded_on, True
    return day(content, "date_metier_mise_a_jour_statut"), False


def training(content: Mapping[str, Any]) -> Session | None:
    """The training with its contracts; None without usable days."""
    start, end = day(content, "date_entree_formation"), day(content, "date_fin_formation")
    if start is None or end is None:
        return None
    contracts = tuple(
        Contract(date.fromisoformat(each["start"]), day(each, "end"), day(each, "broken")) for each in content[CONTRACTS]
    )
    return Session(start, end, contracts, departure(content)[0])
