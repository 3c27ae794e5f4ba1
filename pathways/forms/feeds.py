"""Files received: reviewing a baseline, and giving a file on the page."""

from __future__ import annotations

import uuid
from typing import Any

from flask_wtf.file import FileField
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.validators import Length, ValidationError

from pathways.forms.base import BaseForm, choice
from pathways.sharing.language import _
from pathways.workflows.alert_life import CLOSINGS

LONGEST_REASON = 200


class ReviewForm(BaseForm):
    """Some alerts of a baseline, and one act for them all."""

    alerts = SelectMultipleField("Personnes", validate_choice=False)
    act = StringField("Action")
    outcome = SelectField(
        "Ce qu’il en est", choices=[choice("", "–"), *(choice(code, label) for code, label in CLOSINGS.items())],
        validate_choice=False,
    )
    reason = StringField("Précision", validators=[Length(max=LONGEST_REASON)], render_kw={"maxlength": LONGEST_REASON})

    def validate_act(self, field: Any) -> None:
        if field.data not in {"take_up", "put_away"}:
            raise ValidationError(_("Choisissez de reprendre ou de classer."))

    def validate_outcome(self, field: Any) -> None:
        if self.act.data == "put_away" and field.data not in CLOSINGS:
            raise ValidationError(_("Choisissez ce qu’il en est."))

    def chosen(self) -> list[uuid.UUID]:
        """The alerts ticked; what is no identifier is left out."""
        found = []
        for text in self.alerts.data or ():
            try:
                found.append(uuid.UUID(text))
            except ValueError:
                continue
        return found


class UploadForm(BaseForm):
    """A file, and whether it is only tried. ``seen``: the fingerprint of the file that was tried."""

    file = FileField("Fichier JSON du logiciel")
    act = StringField("Action")
    seen = StringField("Empreinte")

    def validate_file(self, field: Any) -> None:
        if not field.data or not field.data.filename:
            raise ValidationError(_("Choisissez le fichier."))
        if not field.data.filename.lower().endswith(".json"):
            raise ValidationError(_("Choisissez un fichier .json, tel que le logiciel l’exporte."))
