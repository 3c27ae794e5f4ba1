"""A calendar as it is typed: weeks ticked, ranges of days, half-days of the week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import zip_longest
from typing import Any

from wtforms import BooleanField, Field, SelectMultipleField
from wtforms.validators import Optional

from pathways.forms.base import BaseForm, Day, read_day
from pathways.operations.calendars import all_days
from pathways.sharing.language import _
from pathways.workflows.calendars import HALF_DAYS
from pathways.workflows.dates import days

LONGEST_RANGE = 366


class Ranges(Field):
    """From – to, several times; an empty row says nothing, a row with one day is that day. ``data``: (first, last) pairs."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.typed: list[tuple[str, str]] = []

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        super().process(None, data if isinstance(data, list) else [], extra_filters)
        self.typed = [(first.isoformat(), last.isoformat()) for first, last in self.data]
        if formdata is None:
            return
        starts, ends = formdata.getlist(f"{self.name}_from"), formdata.getlist(f"{self.name}_to")
        self.typed = [(first.strip(), last.strip()) for first, last in zip_longest(starts, ends, fillvalue="") if first or last]
        self.data = []
        for first, last in self.typed:
            try:
                self.data.append(_range(first, last))
            except ValueError as unread:
                self.process_errors = [*self.process_errors, str(unread)]

    @property
    def rows(self) -> list[tuple[str, str]]:
        """What was typed, and one empty row."""
        return [*self.typed, ("", "")]


def _range(first: str, last: str) -> tuple[date, date]:
    begins, ends = read_day(first or last), read_day(last or first)
    if ends < begins:
        raise ValueError(_("« {first} » vient après « {last} » : inversez les deux dates.").format(first=first, last=last))
    if ends - begins > days(LONGEST_RANGE):
        raise ValueError(_("Une période dure un an au plus : vérifiez les années."))
    return begins, ends


class CalendarForm(BaseForm):
    """``weeks``: the Mondays at the CFA among those shown; ``worked``: the half-days worked, from ``part_from`` on."""

    alternates = BooleanField("Alterne entre le CFA et l’entreprise")
    weeks = SelectMultipleField("Semaines au CFA", choices=[], validate_choice=False)
    closures = Ranges("Fermetures")
    leave = Ranges("Congés")
    worked = SelectMultipleField("Jours travaillés", choices=[], validate_choice=False)
    part_from = Day("À partir du", validators=[Optional()])
    part_until = Day("Jusqu’au", validators=[Optional()])

    @property
    def mondays(self) -> list[date]:
        """The ticked weeks; what is no Monday is left out."""
        found = []
        for text in self.weeks.data or []:
            try:
                day = date.fromisoformat(text)
            except ValueError:
                continue
            if day.weekday() == 0:
                found.append(day)
        return found

    @property
    def half_days(self) -> frozenset[str]:
        return frozenset(code for code in self.worked.data or [] if code in HALF_DAYS)

    def closed_days(self) -> list[date]:
        return all_days(self.closures.data)

    def days_of_leave(self) -> list[date]:
        return all_days(self.leave.data)


def with_what_is_not_shown(shown: Sequence[date], all_known: Sequence[date], first: date, last: date) -> list[date]:
    """The days of the window as typed, and those known outside of it."""
    return sorted({*shown, *(day for day in all_known if not first <= day <= last)})
