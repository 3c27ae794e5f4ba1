"""Pages of a list by position, forwards and backwards: the cursor carries the values of a row, not how many rows came before."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa

FORWARDS, BACKWARDS = ">", "<"


class Key(NamedTuple):
    """One column of an order. The column is never null. ``read``: its value from JSON, a ValueError when it cannot be one."""

    name: str
    read: Callable[[Any], Any]
    descending: bool = False


def read_day(value: Any) -> date:
    return date.fromisoformat(str(value))


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in their order, and the cursors of the pages before and after; "" where there is none."""

    rows: list[sa.Row[Any]]
    before: str
    after: str


def paged(query: sa.Select[Any], of: sa.FromClause, keys: Sequence[Key], cursor: str, size: int) -> sa.Select[Any]:
    """The rows of ``of`` that ``cursor`` asks for, and one more to know whether there are others."""
    direction, position = _read(cursor, keys)
    if position:
        query = query.where(_beyond(of, keys, position, direction))
    return query.order_by(*ordering(of, keys, direction)).limit(size + 1)


def ordering(of: sa.FromClause, keys: Sequence[Key], direction: str = FORWARDS) -> list[sa.UnaryExpression[Any]]:
    backwards = direction == BACKWARDS
    return [of.c[key.name].desc() if key.descending is not backwards else of.c[key.name].asc() for key in keys]


def page(found: Sequence[sa.Row[Any]], keys: Sequence[Key], cursor: str, size: int) -> Page:
    """What ``paged`` found, in the order of the list."""
    direction, position = _read(cursor, keys)
    shown, others = list(found[:size]), len(found) > size
    if direction == BACKWARDS:
        shown.reverse()
    if not shown:
        return Page([], "", "")
    earlier = others if direction == BACKWARDS else position is not None
    later = position is not None if direction == BACKWARDS else others
    return Page(
        shown, _cursor(shown[0], keys, BACKWARDS) if earlier else "", _cursor(shown[-1], keys, FORWARDS) if later else ""
    )


def asked_backwards(cursor: str, keys: Sequence[Key]) -> bool:
    return _read(cursor, keys)[0] == BACKWARDS


def _beyond(of: sa.FromClause, keys: Sequence[Key], position: Mapping[str, Any], direction: str) -> sa.ColumnElement[bool]:
    """Further in the order than the position: beyond by the first column, or equal by it and beyond by the next…"""
    ways: list[sa.ColumnElement[bool]] = []
    for place, key in enumerate(keys):
        column, value = of.c[key.name], position[key.name]
        further = column < value if key.descending is not (direction == BACKWARDS) else column > value
        ways.append(sa.and_(*(of.c[same.name] == position[same.name] for same in keys[:place]), further))
    return sa.or_(*ways)


def _cursor(row: sa.Row[Any], keys: Sequence[Key], direction: str) -> str:
    values = [direction, *(_as_json(getattr(row, key.name)) for key in keys)]
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _read(cursor: str, keys: Sequence[Key]) -> tuple[str, dict[str, Any] | None]:
    """Where the cursor stands; the beginning for none, for one of another order, and for one somebody made up."""
    if not cursor:
        return FORWARDS, None
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        direction, *position = values
        if direction not in {FORWARDS, BACKWARDS}:
            return FORWARDS, None
        return direction, {key.name: key.read(value) for key, value in zip(keys, position, strict=True)}
    except (binascii.Error, ValueError, TypeError):
        return FORWARDS, None
