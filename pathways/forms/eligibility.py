"""The day asked about, and the conditions answered by yes or no."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wtforms import RadioField
from wtforms.validators import Optional

from pathways.forms.base import BaseForm, Day, choice

YES, NO = "oui", "non"
FIELD = "condition-"


class DayForm(BaseForm):
    """Which day the rules are asked about."""

    class Meta(BaseForm.Meta):
        csrf = False

    jour = Day("Jour", validators=[Optional()])


class ConditionsForm(BaseForm):
    """One question a condition; those left without an answer stay unknown."""

    @property
    def holds(self) -> Mapping[str, bool]:
        """Condition → answer, of those answered."""
        answered = [field for field in self if field.name.startswith(FIELD) and field.data]
        return {field.name.removeprefix(FIELD): field.data == YES for field in answered}


def conditions_form(questions: Iterable[tuple[str, str]]) -> ConditionsForm:
    """The form of these (condition, question)."""
    fields = {
        FIELD + code: RadioField(question, choices=[choice(YES, "Oui"), choice(NO, "Non")], validators=[Optional()])
        for code, question in questions
    }
    form: type[ConditionsForm] = type("AskedForm", (ConditionsForm,), fields)
    return form()
