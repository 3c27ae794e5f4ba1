"""SIRET, UAI, telephone numbers and addresses as people type them: what is stored, or why it is not one."""

from __future__ import annotations

import re

import phonenumbers

from pathways.errors import Reason

SIRET_LENGTH = 14
LA_POSTE = "356000000"
"""Its establishments outnumber the Luhn key: the sum of their digits is a multiple of five instead."""
UAI_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
"""The 23 letters of the key: neither I, nor O, nor Q."""
_UAI = re.compile(r"(\d{7})([A-Z])")
_EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+")
LONGEST_EMAIL = 254


def compact(typed: str | None) -> str:
    """Without the spaces, dots and dashes of a number copied from a letter."""
    return re.sub(r"[\s.\-\u00a0\u202f]", "", typed or "").upper()


def siret_fault(siret: str) -> Reason | None:
    """Why this is no SIRET; None for fourteen digits with their key. Source: INSEE, Luhn over 14 digits."""
    if len(siret) != SIRET_LENGTH or not siret.isascii() or not siret.isdigit():
        return Reason("siret_length")
    if siret.startswith(LA_POSTE):
        return None if luhn(siret) % 10 == 0 or sum(map(int, siret)) % 5 == 0 else Reason("siret_key")
    return None if luhn(siret) % 10 == 0 else Reason("siret_key")


def luhn(digits: str) -> int:
    """The Luhn sum; a valid number's is a multiple of ten."""
    return sum(sum(divmod(int(digit) * (1 + at % 2), 10)) for at, digit in enumerate(reversed(digits)))


def uai_fault(uai: str) -> Reason | None:
    """Why this is no UAI; None for seven digits and the letter they give (the rest of a division by 23)."""
    read = _UAI.fullmatch(uai)
    if read is None:
        return Reason("uai_shape")
    return None if read[2] == uai_letter(read[1]) else Reason("uai_key")


def uai_letter(digits: str) -> str:
    return UAI_LETTERS[int(digits) % len(UAI_LETTERS)]


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
