"""Acting on an alert: what came of it."""

from __future__ import annotations

from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import InputRequired, Length

from pathways.forms.base import BaseForm, choice
from pathways.operations.alerts import OUTCOMES

LONGEST_REASON = 200


class CloseAlertForm(BaseForm):
    """The outcome is a code of a closed list: it is what a rule is judged on."""

    outcome = RadioField(
        "Ce qu’il en est",
        choices=[choice(code, label) for code, label in OUTCOMES.items()],
        validators=[InputRequired("Choisissez ce qu’il en est.")],
    )
    reason = StringField(
        "Précision",
        filters=[lambda text: text.strip() if text else text],
        validators=[Length(max=LONGEST_REASON)],
        render_kw={"maxlength": LONGEST_REASON},
    )
    version = HiddenField()


class TakeAlertForm(BaseForm):
    """Only a token and what was read: taking an alert upon oneself changes something."""

    version = HiddenField()
