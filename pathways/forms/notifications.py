"""How one wants to hear of one's alerts."""

from __future__ import annotations

from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired

from pathways.forms.base import BaseForm, choice
from pathways.models import Digest

DIGESTS = {
    Digest.DAILY: "Chaque matin de travail, s’il y a du nouveau",
    Digest.WEEKLY: "Le lundi matin, s’il y a du nouveau",
    Digest.NEVER: "Jamais",
}


class ChoiceForm(BaseForm):
    """The summary by mail, and the mail at once."""

    digest = RadioField(
        "Résumé par courriel",
        choices=[choice(str(code), label) for code, label in DIGESTS.items()],
        validators=[InputRequired("Choisissez quand recevoir un résumé.")],
    )
    immediate = BooleanField("Un courriel tout de suite quand quelqu’un signale, ou que c’est critique")
