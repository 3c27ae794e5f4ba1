"""What the person types on their own page."""

from __future__ import annotations

from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from pathways.forms.base import BaseForm, Day, choice
from pathways.workflows.outcomes import APPOINTMENT_ANSWERS, HELP_TOPICS


class BirthDateForm(BaseForm):
    """The proof that the link reached the right person."""

    born = Day("Votre date de naissance", validators=[InputRequired("Écrivez votre date de naissance.")])


class HelpForm(BaseForm):
    """A call: a subject is enough."""

    topic = RadioField(
        "C’est à propos de quoi ?", choices=[choice(code, label) for code, label in HELP_TOPICS.items()],
        validators=[InputRequired("Choisissez un sujet.")],
    )
    words = TextAreaField("Vous pouvez ajouter quelques mots", validators=[Length(max=500)])


class AnswerForm(BaseForm):
    """One answer to one appointment."""

    planned = Day("Rendez-vous", validators=[InputRequired()])
    answer = RadioField(
        "Votre réponse", choices=[choice(code, label) for code, label in APPOINTMENT_ANSWERS.items()],
        validators=[InputRequired("Choisissez une réponse.")],
    )
