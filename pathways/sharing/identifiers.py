"""Telephone numbers and addresses as people type them, and which numbers of a person each kind of organisation keeps."""

from __future__ import annotations

import re
from collections.abc import Mapping

import phonenumbers

from pathways.models import Kind
from pathways.sharing.language import N_
from pathways.workflows.actors import ACCOMPANYING, SCHOOLS, TRAINING_BODIES

_EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+")
LONGEST_EMAIL = 254


def phone_number(typed: str | None) -> str | None:
    """The international form (+33240020202); None when nothing was typed. ValueError for what no telephone rings on."""
    if not typed or not typed.strip():
        return None
    try:
        number = phonenumbers.parse(typed, "FR")
    except phonenumbers.NumberParseException as unread:
        raise ValueError(typed) from unread
    if not phonenumbers.is_possible_number(number):
        raise ValueError(typed)
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def email_address(typed: str | None) -> str | None:
    """Lower case, as accounts are found; None when nothing was typed. ValueError for what is no address."""
    address = (typed or "").strip().lower()
    if not address:
        return None
    if len(address) > LONGEST_EMAIL or not _EMAIL.fullmatch(address):
        raise ValueError(typed)
    return address


NUMBERS: Mapping[str, str] = {
    "france_travail": N_("Identifiant France Travail"),
    "i_milo": N_("Numéro de dossier i-milo"),
    "ine": N_("INE"),
    "pass_iae": N_("Numéro de PASS IAE"),
}
"""Systems that know a person by a number of theirs, in the order of the page."""
OWN_NUMBERS: Mapping[Kind, str] = {
    Kind.FRANCE_TRAVAIL: "france_travail",
    Kind.MISSION_LOCALE: "i_milo",
    Kind.CFA: "ine",
    Kind.PSAD: "ine",
    Kind.ETABLISSEMENT_SCOLAIRE: "ine",
    Kind.SIAE: "pass_iae",
}
"""The number of its own system: what a body needs to find the person there."""


def numbers_shown_to(kind: Kind, *, leads: bool) -> tuple[str, ...]:
    """Which numbers of a person an organisation reads and keeps: all for the referent, its own system's for the others."""
    if leads and kind in ACCOMPANYING:
        return tuple(NUMBERS)
    return (OWN_NUMBERS[kind],) if kind in OWN_NUMBERS else ()


def organisation_numbers(kind: Kind) -> tuple[str, ...]:
    """The numbers an organisation of that kind is known by, as columns, in the order of the page."""
    found = ["siret"]
    found += ["uai"] if kind in TRAINING_BODIES | SCHOOLS else []
    found += ["nda"] if kind in TRAINING_BODIES else []
    found += ["code"] if kind in CODES else []
    return tuple(found)


CODES: Mapping[Kind, str] = {Kind.MISSION_LOCALE: "i_milo_structure", Kind.FRANCE_TRAVAIL: "safir"}
"""What the code of an organisation is, by its kind."""


def code_of(kind: Kind) -> str:
    """The kind of identifier of the column ``code``. KeyError for an organisation that has none."""
    return CODES[kind]
