"""The JSON Schema of the export (docs/access-export.schema.json), made from the models the export is made from.

Strict: a key the schema does not name is an error, so that nothing leaves without being announced.
"""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from pathways.exchange.access_export.document import TITLES
from pathways.exchange.access_export.gathering import (
    FORMAT,
    LEFT_OUT,
    columns_said,
    table_of_persons,
    tables_about_a_person,
)
from pathways.models import AlertAction, JournalEntry

DRAFT = "https://json-schema.org/draft/2020-12/schema"
MOMENT = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}[+-]\d{2}:\d{2}$"
TEXT: dict[str, Any] = {"type": "string"}
DAY: dict[str, Any] = {"type": "string", "format": "date"}
ANYTHING: dict[str, Any] = {}
TYPES: dict[type[Any], dict[str, Any]] = {
    sa.DateTime: {"type": "string", "pattern": MOMENT},
    sa.Date: DAY,
    sa.Boolean: {"type": "boolean"},
    sa.Integer: {"type": "integer"},
    sa.ARRAY: {"type": "array", "items": TEXT},
    JSONB: {"type": ["object", "array"]},
    sa.String: TEXT,
}
ADDED: dict[str, dict[str, dict[str, Any]]] = {
    AlertAction.__tablename__: {"organisation": TEXT},
    JournalEntry.__tablename__: {"event": TEXT, "taken_back": {"const": True}},
}
"""What the export adds to the columns of a table."""
SOMETIMES = frozenset({"taken_back"})


def schema() -> dict[str, Any]:
    """The whole of it, as JSON Schema 2020-12."""
    tables = {table.name: _rows(table) for table in sorted(tables_about_a_person(), key=lambda table: table.name)}
    return {
        "$schema": DRAFT,
        "title": "Everything held on one person",
        **_object({
            "format": {"const": FORMAT},
            "made_on": DAY,
            "person": _row(table_of_persons()),
            "tables": _object(tables, required=()),
            "signals_explained": {"type": "array", "items": _signal()},
            "left_out": _object(dict.fromkeys(sorted(LEFT_OUT), TEXT)),
        }),
    }


def as_text() -> str:
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


def _rows(table: sa.Table) -> dict[str, Any]:
    return {"title": TITLES.get(table.name, table.name), "type": "array", "minItems": 1, "items": _row(table)}


def _row(table: sa.Table) -> dict[str, Any]:
    """One row: columns that may be empty are absent then."""
    said = {name: table.c[column] for column, name in columns_said(table).items() if column in table.c}
    added = ADDED.get(table.name, {})
    required = [name for name, column in said.items() if not column.nullable] + [name for name in added if name not in SOMETIMES]
    return _object({name: _value(column) for name, column in said.items()} | added, required=required)


def _value(column: sa.Column[Any]) -> dict[str, Any]:
    """`TypeError` for a type the export never held: say here how it is written."""
    if column.name.endswith("_id"):
        return TEXT  # by name
    if isinstance(column.type, sa.Enum):
        return {"enum": list(column.type.enums)}
    for type_, said in TYPES.items():
        if isinstance(column.type, type_):
            return said
    raise TypeError(f"{column}: {column.type!r} has no place in the schema of the export")


def _signal() -> dict[str, Any]:
    fact = _object({"on": DAY, "event": TEXT, "declared_by": TEXT})
    threshold = _object({"name": TEXT, "label": TEXT, "value": ANYTHING, "sentence": TEXT})
    rule = _object({
        "name": TEXT, "version": TEXT, "source": TEXT, "ends_with": TEXT, "thresholds": {"type": "array", "items": threshold},
        "data_used": {"type": "object"}, "does_not": TEXT,
    })
    return _object({
        "sentence": TEXT, "shown_on": DAY, "closed_on": {"type": ["string", "null"], "format": "date"},
        "facts": {"type": "array", "items": fact}, "rule": rule,
    })


def _object(properties: dict[str, Any], required: Any = None) -> dict[str, Any]:
    names = list(properties) if required is None else list(required)
    return {"type": "object", "properties": properties, "required": names, "additionalProperties": False}
