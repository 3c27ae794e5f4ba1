"""Finding who accompanies somebody, and saying why a record has to be opened at once."""

from __future__ import annotations

from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from pathways.forms.base import BaseForm, Day, choice
from pathways.forms.persons import Commune

REASONS = [
    choice("life", "La vie de la personne est en danger"),
    choice("minor", "Un mineur est en danger"),
    choice("violence", "La personne subit des violences"),
    choice("other", "Autre danger imminent"),
]
MISSING = "À remplir : la recherche se fait par le nom, le prénom et la date de naissance exacts."


class SeekForm(BaseForm):
    """The first three are needed: nobody browses."""

    family_name = StringField("Nom de famille", validators=[InputRequired(MISSING), Length(max=120)])
    given_name = StringField("Prénom", validators=[InputRequired(MISSING), Length(max=120)])
    born = Day("Date de naissance", validators=[InputRequired(MISSING)])
    commune = Commune("Commune, si plusieurs personnes portent ce nom", validators=[Optional()])


class EmergencyForm(BaseForm):
    """Why, in a word and in a sentence."""

    reason = RadioField("Motif", choices=REASONS, validators=[InputRequired("Choisissez un motif.")])
    explanation = TextAreaField(
        "Ce qui se passe", validators=[InputRequired("Dites en une phrase ce qui se passe."), Length(max=500)]
    )
