"""Filters of the page on the obligation to be in training, and a summons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import SelectField
from wtforms.validators import InputRequired, ValidationError

from pathways import clock
from pathways.forms.base import BaseForm, Day, choice
from pathways.forms.filters import read_search
from pathways.queries.obligation import COVERED, OUT, RECENT, Filters
from pathways.sharing.language import _

EVERYBODY = "tous"
MINE = "miens"
WITHIN = (30, 90, 180)
"""Days until the 18th birthday one may ask for."""


def read_filters(query: Mapping[str, str]) -> Filters:
    """The filters an address asks for; what is not on the list of choices is ignored."""
    state, within = query.get("etat", OUT), query.get("majorite", "")
    return Filters(
        state="" if state == EVERYBODY else state if state in {OUT, RECENT, COVERED} else OUT,
        within=int(within) if within.isdecimal() and within in {str(each) for each in WITHIN} else 0,
        search=read_search(query),
        mine=query.get("vue") == MINE,
    )


def as_query(filters: Filters) -> dict[str, Any]:
    """The filters as an address carries them."""
    asked = {
        "etat": EVERYBODY if not filters.state else filters.state if filters.state != OUT else "",
        "majorite": str(filters.within or ""),
        "q": filters.search,
        "vue": MINE if filters.mine else "",
    }
    return {name: value for name, value in asked.items() if value}


class SummonsForm(BaseForm):
    """The day somebody is summoned for. ``offer`` gives it the steps of one's own before it is read."""

    day = Day("Jour de la convocation", validators=[InputRequired("Indiquez le jour.")])
    step = SelectField("Sur l’étape", validate_choice=False, validators=[InputRequired("Choisissez une étape de la liste.")])

    def offer(self, steps: Sequence[tuple[str, str]]) -> None:
        self.step.choices = [choice(code, label) for code, label in steps]
        if not self.step.raw_data:
            self.step.data = steps[0][0] if steps else ""

    def validate_step(self, field: Any) -> None:
        if field.data not in {offered.value for offered in field.choices}:
            raise ValidationError(_("Choisissez une étape de la liste."))

    def validate_day(self, field: Any) -> None:
        if field.data and field.data < clock.today():
            raise ValidationError(_("Une convocation est à venir : indiquez aujourd’hui ou un jour suivant."))
