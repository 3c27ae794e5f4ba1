"""Answers to a follow-up after a course: one at a time, or a table of those who left together."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask import request
from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from pathways import clock
from pathways.detection.follow_ups import Status
from pathways.forms.base import BaseForm, Day, Number, choice
from pathways.queries.follow_ups import Filters
from pathways.sharing.language import _
from pathways.workflows import follow_ups
from pathways.workflows.follow_ups import OFFERED, SITUATIONS, WORKING
from pathways.workflows.schemes import SCHEMES

STATUSES = {"retard": Status.LATE, "venir": Status.COMING, "faits": Status.ANSWERED}
LONGEST = 120
"""Months a contract may be said to last."""
NO_ANSWER = "sans-reponse"
"""What a line of the table says of somebody called in vain."""
MINE = "miens"


def read_filters(query: Mapping[str, str]) -> Filters:
    """The filters an address asks for; what is not on the list of choices is ignored."""
    scheme, month = query.get("dispositif", ""), query.get("mois", "")
    return Filters(
        status=str(STATUSES.get(query.get("etat", ""), "")),
        scheme=scheme if scheme in SCHEMES else "",
        group=_public_id(query.get("groupe", "")),
        month=int(month) if month.isdecimal() and len(month) < 3 else 0,  # noqa: PLR2004 -- a number of months
        mine=query.get("vue") == MINE,
    )


def as_query(filters: Filters) -> dict[str, Any]:
    """The filters as an address carries them."""
    names = {str(status): name for name, status in STATUSES.items()}
    asked = {
        "etat": names.get(filters.status, ""),
        "dispositif": filters.scheme,
        "groupe": filters.group,
        "mois": str(filters.month or ""),
        "vue": MINE if filters.mine else "",
    }
    return {name: value for name, value in asked.items() if value}


def _public_id(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return ""


class AnswerForm(BaseForm):
    """The situation is a button, or a link to the same page with the questions about the contract."""

    situation = HiddenField("Situation")
    contract = RadioField("Contrat", validators=[Optional()], validate_choice=False)
    length = RadioField(
        "Durée", choices=[choice(code, label) for code, label in follow_ups.LENGTHS.items()], validators=[Optional()]
    )
    months = Number("Ou sa durée en mois", validators=[Optional(), NumberRange(0, LONGEST, "Écrivez un nombre de mois.")])
    working_time = RadioField(
        "Temps de travail", choices=[choice(code, label) for code, label in follow_ups.WORKING_TIMES.items()],
        validators=[Optional()],
    )  # fmt: skip
    same_job = RadioField(
        "Depuis le suivi précédent", choices=[choice(code, label) for code, label in follow_ups.SAME_JOB.items()],
        validators=[Optional()],
    )  # fmt: skip
    got_from = RadioField(
        "Réponse donnée par", choices=[choice(code, label) for code, label in follow_ups.GOT_FROM.items()], default="personne",
        validators=[InputRequired("Dites qui a répondu.")],
    )  # fmt: skip
    day = Day("Date de la réponse", validators=[InputRequired("Indiquez la date.")], default=clock.today)

    def ask_about(self, situation: str) -> None:
        """The contracts that go with the situation."""
        self.contract.choices = [choice(code, _(follow_ups.CONTRACTS[code])) for code in OFFERED.get(situation, ())]

    @property
    def details(self) -> dict[str, Any]:
        """What is recorded, without what the situation leaves no room for."""
        said: dict[str, Any] = {"situation": self.situation.data, "got_from": self.got_from.data}
        if self.situation.data in WORKING:
            said |= {name: getattr(self, name).data for name in ("contract", "length", "months", "working_time", "same_job")}
        return {name: value for name, value in said.items() if value not in (None, "")}

    def validate_situation(self, field: Any) -> None:
        if field.data not in SITUATIONS:
            raise ValidationError(_("Choisissez la situation."))

    def validate_contract(self, field: Any) -> None:
        if field.data and field.data not in OFFERED.get(self.situation.data or "", ()):
            raise ValidationError(_("Ce contrat ne va pas avec la situation."))


class TableForm(BaseForm):
    """One line for each who left: the lines come beside, named after their step."""

    got_from = SelectField(
        "Réponses données par", choices=[choice(code, label) for code, label in follow_ups.GOT_FROM.items()], default="personne",
        validators=[InputRequired("Dites qui a répondu.")],
    )
    day = Day("Date des réponses", validators=[InputRequired("Indiquez la date.")], default=clock.today)

    def line(self, step: str) -> dict[str, Any]:
        """What was said of one of them; empty when the line was left as it was."""
        situation = request.form.get(f"situation-{step}", "")
        if situation == NO_ANSWER:
            return {"situation": NO_ANSWER}
        if situation not in SITUATIONS:
            return {}
        said = {"situation": situation, "got_from": self.got_from.data}
        contract, length = request.form.get(f"contract-{step}", ""), request.form.get(f"length-{step}", "")
        if contract in OFFERED.get(situation, ()):
            said["contract"] = contract
        if situation in WORKING and length in follow_ups.LENGTHS:
            said["length"] = length
        return said
