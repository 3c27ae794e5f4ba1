"""A week's sheet of attendance: a code for each morning and afternoon, typed as a grid."""

from __future__ import annotations

import re
from typing import Any

from wtforms import Field

from pathways.sharing.language import _
from pathways.workflows.attendance import BLANK, CODES

DAYS = ("Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi", "Samedi", "Dimanche")
HALVES = ("matin", "après-midi")


class HalfDays(Field):
    """Fourteen codes in a string, two a day from the sheet's first day; the macro ``half_days`` of the templates draws it."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)

    @property
    def cells(self) -> list[tuple[str, list[tuple[str, str, str]]]]:
        """For each day: its name, and for each half its input's name, its label and its code."""
        codes = (self.data or "").ljust(2 * len(DAYS), BLANK)
        return [
            (_(day), [(f"{self.name}_{2 * place + half}", f"{day} {HALVES[half]}", codes[2 * place + half]) for half in (0, 1)])
            for place, day in enumerate(DAYS)
        ]

    @property
    def codes(self) -> list[tuple[str, str]]:
        return [(BLANK, "–"), *((code, _(label)) for code, label in CODES.items() if code != BLANK)]

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """The cells come as fourteen inputs; nothing is known of a half-day left blank."""
        super().process(None, data if isinstance(data, str) else None, extra_filters)
        self.raw_data = []
        if formdata is None or not any(key.startswith(f"{self.name}_") for key in formdata):
            return
        typed = "".join(_code(formdata.get(f"{self.name}_{cell}", BLANK)) for cell in range(2 * len(DAYS)))
        self.data = re.sub(r"(--)+$", "", typed) or None
        self.raw_data = [self.data] if self.data else []


def _code(text: str) -> str:
    return text if text in CODES else BLANK
