"""Half-days: a sheet covers at most seven days with one code per half-day; the latest recorded code of a half-day wins."""

from datetime import date

from pathways.workflows.dates import days
from pathways.workflows.entry import Entry

PRESENT, UNJUSTIFIED, JUSTIFIED, IN_COMPANY, BLANK = "P", "U", "J", "C", "-"
CODES = {
    PRESENT: "Présent",
    UNJUSTIFIED: "Absent sans justificatif",
    JUSTIFIED: "Absent excusé",
    IN_COMPANY: "En entreprise",
    BLANK: "Non prévu ou non renseigné",
}
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
        self._stamps: dict[date, list[tuple[date, int, str]]] = {}

    def add(self, sheet: Entry) -> None:
        """Takes a sheet in, in any order: a code yields only to one recorded later."""
        halves, first = sheet.data["halves"], sheet.data["from"]
        stamp = (sheet.known_on, sheet.number, sheet.content)
        last = next(reversed(self.codes), None)
        for position in range(0, len(halves), 2):
            today = halves[position : position + 2]
            if today != BLANK * 2:
                self._put(first + days(position // 2), today, stamp)
        if last is not None and first <= last:
            self.codes = dict(sorted(self.codes.items()))
            self.missed = dict(sorted(self.missed.items()))

    @property
    def last_present(self) -> date | None:
        """The last day with a half-day of presence."""
        return next((day for day, codes in reversed(self.codes.items()) if PRESENT in codes), None)

    def _put(self, day: date, today: str, stamp: tuple[date, int, str]) -> None:
        before = self.codes.get(day)
        if before is None:
            self._stamps[day] = [stamp, stamp]
            kept = today
        else:
            stamps = self._stamps[day]
            kept = "".join(self._later(half, today, before, stamps, stamp) for half in (0, 1))
        self.codes[day] = kept
        self.missed.pop(day, None)
        if is_away(kept) != (day in self.away):
            self.away ^= {day}
            self.changes_away += 1
        if absent := kept.count(UNJUSTIFIED):
            self.missed[day] = absent

    @staticmethod
    def _later(half: int, today: str, before: str, stamps: list[tuple[date, int, str]], stamp: tuple[date, int, str]) -> str:
        if today[half] == BLANK or (before[half] != BLANK and stamp < stamps[half]):
            return before[half]
        stamps[half] = stamp
        return today[half]


def is_unjustified(codes: str) -> bool:
    """Absent without excuse on everything that was scheduled that day."""
    return UNJUSTIFIED in codes and not codes.strip(UNJUSTIFIED + BLANK)


def is_away(codes: str) -> bool:
    """Absent all day, excused or not."""
    return codes != BLANK * 2 and not codes.strip(UNJUSTIFIED + JUSTIFIED + BLANK)


def was_there(codes: str) -> bool:
    return PRESENT in codes
