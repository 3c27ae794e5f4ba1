"""The log of who saw whose data: written in the same transaction as the reading, before the answer leaves."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from pathways import clock, db
from pathways.models import Disclosure


def disclose(
    person_ids: Iterable[int],
    what: str,
    groups: Iterable[str],
    reason: str | None = None,
    *,
    organisation_id: int | None = None,
    user_id: int | None = None,
) -> None:
    """Log that whoever is acted for sees ``groups`` (letters of the field groups) of these persons on the page ``what``.

    One statement whatever the number of persons. Reader and organisation are the current context's unless given; without
    either a RuntimeError: what is not shown to anybody is not read.
    """
    context = db.context()
    organisation_id = organisation_id or context.organisation_id
    if organisation_id is None:
        raise RuntimeError("nobody to disclose to: no organisation is acted for")
    shown = sorted(set(groups))
    rows = [
        {
            "person_id": person_id,
            "what": what,
            "groups": shown,
            "reason": reason,
            "organisation_id": organisation_id,
            "user_id": user_id or context.user_id,
            "at": clock.now(),
        }
        for person_id in dict.fromkeys(person_ids)
    ]
    if rows:
        db.session().execute(sa.insert(Disclosure).values(rows))
