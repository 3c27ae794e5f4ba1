"""Asking for a replay: a period, and up to three thresholds as they would have been."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from pathways import clock
from pathways.detection.choices import schemes_of
from pathways.detection.rule import RULES, Family
from pathways.forms.base import BaseForm, Day
from pathways.operations.backtests import Wanted
from pathways.operations.thresholds import LONGEST_REASON
from pathways.sharing.language import N_, _
from pathways.sharing.naming import scheme as scheme_name
from pathways.sharing.thresholds import THRESHOLDS, YES_NO, described
from pathways.workflows.schemes import SCHEMES

ROWS = 3
USUAL = timedelta(days=7 * 26)
EXAMPLE = N_("20, ou 2 ; 30 s’il y a deux nombres")


class AskForm(BaseForm):
    """``threshold_1``, ``scheme_1``, ``value_1`` and so on: a row left empty asks for nothing."""

    first = Day("Du", validators=[InputRequired("Indiquez un jour.")])
    last = Day("Au", validators=[InputRequired("Indiquez un jour.")])
    threshold_1 = SelectField("Seuil", validate_choice=True, validators=[Optional()])
    scheme_1 = SelectField("Dispositif", validators=[Optional()])
    value_1 = StringField("Valeur à essayer", validators=[Length(max=60)], render_kw={"placeholder": EXAMPLE})
    threshold_2 = SelectField("Seuil", validators=[Optional()])
    scheme_2 = SelectField("Dispositif", validators=[Optional()])
    value_2 = StringField("Valeur à essayer", validators=[Length(max=60)])
    threshold_3 = SelectField("Seuil", validators=[Optional()])
    scheme_3 = SelectField("Dispositif", validators=[Optional()])
    value_3 = StringField("Valeur à essayer", validators=[Length(max=60)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in range(1, ROWS + 1):
            self[f"threshold_{row}"].choices = offered()
            self[f"scheme_{row}"].choices = [("", _("Tous")), *sorted((code, scheme_name(code)) for code in SCHEMES)]

    @property
    def period(self) -> tuple[date, date]:
        """The days asked for, once the form is valid."""
        assert self.first.data is not None
        assert self.last.data is not None
        return self.first.data, self.last.data

    @property
    def rows(self) -> list[tuple[Any, Any, Any]]:
        return [(self[f"threshold_{row}"], self[f"scheme_{row}"], self[f"value_{row}"]) for row in range(1, ROWS + 1)]

    @property
    def wanted(self) -> list[Wanted]:
        """What the rows say, the numbers as typed: None for what is no number."""
        return [
            (name.data, scheme.data or None, numbers(name.data, value.data))
            for name, scheme, value in self.rows
            if name.data
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        for name, scheme, value in self.rows:
            if name.data and not (value.data or "").strip():
                value.errors = [_("Indiquez la valeur à essayer.")]
                good = False
            elif not name.data and (value.data or "").strip():
                name.errors = [_("Choisissez le seuil auquel cette valeur s’applique.")]
                good = False
            elif name.data and scheme.data and not name.errors and scheme.data not in schemes_of(name.data):
                scheme.errors = [_("Ce seuil ne concerne pas ce dispositif.")]
                good = False
        return good


class ApplyForm(BaseForm):
    """From which day the thresholds that were tried hold, and why."""

    valid_from = Day("À partir du", validators=[InputRequired("Indiquez un jour.")], default=clock.today)
    reason = StringField(
        "Pourquoi ce changement",
        validators=[InputRequired("Dites en quelques mots pourquoi : vos collègues le liront."), Length(max=LONGEST_REASON)],
        render_kw={"autocomplete": "off", "maxlength": LONGEST_REASON},
    )

    @property
    def begins(self) -> date:
        """The day asked for, once the form is valid."""
        assert self.valid_from.data is not None
        return self.valid_from.data


class PlainForm(BaseForm):
    """A button alone."""

    nothing = HiddenField()


def offered() -> list[Any]:
    """The thresholds one may try, by family, by name; those the law gives are left out."""
    found = []
    for family in Family:
        of_it = [
            (name, _(threshold.label))
            for name, threshold in THRESHOLDS.items()
            if not threshold.is_locked and (rule := RULES.get(name.partition(".")[0])) and rule.family is family
        ]
        found += sorted(of_it, key=lambda pair: pair[1])
    return [("", "—"), *found]


def numbers(name: str, typed: str | None) -> list[Any]:
    """« 2 ; 30 » → [2.0, 30.0]; « oui » → [1]. None for a word that is no number, so that it is refused as missing."""
    threshold = described(name)
    words = (typed or "").replace("%", " ").split(";")
    if threshold is not None and threshold.parts[0].unit == YES_NO:
        return [{_("oui"): 1, _("non"): 0, "1": 1, "0": 0}.get(word.strip().lower()) for word in words]
    return [_number(word) for word in words]


def _number(word: str) -> float | None:
    try:
        return float(word.strip().replace(",", "."))
    except ValueError:
        return None


def usual_period() -> tuple[date, date]:
    """The last six months."""
    today = clock.today()
    return today - USUAL, today

