"""The numbers other systems know a person by: one field each, with what is wrong beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import StringField
from wtforms.validators import Length, Optional, ValidationError

from pathways.forms.base import BaseForm
from pathways.sharing.identifiers import NUMBERS
from pathways.sharing.refusals import reason_sentence
from pathways.workflows.identifiers import fault

LONGEST = 40


class NumbersForm(BaseForm):
    """Its fields are added by ``numbers_form``, named after the systems."""

    @property
    def typed(self) -> dict[str, str]:
        return {field.name: field.data or "" for field in self if field.name in NUMBERS}


def numbers_form(systems: Iterable[str], known: Mapping[str, str]) -> NumbersForm:
    """A field for each of these systems, filled with the number that is known."""
    fields = {
        system: StringField(
            NUMBERS[system],
            validators=[Optional(), Length(max=LONGEST), _number],
            default=known.get(system, ""),
            render_kw={"maxlength": LONGEST, "autocomplete": "off", "spellcheck": "false"},
        )
        for system in systems
    }
    made: NumbersForm = type("numbers_form", (NumbersForm,), fields)()
    return made


def _number(_form: BaseForm, field: Any) -> None:
    wrong = fault(field.name, field.data)
    if wrong:
        raise ValidationError(reason_sentence(wrong))
