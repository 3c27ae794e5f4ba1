"""Choosing one threshold: as many fields as it has numbers, from a day on, and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import Field, HiddenField, RadioField, StringField
from wtforms.validators import InputRequired, Length

from pathways import clock
from pathways.forms.base import BaseForm, Day, Decimal, choice
from pathways.operations.thresholds import LONGEST_REASON
from pathways.sharing.language import N_
from pathways.sharing.thresholds import ON_OFF, YES_NO, Part, Threshold, shown

SAVE, PREVIEW, DEFAULT = "save", "preview", "default"
VALUE = "value_{}"


class ThresholdForm(BaseForm):
    """What every threshold asks. ``value_1``… are added by ``form_for``."""

    valid_from = Day("À partir du", validators=[InputRequired("Indiquez un jour.")], default=clock.today)
    reason = StringField(
        "Pourquoi ce changement",
        validators=[InputRequired("Dites en quelques mots pourquoi : vos collègues le liront."), Length(max=LONGEST_REASON)],
        render_kw={"autocomplete": "off", "maxlength": LONGEST_REASON},
    )

    @property
    def begins(self) -> date:
        """The day asked for, once the form is valid."""
        assert self.valid_from.data is not None
        return self.valid_from.data

    @property
    def values(self) -> list[Field]:
        return [field for field in self if field.name.startswith("value_")]

    @property
    def typed(self) -> list[Any]:
        """The numbers as they were typed; yes and no as 1 and 0."""
        return [int(field.data) if isinstance(field, RadioField) and field.data else field.data for field in self.values]

    def without_values(self) -> None:
        """Going back to the default needs no number."""
        for field in self.values:
            self._fields.pop(field.name)

    def without_reason(self) -> None:
        """Looking at the effect needs no reason yet."""
        self._fields.pop("reason")


def form_for(threshold: Threshold, value: Any) -> ThresholdForm:
    """The form of one threshold, filled with its value today."""
    numbers = shown(threshold, value) if value is not None else (None,) * len(threshold.parts)
    fields = {VALUE.format(n): _field(part) for n, part in enumerate(threshold.parts, 1)}
    parts = zip(threshold.parts, numbers, strict=True)
    made: type[ThresholdForm] = type("OneThresholdForm", (ThresholdForm,), fields)
    return made(data={VALUE.format(n): _typed(part, number) for n, (part, number) in enumerate(parts, 1)})


def _field(part: Part) -> Any:
    if part.unit == YES_NO:
        return RadioField(
            part.label or N_("Nouvelle valeur"),
            choices=[choice("1", "Oui"), choice("0", "Non")],
            validators=[InputRequired("Choisissez oui ou non.")],
        )
    if part.unit == ON_OFF:
        return RadioField(
            N_("État"),
            choices=[choice("1", "En marche"), choice("0", "À l’arrêt")],
            validators=[InputRequired("Choisissez.")],
        )
    return Decimal(part.label or N_("Nouvelle valeur"), validators=[InputRequired("Indiquez une valeur.")])


def _typed(part: Part, number: Any) -> Any:
    """As the field shows it: « 45 » and not « 45.0 »."""
    if number is None:
        return None
    if part.unit in (YES_NO, ON_OFF):
        return "1" if number else "0"
    return int(number) if float(number) == int(number) else number


class WithdrawForm(BaseForm):
    """Which planned change: its scheme (empty for all) and the day it would begin."""

    scheme = HiddenField()
    valid_from = Day("Jour", validators=[InputRequired()])

    @property
    def begins(self) -> date:
        """The day asked for, once the form is valid."""
        assert self.valid_from.data is not None
        return self.valid_from.data


def scheme_choices(codes: Sequence[str], names: Any) -> list[tuple[str, str]]:
    """Schemes for a list, by name."""
    return sorted(((code, names(code)) for code in codes), key=lambda pair: pair[1])
