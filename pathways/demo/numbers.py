"""Identifiers that pass every check and belong to nobody."""

from __future__ import annotations

from pathways.workflows.identifiers import uai_letter


def siret(number: int) -> str:
    """Fourteen digits with valid Luhn keys. No company's number begins with 000."""
    siren = _with_key(f"000{number:05d}")
    return _with_key(f"{siren}0001")


def uai(number: int) -> str:
    """A school's number with its key (the rest of the division by 23), far above those given in Loire-Atlantique."""
    digits = f"0449{900 + number:03d}"
    return digits + uai_letter(digits)


DIRECT_LINES = 5_000
"""Organisations have the numbers below, their people those above."""


def office_phone(number: int) -> str:
    """02 61 91 xx xx: a range the numbering plan keeps for fiction (Arcep)."""
    return f"+3326191{number % 10_000:04d}"


def mobile(number: int) -> str:
    """06 39 98 xx xx: the mobile range kept for fiction."""
    return f"+3363998{number % 10_000:04d}"


def _with_key(digits: str) -> str:
    """The digits and the one that makes their Luhn sum a multiple of ten."""
    total = 0
    for at, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if at % 2 == 0 else 1)
        total += sum(divmod(doubled, 10))
    return f"{digits}{-total % 10}"
