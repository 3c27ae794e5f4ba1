"""The details of each event type as a marshmallow schema, made from its fields (`workflows.events`).

``load`` takes JSON or form values and gives details as the core reads them; ``dump`` gives them back as the journal keeps them.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from pathways.errors import Reason, Refused
from pathways.workflows.attendance import CODES
from pathways.workflows.events import EVENTS, Field
from pathways.workflows.nir import anywhere

MAX_CODE, MAX_NOTE = 80, 4_000
_HALVES = re.compile(f"([{''.join(map(re.escape, CODES))}]{{2}}){{1,7}}")


def _no_nir(value: Any) -> None:
    if anywhere(value):
        raise ValidationError("nir")


def _calendar_day(value: date) -> None:
    if not date(1900, 1, 1) <= value <= date(2100, 1, 1):
        raise ValidationError("day_out_of_range")


def _among(spec: Field) -> list[validate.OneOf]:
    """Only the codes the field names, where it names any."""
    return [validate.OneOf(list(spec.choices))] if spec.choices else []


def _text(limit: int, **options: Any) -> fields.String:
    return fields.String(validate=[validate.Length(1, limit), _no_nir], **options)


class _Reference(fields.Field[int | str]):
    """An organisation of ours by its number, or the name or code by which somebody else knows it."""

    def _deserialize(self, value: Any, *_more: Any, **_options: Any) -> int | str:
        if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
            return value
        if not isinstance(value, str) or not 1 <= len(value) <= MAX_CODE:
            raise ValidationError("reference")
        _no_nir(value)
        return value


MAKERS: Mapping[str, Callable[..., fields.Field[Any]]] = {
    "date": lambda _spec, **options: fields.Date(validate=_calendar_day, **options),
    "dates": lambda _spec, **options: fields.List(fields.Date(validate=_calendar_day), **options),
    "int": lambda _spec, **options: fields.Integer(strict=True, validate=validate.Range(0, 100_000), **options),
    "float": lambda _spec, **options: fields.Float(allow_nan=False, validate=validate.Range(0, 100_000), **options),
    "flag": lambda _spec, **options: fields.Boolean(**options),
    "choice": lambda spec, **options: fields.String(validate=validate.OneOf(list(spec.choices or {})), **options),
    "codes": lambda spec, **options: fields.List(
        fields.String(validate=[validate.Length(1, MAX_CODE), _no_nir, *_among(spec)]),
        validate=validate.Length(max=50),
        **options,
    ),
    "halves": lambda _spec, **options: fields.String(validate=validate.Regexp(_HALVES.pattern + r"\Z"), **options),
    "data": lambda _spec, **options: fields.Dict(validate=_no_nir, **options),
    "code": lambda _spec, **options: _text(MAX_CODE, **options),
    "text": lambda _spec, **options: _text(MAX_NOTE, **options),
    "organisation": lambda _spec, **options: _Reference(**options),
    "colleague": lambda _spec, **options: _text(MAX_CODE, **options),
    "entry": lambda _spec, **options: fields.Integer(strict=True, validate=validate.Range(1), **options),
}
"""How each kind of field is read."""


def _field(spec: Field) -> fields.Field[Any]:
    return MAKERS[spec.kind](spec, required=spec.required, allow_none=not spec.required)


@cache
def schema_of(event: str) -> Schema:
    """The schema of one event type. KeyError when there is no such type."""
    declared = {name: _field(spec) for name, spec in EVENTS[event].fields.items()}
    return Schema.from_dict(dict(declared), name=f"{event}_details")(unknown=RAISE)


def read_details(event: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """The details of an event, checked. Raises `Refused` with one reason per faulty field."""
    try:
        loaded = schema_of(event).load({name: value for name, value in data.items() if value is not None})
    except ValidationError as fault:
        raise Refused(*_reasons(event, fault)) from fault
    return dict(loaded)


def keep_details(event: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """The details as the journal keeps them: JSON, days as ISO text."""
    return {name: value for name, value in schema_of(event).dump(data).items() if value is not None}


def _reasons(event: str, fault: ValidationError) -> list[Reason]:
    messages = fault.messages if isinstance(fault.messages, dict) else {"": fault.messages}
    return [_reason(event, str(name), problem) for name, problem in messages.items()]


def _reason(event: str, name: str, problem: Any) -> Reason:
    spec = EVENTS[event].fields.get(name)
    if spec is None:
        return Reason("unknown_field", {"field": name, "known": sorted(EVENTS[event].fields)})
    label = {"field": name, "label": spec.label}
    if "nir" in str(problem):
        return Reason("nir_refused", label)
    if "Missing data" in str(problem):
        return Reason("field_missing", label)
    return Reason("field_invalid", label | {"kind": spec.kind, "choices": sorted(spec.choices or {})})
