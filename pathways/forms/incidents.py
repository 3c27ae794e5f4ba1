"""Declaring an incident, and saying it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import SelectField
from wtforms.validators import InputRequired, Optional

from pathways.forms.base import BaseForm, Day, choice
from pathways.operations.incidents import When
from pathways.sharing.codes import PROCEDURES
from pathways.sharing.language import N_
from pathways.workflows.incidents import CLOSED, INSOLVENCY, OUTAGE

KINDS: Mapping[str, str] = {
    INSOLVENCY: N_("Un employeur est en procédure collective"),
    CLOSED: N_("Un organisme de formation ferme"),
    OUTAGE: N_("Nos fichiers n’arrivent plus"),
}
"""What happened, as one says it when declaring."""


class IncidentForm(BaseForm):
    """Its days, and the procedure of an employer."""

    procedure = SelectField(
        "Procédure",
        choices=[choice("", "–"), *(choice(code, label) for code, label in PROCEDURES.items())],
        validators=[InputRequired("Choisissez la procédure.")],
    )
    starts_on = Day("Depuis le", validators=[InputRequired("Indiquez le premier jour.")])
    ends_on = Day("Dernier jour", validators=[Optional()])

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        if kind != INSOLVENCY:
            del self.procedure

    @property
    def when(self) -> When:
        assert self.starts_on.data is not None
        return When(self.starts_on.data, self.ends_on.data, self.procedure.data if self.kind == INSOLVENCY else None)
