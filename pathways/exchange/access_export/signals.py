"""Each signal about the person, explained in three layers: a sentence, the dated facts, the rule itself (CRPA L311-3-1, R6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

import pathways.detection.rules  # noqa: F401 -- registers every rule
from pathways import db
from pathways.detection.rule import RULES
from pathways.models import Signal
from pathways.sharing import naming
from pathways.sharing.sentences import signal_sentence, signal_title
from pathways.sharing.thresholds import THRESHOLDS

DOES_NOT = (
    "Ce signal demande à une personne d’agir. Il ne change ni un état, ni un droit, ni une allocation, ni une sanction ; "
    "il ne donne aucune note et n’est transmis ni à un employeur, ni à un service de contrôle."
)


def explained(person_id: int, names: Mapping[int, str]) -> list[dict[str, Any]]:
    """Every signal there ever was, oldest first."""
    rows = db.session().scalars(sa.select(Signal).where(Signal.person_id == person_id).order_by(Signal.shown_on, Signal.id))
    return [_explained(row, names) for row in rows]


def _explained(row: Signal, names: Mapping[int, str]) -> dict[str, Any]:
    rule = RULES.get(row.rule)
    return {
        "sentence": signal_sentence(row.rule, {**row.details, "about": row.about}),
        "shown_on": row.shown_on.isoformat(),
        "closed_on": row.closed_on.isoformat() if row.closed_on else None,
        "facts": [
            {"on": item["on"], "event": naming.event(item["type"]), "declared_by": names.get(item["organisation"], "")}
            for item in row.evidence
        ],
        "rule": {
            "name": signal_title(row.rule),
            "version": row.rule_version,
            "source": rule.source if rule else "",
            "ends_with": rule.closes if rule else "",
            "thresholds": [name for name in THRESHOLDS if name.partition(".")[0] == row.rule],
            "data_used": row.details,
            "does_not": DOES_NOT,
        },
    }
