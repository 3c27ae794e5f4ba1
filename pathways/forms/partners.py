"""Partners without account: filters of the list, a new one, and how to reach one."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from unicodedata import normalize

from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from pathways.errors import Reason
from pathways.forms.base import BaseForm, choice
from pathways.models import Kind
from pathways.operations.partners import LONGEST_NAME, Contact
from pathways.queries.partners import Wanted
from pathways.sharing.identifiers import email_address, phone_number
from pathways.sharing.places import commune, communes
from pathways.sharing.refusals import reason_sentence
from pathways.workflows.identifiers import fault

LONGEST_SEARCH = 100
LONGEST_CODE = 5
MOST_COMMUNES = 40
"""Communes whose name begins with what was typed: « saint » alone is many."""


def plain(text: str) -> str:
    """Without accents, dashes nor capitals."""
    return " ".join(normalize("NFKD", text.lower().replace("-", " ")).encode("ascii", "ignore").decode().split())


def communes_named(text: str) -> tuple[str, ...]:
    """INSEE codes of the communes so named, else of those whose name begins so; a code is itself."""
    if text.upper() in communes():
        return (text.upper(),)
    wanted = plain(text)
    exact = tuple(code for code, name in communes().items() if plain(name) == wanted)
    return exact or tuple(code for code, name in communes().items() if plain(name).startswith(wanted))[:MOST_COMMUNES]


def read_wanted(query: Mapping[str, str]) -> Wanted:
    """The filters an address asks for; what is no choice is ignored."""
    kind, town = query.get("type", ""), query.get("commune", "").strip()[:LONGEST_SEARCH]
    return Wanted(
        search=query.get("q", "").strip()[:LONGEST_SEARCH],
        kind=Kind(kind) if kind in set(Kind) else None,
        communes=communes_named(town) if town else None,
        after=_identifier(query.get("apres", "")),
    )


def _identifier(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


class ContactForm(BaseForm):
    """How to reach an organisation."""

    phone = StringField("Téléphone", validators=[Length(max=30)], render_kw={"inputmode": "tel", "autocomplete": "off"})
    email = StringField(
        "Adresse électronique",
        validators=[Length(max=254)],
        render_kw={"inputmode": "email", "autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"},
    )
    town = StringField("Commune", validators=[Length(max=80)], render_kw={"list": "communes", "autocomplete": "off"})

    def validate_phone(self, field: Any) -> None:
        _read(phone_number, field.data, Reason("phone_invalid"))

    def validate_email(self, field: Any) -> None:
        _read(email_address, field.data, Reason("email_invalid"))

    def validate_town(self, field: Any) -> None:
        if field.data and self._commune() is None:
            raise ValidationError(reason_sentence(Reason("commune_unknown")))

    @property
    def contact(self) -> Contact:
        return Contact(self.phone.data, self.email.data, self._commune())

    def _commune(self) -> str | None:
        """The INSEE code of what was typed: « Nantes », « Nantes (44109) » or 44109."""
        text = (self.town.data or "").strip()
        code = text.rstrip(")").rpartition("(")[2].strip()
        if len(code) == LONGEST_CODE and code[2:].isdigit():
            return code.upper()
        found = [each for each in communes_named(text) if plain(communes()[each]) == plain(text)] if text else []
        return found[0] if len(found) == 1 else None


class OwnContactForm(ContactForm):
    """One's own card, which also says whom persons may write to about their data."""

    dpo_contact = StringField("Délégué à la protection des données (DPO)", validators=[Length(max=LONGEST_NAME)])

    @property
    def contact(self) -> Contact:
        return replace(super().contact, dpo=self.dpo_contact.data or "")


class PartnerContactForm(ContactForm):
    """The name too, for an organisation that cannot correct it itself."""

    name = StringField("Nom", validators=[InputRequired("Indiquez le nom de l’organisme."), Length(max=LONGEST_NAME)])


class PartnerForm(PartnerContactForm):
    """A new partner. ``another``: it is not one of those that look alike."""

    kind = SelectField(
        "Type",
        choices=[choice("", "–"), *(choice(kind.value, kind.label) for kind in sorted(Kind, key=lambda kind: kind.label))],
        validators=[InputRequired("Choisissez un type d’organisme.")],
    )
    siret = StringField("SIRET", validators=[Length(max=30)], render_kw={"inputmode": "numeric", "autocomplete": "off"})
    uai = StringField("Numéro UAI", validators=[Length(max=20)], render_kw={"autocomplete": "off"})
    another = BooleanField("C’est bien un autre organisme que ceux-ci")

    def validate_siret(self, field: Any) -> None:
        _refuse(fault("siret", field.data))

    def validate_uai(self, field: Any) -> None:
        _refuse(fault("uai", field.data))


def town_of(code: str | None) -> str:
    """« Nantes (44109) », as the form reads it back."""
    return f"{commune(code)} ({code})" if code in communes() else code or ""


def towns() -> Iterator[str]:
    """Every commune of the list, for the suggestions of the field."""
    return (f"{name} ({code})" for code, name in communes().items())


def _read(read: Any, typed: str | None, unread: Reason) -> None:
    try:
        read(typed)
    except ValueError:
        _refuse(unread)


def _refuse(reason: Reason | None) -> None:
    if reason:
        raise ValidationError(reason_sentence(reason))
