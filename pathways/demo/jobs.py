"""An ordinary job, followed by whoever accompanies the person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from pathways.demo import parameters as p
from pathways.demo.case import Case, Episode, is_accompanying, workday
from pathways.demo.engagement import live
from pathways.demo.hazards import base_of
from pathways.demo.journal import StepPlan
from pathways.demo.profile import general_risk, pick
from pathways.demo.region import SECTORS, SIZES, Body
from pathways.workflows.dates import add_months

KINDS = (("cdi", 0.25), ("cdd", 0.45), ("interim", 0.30))
MONTHS = {"cdd": (1, 2, 3, 4, 6, 6, 9, 12), "interim": (1, 1, 2, 3)}
REASONS = (("ESSAI_EMPLOYEUR", 0.3), ("ESSAI_SALARIE", 0.3), ("ACCORD_COMMUN", 0.2), ("FAUTE_GRAVE", 0.05), ("AUTRE", 0.15))
LASTING_MONTHS = 6
OPEN_ENDED_WEEKS = 78
"""How long the truth follows a job without end."""


@dataclass(slots=True)
class Job:
    """A job that was found: its first day, its last, and the exit code it stands for."""

    start: date
    end: date | None
    outcome: str
    lasts: bool
    """At least six months: the accompaniment ends with it."""


def work(case: Case, body: Body, user: int | None, on: date) -> Job:
    """A job found on ``on``, from its first day to its end."""
    chance, journal = case.chance, case.journal
    kind = pick(chance, KINDS)
    start = workday(on + case.between(1, 20))
    months = chance.choice(MONTHS[kind]) if kind in MONTHS else None
    end = add_months(start, months) - timedelta(1) if months else None
    employer = chance.choice(case.region.employers[chance.choice(SECTORS), chance.choice(SIZES)])
    step = journal.step("EMPLOI", body)
    case.link(step, body, user, "co_referent" if is_accompanying(body) else "operator", on)
    ends = {"planned_end": end} if end else {}
    hours = 35.0 if case.happens(0.75) else 24.0
    terms = ends | {"kind": kind, "start": start, "employer": employer.siret, "hours_per_week": hours}
    journal.course("work_contract_signed", workday(on), body, step, user, details=terms)
    journal.course("work_contract_started", start, body, step, user, details=ends)
    weeks = (end - start).days // 7 + 1 if end else OPEN_ENDED_WEEKS
    life = live(chance, start, weeks, base_of("job"), general_risk(case.profile) + case.profile.frailty)
    if end and life.formal_on and life.formal_on >= end:
        life.stays()
    last = life.formal_on or end or start + timedelta(7 * weeks)
    for days, share in ((15, 0.6), (60, 0.4), (91, 0.5)):
        day = workday(start + timedelta(days) + case.between(-3, 7))
        if day < last and case.happens(share):
            journal.note("contract_checkin", day, body, step, user)
    _end(case, step, body, user, case.episode(step, life, last, family="job", kind=kind), end)
    return Job(start, life.formal_on or end, _outcome(kind, months), kind == "cdi" or bool(months and months >= LASTING_MONTHS))


def _end(case: Case, step: StepPlan, body: Body, user: int | None, episode: Episode, planned: date | None) -> None:
    """The break as declared, or the planned end, which not everybody declares."""
    if episode.formal_on:
        details = {"broken_on": episode.formal_on, "reason": pick(case.chance, REASONS)}
        episode.declared_on = case.journal.course(
            "contract_broken", episode.formal_on, body, step, user, delay=p.DECLARATION, details=details
        )
    elif planned and case.happens(0.8):
        case.journal.course("work_contract_ended", planned, body, step, user, outcome="RECHERCHE_EMPLOI", delay=p.DECLARATION)


def _outcome(kind: str, months: int | None) -> str:
    if kind == "cdi":
        return "EMPLOI_CDI"
    long = bool(months and months >= LASTING_MONTHS)
    if kind == "cdd":
        return "EMPLOI_CDD_6M_PLUS" if long else "EMPLOI_CDD_MOINS_6M"
    return "INTERIM_6M_PLUS" if long else "INTERIM_MOINS_6M"
