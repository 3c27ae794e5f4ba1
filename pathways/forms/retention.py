"""Holding a record beyond its time, looking at a hold again, and opening an archived record: each with a reason."""

from __future__ import annotations

import re
import uuid
from typing import Any

from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from pathways.forms.base import BaseForm, Day
from pathways.sharing.language import _

LONGEST_REASON = 1_000
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)


class Reference(StringField):
    """A record by its reference, or by the address of its page, pasted whole. ``answer``: the reference."""

    answer: uuid.UUID

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 -- the library's signature
        found = _UUID.search((self.data or "").lower())
        if found is None:
            raise ValidationError(_("Collez la référence de la fiche, ou l’adresse de sa page."))
        self.answer = uuid.UUID(found.group())


def _reference() -> Reference:
    return Reference(
        "Référence de la fiche",
        validators=[InputRequired("Collez la référence de la fiche, ou l’adresse de sa page."), Length(max=300)],
        render_kw={"autocomplete": "off", "maxlength": 300},
    )


def _reason(why: str) -> TextAreaField:
    return TextAreaField("Motif", validators=[InputRequired(why), Length(max=LONGEST_REASON)], render_kw={"rows": 3})


class HoldForm(BaseForm):
    person = _reference()
    reason = _reason("Écrivez le motif : il est gardé, et relu quand on revoit la mesure.")
    review_on = Day("À revoir le", validators=[InputRequired("Indiquez un jour, dans un an au plus.")])


class ReviewForm(BaseForm):
    review_on = Day("À revoir le", validators=[InputRequired("Indiquez un jour, dans un an au plus.")])


class ArchiveForm(BaseForm):
    person = _reference()
    reason = _reason("Écrivez pourquoi vous ouvrez cette fiche : c’est noté dans le journal des consultations.")
