"""Words, dates and typography for the reader. French is the source language; a catalogue may bring others.

``_`` marks and translates; it also sets French spacing, so that sentences are typed with ordinary spaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from pathways import clock

CATALOGUES = Path(__file__).parents[1] / "translations"
SOURCE = "fr"

_locale: ContextVar[str] = ContextVar("pathways_locale", default=SOURCE)


def use(locale: str) -> None:
    """Speak this language in the current context (a request, a job)."""
    _locale.set(locale)


def locale() -> str:
    return _locale.get()


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Another reader's language for a moment: a job writes to several."""
    before = _locale.set(code)
    try:
        yield
    finally:
        _locale.reset(before)


@cache
def _catalogue(code: str) -> NullTranslations:
    return translation("pathways", CATALOGUES, languages=[code], fallback=True)


def _(message: str) -> str:
    """The message in the reader's language."""
    return fine(_catalogue(locale()).gettext(message))


def ngettext(one: str, several: str, number: float) -> str:
    """The form for that number; in French 0 and 1 are singular."""
    if locale() == SOURCE:
        return fine(one if abs(number) < 2 else several)  # noqa: PLR2004 -- the French plural begins at two
    return fine(_catalogue(locale()).ngettext(one, several, int(number)))


def N_(message: str) -> str:  # noqa: N802 -- gettext's own name for "translate later"
    """Mark for extraction; ``_`` translates when it is said."""
    return message


def fine(text: str) -> str:
    """French spacing: no line break before high punctuation nor inside quotation marks."""
    return _french(text) if locale() == SOURCE else text


@cache
def _french(text: str) -> str:
    text = re.sub(r" (?=[;!?])", "\u202f", text)
    text = re.sub(r" (?=[:»%€])", "\u00a0", text)
    return re.sub(r"(?<=«) ", "\u00a0", text).replace("'", "’")


# --- dates -------------------------------------------------------------------------------------------------------------


def as_day(value: date | str) -> date:
    """A day, also when it comes back from JSON."""
    return value if isinstance(value, date) else date.fromisoformat(value)


def long_day(value: date | str) -> str:
    """« 3 mars 2026 », « 1er mars 2026 », without line break."""
    return _first(format_date(as_day(value), "d MMMM y", locale=locale())).replace(" ", "\u00a0")


def short_day(value: date | str) -> str:
    """« 3 mars », with the year when it is not this one."""
    day = as_day(value)
    pattern = "d MMM" if day.year == clock.today().year else "d MMM y"
    return _first(format_date(day, pattern, locale=locale())).replace(" ", "\u00a0")


def said_day(value: date | str) -> str:
    """« 3 mars » inside a sentence, with the year when it is not this one."""
    day = as_day(value)
    pattern = "d MMMM" if day.year == clock.today().year else "d MMMM y"
    return _first(format_date(day, pattern, locale=locale())).replace(" ", "\u00a0")


def days_between(first: date, last: date) -> str:
    """« 21 – 25 sept. », « 28 sept. – 2 oct. », « 11 nov. »: without the year, which stands above."""
    ends = _first(format_date(last, "d MMM", locale=locale()))
    if first == last:
        return ends.replace(" ", "\u00a0")
    begins = format_date(first, "d" if first.month == last.month else "d MMM", locale=locale())
    return f"{_first(f'{begins} ').strip()} – {ends}".replace(" ", "\u00a0")


def month(value: date | str) -> str:
    """« mars 2026 »."""
    return format_date(as_day(value), "MMMM y", locale=locale())


def week_day(value: date | str) -> str:
    """« lundi 2 mars 2026 »."""
    return _first(format_date(as_day(value), "EEEE d MMMM y", locale=locale()))


def moment(value: datetime) -> str:
    """« 2 mars 2026 à 10:00 », Paris time."""
    here = value.astimezone(clock.PARIS)
    return _("{day} à {time}").format(day=long_day(here.date()), time=format_datetime(here, "HH:mm", locale=locale()))


def number(value: float) -> str:
    """« 12,5 »: as few digits as say it, with the reader's decimal mark."""
    return format_decimal(value, "#,##0.###", locale=locale())


def _first(text: str) -> str:
    return re.sub(r"^(\w+ )?1 ", r"\g<1>1er ", text) if locale() == SOURCE else text


def ago(value: date | str) -> str:
    """« aujourd’hui », « hier », « il y a 12 jours », « dans 3 semaines »."""
    return distance((clock.today() - as_day(value)).days)


def distance(days: int) -> str:
    """How far a day lies: positive in the past, negative to come."""
    known = {0: _("aujourd’hui"), 1: _("hier"), -1: _("demain")}
    if days in known:
        return known[days]
    length = duration(abs(days))
    return (_("il y a {length}") if days > 0 else _("dans {length}")).format(length=length)


_TWO_MONTHS, _TWO_YEARS, _MONTH, _YEAR = 61, 730, 30.44, 365.25


def duration(days: int) -> str:
    """A length one can picture: days up to two months, then months, then years."""
    if days < _TWO_MONTHS:
        return ngettext("{n} jour", "{n} jours", days).format(n=days)
    if days < _TWO_YEARS:
        months = round(days / _MONTH)
        return ngettext("{n} mois", "{n} mois", months).format(n=months)
    years = int(days / _YEAR)
    return ngettext("{n} an", "{n} ans", years).format(n=years)
