"""Signals of attendance, from half-days. A day without a code neither adds to nor breaks a streak."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pathways.detection.facts import StepFacts
from pathways.detection.finding import ALERT, CRITICAL, QUIET, WATCH, Finding, Findings, earliest
from pathways.detection.rule import Family, rule
from pathways.workflows import attendance
from pathways.workflows.calendars import ELSEWHERE
from pathways.workflows.dates import ONE_DAY, days, monday_of
from pathways.workflows.states import State as S

_PRESENT_STATES = {S.TRIAL, S.IN_TRAINING, S.PAUSED, S.PROBATION, S.IN_CONTRACT, S.BROKEN_CONTINUING_CFA, S.CFA_WITHOUT_CONTRACT}


@rule(
    "unjustified_absence",
    "Absences injustifiées",
    family=Family.ATTENDANCE,
    states=_PRESENT_STATES,
    levels=(WATCH,),
    closes="Un échange avec la personne, un justificatif, ou la sortie.",
    source="Pratique des organismes de formation",
)
def unjustified_absence(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """2 scheduled days in a row, or 3 half-days in 14 days, since the last contact with the person."""
    missed, again = step.absences, step.next_half_day
    if not missed:
        return Findings(again_on=again)
    contact = step.person.last_contact
    since = contact.occurred_on + ONE_DAY if contact and contact.occurred_on + ONE_DAY > step_start(step) else step_start(step)
    within = "_in_trial" if step.state == S.TRIAL else ""
    needed, wanted = settings[f"unjustified_absence.half_days{within}"], settings["unjustified_absence.days"]
    window = days(settings["unjustified_absence.window"])
    recent = [day for day in missed if day >= since]
    too_many = (first for first in recent if sum(missed[day] for day in recent if first <= day < first + window) >= needed)
    first = earliest(next(too_many, None), first_streak(step, since, wanted))
    if first is None:
        return Findings(again_on=again)
    return Findings(
        (
            Finding(
                f"since:{first}",
                WATCH,
                values={
                    "days": len(recent),
                    "half_days": sum(missed[day] for day in recent),
                    "first": recent[0],
                    "last": recent[-1],
                },
            ),
        ),
        again,
    )


@rule(
    "absence_streak_critical",
    "Présomption d’abandon",
    family=Family.ATTENDANCE,
    states=_PRESENT_STATES,
    levels=(CRITICAL,),
    closes="Le retour en formation, ou la sortie.",
    source="Pratique ; l’organisme déclare l’abandon (CT L6121-5)",
)
def absence_streak_critical(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """5 scheduled days in a row, unjustified, and not back since."""
    again = step.next_half_day
    streak = current_streak(step) if len(step.absences) >= settings["absence_streak_critical.days"] else []
    if len(streak) < settings["absence_streak_critical.days"]:
        return Findings(again_on=again)
    said = {"days": len(streak), "first": streak[0], "last": streak[-1]}
    finding = Finding(f"since:{streak[0]}", CRITICAL, evidence=step.sheets(streak[0], streak[-1]), values=said)
    return Findings((finding,), again)


@rule(
    "absence_rate_high",
    "Taux d’absence",
    family=Family.ATTENDANCE,
    states=_PRESENT_STATES,
    levels=(ALERT,),
    closes="Un taux revenu sous le seuil.",
    source="Pratique, par semaine entière",
    after={"attendance"},
)
def absence_rate_high(step: StepFacts, settings: Mapping[str, Any]) -> Findings:
    """Unjustified hours above 10 % of the scheduled ones over the last 4 complete ISO weeks.

    The window ends with the last complete week that has a sheet: while a feed is silent the answer stays what it was.
    """
    if not step.step.half_days.missed:
        return QUIET
    this_monday, weeks = monday_of(step.day), settings["absence_rate_high.weeks"]
    known = next((day for day in reversed(step.half_days) if day < this_monday), None)
    again = this_monday + days(7) if next(reversed(step.step.half_days.codes)) >= this_monday else None
    if known is None:
        return Findings(again_on=again)
    end = monday_of(known) + days(7)
    first = end - days(7 * weeks)
    if first < step_start(step):
        return Findings(again_on=again)
    stated = (step.detail(event, "hours_per_day") for event in ("entered", "trial", "attendance"))
    hours = next((each for each in stated if each), 7)
    scheduled = scheduled_hours(step, first, end, hours)
    missed = sum(count for day, count in step.absences.items() if first <= day < end) * hours / 2
    contact = step.person.last_contact
    if not scheduled or missed / scheduled <= settings["absence_rate_high.rate"]:
        return Findings(again_on=again)
    if contact and contact.occurred_on >= first:
        since = sum(count for day, count in step.absences.items() if contact.occurred_on < day < end) * hours / 2
        if since / scheduled <= settings["absence_rate_high.rate"]:
            return Findings(again_on=again)
    rate = round(missed / scheduled, 4)
    said = {"rate": rate, "from": first, "to": end - ONE_DAY}
    return Findings((Finding("rate", ALERT, evidence=step.sheets(first, end - ONE_DAY), values=said),), again)


def scheduled_hours(step: StepFacts, first: date, end: date, hours: float) -> float:
    """The half-days of the window at the body by the calendar, less the days its sheets say are spent in the company."""
    codes, not_at_body = step.step.half_days.codes, {attendance.IN_COMPANY, attendance.BLANK}
    window = (first + days(n) for n in range((end - first).days))
    expected = (step.calendar.scheduled(day) for day in window if day not in codes or not set(codes[day]) <= not_at_body)
    return sum(place not in ELSEWHERE for halves in expected for place in halves) * hours / 2


def step_start(step: StepFacts) -> date:
    return step.started_on or step.step.opened_on or step.day


def current_streak(step: StepFacts) -> list[date]:
    """The scheduled days missed in a row up to the last coded one."""
    streak: list[date] = []
    for day, codes in step.half_days.items():
        if attendance.is_unjustified(codes):
            streak.append(day)
        elif attendance.was_there(codes) or attendance.JUSTIFIED in codes:
            streak = []
    return streak


def first_streak(step: StepFacts, since: date, wanted: int) -> date | None:
    """The first day of the first run of ``wanted`` scheduled days missed in a row from ``since`` on."""
    run: list[date] = []
    for day, codes in step.half_days.items():
        if day < since:
            continue
        if attendance.is_unjustified(codes):
            run.append(day)
            if len(run) == wanted:
                return run[0]
        elif attendance.was_there(codes) or attendance.JUSTIFIED in codes:
            run = []
    return None
