"""What was made of an unusual reading."""

from __future__ import annotations

from wtforms import HiddenField, RadioField
from wtforms.validators import AnyOf, InputRequired

from pathways.forms.base import BaseForm, Day, choice
from pathways.sharing.unusual import RULES

VERDICTS = [
    choice("justified", "Justifiée"),
    choice("to_discuss", "À voir avec la personne"),
    choice("incident", "Incident"),
]


class ReviewForm(BaseForm):
    """One verdict on one day of one reader."""

    reader = HiddenField("Lecteur", validators=[InputRequired()])
    on = Day("Jour", validators=[InputRequired()])
    rule = HiddenField("Règle", validators=[AnyOf(list(RULES))])
    verdict = RadioField("Avis", choices=VERDICTS, validators=[InputRequired("Choisissez un avis.")])
