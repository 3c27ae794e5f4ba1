"""The words of an alert's life, as pages say them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pathways.operations.reassigning import REASONS
from pathways.sharing.language import N_, _
from pathways.workflows.alert_life import BY_THE_FACTS, CLOSINGS, NO_LONGER_FOLLOWED, PAUSES, AlertState, Held

CAME_OF_IT = {
    **CLOSINGS,
    BY_THE_FACTS: N_("N’est plus d’actualité"),
    NO_LONGER_FOLLOWED: N_("L’organisme n’accompagne plus la personne"),
}


def outcome(code: str | None) -> str:
    """What came of it; a code nobody knows any more is said as it is."""
    return _(CAME_OF_IT[code]) if code in CAME_OF_IT else code or ""


def _of(labels: Mapping[str, str]) -> Callable[[str], str]:
    return lambda code: _(labels[code]) if code in labels else code


WORDS: Mapping[str, Callable[..., str]] = {
    "alert_outcome": outcome,
    "alert_state": lambda code: _(AlertState(code).label),
    "alert_held": lambda code: _(Held(code).label),
    "alert_pause": _of(PAUSES),
    "alert_reason": _of(REASONS),
}
