"""The numbers other systems give to people, organisations, courses and places: read as they are typed, or refused with what is
expected. Never the social security number (NIR), whatever the field it is typed in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from stdnum import luhn
from stdnum.exceptions import ValidationError
from stdnum.fr import siret

from pathways.errors import Reason
from pathways.workflows.nir import nir_shaped
from pathways.workflows.reference import places

UAI_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
"""The 23 letters of the key: neither I, nor O, nor Q."""
MAP_OF_2024 = date(2024, 1, 1)
"""First day of the second map of priority neighbourhoods (QPV)."""


@dataclass(frozen=True, slots=True)
class Identifier:
    """One kind of number. ``pattern``: of the compact form; ``shape``: why another form is refused; ``example``: a right one.

    ``further``: what else is asked of a number of the right form, such as its key; None when all is well.
    """

    pattern: str
    shape: Reason
    example: str
    further: Callable[[str], Reason | None] | None = None


def compact(typed: str | None) -> str:
    """Without the spaces, dots and dashes of a number copied from a letter."""
    return re.sub(r"[\s.\-\u00a0\u202f]", "", typed or "").upper()


def read_identifier(kind: str, typed: str) -> str | Reason:
    """The number as it is kept, or why it is not one. KeyError for a kind that does not exist."""
    spec, value = IDENTIFIERS[kind], compact(typed)
    if nir_shaped(value):
        return Reason("nir_as_number")
    if re.fullmatch(spec.pattern, value, re.ASCII) is None:
        return spec.shape
    return (spec.further(value) if spec.further else None) or value


def fault(kind: str, typed: str | None) -> Reason | None:
    """Why what was typed is no number of that kind; None for one, and for nothing typed."""
    found = read_identifier(kind, typed) if typed and compact(typed) else None
    return found if isinstance(found, Reason) else None


def qpv_map(code: str) -> int:
    """The year of the map a QPV code belongs to."""
    return 2024 if code.startswith("QN") else 2015


def read_qpv(typed: str, day: date) -> str | Reason:
    """A QPV code of the map in force on that day."""
    found = read_identifier("qpv", typed)
    in_force = 2024 if day >= MAP_OF_2024 else 2015
    if isinstance(found, Reason) or qpv_map(found) == in_force:
        return found
    return Reason("qpv_other_map", {"map": qpv_map(found), "wanted": in_force, "since": MAP_OF_2024})


def uai_letter(digits: str) -> str:
    """The key of a UAI: the rest of a division by 23, as a letter."""
    return UAI_LETTERS[int(digits) % len(UAI_LETTERS)]


def _siret(value: str) -> Reason | None:
    """The key of the establishment and that of the company; La Poste's establishments have a sum of their own."""
    try:
        siret.validate(value)
    except ValidationError:
        return Reason("siret_key")
    return None


def _siren(value: str) -> Reason | None:
    return None if luhn.is_valid(value) else Reason("siren_key")


def _uai(value: str) -> Reason | None:
    return None if value[-1] == uai_letter(value[:-1]) else Reason("uai_key")


def _epci(value: str) -> Reason | None:
    return None if luhn.is_valid(value) else Reason("epci_key")


def _commune(value: str) -> Reason | None:
    """A postcode has the same five digits: one of the region that is nobody's code is told from the codes it stands for."""
    if value in places.communes():
        return None
    sharing = places.of_postcode(value)
    if not sharing:
        return None
    first = sharing[0]
    return Reason("commune_postcode", {"typed": value, "name": first.name, "example": first.code, "count": len(sharing)})


IDENTIFIERS: Mapping[str, Identifier] = {
    "france_travail": Identifier(r"[0-9]{7}[0-9A-Z]|[0-9]{11}", Reason("france_travail_unreadable"), "12345678901"),
    "safir": Identifier(r"[0-9]{5}", Reason("safir_shape"), "44101"),
    "i_milo_structure": Identifier(r"[0-9]{5}S[0-9]{2}", Reason("i_milo_structure_shape"), "44109S00"),
    "i_milo": Identifier(r"[0-9]{1,12}", Reason("i_milo_shape"), "1234567"),
    "ine": Identifier(r"[0-9]{9}[A-Z]{2}|[0-9_]{10}[A-Z]|[0-9]{4}A[0-9]{5}[A-Z]", Reason("ine_unreadable"), "123456789AB"),
    "siret": Identifier(r"[0-9]{14}", Reason("siret_length"), "73282932000074", _siret),
    "siren": Identifier(r"[0-9]{9}", Reason("siren_length"), "732829320", _siren),
    "uai": Identifier(r"[0-9]{7}[A-Z]", Reason("uai_shape"), "0442286W", _uai),
    "nda": Identifier(r"[0-9]{11}", Reason("nda_shape"), "52440123444"),
    "rncp": Identifier(r"(RNCP|RS)?[0-9]{2,6}", Reason("rncp_shape"), "RNCP37948"),
    "rome": Identifier(r"[A-N][0-9]{4}", Reason("rome_shape"), "G1602"),
    "formacode": Identifier(r"[0-9]{5}", Reason("formacode_shape"), "42752"),
    "nsf": Identifier(r"[0-9]{3}[A-Z]?", Reason("nsf_shape"), "334T"),
    "idcc": Identifier(r"[0-9]{4}", Reason("idcc_shape"), "1979"),
    "naf": Identifier(r"[0-9]{4}[A-Z]", Reason("naf_shape"), "5610A"),
    "commune": Identifier(r"([0-9]{2}|2A|2B)[0-9]{3}", Reason("commune_shape"), "44109", _commune),
    "qpv": Identifier(r"QP[0-9]{6}|QN[0-9]{5}[A-Z]", Reason("qpv_shape"), "QN04401M"),
    "epci": Identifier(r"2[0-9]{8}", Reason("epci_shape"), "244400404", _epci),
    "pass_iae": Identifier(r"[0-9]{12}", Reason("pass_iae_shape"), "999992312345"),
    "deca": Identifier(r"[0-9]{12,20}", Reason("deca_shape"), "044202309012"),
}
"""Kind → what it looks like. Sources: the validators of the public tools named in docs/reference.md."""
