"""One row, checked by itself: its cells, and what they say together."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from pathways.errors import Reason, Refused
from pathways.exchange.tables.cells import Faulty, loaded, read_cell
from pathways.exchange.tables.faults import Fault
from pathways.exchange.tables.layout import Table
from pathways.exchange.tables.reading import Row
from pathways.models.person import search_key, sort_key
from pathways.schemas.entries import read_details
from pathways.workflows.events import EVENTS
from pathways.workflows.schemes import SCHEMES

Values = dict[str, str | None]

ORGANISATION, ENTRY = "organisation", "entry"
REFERRING: Mapping[str, Mapping[str, str]] = {
    name: kinds
    for name, event in EVENTS.items()
    if (kinds := {detail: spec.kind for detail, spec in event.fields.items() if spec.kind in {ORGANISATION, ENTRY}})
}
"""Type of event → its details that refer to an organisation or to an entry, by what they refer to.

Here such a detail holds an internal number; in a file, a public reference. An organisation only known by a name keeps it.
"""
_UUID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", re.ASCII | re.IGNORECASE)


@dataclass(slots=True)
class Checked:
    """A row as it is staged. ``mentions``: detail → what its reference refers to, and the reference."""

    number: int
    values: Values
    faults: list[Fault] = field(default_factory=list)
    mentions: dict[str, tuple[str, str]] = field(default_factory=dict)


def checked(table: Table, row: Row, now: datetime) -> Checked:
    """The row's values, and everything wrong with it that can be told without looking at other rows."""
    result = Checked(row.number, dict.fromkeys(column.name for column in table.read))
    if row.fault:
        result.faults.append(row.fault)
        return result
    for column in table.read:
        try:
            result.values[column.name] = read_cell(column, row.cells.get(column.name, ""), now)
        except Faulty as fault:
            result.faults.append(fault.of(column))
    together = _TOGETHER.get(table.name)
    if together and not result.faults:
        result.faults.extend(together(result))
    return result


def _person(row: Checked) -> Iterator[Fault]:
    names = row.values["family_name"] or "", row.values["given_name"] or ""
    row.values["search_key"], row.values["sort_key"] = search_key(*names), sort_key(*names)
    yield from ()


def _enrolment(row: Checked) -> Iterator[Fault]:
    opened = row.values["opened_on"] = row.values["opened_on"] or row.values["rules_on"]
    row.values["state_since"] = row.values["state_since"] or opened
    version = SCHEMES[row.values["scheme"] or ""].version(date.fromisoformat(row.values["rules_on"] or ""))
    row.values["rules_version"] = row.values["rules_version"] or (version.valid_from.isoformat() if version else None)
    yield from ()


def _link(row: Checked) -> Iterator[Fault]:
    started, ended = row.values["started_on"] or "", row.values["ended_on"]
    if (ended is None) != (row.values["ended_recorded_at"] is None):
        yield Fault("ended_recorded_at", "incomplete_end")
    if ended is not None and ended < started:
        yield Fault("ended_on", "ends_before_it_starts", {"value": ended})


def _entry(row: Checked) -> Iterator[Fault]:
    kind = row.values["type"] or ""
    if (kind == "retracted") != (row.values["retracts"] is not None):
        yield Fault("retracts", "retraction_mismatch")
    content = row.values["details"] = row.values["details"] or "{}"
    try:
        given: dict[str, Any] = loaded(content, "a JSON object")
        row.mentions = dict(_mentions(kind, given))
        for detail in [name for name in REFERRING.get(kind, {}) if isinstance(given.get(name), (int, float))]:
            # A number would be taken for one of this database's own.
            yield Fault("details", "invalid_detail", {"detail": detail, "expected": "a public reference, or a name"})
        # What a reference refers to is checked between files; here any number will do.
        read_details(kind, given | dict.fromkeys(row.mentions, 1))
    except Refused as refused:
        yield from (_detail(reason) for reason in refused.reasons)


def _mentions(kind: str, given: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, str]]]:
    for detail, refers in REFERRING.get(kind, {}).items():
        value = given.get(detail)
        if isinstance(value, str) and (refers == ENTRY or _UUID.fullmatch(value)):
            yield detail, (refers, value if refers == ENTRY else value.lower())


def _detail(reason: Reason) -> Fault:
    detail = reason.values.get("field", "")
    if reason.code == "unknown_field":
        known = ", ".join(reason.values.get("known", ())) or "none"
        return Fault("details", "unknown_detail", {"detail": detail, "expected": known})
    if reason.code == "field_missing":
        return Fault("details", "detail_missing", {"detail": detail})
    if reason.code == "nir_refused":
        return Fault("details", "nir_refused")
    choices = reason.values.get("choices")
    expected = f"one of {', '.join(choices)}" if choices else str(reason.values.get("kind", "another form"))
    return Fault("details", "invalid_detail", {"detail": detail, "expected": expected})


_TOGETHER: Mapping[str, Callable[[Checked], Iterator[Fault]]] = {
    "persons": _person,
    "enrolments": _enrolment,
    "links": _link,
    "entries": _entry,
}


def as_json(values: Mapping[str, Any]) -> str:
    """What a sentence says, as it is kept until the report."""
    return json.dumps(values, ensure_ascii=False, default=str)
