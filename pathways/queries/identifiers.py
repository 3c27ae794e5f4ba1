"""The numbers other systems know a person by."""

from __future__ import annotations

from collections import defaultdict

import sqlalchemy as sa

from pathways import db
from pathways.models import ExternalId


def numbers_of(person_id: int) -> dict[str, list[str]]:
    """System → numbers, the oldest first: a person whose records were joined may have several."""
    found: dict[str, list[str]] = defaultdict(list)
    rows = db.session().execute(
        sa.select(ExternalId.system, ExternalId.value).where(ExternalId.person_id == person_id).order_by(ExternalId.id)
    )
    for system, value in rows:
        found[system].append(value)
    return dict(found)
