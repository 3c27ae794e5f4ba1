"""Half-days: a sheet covers at most seven days with one code per half-day; the latest recorded code of a half-day wins."""

from datetime import date
from itertools import product

from pathways.workflows.dates import ONE_DAY
from pathways.workflows.entry import Entry

PRESENT, UNJUSTIFIED, JUSTIFIED, IN_COMPANY, BLANK = "P", "U", "J", "C", "-"
CODES = {
    PRESENT: "Présent",
    UNJUSTIFIED: "Absent sans justificatif",
    JUSTIFIED: "Absent excusé",
    IN_COMPANY: "En entreprise",
    BLANK: "Non prévu ou non renseigné",
}
NOTHING = BLANK * 2
"""A day of which a sheet says nothing."""
AWAY = frozenset(map("".join, product((UNJUSTIFIED, JUSTIFIED, BLANK), repeat=2))) - {NOTHING}
"""Absent from morning to evening, excused or not."""
ABSENCE_REASONS = {
    "maladie": "Maladie",
    "convocation": "Convocation",
    "entretien": "Entretien ou emploi",
    "enfant": "Enfant",
    "transport": "Transport",
    "autre": "Autre motif",
}
"""Why an excused half-day was missed. A sheet keeps them by the place of the half-day in it (``reasons``: "0" is the first
morning); the illness of somebody is read by the body alone, as every nested detail is."""


Stamp = tuple[date, int, str]
"""By which of two sheets is the later: the day it was known, its number, its content."""


class HalfDays:
    """The half-days of one step, kept as sheets arrive: a course has one sheet a week, and every rule reads them all.

    ``codes``: two codes a day (morning, afternoon), in order of days, for each day with at least one. ``missed``: the days
    with unjustified half-days, and how many. ``away``: the days spent elsewhere from morning to evening, excused or not;
    ``changes_away`` counts how often that changed.
    """

    __slots__ = ("_stamps", "away", "changes_away", "codes", "missed")

    def __init__(self) -> None:
        self.codes: dict[date, str] = {}
        self.missed: dict[date, int] = {}
        self.away: set[date] = set()
        self.changes_away = 0
        self._stamps: dict[date, tuple[Stamp, Stamp]] = {}

    def add(self, sheet: Entry) -> None:
        """Takes a sheet in, in any order: a code yields only to one recorded later."""
        halves, day = sheet.data["halves"], sheet.data["from"]
        stamp = (sheet.known_on, sheet.number, sheet.content)
        last = next(reversed(self.codes), None)
        in_order = last is None or day > last
        for position in range(0, len(halves), 2):
            today = halves[position : position + 2]
            if today != NOTHING:
                self._put(day, today, stamp)
            day += ONE_DAY
        if not in_order:
            self.codes = dict(sorted(self.codes.items()))
            self.missed = dict(sorted(self.missed.items()))

    @property
    def last_present(self) -> date | None:
        """The last day with a half-day of presence."""
        return next((day for day, codes in reversed(self.codes.items()) if PRESENT in codes), None)

    def _put(self, day: date, codes: str, stamp: Stamp) -> None:
        before = self.codes.get(day)
        if before is None:
            self._stamps[day] = stamp, stamp
        else:
            codes = self._merge(day, codes, before, stamp)
            self.missed.pop(day, None)
        self.codes[day] = codes
        if (codes in AWAY) != (day in self.away):
            self.away ^= {day}
            self.changes_away += 1
        if UNJUSTIFIED in codes:
            self.missed[day] = codes.count(UNJUSTIFIED)

    def _merge(self, day: date, codes: str, before: str, stamp: Stamp) -> str:
        """Of each half of a day that two sheets speak of, the code recorded last."""
        kept, stamps = list(before), list(self._stamps[day])
        for half in (0, 1):
            if codes[half] != BLANK and (before[half] == BLANK or stamp >= stamps[half]):
                kept[half], stamps[half] = codes[half], stamp
        self._stamps[day] = stamps[0], stamps[1]
        return "".join(kept)


def is_unjustified(codes: str) -> bool:
    """Absent without excuse on everything that was scheduled that day."""
    return UNJUSTIFIED in codes and not codes.strip(UNJUSTIFIED + BLANK)


def was_there(codes: str) -> bool:
    return PRESENT in codes
