"""Codes that carry the words shown for them."""

from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """An enumeration whose value is stored and whose label is shown: ``PACEA = "pacea", "Parcours…"``."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member
