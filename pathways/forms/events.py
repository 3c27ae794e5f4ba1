"""The form of one event type, built from the fields its type declares (``workflows.events``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms import Field as FormField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from pathways.forms.base import BaseForm, Codes, Day, Days, Decimal, Note, Number, choice
from pathways.forms.half_days import HalfDays
from pathways.sharing import naming
from pathways.sharing.language import _
from pathways.workflows.dates import monday_of
from pathways.workflows.events import EVENTS, Field

MAX_CODE = 80
MAX_NUMBER = 100_000
FEW = 8
"""Up to so many choices are shown at once: one click instead of two."""
NOT_ON_SCREEN = frozenset({"data"})
"""Nested details that only feeds carry."""
FIELD = "d_"
"""Prefix of the details' names in the form: a detail may be called ``data`` or ``errors``."""

WEEK_STARTS = frozenset({"from", "monday"})
"""Days that begin a week: this week's Monday unless told otherwise."""

SIMPLE: Mapping[str, Callable[..., Any]] = {
    "date": Day,
    "dates": Days,
    "int": Number,
    "float": Decimal,
    "flag": BooleanField,
    "halves": HalfDays,
    "codes": Codes,
}

Choices = Mapping[str, Sequence[tuple[str, str]]]


class EventForm(BaseForm):
    """The day it happened, then the details. Made by ``event_form``."""

    event: str
    occurred_on = Day("Date", validators=[InputRequired("Indiquez la date.")])

    @property
    def details(self) -> list[FormField]:
        """The fields of the details, in the order of the event type."""
        return [field for field in self if field.name.startswith(FIELD)]

    @property
    def answers(self) -> dict[str, Any]:
        """What was typed, as the operation reads it: days as ISO text, nothing for what was left empty."""
        given = {field.name.removeprefix(FIELD): as_text(getattr(field, "answer", field.data)) for field in self.details}
        return {
            name: value for name, value in given.items() if value is not None and value is not False and value not in ("", [])
        }


def event_form(event: str, *, today: date, choices: Choices | None = None) -> EventForm:
    """The form for that event, dated ``today`` unless told otherwise. ``choices``: values offered for list details."""
    spec = EVENTS[event]
    fields = {
        FIELD + name: _field(name, each, today, (choices or {}).get(name, ()), naming.SUGGESTED.get((event, name)))
        for name, each in spec.fields.items()
        if each.kind not in NOT_ON_SCREEN and not (each.kind == "codes" and choices is not None and not choices.get(name))
    }
    made: EventForm = type(f"{event}_form", (EventForm,), {"event": event, **fields})(data={"occurred_on": today})
    return made


def as_text(value: Any) -> Any:
    """A detail as JSON would carry it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [as_text(each) for each in value]
    return value.strip() if isinstance(value, str) else value


def _field(name: str, spec: Field, today: date, offered: Sequence[tuple[str, str]], suggested: Mapping[str, str] | None) -> Any:
    """The field of one detail. A kind that needs no special care is a short text."""
    label = _(spec.label)
    presence: list[Any] = [InputRequired(_("À renseigner."))] if spec.required else [Optional()]
    if suggested or spec.kind == "choice":
        return _choice(replace(spec, choices=suggested) if suggested else spec, label, presence)
    if offered:
        return _several(label, offered)
    if spec.kind in SIMPLE:
        default = {"default": monday_of(today)} if name in WEEK_STARTS else {}
        bounds = [NumberRange(0, MAX_NUMBER, _("Écrivez un nombre positif."))] if spec.kind in {"int", "float"} else []
        return SIMPLE[spec.kind](label, validators=[*presence, *bounds], **default)
    if name == "note":
        return Note(label)
    return StringField(label, validators=[*presence, Length(max=MAX_CODE)], render_kw={"maxlength": MAX_CODE})


def _several(label: str, offered: Sequence[tuple[str, str]]) -> Any:
    choices = [choice(code, text) for code, text in offered]
    return SelectMultipleField(label, choices=choices, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput())


def _choice(spec: Field, label: str, presence: list[Any]) -> Any:
    choices = [choice(code, _(text)) for code, text in (spec.choices or {}).items()]
    if len(choices) <= FEW and (spec.required or spec.choices is naming.CHANNELS):
        return RadioField(label, choices=choices, validators=presence)
    return SelectField(label, choices=[choice("", _("Choisir…")), *choices], validators=presence)


class RetractionForm(BaseForm):
    """Taking back what one's own organisation declared: why."""

    reason = StringField(
        "Motif de l’annulation",
        filters=[lambda text: text.strip() if text else text],
        validators=[DataRequired("Indiquez le motif."), Length(max=MAX_CODE)],
        render_kw={"maxlength": MAX_CODE, "placeholder": "Mauvaise personne, mauvaise date…"},
    )
