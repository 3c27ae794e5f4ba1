"""One's own account."""

from __future__ import annotations

from wtforms import PasswordField, RadioField, StringField
from wtforms.validators import InputRequired, Length

from pathways.forms.base import BaseForm, choice
from pathways.sharing.passwords import LONGEST as LONGEST_PASSWORD

LANGUAGES = {"fr": "Français", "en": "English"}
"""Each in its own words, whatever the language of the page."""


class ProfileForm(BaseForm):
    name = StringField(
        "Prénom et nom",
        validators=[InputRequired("Indiquez votre prénom et votre nom."), Length(max=120)],
        render_kw={"autocomplete": "name"},
    )
    phone = StringField(
        "Téléphone professionnel", validators=[Length(max=30)], render_kw={"autocomplete": "tel", "inputmode": "tel"}
    )
    locale = RadioField(
        "Langue des pages",
        choices=[choice(code, name) for code, name in LANGUAGES.items()],
        validators=[InputRequired("Choisissez une langue.")],
    )


class PasswordForm(BaseForm):
    old = PasswordField(
        "Mot de passe actuel",
        validators=[InputRequired("Indiquez votre mot de passe actuel."), Length(max=LONGEST_PASSWORD)],
        render_kw={"autocomplete": "current-password"},
    )
    new = PasswordField(
        "Nouveau mot de passe",
        validators=[InputRequired("Choisissez un nouveau mot de passe."), Length(max=LONGEST_PASSWORD)],
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        "Le nouveau, encore une fois",
        validators=[InputRequired("Tapez le nouveau mot de passe une seconde fois."), Length(max=LONGEST_PASSWORD)],
        render_kw={"autocomplete": "new-password"},
    )
