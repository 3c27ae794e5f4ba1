"""A contrat de sécurisation professionnelle: proposed, accepted, planned, and twelve months at most."""

from __future__ import annotations

from datetime import date, timedelta

from pathways.demo import parameters as p
from pathways.demo.case import Case, workday
from pathways.demo.contacts import keep_in_touch
from pathways.demo.engagement import Life, live
from pathways.demo.hazards import base_of
from pathways.demo.jobs import work
from pathways.demo.journal import StepPlan
from pathways.demo.profile import general_risk, pick
from pathways.demo.region import Body
from pathways.demo.training import take_course
from pathways.workflows.dates import add_months

_ONE = timedelta(1)
REFLECTION = timedelta(22)
SUCCESSES = (("EMPLOI_CDI", 0.55), ("EMPLOI_CDD_6M_PLUS", 0.30), ("CREATION_ENTREPRISE", 0.08), ("INTERIM_6M_PLUS", 0.07))
RUPTURES = (("ABANDON", 0.5), ("INJOIGNABLE", 0.5))


def secure(case: Case, agency: Body, on: date) -> None:
    """From the proposal of ``on`` to the end."""
    user = case.follower(agency)
    on = workday(on)
    case.state_identity(on, agency, user)
    step = case.journal.step("CSP", agency)
    case.link(step, agency, user, "referent", on)
    seniority = case.chance.randint(8, 240)
    case.journal.course("csp_proposed", on, agency, step, user, company_size_lt_1000=True, seniority_months=seniority)
    if case.happens(p.CSP_REFUSED):
        if case.happens(0.5):
            case.journal.course("csp_declined", workday(on + case.between(3, 18)), agency, step, user)
        return
    case.journal.course("csp_accepted", min(workday(on + case.between(2, 20)), on + timedelta(21)), agency, step, user)
    start = on + REFLECTION
    case.journal.course("accompaniment_started", start, agency, step, user, cap_months=12)
    _through(case, step, agency, user, start)


def _through(case: Case, step: StepPlan, agency: Body, user: int | None, start: date) -> None:
    limit = add_months(start, 12)
    life = live(
        case.chance, start, 53, base_of("csp"), general_risk(case.profile) + case.profile.frailty, away=p.SILENCE_TO_CLOSING
    )
    if life.formal_on and life.formal_on >= limit:
        life.stays()
    found = _job_found(case, start)
    if found and (life.formal_on is None or found < life.formal_on):
        life.stays()
    end = min(workday(life.formal_on or found or limit), limit)
    _opening_steps(case, step, agency, user, life, end)
    keep_in_touch(case, step, agency, user, life, end - _ONE, 22)
    episode = case.episode(step, life, end, family="csp")
    if life.formal_on:
        episode.how = "rupture"
        if end < limit:
            episode.declared_on = case.journal.course(
                "closed", end, agency, step, user, delay=p.DECLARATION, outcome=pick(case.chance, RUPTURES)
            )
        return
    episode.how = "job" if end < limit else "limit"
    if case.happens(p.CSP_TRAINING):
        _train(case, agency, user, start, end)
    if end < limit:
        case.journal.course("closed", end, agency, step, user, outcome=pick(case.chance, SUCCESSES))
        if case.happens(0.4):
            work(case, agency, user, end)


def _opening_steps(case: Case, step: StepPlan, agency: Body, user: int | None, life: Life, end: date) -> None:
    """Pré-bilan and plan, most of them in time."""
    done = workday(life.start + (case.between(1, 7) if case.happens(0.88) else case.between(10, 25)))
    planned = workday(done + (case.between(10, 27) if case.happens(0.85) else case.between(35, 60)))
    if done < end:
        case.journal.course("csp_prebilan_done", done, agency, step, user)
    if planned < end and life.state(planned) != p.GONE:
        case.journal.course("csp_plan_signed", planned, agency, step, user)


def _job_found(case: Case, start: date) -> date | None:
    """The day a job ends it, from the published shares still registered."""
    months, before = 0.0, 0.0
    draw = case.chance.expovariate(1)
    for until, hazard in p.CSP_EXIT:
        at_most = (until - before) * hazard * (1 - p.CSP_RUPTURE_SHARE)
        if draw < at_most:
            months = before + draw / (hazard * (1 - p.CSP_RUPTURE_SHARE))
            return start + timedelta(int(months * p.MONTH))
        draw, before = draw - at_most, until
    return None


def _train(case: Case, agency: Body, user: int | None, start: date, end: date) -> None:
    """A course in the fifth or sixth month, where there is time for it."""
    decided = workday(start + case.between(80, 120))
    if decided + timedelta(200) < end and decided <= case.foreseen:
        take_course(case, agency, user, decided)
