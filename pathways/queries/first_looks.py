"""Read receipts, out of the log of consultations: when an organisation first opened a page that showed something."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from pathways import db
from pathways.models import Disclosure


class Shown(NamedTuple):
    """One thing about a person that a page showed to the users of an organisation, from ``since`` until before ``until``."""

    key: int
    person_id: int
    organisation_id: int
    since: datetime
    until: datetime


def first_looks(shown: Sequence[Shown], page: str) -> dict[int, datetime]:
    """Key → when a user of that organisation first opened that page of that person meanwhile; absent for what nobody opened.

    One statement whatever their number. The log keeps twelve months: beyond, there is no receipt.
    """
    if not shown:
        return {}
    instant = sa.DateTime(timezone=True)
    each = sa.values(
        sa.column("key", sa.BigInteger),
        sa.column("person_id", sa.BigInteger),
        sa.column("organisation_id", sa.BigInteger),
        sa.column("since", instant),
        sa.column("until", instant),
        name="each",
    ).data([tuple(one) for one in shown])
    theirs = sa.and_(
        Disclosure.person_id == each.c.person_id,
        Disclosure.organisation_id == each.c.organisation_id,
        Disclosure.at >= sa.cast(each.c.since, instant),
        Disclosure.at < sa.cast(each.c.until, instant),
    )
    query = (
        sa.select(each.c.key, sa.func.min(Disclosure.at))
        .join(Disclosure, theirs)
        .where(Disclosure.what == page, Disclosure.user_id.is_not(None))
        .group_by(each.c.key)
    )
    return {row[0]: row[1] for row in db.session().execute(query)}
