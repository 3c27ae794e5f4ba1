"""Keeping in touch: appointments, calls, attempts, obstacles; flags and sheets of the bodies that train."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from pathways.demo import parameters as p
from pathways.demo.case import Case, workday
from pathways.demo.engagement import Life
from pathways.demo.journal import StepPlan
from pathways.demo.profile import pick
from pathways.demo.region import Body
from pathways.workflows.dates import is_working_day

_ONE, _WEEK = timedelta(1), timedelta(7)
DIMENSIONS = (("organisation_personnelle", 0.4), ("professionnel", 0.25), ("psychopedagogique", 0.25), ("sante", 0.1))
CHANNELS = (("phone", 0.55), ("sms", 0.25), ("email", 0.20))
SEVERITIES = (("genant", 0.5), ("fort", 0.35), ("bloquant", 0.15))
INTERVIEW_NOTES = (
    "Point sur le projet et les démarches de la semaine.",
    "A avancé sur son CV, deux candidatures envoyées.",
    "Motivé, cherche encore le bon métier.",
    "Semble fatigué, à rappeler la semaine prochaine.",
    "Difficultés de transport évoquées, piste de covoiturage.",
)


def keep_in_touch(case: Case, step: StepPlan, body: Body, user: int | None, life: Life, last: date, every: int) -> None:
    """Appointments about every ``every`` days from the life's first day to ``last``, calls in between, attempts after a
    no-show.
    """
    chance, day = case.chance, life.start
    while True:
        day += timedelta(max(4, int(chance.gauss(every, every * 0.3))))
        if day > last or day > case.until:
            return
        on = workday(day)
        acting = case.region.acting(user, on) if user else None
        if case.happens(p.CALLS):
            _call(case, step, body, acting, life, on)
        else:
            _appointment(case, step, body, acting, life, on)


def _appointment(case: Case, step: StepPlan, body: Body, user: int | None, life: Life, on: date) -> None:
    chance, state = case.chance, life.state(on)
    draw = chance.random()
    if draw < p.NO_SHOW[state]:
        case.journal.note("appointment", on, body, step, user, status="noshow")
        for days in (chance.randint(1, 6), chance.randint(7, 14)):
            if attempt(case, step, body, user, life, workday(on + timedelta(days))):
                return
    elif draw > 1 - p.MISTAKES:
        case.journal.mistake(on, body, step, user, "noshow", "seen")
    elif draw > 1 - p.UNUSUAL:
        case.journal.note(
            "appointment", on, body, step, user, status=chance.choice(("excused", "excused", "revoked", "to_complete"))
        )
    elif case.happens(p.NOTED):
        case.journal.note("appointment", on, body, step, user, status="seen", note=chance.choice(INTERVIEW_NOTES))
    else:
        case.journal.note("appointment", on, body, step, user, status="seen")


def _call(case: Case, step: StepPlan, body: Body, user: int | None, life: Life, on: date) -> None:
    if case.chance.random() < p.ANSWERS[life.state(on)]:
        case.journal.note("contact", on, body, step, user, channel=pick(case.chance, CHANNELS))
    else:
        attempt(case, step, body, user, life, on)


def attempt(case: Case, step: StepPlan, body: Body, user: int | None, life: Life, on: date) -> bool:
    """One try to reach the person; a wrong number is never answered."""
    channel = pick(case.chance, CHANNELS)
    hopeless = case.profile.wrong_phone and channel != "email"
    reached = not hopeless and case.chance.random() < p.ANSWERS[life.state(on)]
    case.journal.note("contact_attempt", on, body, step, user, channel=channel, result="reached" if reached else "failed")
    return reached


def name_obstacles(case: Case, step: StepPlan, body: Body, user: int | None, on: date) -> None:
    """What stands in the way, as said at the diagnosis, and what is done about it, most of the time."""
    who = case.profile
    said = [
        theme
        for theme, is_there in (
            ("mobilite", who.no_transport),
            ("logement", who.unstable_housing),
            ("garde_enfant", who.childcare),
            ("langue", who.foreign),
            ("confiance", True),
        )
        if is_there and case.happens(0.3)
    ]
    for theme in said:
        case.journal.note("obstacle", on, body, step, user, theme=theme, severity=pick(case.chance, SEVERITIES))
        if case.happens(0.75):
            case.journal.note("obstacle_action", workday(on + case.between(3, 40)), body, step, user, theme=theme)


# --- the bodies that train -----------------------------------------------------------------------------------------------


def watch(case: Case, step: StepPlan, body: Body, user: int | None, life: Life, last: date) -> None:
    """Flags raised by a body that raises any, week by week, and taken back when things are better."""
    if not body.flags:
        return
    chance, week = case.chance, life.start
    free_from = life.start
    while week <= last and week <= case.until:
        state = life.state(week)
        if week >= free_from and chance.random() < p.FLAGGED[state]:
            on = workday(week + timedelta(chance.randrange(5)))
            if on <= last:
                level = 1 if state == p.ENGAGED else chance.choice((1, 2)) if state == p.FRAGILE else chance.choice((2, 3))
                case.journal.note("risk_flag", on, body, step, user, dimension=pick(chance, DIMENSIONS), level=level)
                free_from = on + case.between(14, 35)
                if case.happens(0.6) and free_from <= last:
                    case.journal.note("risk_flag_closed", workday(free_from), body, step, user)
        week += _WEEK


def keep_sheets(
    case: Case,
    step: StepPlan,
    body: Body,
    life: Life,
    last: date,
    *,
    hours: float | None = 7.0,
    weeks: Collection[date] | None = None,
) -> None:
    """A sheet a week from the life's first day to ``last``; only in ``weeks`` (Mondays) when given."""
    monday = life.start - timedelta(life.start.weekday())
    while monday <= last and monday <= case.until:
        if weeks is None or monday in weeks:
            first, until = max(monday, life.start), min(monday + timedelta(4), last)
            if first <= until:
                halves = "".join(_day(case, life, monday + timedelta(n), first, until) for n in range(5))
                if halves != "----------":
                    details = {"hours_per_day": hours} if hours else {}
                    case.journal.sheet(until, body, step, **{"from": monday, "halves": halves}, **details)
        monday += _WEEK


def _day(case: Case, life: Life, day: date, first: date, last: date) -> str:
    """Two codes. Seven absences in ten last the whole day; some are never entered."""
    if not first <= day <= last or not is_working_day(day):
        return "--"
    chance, state = case.chance, life.state(day)
    missing = 1 - p.PRESENT[state]
    draw = chance.random()
    if draw >= 1.3 * missing and state != p.GONE:
        return "PP"
    if chance.random() < p.NEVER_ENTERED:
        return "--"
    code = "J" if chance.random() < p.EXCUSED[state] else "U"
    if state == p.GONE or draw < 0.7 * missing:
        return code * 2
    return f"P{code}" if case.happens(0.5) else f"{code}P"
