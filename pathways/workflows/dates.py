"""Calendar arithmetic of the schemes: months, caps, birthdays, working days.

Conventions (common to every scheme sheet): ``add_months`` clamps to the end of the month; a duration of *n* months from *D*
has ``add_months(D, n) - 1`` as its last day; "within n days of D" is overdue on ``D + n + 1``.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache, lru_cache

import holidays

ONE_DAY = timedelta(days=1)
MAJORITY = 18
"""Age at which one signs alone, and the obligation de formation ends."""
SATURDAY = 5


@cache
def days(n: int) -> timedelta:
    """``n`` calendar days."""
    return timedelta(days=n)


@lru_cache(maxsize=100_000)
def add_months(day: date, n: int) -> date:
    """The same day of the month ``n`` months later, clamped to that month's last day."""
    months = day.month - 1 + n
    year, month = day.year + months // 12, months % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def last_day_of(start: date, months: int) -> date:
    """The last day (included) of a duration of ``months`` from ``start``."""
    return add_months(start, months) - ONE_DAY


def birthday(born: date, age: int) -> date:
    """The day somebody born on ``born`` reaches ``age``; a 29 February birthday falls on 28 February in common years."""
    return add_months(born, 12 * age)


def age_on(born: date, day: date) -> int:
    """Age in completed years on ``day``."""
    years = day.year - born.year
    return years - (birthday(born, years) > day)


def monday_of(day: date) -> date:
    """The Monday of the ISO week of ``day``."""
    return day - timedelta(days=day.weekday())


@cache
def bank_holidays(year: int) -> dict[date, str]:
    """The bank holidays of metropolitan France, each with its French name (Code du travail L3133-1)."""
    return dict(sorted(holidays.country_holidays("FR", years=year, language="fr").items()))


def is_bank_holiday(day: date) -> bool:
    return day in bank_holidays(day.year)


def is_working_day(day: date) -> bool:
    """Monday to Friday, French bank holidays excluded (Code du travail L3133-1)."""
    return day.weekday() < SATURDAY and not is_bank_holiday(day)


def working_days(first: date, last: date) -> Iterator[date]:
    """The working days from ``first`` to ``last``, both included."""
    day = first
    while day <= last:
        if is_working_day(day):
            yield day
        day += ONE_DAY


def add_working_days(day: date, n: int) -> date:
    """The ``n``-th working day after ``day``."""
    while n > 0:
        day += ONE_DAY
        n -= is_working_day(day)
    return day
