"""The fields of the payload: each coercion and each message is what the public receiver does.

JSON has no dates and its senders are no two alike: numbers come as text, codes with spaces, booleans as booleans only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from marshmallow import fields

from pathways import clock
from pathways.schemas.dossiers_apprenants.issues import REQUIRED, TEXT_EXPECTED, Ignored, Wrong

_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_TIME = re.compile(r"[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?")
_UAI = re.compile(r"[0-9]{7}[A-Z]")
_DEPARTMENT = re.compile(r"0?[0-9]{2}|0?2[AB]|97[1-46-8]|98[6-8]|99[0135]")
_EMAIL = re.compile(r"(?!\.)(?!.*\.\.)[A-Z0-9_'+\-.]*[A-Z0-9_+-]@([A-Z0-9][A-Z0-9-]*\.)+[A-Z]{2,}", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\s.\-]")
_SEX = {"M": "M", "F": "F", "H": "M", "1": "M", "2": "F"}
_HOURS, _MINUTES, _MONTHS, _DAYS = 24, 60, 12, 31


def as_text(value: Any) -> str | None:
    """What a number, a boolean or a text is once written down; None for an object or a list."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, int | float) else None


class Value(fields.Field[Any]):
    """A property of the payload. ``read`` gives the value kept, or raises `Wrong`. ``silent``: a bad value is dropped."""

    default_error_messages = {"required": {"code": "missing", "message": TEXT_EXPECTED}}  # noqa: RUF012 -- marshmallow's own way

    def __init__(self, *, silent: bool = False, **options: Any) -> None:
        super().__init__(allow_none=True, **options)
        self.silent = silent

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_more: Any) -> Any:  # noqa: ARG002 -- marshmallow's signature
        try:
            return self.read(value)
        except Wrong:
            if self.silent:
                return Ignored()
            raise

    def read(self, value: Any) -> Any:
        raise NotImplementedError


class Text(Value):
    """Text without its surrounding spaces; numbers are refused unless ``any_type``."""

    def __init__(self, *, least: int = 0, upper: bool = False, any_type: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.least, self.upper, self.any_type = least, upper, any_type

    def read(self, value: Any) -> str:
        text = as_text(value) if self.any_type else value
        if not isinstance(text, str):
            raise Wrong("not_text", TEXT_EXPECTED)
        text = text.strip()
        if len(text) < self.least:
            raise Wrong("too_short", f"String must contain at least {self.least} character(s)")
        return text.upper() if self.upper else text


class Identifier(Value):
    """The sender's own identifier: anything that is not empty or zero, written down; an empty text stays one."""

    def read(self, value: Any) -> str:
        text = value if isinstance(value, str) else as_text(value or None)
        if text is None:
            raise Wrong("not_text", TEXT_EXPECTED)
        return text.strip()


class Day(Value):
    """A text that begins with YYYY-MM-DD. A time and an offset are honoured: the day kept is the one in Paris."""

    default_error_messages = {"required": {"code": "missing", "message": REQUIRED}}  # noqa: RUF012 -- marshmallow's own way

    def read(self, value: Any) -> date:
        found = _DATE.match(value) if isinstance(value, str) else None
        if found is None:
            raise Wrong("date_invalid", "Date invalide")
        try:
            year, month, day = (int(part) for part in found.groups())
            return _day(year, month, day, value[found.end() :].rstrip())
        except (ValueError, OverflowError) as impossible:
            raise Wrong("date_invalid", "Invalid date") from impossible


def _day(year: int, month: int, day: int, rest: str) -> date:
    """The day, rolled into the next month where the month is shorter (31 February is 2 or 3 March)."""
    if not (1 <= month <= _MONTHS and 1 <= day <= _DAYS):
        raise ValueError
    rolled = date(year, month, 1) + timedelta(days=day - 1)
    if not rest:
        return rolled
    time = _TIME.fullmatch(rest)
    if time is None:
        raise ValueError
    hour, minute, second = (int(part or 0) for part in time.groups()[:3])
    if hour > _HOURS or minute >= _MINUTES or second >= _MINUTES:
        raise ValueError
    if time.group(4) is None:
        return rolled + timedelta(days=hour // _HOURS)
    local = datetime(rolled.year, rolled.month, rolled.day, tzinfo=UTC) + timedelta(hours=hour, minutes=minute, seconds=second)
    return clock.paris_day(local - _offset(time.group(4)))


def _offset(text: str) -> timedelta:
    if text == "Z":
        return timedelta()
    digits = text[1:].replace(":", "")
    away = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -away if text[0] == "-" else away


class SchoolYear(Value):
    """2023-2024, or 2023-2023; a slash for the hyphen, and spaces, are forgiven."""

    MESSAGE = (
        "Format invalide (format attendu : 2023-2024). "
        "Les années doivent être consécutives ou identiques (ex : 2023-2024 ou 2023-2023)"
    )

    def read(self, value: Any) -> str:
        text = re.sub(r"\s", "", (as_text(value) or "").replace("/", "-"))
        years = re.fullmatch(r"([12][0-9]{3})-([12][0-9]{3})", text)
        if years is None or int(years.group(2)) - int(years.group(1)) not in {0, 1}:
            raise Wrong("school_year_invalid", self.MESSAGE)
        return text


class Uai(Value):
    def read(self, value: Any) -> str:
        if not isinstance(value, str):
            raise Wrong("not_text", TEXT_EXPECTED)
        if not _UAI.fullmatch(text := value.strip().upper()):
            raise Wrong("uai_invalid", "UAI invalide")
        return text


class Siret(Value):
    """Fourteen digits once spaces, dots and hyphens are gone; the control key is not checked."""

    def read(self, value: Any) -> str:
        text = _SEPARATORS.sub("", as_text(value) or "")
        if not re.fullmatch(r"[0-9]{14}", text):
            raise Wrong("siret_invalid", "Siret invalide. Format attendu : 14 chiffres")
        return text


class LastSchool(Value):
    """A UAI, or the code of a department."""

    def read(self, value: Any) -> str:
        text = (as_text(value) or "").strip().upper()
        if not (_UAI.fullmatch(text) or _DEPARTMENT.fullmatch(text)):
            raise Wrong("last_school_invalid", "UAI ou département")
        return text


class PostalCode(Value):
    """Five digits, padded with zeros. Nothing but zeros says nothing: dropped."""

    def read(self, value: Any) -> str | Ignored:
        text = (as_text(value) if as_text(value) is not None else "x") or ""
        text = text.rjust(5, "0")
        if not re.fullmatch(r"[0-9]{5}", text):
            raise Wrong("postal_code_invalid", "Le code postal doit faire 5 caractères numériques exactement")
        return text if text != "00000" else Ignored()


class InseeCode(Value):
    def read(self, value: Any) -> str:
        text = as_text(value) or ""
        if not re.fullmatch(r"([0-9]{2}|2[AB])[0-9]{3}", text):
            raise Wrong("insee_code_invalid", "Format invalide")
        return text


class Email(Value):
    def read(self, value: Any) -> str:
        if not isinstance(value, str):
            raise Wrong("not_text", TEXT_EXPECTED)
        if not _EMAIL.fullmatch(text := value.strip()):
            raise Wrong("email_invalid", "Email non valide")
        return text


class Strict(Value):
    """True or false, never "oui" nor 1."""

    def read(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise Wrong("not_boolean", "Boolean attendu")
        return value


class Sex(Value):
    def read(self, value: Any) -> str:
        text = as_text(value)
        if isinstance(value, bool) or text not in _SEX:
            raise Wrong("sex_invalid", "M, H ou F attendu")
        return _SEX[text]


class Status(Value):
    """The old status codes: 0 left, 2 enrolled, 3 apprentice. Text is read up to its first non-digit."""

    def read(self, value: Any) -> int:
        number = value
        if isinstance(value, str):
            digits = re.match(r"\s*([+-]?[0-9]+)", value)
            number = int(digits.group(1)) if digits else None
        if isinstance(number, bool) or not isinstance(number, int | float) or number not in {0, 2, 3}:
            raise Wrong("status_invalid", "Valeurs possibles: 0,2,3")
        return int(number)


class Listed(Value):
    """One of a list of codes. ``write`` prepares the value, ``message`` words the refusal from what was prepared."""

    def __init__(
        self, allowed: Iterable[str], write: Callable[[Any], str], code: str, message: Callable[[str], str], **options: Any
    ) -> None:
        super().__init__(**options)
        self.allowed, self.write, self.code, self.message = frozenset(allowed), write, code, message

    def read(self, value: Any) -> str:
        text = self.write(value)
        if text not in self.allowed:
            raise Wrong(self.code, self.message(text))
        return text


class Situation(Value):
    """The SIFA code of the situation before; zero stands for none."""

    def __init__(self, allowed: Iterable[int], **options: Any) -> None:
        super().__init__(**options)
        self.allowed = frozenset(allowed)

    def read(self, value: Any) -> int | None:
        text = "" if isinstance(value, bool) else (as_text(value) or "").strip()
        if not re.fullmatch(r"[0-9]{1,6}", text) or (int(text) and int(text) not in self.allowed):
            raise Wrong("situation_invalid", "Invalid input")
        return int(text) or None


class BoundedInt(Value):
    """A whole number from ``least`` to ``most``, also as text."""

    def __init__(self, least: int, most: int, **options: Any) -> None:
        super().__init__(**options)
        self.least, self.most = least, most

    def read(self, value: Any) -> int:
        number = _number(value)
        if number is None:
            raise Wrong("number_invalid", "Number attendu")
        if not number.is_integer():
            raise Wrong("number_invalid", "Integer attendu")
        if number > self.most:
            raise Wrong("number_invalid", f"Le chiffre doit être inférieur ou égal à {self.most}")
        if number < self.least:
            raise Wrong("number_invalid", f"Number must be greater than or equal to {self.least}")
        return int(number)


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str) and not re.fullmatch(r"\s*[+-]?[0-9]{1,12}(\.[0-9]{1,12})?\s*", value):
        return None
    try:
        return float(value)
    except OverflowError:
        return None


class Rncp(Value):
    def read(self, value: Any) -> str:
        text = _SEPARATORS.sub("", as_text(value) or "").upper()
        text = text if text.startswith("RNCP") else f"RNCP{text}"
        if not re.fullmatch(r"RNCP[0-9]{2,5}", text):
            raise Wrong("rncp_invalid", "Code RNCP invalide")
        return text


class Cfd(Value):
    def read(self, value: Any) -> str:
        text = (as_text(value) or "").strip().upper()
        if not re.fullmatch(r"[A-Z0-9]{8}", text):
            raise Wrong("cfd_invalid", "Code CFD invalide")
        return text


class Phone(Value):
    """A number that can be called: 0XXXXXXXXX in metropolitan France, international otherwise."""

    def read(self, value: Any) -> str | None:
        text = as_text(value)
        if text is None:
            raise Wrong("phone_format", "Format invalide")
        digits = re.sub(r"[ \-.()]", "", text)
        return _dialled(digits) if text else None


_OVERSEAS = (
    (("690", "590"), "GP"), (("694", "594"), "GF"), (("696", "596"), "MQ"), (("692", "693", "262", "269"), "RE"),
)
_FRANCE = 33


def _dialled(digits: str) -> str:
    import phonenumbers as lib

    national = digits.removeprefix("0")
    country = next((code for prefixes, code in _OVERSEAS if national.startswith(prefixes)), "FR")
    try:
        number = lib.parse(digits, country)
    except lib.NumberParseException as unread:
        raise Wrong("phone_format", "Format invalide") from unread
    if not lib.is_possible_number(number):
        raise Wrong("phone_format", "Format invalide")
    if not lib.is_valid_number(number):
        raise Wrong("phone_invalid", "Numéro de téléphone invalide")
    kinds = lib.PhoneNumberType
    if lib.number_type(number) in {kinds.PREMIUM_RATE, kinds.SHARED_COST, kinds.PAGER, kinds.VOICEMAIL}:
        raise Wrong("phone_special", "Numéro de téléphone est un numéro spécial")
    if number.country_code == _FRANCE:
        return f"0{number.national_number}"
    return str(lib.format_number(number, lib.PhoneNumberFormat.E164))
