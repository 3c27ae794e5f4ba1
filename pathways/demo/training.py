"""A course of the regional programme: prescribed, admitted, entered, followed by sheets, ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from pathways.demo import parameters as p
from pathways.demo.case import Case, workday
from pathways.demo.contacts import keep_in_touch, keep_sheets, watch
from pathways.demo.engagement import Life, days_later, live
from pathways.demo.hazards import base_of
from pathways.demo.journal import StepPlan
from pathways.demo.profile import PRESCRIBED_SHARE, YOUNG_UNTIL, pick, training_risk
from pathways.demo.region import Body
from pathways.workflows.dates import add_months
from pathways.workflows.schemes import SCHEMES

_ONE = timedelta(1)
COURSES = (
    ("PRF_VISA_METIERS", 0.45),
    ("PRF_PREPA_CLES_AVENIR", 0.25),
    ("PRF_ACCES_EMPLOI", 0.15),
    ("PRF_PREPA_SANITAIRE_SOCIAL", 0.08),
    ("PRF_PREPA_AVENIR_SUP", 0.07),
)
QUALIFYING = frozenset({"PRF_VISA_METIERS"})
"""Courses that aim at a certification."""
BELOW_BAC = frozenset({"infra3", "3"})
REASONS = {
    "health": (("SANTE", 0.5), ("FAMILIAL", 0.3), ("GARDE_ENFANT", 0.2)),
    "unsuited": (("CONTENU_NIVEAU", 0.55), ("PROJET_CHANGE", 0.45)),
    "relations": (("AMBIANCE", 0.7), ("ABSENCES_REPETEES", 0.3)),
    "money": (("FINANCIER", 1.0),),
    "job": (("EMPLOI", 1.0),),
    "other_training": (("AUTRE_FORMATION", 0.6), ("CONTRAT_ALTERNANCE", 0.4)),
    "closure": (("OF_DEFAILLANT", 1.0),),
    "distance": (("TRANSPORT", 0.6), ("DEMENAGEMENT", 0.4)),
}
RESULTS = (("CERTIFIE_TOTAL", 0.70), ("CERTIFIE_PARTIEL", 0.15), ("NON_CERTIFIE", 0.10), ("NON_PRESENTE", 0.05))
SITUATIONS = (
    ("EMPLOI_CDI", 0.18),
    ("EMPLOI_CDD_6M_PLUS", 0.17),
    ("EMPLOI_CDD_MOINS_6M", 0.15),
    ("INTERIM_MOINS_6M", 0.10),
    ("RECHERCHE_EMPLOI", 0.30),
    ("FORMATION_QUALIFIANTE", 0.10),
)


@dataclass(slots=True)
class Taken:
    """How a course ended: the day, whether it was entered at all, and whether it was left."""

    on: date
    entered: bool = False
    left: bool = False
    life: Life | None = None


def take_course(case: Case, prescriber: Body, user: int | None, on: date) -> Taken:
    """From the prescription of ``on`` to the follow-ups."""
    chance, journal = case.chance, case.journal
    body = chance.choice(case.region.open_courses(on + timedelta(60)) or case.region.courses)
    scheme = pick(chance, [course for course in COURSES if course[0] in SCHEMES])
    trainer = case.follower(body)
    step = journal.step(scheme, body, prescriber=prescriber, operator=body)
    case.link(step, prescriber, user, "prescriber", on)
    journal.course("prescribed", on, prescriber, step, user, hours=chance.choice((280, 350, 420, 600)))
    decided = workday(on + case.between(5, 35))
    if case.happens(p.WAITLISTED):
        journal.course("waitlisted", decided, body, step)
        decided = workday(decided + case.between(15, 50))
    if case.happens(p.NOT_SELECTED):
        journal.course("not_selected", decided, body, step, reason=chance.choice(("NIVEAU", "PREREQUIS", "COMPLET")))
        return Taken(decided)
    start = workday(decided + case.between(7, 35))
    end = workday(start + timedelta(max(28, min(360, int(days_later(chance, p.TRAINING_MONTHS_DAYS))))))
    journal.course("admitted", decided, body, step, planned_start=start, planned_end=end)
    case.link(step, body, trainer, "operator", decided)
    closing = case.region.closures.get(body.number, date.max)
    if start >= closing:
        journal.course("cancelled", workday(max(decided, closing)), body, step, reason="OF_DEFAILLANT")
        return Taken(start)
    if case.happens(p.TRAINING_NO_SHOW):
        if case.happens(0.7):
            journal.course(
                "cancelled", workday(start + case.between(2, 30)), body, step, reason="NON_PRESENTE", delay=p.DECLARATION
            )
        return Taken(start)
    return _follow(case, step, body, trainer, start, end)


def _follow(case: Case, step: StepPlan, body: Body, trainer: int | None, start: date, end: date) -> Taken:
    chance, journal, who = case.chance, case.journal, case.profile
    details = {"certification": f"RNCP{chance.randrange(30_000, 40_000)}"} if step.scheme in QUALIFYING else {}
    journal.course("entered", start, body, step, trainer, planned_end=end, hours_per_day=7.0, details=details)
    young, below = who.age_on(start) < YOUNG_UNTIL, who.level in BELOW_BAC
    kind = "adult" if not young else "young_below_bac" if below else "young"
    risk = training_risk(who, prescribed=case.happens(PRESCRIBED_SHARE)) + who.frailty + body.effect
    life = live(chance, start, (end - start).days // 7 + 1, base_of(f"training:{kind}"), risk)
    if life.formal_on and life.formal_on >= end:
        life.stays()
    closing = case.region.closures.get(body.number, date.max)
    if start < closing < (life.formal_on or end):
        life.formal_on, life.last_day, life.motive = closing, closing - _ONE, "closure"
    last = life.formal_on or end
    keep_sheets(case, step, body, life, last)
    keep_in_touch(case, step, body, trainer, life, last, 35)
    watch(case, step, body, trainer, life, last)
    episode = case.episode(
        step, life, last, family="training", age="young" if young else "adult", level="below" if below else "bac"
    )
    if life.formal_on:
        episode.declared_on = _leave(case, step, body, life)
        if case.happens(p.CONTRADICTIONS):
            journal.course("completed", end, body, step, trainer, details=_outcome(step))
    else:
        journal.course("completed", end, body, step, trainer, details=_outcome(step))
        if details and case.happens(0.85):
            journal.note("certification_result", workday(end + case.between(15, 70)), body, step, result=pick(chance, RESULTS))
    follow_up(case, step, body, trainer, last)
    return Taken(last, entered=True, left=life.formal_on is not None, life=life)


def _outcome(step: StepPlan) -> dict[str, str]:
    return {"outcome": "FORMATION_QUALIFIANTE" if step.scheme in QUALIFYING else "FORMATION_PREQUALIFIANTE"}


def _leave(case: Case, step: StepPlan, body: Body, life: Life) -> date | None:
    """Dropped, or excluded for absences; declared late. Returns the day it becomes known."""
    assert life.formal_on is not None
    assert life.motive is not None
    reason = pick(case.chance, REASONS[life.motive])
    excluded = reason == "ABSENCES_REPETEES"
    return case.journal.course(
        "excluded" if excluded else "dropped",
        life.formal_on,
        body,
        step,
        delay=p.DECLARATION,
        reason=reason,
        last_day=life.last_day,
        outcome="EXCLUSION" if excluded else "EMPLOI_CDD_MOINS_6M" if reason == "EMPLOI" else "ABANDON",
    )


def follow_up(case: Case, step: StepPlan, body: Body, user: int | None, ended: date) -> None:
    """Where the person stands one, three and six months after; not always asked."""
    for month in (1, 3, 6):
        on = workday(add_months(ended, month) + case.between(-5, 10))
        if on <= case.until and case.happens(0.7):
            case.journal.note("followup", on, body, step, user, month=month, situation=pick(case.chance, SITUATIONS))
