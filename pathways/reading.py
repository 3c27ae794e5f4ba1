"""A request that asks may not change anything, whatever the code behind it does.

``only_reading`` holds for one context; every statement of every connection passes ``refuse_writes`` first, so that one that
inserts, updates or deletes never reaches PostgreSQL. A transaction declared READ ONLY there would not do: the log of what was
read is written in the transaction that reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

MAY_BE_WRITTEN = frozenset({"disclosure", "user_session"})
"""Who read what, and when a session was last in use: the reading itself leaves these traces."""

_only_reading: ContextVar[bool] = ContextVar("pathways_only_reading", default=False)

_LITERAL = re.compile(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", re.DOTALL)
_WRITES = re.compile(
    # "for update", "for no key update" and "on conflict … do update" name no table of their own.
    r"\b(?:insert into|delete from|merge into|truncate table|truncate|(?<!for )(?<!key )(?<!do )update)"
    r'(?: only)? (?:"?public"?\.)?"?([a-z_][a-z0-9_]*)"?'
)
_REBUILDS = re.compile(r"(?:create|alter|drop|grant|revoke|copy|lock|call|do|reindex|refresh|vacuum) ")
ANYTHING = "*"
"""Stands for what a statement changes when it is not rows of one table."""


class WroteWhileReading(RuntimeError):
    """Code behind a page that is only asked for tried to change something."""


@contextmanager
def only_reading(*, really: bool = True) -> Iterator[None]:
    """Meanwhile nothing but ``MAY_BE_WRITTEN`` is written by this context. ``really=False`` takes it back."""
    token = _only_reading.set(really)
    try:
        yield
    finally:
        _only_reading.reset(token)


def refuse_writes(statement: str) -> None:
    """Raises WroteWhileReading for a statement that changes what a reader may not change; nothing outside ``only_reading``."""
    if _only_reading.get() and (changed := written(statement) - MAY_BE_WRITTEN):
        raise WroteWhileReading(f"a request that only asks would change {', '.join(sorted(changed))}: make it a POST")


@lru_cache(maxsize=4096)
def written(statement: str) -> frozenset[str]:
    """The tables whose rows a statement inserts, updates or deletes, also inside a WITH; ``ANYTHING`` for what is no query."""
    plain = " ".join(_LITERAL.sub("''", statement).lower().split())
    return frozenset(_WRITES.findall(plain)) | ({ANYTHING} if _REBUILDS.match(plain) else set())
