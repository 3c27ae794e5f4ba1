"""Acting on an alert: who takes it, what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import HiddenField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from pathways import clock
from pathways.errors import Reason
from pathways.forms.base import BaseForm, Day, choice
from pathways.queries.alerts import Colleague
from pathways.sharing.refusals import reason_sentence
from pathways.workflows.alert_life import CLOSINGS, PAUSES
from pathways.workflows.dates import days

LONGEST_REASON = 200
USUAL_PAUSE = 7
"""Days."""


class CloseAlertForm(BaseForm):
    """The outcome is a code of a closed list: it is what a rule is judged on."""

    outcome = RadioField(
        "Ce qu’il en est",
        choices=[choice(code, label) for code, label in CLOSINGS.items()],
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


class PauseAlertForm(BaseForm):
    """Until when the alert waits, and for which reason of the list."""

    reason = RadioField(
        "Pourquoi attendre",
        choices=[choice(code, label) for code, label in PAUSES.items()],
        validators=[InputRequired("Choisissez pourquoi attendre.")],
    )
    until = Day(
        "Jusqu’au", validators=[InputRequired("Indiquez jusqu’à quel jour.")], default=lambda: clock.today() + days(USUAL_PAUSE)
    )
    version = HiddenField()


class HandAlertForm(BaseForm):
    """One colleague of the list ``offer`` was given."""

    colleague = SelectField(
        "À qui", validators=[InputRequired("Choisissez un collègue.")], validate_choice=False, render_kw={"autocomplete": "off"}
    )
    version = HiddenField()

    def offer(self, colleagues: Iterable[Colleague]) -> None:
        self.colleague.choices = [choice("", "–"), *(choice(str(each.user_id), each.name) for each in colleagues)]

    def validate_colleague(self, field: Any) -> None:
        """Somebody who has left since the page was opened is refused in the same words as a stranger."""
        if field.data not in {offered.value for offered in field.choices}:
            raise ValidationError(reason_sentence(Reason("not_a_colleague")))
