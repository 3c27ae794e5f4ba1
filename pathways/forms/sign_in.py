"""Signing in, and choosing the organisation one acts for."""

from __future__ import annotations

from wtforms import PasswordField, RadioField, StringField
from wtforms.validators import InputRequired, Length

from pathways.forms.base import BaseForm
from pathways.sharing.language import _
from pathways.sharing.passwords import LONGEST as LONGEST_PASSWORD


class SignInForm(BaseForm):
    """Whether an address has an account shows nowhere: one message for every failure."""

    email = StringField(
        "Adresse électronique",
        validators=[InputRequired("Indiquez votre adresse électronique."), Length(max=254)],
        render_kw={"autocomplete": "username", "inputmode": "email", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        "Mot de passe",
        validators=[InputRequired("Indiquez votre mot de passe."), Length(max=LONGEST_PASSWORD)],
        render_kw={"autocomplete": "current-password"},
    )

    def refuse_sign_in(self) -> None:
        self.refuse([_("L’adresse ou le mot de passe ne correspond pas. Vérifiez-les et réessayez.")])


class ChooseForm(BaseForm):
    """The organisations one may act for are given by the view."""

    organisation = RadioField("Organisme", validators=[InputRequired("Choisissez un organisme.")])


class SignOutForm(BaseForm):
    """Only a token: signing out changes something, so it is posted."""
