"""Steering a team: the filters of its alerts, and giving what was ticked to somebody else."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping

from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired

from pathways.detection.rule import Family
from pathways.forms.base import BaseForm, Note, choice
from pathways.operations.reassigning import REASONS
from pathways.queries.owed import ENDS, WHAT
from pathways.queries.steering import AGES, DUE, MOST, NOBODY, STATES, AlertFilters, Mate
from pathways.sharing.language import _
from pathways.sharing.naming import LEVELS
from pathways.workflows.schemes import SCHEMES

TO_NOBODY = "0"


def read_alert_filters(query: Mapping[str, str]) -> AlertFilters:
    """The filters an address asks for; what is not on a list of choices is ignored."""
    owner, due, age = query.get("responsable", ""), query.get("echeance", ""), query.get("anciennete", "")
    state = query.get("etat", "")
    level, family, scheme = query.get("niveau", ""), query.get("famille", ""), query.get("dispositif", "")
    return AlertFilters(
        owner=owner if owner == NOBODY or _is_public_id(owner) else "",
        due=due if due in DUE else "",
        level=level if level in LEVELS else "",
        family=family if family in {str(each) for each in Family} else "",
        scheme=scheme if scheme in SCHEMES else "",
        age=int(age) if age in {str(each) for each in AGES} else 0,
        review=query.get("revue") == "1",
        state=state if state in STATES else "",
        at=query.get("page", ""),
    )


def as_address(filters: AlertFilters) -> dict[str, str]:
    """The filters as an address carries them, without the page."""
    asked = {
        "responsable": filters.owner,
        "echeance": filters.due,
        "niveau": filters.level,
        "famille": filters.family,
        "dispositif": filters.scheme,
        "anciennete": str(filters.age or ""),
        "revue": "1" if filters.review else "",
        "etat": filters.state,
    }
    return {name: value for name, value in asked.items() if value}


def read_kind(query: Mapping[str, str]) -> str:
    """Which missing things are asked for."""
    return query["quoi"] if query.get("quoi") in WHAT else ENDS


def _is_public_id(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


class HandingForm(BaseForm):
    """To whom, and why. ``offer`` gives the colleagues."""

    colleague = SelectField("À qui", validators=[InputRequired("Choisissez un collègue.")], validate_choice=False)
    reason = SelectField(
        "Motif",
        choices=[choice("", "–"), *(choice(code, label) for code, label in REASONS.items())],
        validators=[InputRequired("Choisissez un motif.")],
    )

    def offer(self, colleagues: Iterable[Mate], nobody: bool = False) -> None:
        to_nobody = [choice(TO_NOBODY, _("Sans responsable"))] if nobody else []
        self.colleague.choices = [choice("", "–"), *(choice(str(each.user_id), each.name) for each in colleagues), *to_nobody]

    @property
    def to(self) -> int | None:
        """The colleague chosen; None for nobody."""
        data = str(self.colleague.data)
        return int(data) if data.isdecimal() and data != TO_NOBODY else None


class ReassignForm(HandingForm):
    """``ticked``: alerts, each as its public id and the version read; ``all``: those of the filter, ``shown`` in number."""

    ticked = SelectMultipleField("Alertes", choices=[], validate_choice=False)
    all = BooleanField("Toutes celles du filtre")
    shown = HiddenField()

    @property
    def asked(self) -> list[tuple[uuid.UUID, int]]:
        """The ticked alerts; what is not one is left out."""
        found = []
        for text in (self.ticked.data or [])[:MOST]:
            public_id, _sign, version = text.partition(":")
            if _is_public_id(public_id) and version.isdecimal():
                found.append((uuid.UUID(public_id), int(version)))
        return found


class ReferentForm(HandingForm):
    """``ticked``: the links that change hands."""

    ticked = SelectMultipleField("Personnes", choices=[], validate_choice=False)
    with_alerts = BooleanField("Confier aussi leurs alertes ouvertes", default=True)
    everybody = BooleanField("Toutes les personnes de ce collègue, pas seulement celles cochées")
    note = Note("Note de passation, pour le collègue qui reprend")

    @property
    def links(self) -> list[int]:
        return [int(text) for text in (self.ticked.data or [])[:MOST] if text.isdecimal()]
