"""What the dates, hours and host typed with an act must respect. A limit says nothing of what is not typed."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from pathways.errors import Reason
from pathways.workflows.dates import last_day_of

if TYPE_CHECKING:
    from pathways.workflows.fold import Pathway
    from pathways.workflows.scheme import Limit

Details = Mapping[str, Any]
STARTS, ENDS = ("start", "planned_start"), ("planned_end", "end")


def typed_day(details: Details, names: Iterable[str]) -> date | None:
    """The first of these details that is a day."""
    return next((details[name] for name in names if isinstance(details.get(name), date)), None)


def period(details: Details, day: date) -> tuple[date, date | None]:
    """From when to when, both included: it starts on the day of the act unless another is typed."""
    return typed_day(details, STARTS) or day, typed_day(details, ENDS)


def whole_months(start: date, end: date) -> int:
    """How many full months go from ``start`` to ``end``, both included."""
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    while months > 0 and last_day_of(start, months) > end:
        months -= 1
    return months


def lasting(least: int | None = None, most: int | None = None) -> "Limit":
    """From ``least`` to ``most`` months, where the end is known."""

    def limit(_pathway: "Pathway", day: date, details: Details) -> list[Reason]:
        start, end = period(details, day)
        return [*too_short(start, end, least), *too_long(start, end, most)]

    return limit


def too_short(start: date, end: date | None, least: int | None) -> list[Reason]:
    if end is None or least is None or end >= last_day_of(start, least):
        return []
    return [Reason("contract_too_short", {"months": whole_months(start, end), "least": least})]


def too_long(start: date, end: date | None, most: int | None) -> list[Reason]:
    if end is None or most is None or end <= last_day_of(start, most):
        return []
    return [Reason("too_long", {"limit": last_day_of(start, most)})]


def weekly_hours(least: float) -> "Limit":
    """At least so many hours a week, where they are known."""

    def limit(_pathway: "Pathway", _day: date, details: Details) -> list[Reason]:
        hours = details.get("hours_per_week")
        return [Reason("hours_too_low", {"hours": hours, "least": least})] if hours is not None and hours < least else []

    return limit
