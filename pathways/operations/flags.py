"""A training body's own warning: one declaration, that asks the referent at once."""

from __future__ import annotations

from collections.abc import Sequence

from pathways import clock
from pathways.operations.recording import record_event


def raise_flag(
    person_id: int,
    enrolment_id: int,
    *,
    dimension: str,
    level: int,
    themes: Sequence[str] = (),
    note: str | None = None,
    organisation_id: int,
    user_id: int,
) -> int:
    """Flags a difficulty on a step; returns the id of the entry. ``note`` stays inside the organisation."""
    return record_event(
        person_id=person_id,
        type="risk_flag",
        occurred_on=clock.today(),
        data={"dimension": dimension, "level": level, "themes": list(themes) or None, "note": note or None},
        organisation_id=organisation_id,
        user_id=user_id,
        enrolment_id=enrolment_id,
    )
