"""The answers to a hand-over: who takes the person over, or why nobody does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired

from pathways.forms.base import BaseForm, choice
from pathways.queries.organisations import Member
from pathways.sharing.language import _
from pathways.workflows.outcomes import HAND_OVER_REFUSALS


class AcceptForm(BaseForm):
    """Acceptance names a referent among the organisation's members."""

    referent = SelectField("Référent dans votre organisme", validators=[InputRequired("Choisissez qui suivra la personne.")])

    def offer(self, members: Sequence[Member], oneself: int) -> None:
        """The members to choose from; whoever answers is proposed."""
        self.referent.choices = [choice("", _("Choisir…")), *(choice(each.public_id, each.name) for each in members)]
        if not self.is_submitted():
            self.referent.data = next((each.public_id for each in members if each.user_id == oneself), "")


class RefuseForm(BaseForm):
    """A refusal gives a reason of the list, which the sender reads."""

    reason = RadioField("Motif", validators=[InputRequired("Choisissez un motif : l’organisme qui transmet le lira.")])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reason.choices = [choice(code, _(label)) for code, label in HAND_OVER_REFUSALS.items()]
