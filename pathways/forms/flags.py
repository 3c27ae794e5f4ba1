"""A difficulty the training body flags: two clicks and a button; the rest is optional."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import RadioField, SelectMultipleField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from pathways.forms.base import BaseForm, Note, choice
from pathways.sharing.language import N_, _
from pathways.workflows import outcomes

LEVELS: Mapping[str, str] = {
    "1": N_("À surveiller"),
    "2": N_("À traiter"),
    "3": N_("Urgent"),
}
"""The level of the signal a flag opens."""


class FlagForm(BaseForm):
    """The dimension, how much it asks for, the themes; the comment stays inside the organisation."""

    dimension = RadioField(
        "De quel ordre est la difficulté", validators=[InputRequired("Choisissez la nature de la difficulté.")]
    )
    level = RadioField("Ce que cela demande", default="2", validators=[InputRequired("Choisissez un niveau.")])
    themes = SelectMultipleField("Thèmes", widget=ListWidget(prefix_label=False), option_widget=CheckboxInput())
    note = Note("Commentaire")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dimension.choices = [choice(code, _(label)) for code, label in outcomes.RISK_DIMENSIONS.items()]
        self.level.choices = [choice(code, _(label)) for code, label in LEVELS.items()]
        self.themes.choices = [choice(code, _(label)) for code, label in outcomes.OBSTACLE_THEMES.items()]
