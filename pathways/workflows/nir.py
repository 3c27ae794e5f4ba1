"""The social security number (NIR), recognised wherever it is typed: it is kept nowhere, shown nowhere and logged nowhere.

Plain functions, the one place that judges. In a sentence the control key decides; without a key, only a number whose month and
département exist is taken for one, because thirteen digits may be something else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

NIR_SHAPE = r"^[1-478][0-9]{2}(0[1-9]|1[0-2]|[2-9][0-9])([0-9]{2}|2[AB])[0-9]{3}[0-9]{3}([0-9]{2})?$"
"""Thirteen characters of a social security number, with or without its two-digit key: sex, year, month (20 and above
when it is unknown), department, commune, order. The sex digit 7 or 8 is a provisional number.
"""
FEWEST_DIGITS = 12
"""Of a number of Corsica, whose département has a letter."""
_GAP = r"[\s.\-_/\u00b7\u2010-\u2015]{0,3}"
"""What people write between two groups: « 1 85 05 78 006 084 36 », « 1.85.05… »."""
_BEFORE, _AFTER = r"(?<![0-9a-z])(?<!\d[\s.\-_/])", rf"(?![a-z])(?!{_GAP}\d)"
_GROUPS = _GAP.join(
    (r"([1-478]", r"\d{2}", r"(?:0[1-9]|1[0-2]|[2-9]\d)", r"(?:\d{2}|2[AB])", r"\d{3}", r"\d{3})")
)
_KEYED = re.compile(rf"(?<!\d){_GROUPS}{_GAP}(?:\(?cl[ée]\)?\s*:?\s*)?(\d{{2}})(?!\d)", re.IGNORECASE)
_BARE = re.compile(
    _BEFORE
    + _GAP.join((r"[12]", r"\d{2}", r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[1-8]\d|9[0-57-9]|2[AB])", r"\d{3}", r"\d{3}"))
    + _AFTER,
    re.IGNORECASE,
)
_WHOLE = re.compile(NIR_SHAPE)
_SIGNS = re.compile(
    r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?<![0-9a-z])(?=[0-9]*[a-f])[0-9a-f]{24,}(?![0-9a-z])", re.IGNORECASE
)
"""References and digests of ours: digits follow each other in them by chance."""
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")


def holds_a_nir(text: str) -> bool:
    """Whether a social security number stands in the text, whatever its spaces, dots or digits of other scripts."""
    if sum(map(str.isdigit, text)) < FEWEST_DIGITS:
        return False
    plain = _SIGNS.sub(" ", _INVISIBLE.sub("", "".join(map(_plain, text))))
    return any(_key_is_right(*found.groups()) for found in _KEYED.finditer(plain)) or _BARE.search(plain) is not None


def nir_shaped(typed: str) -> bool:
    """Thirteen or fifteen characters, and nothing else, that may be a social security number: of a field made for a number."""
    return _WHOLE.match(re.sub(r"[\s.\-\u00a0\u202f]", "", "".join(map(_plain, typed))).upper()) is not None


def anywhere(value: Any) -> bool:
    """The same of everything a JSON value holds, keys included."""
    if isinstance(value, str):
        return holds_a_nir(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return abs(value) >= 10**FEWEST_DIGITS and abs(value) < 10**16 and holds_a_nir(str(abs(value)))
    if isinstance(value, Mapping):
        return any(anywhere(each) for pair in value.items() for each in pair)
    return isinstance(value, Iterable) and not isinstance(value, bytes) and any(anywhere(each) for each in value)


def _plain(letter: str) -> str:
    """A digit of any script as ours, a full-width letter as ours."""
    if letter.isascii():
        return letter
    return str(unicodedata.digit(letter)) if letter.isdecimal() else unicodedata.normalize("NFKC", letter)


def _key_is_right(number: str, key: str) -> bool:
    digits = re.sub(r"[^0-9AB]", "", number.upper()).replace("2A", "19").replace("2B", "18")
    return 97 - int(digits) % 97 == int(key)
