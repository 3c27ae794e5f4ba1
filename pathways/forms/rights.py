"""The person's rights: what was given, what is agreed, what is asked and answered."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from pathways.forms.base import BaseForm, Day, choice
from pathways.sharing.agreements import ADAPTATIONS

CHANNELS = [
    choice("hand", "Remise en main propre"), choice("letter", "Par courrier"), choice("email", "Par courriel"),
    choice("link", "Par le lien de sa page"),
]
KINDS = [
    choice("access", "Lire tout ce qui est écrit"), choice("correction", "Faire corriger"),
    choice("objection", "S’opposer aux signaux automatiques"), choice("erasure", "Faire effacer"),
]
GROUPS = [choice("S", "Le thème de ses difficultés sociales"), choice("H", "Les aménagements dont il a besoin")]


class InformationForm(BaseForm):
    """The sheet was given."""

    channel = RadioField("Comment ?", choices=CHANNELS, validators=[InputRequired("Choisissez comment.")])
    easy = BooleanField("Version facile à lire")


class AgreementForm(BaseForm):
    """What the person agrees to, for whom, until when."""

    recipient = SelectField("Organisme qui pourra lire", validators=[InputRequired("Choisissez l’organisme.")])
    group = RadioField("Ce qu’il pourra lire", choices=GROUPS, validators=[InputRequired("Choisissez ce qui est transmis.")])
    adaptations = SelectMultipleField(
        "Aménagements transmis", choices=[choice(code, label) for code, label in ADAPTATIONS.items()],
        option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False), validators=[Optional()],
    )
    until = Day("Jusqu’au", validators=[Optional()])


def agreement_form(recipients: Iterable[tuple[str, str]]) -> AgreementForm:
    """``recipients``: (public id, name) of organisations that an agreement would let read something."""
    form = AgreementForm()
    form.recipient.choices = [choice(public_id, name) for public_id, name in recipients]
    return form


class RequestForm(BaseForm):
    """What the person asks for, in their words."""

    kind = RadioField("Ce que la personne demande", choices=KINDS, validators=[InputRequired("Choisissez la demande.")])
    said = TextAreaField("Précisions", validators=[Length(max=2000)])


class AnswerForm(BaseForm):
    """The answer to a request."""

    granted = RadioField("Réponse", choices=[choice("oui", "Acceptée"), choice("non", "Refusée")],
                         validators=[InputRequired("Choisissez la réponse.")])
    answer = TextAreaField("Ce qui a été fait, ou pourquoi c’est refusé", validators=[Length(max=2000)])
