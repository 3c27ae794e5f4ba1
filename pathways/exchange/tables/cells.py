"""One cell: how it is read, checked and written.

A spreadsheet runs a cell that begins with ``=``, ``+``, ``-`` or ``@``. Such a text is written with an apostrophe before it, and
read without it; texts that begin with apostrophes and then such a sign get one more, so that reading gives back every text.
"""

from __future__ import annotations

import json
import math
import re
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from pathways import clock
from pathways.exchange.tables.faults import Fault
from pathways.exchange.tables.layout import Column
from pathways.workflows.events import EVENTS
from pathways.workflows.nir import anywhere, holds_a_nir, nir_shaped

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 1, 1)
_SIGNS = "=+\\-@\t\r\uff1d\uff0b\uff0d\uff20"
"""What makes a spreadsheet compute, full-width forms included; as a set of a regular expression."""
_FORMULA = re.compile(f"'*[{_SIGNS}]")
_NEUTRALISED = re.compile(f"'+[{_SIGNS}]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_UNDECODED = re.compile(r"[\ud800-\udfff]")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_FORMS: Mapping[str, tuple[re.Pattern[str], str]] = {
    "siret": (re.compile(r"\d{14}", re.ASCII), "14 digits"),
    "uai": (re.compile(r"\d{7}[A-Z]", re.ASCII), "7 digits and a capital letter"),
    "commune": (re.compile(r"(\d{2}|2A|2B)\d{3}", re.ASCII), "the INSEE code of a commune, such as 44109"),
    "reference": (re.compile(r"[!-~]+", re.ASCII), "letters, digits and signs without spaces or accents"),
    "flag": (re.compile(r"[01]", re.ASCII), "0 or 1"),
}


class Faulty(Exception):
    """The cell is refused."""

    def __init__(self, code: str, **values: Any) -> None:
        self.code, self.values = code, values
        super().__init__(code)

    def of(self, column: Column) -> Fault:
        return Fault(column.name, self.code, self.values)


def neutralised(text: str) -> str:
    """What is written so that no spreadsheet runs it."""
    return f"'{text}" if _FORMULA.match(text) else text


def as_given(text: str) -> str:
    """The text that ``neutralised`` wrote."""
    return text[1:] if _NEUTRALISED.match(text) else text


def read_cell(column: Column, written: str, now: datetime) -> str | None:
    """The value of a cell as PostgreSQL reads it, None when it is empty. Raises `Faulty`."""
    text = as_given(written)
    if _UNDECODED.search(text):
        raise Faulty("bad_encoding")
    if _CONTROL.search(text):
        raise Faulty("control_character")
    if not text or text.isspace():
        if column.required:
            raise Faulty("field_missing", expected=column.says)
        return None
    if len(text) > column.limit:
        raise Faulty("too_long", length=len(text), limit=column.limit)
    if holds_a_nir(text):  # before anything else: a refusal often says what stood there
        raise Faulty("nir_refused")
    return _READERS[column.kind](column, text, now)


def _read_text(_column: Column, text: str, _now: datetime) -> str:
    return text


def _read_form(column: Column, text: str, _now: datetime) -> str:
    form, expected = _FORMS[column.kind]
    if not form.fullmatch(text):
        raise Faulty("invalid_form", value=text, expected=expected)
    return text


def _read_number(_column: Column, text: str, _now: datetime) -> str:
    if nir_shaped(text):
        raise Faulty("nir_refused")
    return text


def _read_uuid(_column: Column, text: str, _now: datetime) -> str:
    if not _UUID.fullmatch(text):
        raise Faulty("invalid_reference", value=text)
    return text.lower()


def _read_day(column: Column, text: str, now: datetime) -> str:
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise Faulty("invalid_day", value=text)
    if not FIRST_DAY <= day <= LAST_DAY:
        raise Faulty("day_out_of_range", value=text, first=FIRST_DAY, last=LAST_DAY)
    if column.name == "birth_date" and day > clock.paris_day(now):
        raise Faulty("day_to_come", value=text)
    return text


def _read_moment(_column: Column, text: str, now: datetime) -> str:
    try:
        moment = datetime.fromisoformat(text) if _MOMENT.fullmatch(text) else None
    except ValueError:
        moment = None
    if moment is None:
        raise Faulty("invalid_moment", value=text)
    if moment.tzinfo is None:
        raise Faulty("moment_without_zone", value=text)
    if not FIRST_DAY < moment.date() < LAST_DAY:
        raise Faulty("day_out_of_range", value=text, first=FIRST_DAY, last=LAST_DAY)
    if moment > now:
        raise Faulty("moment_to_come", value=text)
    return moment.astimezone(UTC).isoformat()


def _read_code(column: Column, text: str, _now: datetime) -> str:
    if text not in column.codes:
        raise Faulty("unknown_code", value=text, expected=f"one of {', '.join(column.codes)}")
    return text


def _read_event(_column: Column, text: str, _now: datetime) -> str:
    if text not in EVENTS:
        raise Faulty("unknown_code", value=text, expected="a type of event of docs/workflows.md")
    return text


def _read_json(_column: Column, text: str, _now: datetime) -> str:
    value = loaded(text, "a JSON value")
    if isinstance(value, dict):
        raise Faulty("invalid_json", fault="an object", expected="a number, true or false, a text, a list, or null")
    return text


def _read_details(_column: Column, text: str, _now: datetime) -> str:
    if not isinstance(loaded(text, "a JSON object"), dict):
        raise Faulty("invalid_json", fault="not an object", expected='a JSON object such as {"channel": "phone"}')
    return text


def loaded(text: str, expected: str) -> Any:
    """What a JSON cell holds, if PostgreSQL can hold it too. Raises `Faulty`."""
    try:
        value = json.loads(text, parse_constant=_no_constant, parse_float=_finite, object_pairs_hook=_each_once)
    except (ValueError, RecursionError) as fault:
        raise Faulty("invalid_json", fault=str(fault)[:60], expected=expected) from fault
    if anywhere(value):  # also one that escapes hid
        raise Faulty("nir_refused")
    if "\\u" in text and _unkeepable(json.dumps(value, ensure_ascii=False)):
        raise Faulty("control_character")
    return value


def _unkeepable(text: str) -> bool:
    return bool(_UNDECODED.search(text)) or "\\u0000" in text


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice in an object")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value) or len(text) > 40:  # noqa: PLR2004 -- longer than any number of ours
        raise ValueError(f"{text[:20]} is out of range")
    return value


_READERS: Mapping[str, Callable[[Column, str, datetime], str]] = {
    "uuid": _read_uuid,
    "text": _read_text,
    "reference": _read_form,
    "number": _read_number,
    "siret": _read_form,
    "uai": _read_form,
    "commune": _read_form,
    "flag": _read_form,
    "day": _read_day,
    "moment": _read_moment,
    "code": _read_code,
    "event": _read_event,
    "json": _read_json,
    "details": _read_details,
}
"""How each kind of cell is read."""


def write_cell(value: Any) -> str:
    """A value as its cell shows it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        moment = value.astimezone(UTC).isoformat().removesuffix("+00:00")
        return f"{moment}Z"
    if isinstance(value, (date, uuid.UUID, int)):
        return str(value)
    return neutralised(str(value))
