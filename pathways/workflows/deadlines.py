"""Legal days of a step: caps, birthdays, the end of maintenance in CFA, the n-th day in the company.

Each public function returns a function of (step, pathway) for a page to name, or the day itself; None means unknown.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from pathways.workflows import dates
from pathways.workflows.calendars import calendar_of
from pathways.workflows.dates import ONE_DAY

if TYPE_CHECKING:
    from pathways.workflows.definition import DueOn
    from pathways.workflows.entry import Entry
    from pathways.workflows.fold import Pathway, Step
    from pathways.workflows.scheme import Prolongation

MAINTENANCE_MONTHS = 6
"""The CFA keeps the apprentice six months after the break (CT L6222-18-2)."""
PRE_CONTRACT_MONTHS = 3
"""A CFA cycle without employer lasts at most three months (CT L6222-12-1)."""
PROBATION_OVER = "probation_over"
"""The clock of a probation counted in days done in the company."""
PROBATION_COMPANY_DAYS = 45
"""Either side may break until the 45th day of practical training in the company (CT L6222-18)."""
TRIAL_SHORT_MONTHS, TRIAL_LONGEST_DAYS = 6, 14
"""A fixed-term contract of six months or less has a trial of a day a week, two weeks at most (CT L1242-10)."""
REFLECTION_DAYS = 21
"""Days to answer a CSP proposal; silence is a refusal (CT L1233-67, convention of 2015-01-26)."""


def rules_on(step: "Step", day: date) -> date:
    """The day whose rules apply to the step: the one it opened."""
    return step.opened_on or day


def cap_from(*events: str, by_modality: "Mapping[str, int]" = MappingProxyType({})) -> "DueOn":
    """The last day of the longest duration counted from the first of these events, prolongations included.

    ``by_modality``: months by the ``modality`` of that event, where they differ from those of the page.
    """

    def cap(step: "Step", pathway: "Pathway") -> date | None:
        start = next((entry for event in events if (entry := step.first(event))), None)
        if start is None:
            return None
        version = step.scheme.version(rules_on(step, start.occurred_on))
        usual = version.cap_months if version else None
        months = start.data.get("cap_months") or by_modality.get(start.data.get("modality", ""), usual)
        if not months:
            return None
        base, last = start.occurred_on, dates.last_day_of(start.occurred_on, months)
        for granted in step.all("prolongation_granted"):
            if granted.data.get("cap_on"):
                last, months = granted.data["cap_on"], 0
                base = last + ONE_DAY
            elif granted.data.get("cap_months"):
                base, months = start.occurred_on, granted.data["cap_months"]
                last = dates.last_day_of(base, months)
            elif granted.data.get("months"):
                # Counted from the first day, all months together: 31 March and twelve months, whatever six of them gave.
                months += granted.data["months"]
                last = dates.last_day_of(base, months)
            elif granted.data.get("planned_end"):
                last = max(last, granted.data["planned_end"])
        return last

    return cap


def prolonged_to(step: "Step", pathway: "Pathway", granted: "Entry") -> date | None:
    """The last day a prolongation asks for, None when it names neither a day nor months."""
    if granted.data.get("cap_on"):
        return cast("date", granted.data["cap_on"])
    start, cap = counted_from(step), cap_of(step, pathway)
    if start is not None and granted.data.get("cap_months"):
        return dates.last_day_of(start.occurred_on, granted.data["cap_months"])
    if cap is not None and granted.data.get("months"):
        return dates.add_months(cap + ONE_DAY, granted.data["months"]) - ONE_DAY
    return granted.data.get("planned_end")


def longest(prolongation: "Prolongation", start: date) -> date | None:
    """The last day that prolongation may reach, None when nothing bounds it."""
    return dates.last_day_of(start, prolongation.longest_months) if prolongation.longest_months else None


def counted_from(step: "Step") -> "Entry | None":
    """What the longest duration of a step runs from: its signature, its start, or the first day of the contract or course."""
    opening = ("engagement_signed", "accompaniment_started", "work_contract_started", "trial", "entered")
    begun = (step.first(event) for event in opening)
    return next((entry for entry in begun if entry), None)


def renewed_to(prolongation: "Prolongation", start: date, planned_end: date | None) -> date | None:
    """The last day to which a renewal may carry a contract, None when nothing bounds it."""
    bounds = [longest(prolongation, start)]
    if prolongation.months is not None:
        bounds.append(dates.add_months(planned_end + ONE_DAY, prolongation.months) - ONE_DAY if planned_end else None)
    return min((each for each in bounds if each is not None), default=None)


def cap_of(step: "Step", pathway: "Pathway") -> date | None:
    """The last day allowed for this step, None when it has none or it is not known."""
    return step.scheme.cap(step, pathway) if step.scheme.cap else None


def day_after_cap(step: "Step", pathway: "Pathway") -> date | None:
    cap = cap_of(step, pathway)
    return cap + ONE_DAY if cap else None


def at_age(age: int) -> "DueOn":
    """The birthday."""

    def on_birthday(step: "Step", pathway: "Pathway") -> date | None:
        return dates.birthday(pathway.born, age) if pathway.born else None

    return on_birthday


def broken_on(step: "Step") -> date | None:
    """First day without contract, from the last declared break."""
    broken = step.last("contract_broken")
    return (broken.data.get("broken_on") or broken.occurred_on) if broken else None


def new_contract_since_the_break(*schemes: str) -> "DueOn":
    """The day another contract of these schemes began, the day of the break or later."""

    def begun(step: "Step", pathway: "Pathway") -> date | None:
        broken = broken_on(step)
        starts = [
            entry.occurred_on
            for other in pathway.steps.values()
            if other is not step and other.scheme.code in schemes
            for entry in other.all("work_contract_started")
        ]
        return min((start for start in starts if broken and start >= broken), default=None)

    return begun


def end_of_maintenance(step: "Step", pathway: "Pathway") -> date | None:
    """The day after the last of the six months in which the CFA keeps the apprentice."""
    broken = broken_on(step)
    return dates.add_months(broken, MAINTENANCE_MONTHS) if broken else None


def pre_contract_last_day(step: "Step") -> date | None:
    """Last day of a CFA cycle begun without employer."""
    entered = step.first("cfa_entered_without_contract")
    if entered is None:
        return None
    return dates.last_day_of(entered.occurred_on, entered.data.get("limit_months") or PRE_CONTRACT_MONTHS)


def end_of_reflection(step: "Step", pathway: "Pathway") -> date | None:
    """The first day after the time to answer a CSP proposal."""
    proposed = step.first("csp_proposed")
    return proposed.occurred_on + dates.days(REFLECTION_DAYS + 1) if proposed else None


def after_company_days(n: int) -> "DueOn":
    """The day after the ``n``-th day in the company."""

    def next_day(step: "Step", pathway: "Pathway") -> date | None:
        reached = company_day(step, n)
        return reached + ONE_DAY if reached else None

    return next_day


def trial_last_day(step: "Step") -> date | None:
    """The last day of the trial: the declared one, else the longest a fixed-term contract allows (CT L1242-10).

    One day a week, two weeks at most, for a contract planned for six months or less; one month beyond. None while the length
    of the contract is not known.
    """
    if (declared := step.detail("work_contract_started", "trial_last_day")) is not None:
        return cast("date", declared)
    started = step.first("work_contract_started")
    end = step.detail("work_contract_started", "planned_end") or step.detail("work_contract_signed", "planned_end")
    if started is None or end is None:
        return None
    start = started.occurred_on
    if end > dates.last_day_of(start, TRIAL_SHORT_MONTHS):
        return dates.last_day_of(start, 1)
    return start + dates.days(min(((end - start).days + 1) // 7, TRIAL_LONGEST_DAYS)) - ONE_DAY


def after_trial(step: "Step", pathway: "Pathway") -> date | None:
    """The day after the last day of the trial."""
    last = trial_last_day(step)
    return last + ONE_DAY if last else None


def company_day(step: "Step", n: int) -> date | None:
    """The day on which the ``n``-th day of work in the company is done, None while that cannot be known.

    Counted from the calendar of the step (CFA weeks, closures, leave, days worked, bank holidays), less days away; a declared
    total restarts the count from its day. Without calendar, only a declared total tells.
    """
    depends_on = (
        len(step.all("work_contract_started")), len(step.all("company_days_total")), step.planned_end,
        step.half_days.changes_away, len(step.all("calendar_stated")),
    )
    known = step.company_days.get(n)
    if known is None or known[0] != depends_on:
        known = step.company_days[n] = (depends_on, _company_day(step, n))
    return known[1]


def _company_day(step: "Step", n: int) -> date | None:
    started = step.last("work_contract_started")
    if started is None:
        return None
    totals = [(entry.occurred_on, entry.data["days"]) for entry in step.all("company_days_total")]
    bases = [(started.occurred_on - ONE_DAY, 0), *totals]
    short = max(position for position, (_, done) in enumerate(bases) if done < n)
    (since, done), reached_by = bases[short], next((on for on, _ in bases[short + 1 :]), None)
    counted = list(_company_calendar(step, since + ONE_DAY, reached_by, n - done))
    return counted[-1] if done + len(counted) == n else reached_by


def _company_calendar(step: "Step", first: date, until: date | None, wanted: int) -> Iterable[date]:
    """Days in the company from ``first``, at most ``wanted``; none from the first day the calendar does not place."""
    last = until or (step.planned_end or dates.add_months(first, 36))
    away = step.half_days.away
    present = (day for day in calendar_of(step).days_in_company(first, last) if day not in away)
    return islice(present, max(wanted, 0))
