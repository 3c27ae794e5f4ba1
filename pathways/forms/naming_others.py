"""Fields that name somebody else: an organisation of the directory, an employer by name, a colleague."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import SelectField, StringField
from wtforms.validators import ValidationError

from pathways.forms.base import choice
from pathways.queries.organisations import Member, Offer, OrganisationRow
from pathways.sharing.language import _
from pathways.sharing.places import commune

SEARCH = "_search"
"""Suffix of the box, and of the button, that look for an organisation by name."""


def said(row: OrganisationRow) -> str:
    """« Formation et Avenir (Nantes) »."""
    town = commune(row.commune)
    name = f"{row.name} ({town})" if town and town not in row.name else row.name
    return name if row.has_account else _("{name}, sans compte ici").format(name=name)


class OrganisationField(SelectField):
    """One of the organisations offered, by its public id; ``answer`` is its number. Works without JavaScript: the button beside
    the box looks for a name and shows the form again.
    """

    def __init__(self, label: str, offer: Offer, **kwargs: Any) -> None:
        self.offer = offer
        super().__init__(label, validate_choice=False, choices=[], **kwargs)

    @property
    def groups(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """(title, [(value, label)]): around the person, then the others."""
        around = [(row.public_id, said(row)) for row in self.offer.rows if row.linked]
        others = [(row.public_id, said(row)) for row in self.offer.rows if not row.linked]
        found = _("Résultats de la recherche") if self.offer.query else _("Dans le département")
        return [(title, rows) for title, rows in ((_("Déjà auprès de la personne"), around), (found, others)) if rows]

    @property
    def search_name(self) -> str:
        return f"{self.name}{SEARCH}"

    @property
    def answer(self) -> int | str | None:
        known = _row(self.offer, self.data)
        return known.id if known else (self.data or None)

    def process_data(self, value: Any) -> None:
        known = next((row for row in self.offer.rows if row.id == value), None)
        self.data = known.public_id if known else value

    def pre_validate(self, _form: Any) -> None:
        if self.data and _row(self.offer, self.data) is None and self.data != self.object_data:
            raise ValidationError(_("Choisissez un organisme de la liste."))


class NameField(StringField):
    """An employer or a host by name: one of the directory when the name is theirs, else as it was typed."""

    def __init__(self, label: str, offer: Offer, **kwargs: Any) -> None:
        self.offer = offer
        super().__init__(label, **kwargs)

    @property
    def suggestions(self) -> list[str]:
        return [row.name for row in self.offer.rows]

    @property
    def answer(self) -> int | str | None:
        typed = (self.data or "").strip()
        known = next((row for row in self.offer.rows if row.name.casefold() == typed.casefold()), None)
        return known.id if known else (typed or None)

    def process_data(self, value: Any) -> None:
        known = next((row for row in self.offer.rows if row.id == value), None)
        self.data = known.name if known else value


class ColleagueField(SelectField):
    """Somebody of one's own organisation; whoever left since stays named."""

    def __init__(self, label: str, members: Sequence[Member], **kwargs: Any) -> None:
        self.members = members
        super().__init__(label, validate_choice=False, choices=[], **kwargs)
        self.choices = [choice("", _("Choisir…")), *self._offered()]

    def _offered(self) -> Iterable[Any]:
        return (choice(each.public_id, each.name) for each in self.members)

    def pre_validate(self, _form: Any) -> None:
        if self.data and self.data not in {each.public_id for each in self.members} and self.data != self.object_data:
            raise ValidationError(_("Choisissez un collègue de la liste."))


def _row(offer: Offer, public_id: Any) -> OrganisationRow | None:
    return next((row for row in offer.rows if row.public_id == public_id), None)


