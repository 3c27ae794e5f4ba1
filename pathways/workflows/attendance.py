"""Half-days: a sheet covers at most seven days with one code per half-day; the latest recorded code of a half-day wins."""

from datetime import date
from typing import TYPE_CHECKING

from pathways.workflows.dates import days

if TYPE_CHECKING:
    from pathways.workflows.fold import Step

PRESENT, UNJUSTIFIED, JUSTIFIED, IN_COMPANY, BLANK = "P", "U", "J", "C", "-"
CODES = {
    PRESENT: "Présent",
    UNJUSTIFIED: "Absent sans justificatif",
    JUSTIFIED: "Absent excusé",
    IN_COMPANY: "En entreprise",
    BLANK: "Non prévu ou non renseigné",
}


def half_days(step: "Step") -> dict[date, str]:
    """Two codes a day (morning, afternoon) for every day with at least one code, in order of days."""
    known: dict[date, str] | None = step.memo.get("half_days")
    if known is not None:
        return known
    codes: dict[date, str] = {}
    for sheet in sorted(step.all("attendance"), key=lambda entry: (entry.known_on, entry.number, entry.content)):
        halves, first = sheet.data["halves"], sheet.data["from"]
        for position in range(0, len(halves), 2):
            today = halves[position : position + 2]
            if today == "--":
                continue
            day = first + days(position // 2)
            before = codes.get(day, "--")
            codes[day] = "".join(new if new != BLANK else old for new, old in zip(today, before, strict=True))
    step.memo["half_days"] = codes = dict(sorted(codes.items()))
    return codes


def is_unjustified(codes: str) -> bool:
    """Absent without excuse on everything that was scheduled that day."""
    return set(codes) - {BLANK} == {UNJUSTIFIED}


def is_away(codes: str) -> bool:
    """Absent all day, excused or not."""
    return bool(set(codes) - {BLANK}) and set(codes) <= {UNJUSTIFIED, JUSTIFIED, BLANK}


def was_there(codes: str) -> bool:
    return PRESENT in codes
