"""Every kind of field, for the page that shows how they look."""

from __future__ import annotations

from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from pathways.forms.base import BaseForm, Day, Decimal, Note, Number, choice
from pathways.forms.half_days import HalfDays

CHANNELS = [choice("phone", "Téléphone"), choice("office", "Sur place"), choice("visio", "Visio")]


NEEDED = "À renseigner."


class StyleForm(BaseForm):
    """Nothing is sent: the page has no button that does."""

    text = StringField("Texte court", validators=[InputRequired(NEEDED)])
    day = Day("Date", validators=[Optional()])
    number = Number("Nombre entier", validators=[Optional()])
    decimal = Decimal("Nombre à virgule", validators=[Optional()])
    chosen = SelectField("Liste", choices=[choice("", "Choisir…"), *CHANNELS], validators=[Optional()])
    radio = RadioField("Choix entre peu de réponses", choices=CHANNELS, validators=[InputRequired(NEEDED)])
    several = SelectMultipleField(
        "Plusieurs réponses", choices=CHANNELS, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    flag = BooleanField("Case à cocher")
    halves = HalfDays("Demi-journées")
    note = Note("Note interne")

    @classmethod
    def with_faults(cls) -> StyleForm:
        """As it comes back when something was wrong."""
        form = cls(formdata=None)
        form.text.errors = form.radio.errors = [NEEDED]
        return form
