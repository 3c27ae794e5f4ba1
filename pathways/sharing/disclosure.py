"""The log of who saw whose data: written in the same transaction as the reading, before the answer leaves."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from pathways import clock, db

# The same text whatever the number of persons: built row by row, it would be compiled anew for every page.
_LOG = sa.text("""
    INSERT INTO disclosure (at, user_id, organisation_id, person_id, what, groups, reason)
    SELECT :at, CAST(:user AS bigint), :organisation, person, :what, CAST(:groups AS text[]), CAST(:reason AS text)
    FROM unnest(CAST(:persons AS bigint[])) AS person
""")


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
    if persons := list(dict.fromkeys(person_ids)):
        said = {"what": what, "groups": sorted(set(groups)), "reason": reason}
        by = {"organisation": organisation_id, "user": user_id or context.user_id}
        db.session().execute(_LOG, {"persons": persons, "at": clock.now()} | said | by)
