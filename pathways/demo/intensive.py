"""A CEJ: weekly hours, weekly interviews, twelve months at most."""

from __future__ import annotations

from datetime import date, timedelta

from pathways.demo import parameters as p
from pathways.demo.case import Case, workday
from pathways.demo.contacts import keep_in_touch, name_obstacles
from pathways.demo.engagement import Life, days_later, live
from pathways.demo.hazards import base_of
from pathways.demo.jobs import work
from pathways.demo.journal import StepPlan
from pathways.demo.profile import general_risk, pick
from pathways.demo.region import Body
from pathways.demo.training import take_course
from pathways.workflows.dates import add_months
from pathways.workflows.schemes import SCHEMES

_ONE, _WEEK = timedelta(1), timedelta(7)
CODE = "CEJ"
MONTHS, HALF_WAY = 12, 6
HOURS = 15.0
RUPTURES = (("ABANDON", 0.45), ("INJOIGNABLE", 0.35), ("NON_RESPECT_ENGAGEMENTS", 0.20))


def is_offered() -> bool:
    """Whether the catalogue of schemes has it."""
    return CODE in SCHEMES


def engage(case: Case, mission: Body, on: date, *, first: bool = True) -> None:
    """From the orientation of ``on`` to the end; ``first``: the person is new to the region."""
    user = case.follower(mission)
    on = workday(on)
    if first:
        case.state_identity(on, mission, user)
    step = case.journal.step(CODE, mission)
    case.link(step, mission, user, "referent", on)
    case.journal.course("orientation_notified", on, mission, step, user)
    case.journal.note("appointment", on, mission, step, user, status="seen")
    assessed = workday(on + case.between(1, 10))
    case.journal.course("assessment", assessed, mission, step, user)
    name_obstacles(case, step, mission, user, assessed)
    signed = workday(assessed + timedelta(min(40, days_later(case.chance, p.Delay(7, 0.6)))))
    minor = {"legal_representative_signed": True} if case.profile.is_minor(signed) else {}
    case.journal.course(
        "engagement_signed", signed, mission, step, user, details=minor | {"cap_months": MONTHS, "weekly_hours_min": HOURS}
    )
    _live_through(case, step, mission, user, signed)


def _live_through(case: Case, step: StepPlan, mission: Body, user: int | None, signed: date) -> None:
    limit = add_months(signed, MONTHS)
    planned = limit if not case.happens(p.CEJ_ENDS_HALF_WAY) else workday(add_months(signed, HALF_WAY))
    life = live(
        case.chance,
        signed,
        (planned - signed).days // 7 + 1,
        base_of("cej"),
        general_risk(case.profile) + case.profile.frailty,
        away=p.CEJ_SILENCE,
    )
    solution = workday(signed + timedelta(int(case.chance.expovariate(p.CEJ_SOLUTION) * p.MONTH)))
    if life.formal_on and life.formal_on >= min(planned, solution):
        life.stays()
    end = min(workday(life.formal_on or solution), planned)
    episode = case.episode(step, life, end, family="cej")
    episode.how = "rupture" if life.formal_on else "solution" if end < planned else "term"
    _week_by_week(case, step, mission, user, life, end)
    keep_in_touch(case, step, mission, user, life, end - _ONE, p.CEJ_EVERY)
    outcome, follow = _ending(case, episode.how)
    if end < limit:
        acting = case.region.acting(user, end) if user else None
        delay = p.DECLARATION if life.formal_on else p.NOTE
        episode.declared_on = case.journal.course("closed", end, mission, step, acting, delay=delay, details={"outcome": outcome})
    if follow == "job":
        work(case, mission, user, end)
    elif follow == "course" and end <= case.foreseen:
        take_course(case, mission, user, end)


def _ending(case: Case, how: str) -> tuple[str, str | None]:
    """The exit code, and what the person goes to."""
    if how == "rupture":
        return pick(case.chance, RUPTURES), None
    if how == "term":
        return "ARRIVE_A_TERME", None
    outcome = pick(case.chance, p.CEJ_SOLUTIONS)
    return outcome, "course" if outcome.startswith("FORMATION") else "job" if outcome.startswith("EMPLOI") else None


def _week_by_week(case: Case, step: StepPlan, mission: Body, user: int | None, life: Life, end: date) -> None:
    """The hours of each whole week, and for some an external course that takes several of them."""
    chance = case.chance
    first = last = end
    if case.happens(p.CEJ_EXTERNAL):
        first = workday(life.start + case.between(30, 90))
        last = workday(first + case.between(28, 70))
        if last < end and not life.formal_on:
            case.journal.course(
                "external_course_started", first, mission, step, user, details={"course": "EXTERNE", "planned_end": last}
            )
            case.journal.course("external_course_ended", last, mission, step, user, details={"course": "EXTERNE"})
        else:
            first = last = end
    monday = life.start + timedelta(7 - life.start.weekday())
    while monday + _WEEK <= end and monday <= case.until:
        if not first <= monday <= last and not case.happens(p.NEVER_ENTERED):
            sunday = monday + timedelta(6)
            excused = case.happens(p.CEJ_UNAVAILABLE) and life.state(monday) != p.GONE
            hours = 0.0 if excused else max(0.0, round(2 * chance.gauss(p.CEJ_HOURS[life.state(monday)], p.CEJ_HOURS_SPREAD)) / 2)
            details = {"monday": monday, "validated": hours} | ({"excused": True} if excused else {})
            case.journal.note(
                "weekly_hours", sunday, mission, step, case.region.acting(user, sunday) if user else None, **details
            )
        monday += _WEEK
