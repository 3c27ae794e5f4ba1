"""As much of JSON Schema as the one of the access export uses; a word it does not know is an error, not a silence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

SAID_ONLY = frozenset({"$schema", "title", "required", "additionalProperties"})
"""Words that say nothing by themselves: ``properties`` reads the last two."""
TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "null": type(None),
}


def faults(value: Any, schema: dict[str, Any], at: str = "$") -> Iterator[str]:
    """Everything by which the value is not what the schema says."""
    for word, said in schema.items():
        if word not in SAID_ONLY:
            yield from WORDS[word](value, said, schema, at)


def _type(value: Any, said: Any, _schema: dict[str, Any], at: str) -> Iterator[str]:
    allowed = [said] if isinstance(said, str) else said
    if not any(isinstance(value, TYPES[each]) and (each == "boolean" or not isinstance(value, bool)) for each in allowed):
        yield f"{at}: {value!r} is no {said}"


def _properties(value: Any, said: Any, schema: dict[str, Any], at: str) -> Iterator[str]:
    if not isinstance(value, dict):
        return
    assert schema["additionalProperties"] is False
    yield from (f"{at}: no {name}" for name in schema["required"] if name not in value)
    yield from (f"{at}: {name} is not announced" for name in value if name not in said)
    for name in value.keys() & said.keys():
        yield from faults(value[name], said[name], f"{at}.{name}")


def _items(value: Any, said: Any, _schema: dict[str, Any], at: str) -> Iterator[str]:
    for n, each in enumerate(value if isinstance(value, list) else ()):
        yield from faults(each, said, f"{at}[{n}]")


def _min_items(value: Any, said: Any, _schema: dict[str, Any], at: str) -> Iterator[str]:
    if isinstance(value, list) and len(value) < said:
        yield f"{at}: fewer than {said}"


def _const(value: Any, said: Any, _schema: dict[str, Any], at: str) -> Iterator[str]:
    if value != said:
        yield f"{at}: {value!r} is not {said!r}"


def _enum(value: Any, said: Any, _schema: dict[str, Any], at: str) -> Iterator[str]:
    if value not in said:
        yield f"{at}: {value!r} is none of {said}"


def _pattern(value: Any, said: Any, _schema: dict[str, Any], at: str) -> Iterator[str]:
    if isinstance(value, str) and not re.search(said, value):
        yield f"{at}: {value!r} is not like {said}"


def _format(value: Any, said: Any, _schema: dict[str, Any], at: str) -> Iterator[str]:
    assert said == "date"
    try:
        date.fromisoformat(value or "2000-01-01")
    except ValueError:
        yield f"{at}: {value!r} is no day"


WORDS = {
    "type": _type, "properties": _properties, "items": _items, "minItems": _min_items, "const": _const, "enum": _enum,
    "pattern": _pattern, "format": _format,
}
