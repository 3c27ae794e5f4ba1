"""Noting an obstacle, and what is done about one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired, Optional, ValidationError

from pathways import clock
from pathways.forms.base import BaseForm, Day, Note, choice
from pathways.sharing.language import _
from pathways.workflows.obstacle_codes import ACTIONS, OTHER_ACTION, THEMES, VALUES, belongs
from pathways.workflows.outcomes import OBSTACLE_SEVERITIES


class _OnAStep(BaseForm):
    """``offer`` gives it the steps of one's own before it is read."""

    step = SelectField("Sur l’étape", validate_choice=False, validators=[InputRequired("Choisissez une étape de la liste.")])
    day = Day("Date", validators=[InputRequired("Indiquez la date.")], default=clock.today)

    def offer(self, steps: Sequence[tuple[str, str]]) -> None:
        self.step.choices = [choice(code, label) for code, label in steps]
        if not self.step.raw_data:
            self.step.data = steps[0][0] if steps else ""

    def validate_step(self, field: Any) -> None:
        if field.data not in {offered.value for offered in field.choices}:
            raise ValidationError(_("Choisissez une étape de la liste."))


class ObstacleForm(_OnAStep):
    """The values are offered theme by theme; one that is not of the theme chosen is refused."""

    theme = RadioField(
        "Thème", choices=[choice(code, label) for code, label in THEMES.items()],
        validators=[InputRequired("Choisissez le thème.")],
    )  # fmt: skip
    value = SelectField("Précision", validators=[Optional()], validate_choice=False)
    severity = RadioField(
        "Gravité", choices=[choice(code, label) for code, label in OBSTACLE_SEVERITIES.items()],
        validators=[InputRequired("Choisissez la gravité.")],
    )  # fmt: skip

    def offer(self, steps: Sequence[tuple[str, str]]) -> None:
        super().offer(steps)
        self.value.choices = [choice("", _("Sans précision"))] + [
            choice(code, _("{theme} : {value}").format(theme=_(THEMES[theme]), value=_(label)))
            for theme, values in VALUES.items()
            for code, label in values.items()
        ]

    @property
    def details(self) -> dict[str, Any]:
        return _given({"theme": self.theme.data, "severity": self.severity.data, "value": self.value.data})

    def validate_value(self, field: Any) -> None:
        if not belongs(field.data, self.theme.data or "", VALUES):
            raise ValidationError(_("Cette précision est d’un autre thème."))


class ActionForm(_OnAStep):
    """What is done about one theme."""

    kind = RadioField("Action", validators=[InputRequired("Choisissez l’action.")], validate_choice=False)
    next_on = Day("Prochaine étape le", validators=[Optional()])
    note = Note("Note interne")

    def about(self, theme: str) -> None:
        """The actions of that theme."""
        offered = {**ACTIONS.get(theme, {}), **OTHER_ACTION}
        self.kind.choices = [choice(code, _(label)) for code, label in offered.items()]

    def details(self, theme: str) -> dict[str, Any]:
        next_on = self.next_on.data.isoformat() if self.next_on.data else None
        return _given({"theme": theme, "kind": self.kind.data, "next_on": next_on, "note": (self.note.data or "").strip()})

    def validate_kind(self, field: Any) -> None:
        if field.data not in {offered.value for offered in field.choices}:
            raise ValidationError(_("Choisissez l’action."))

    def validate_next_on(self, field: Any) -> None:
        if field.data and self.day.data and field.data < self.day.data:
            raise ValidationError(_("La prochaine étape vient après cette action."))


def _given(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value}
