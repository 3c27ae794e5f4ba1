"""Settling declarations that contradict each other."""

from __future__ import annotations

from wtforms import RadioField
from wtforms.validators import InputRequired

from pathways.forms.base import BaseForm, Note, choice
from pathways.workflows.outcomes import DOUBTS, SETTLEMENTS


class SettleForm(BaseForm):
    """Both are kept: why, of a closed list."""

    reason = RadioField(
        "Pourquoi garder les deux",
        choices=[choice(code, label) for code, label in SETTLEMENTS.items()],
        validators=[InputRequired("Choisissez un motif.")],
    )
    note = Note("Note interne")


class AskForm(BaseForm):
    """What the other organisation is asked to look at."""

    doubt = RadioField(
        "Ce qui fait douter",
        choices=[choice(code, label) for code, label in DOUBTS.items()],
        validators=[InputRequired("Choisissez un motif.")],
    )


class ConfirmForm(BaseForm):
    """Only a token: saying that an entry is right."""
