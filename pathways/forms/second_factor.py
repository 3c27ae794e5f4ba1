"""Codes of the second factor."""

from __future__ import annotations

from wtforms import StringField
from wtforms.validators import InputRequired, Length

from pathways.forms.base import BaseForm

TYPED = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}


class CodeForm(BaseForm):
    """The six digits an authenticator shows, or a recovery code where one is accepted."""

    code = StringField("Code", validators=[InputRequired("Tapez le code."), Length(max=40)], render_kw=TYPED)


class ResetForm(BaseForm):
    """Only a token: an administrator takes somebody's second factor away."""


class EndForm(BaseForm):
    """Only a token: a session ends."""
