"""An apprenticeship: contract, weeks in the CFA, check-ins, the rupture and what follows it."""

from __future__ import annotations

from datetime import date, timedelta

from pathways.demo import parameters as p
from pathways.demo.case import Case, workday
from pathways.demo.contacts import keep_in_touch, keep_sheets, watch
from pathways.demo.engagement import Life, live
from pathways.demo.hazards import base_of
from pathways.demo.jobs import work
from pathways.demo.journal import StepPlan
from pathways.demo.profile import ADULT, TWENTY, Apprenticeship, apprentice_risk, pick
from pathways.demo.region import Body
from pathways.demo.training import RESULTS, follow_up
from pathways.workflows.dates import add_months, monday_of

_WEEK = timedelta(7)
AUGUST, CHRISTMAS = 8, (12, 20)
PROBATION_MONTHS = 2.5
IN_PROBATION = (("ESSAI_EMPLOYEUR", 0.45), ("ESSAI_SALARIE", 0.50), ("LIQUIDATION_EMPLOYEUR", 0.05))
AFTER_PROBATION = (
    ("ACCORD_COMMUN", 0.52),
    ("INITIATIVE_APPRENTI", 0.22),
    ("FAUTE_GRAVE", 0.08),
    ("INAPTITUDE", 0.05),
    ("LIQUIDATION_EMPLOYEUR", 0.06),
    ("EXCLUSION_CFA", 0.03),
    ("MANQUEMENTS_EMPLOYEUR", 0.02),
    ("AUTRE", 0.02),
)
AFTERWARDS = (("EMPLOI_CDI", 0.30), ("EMPLOI_CDD_6M_PLUS", 0.20), ("ALTERNANCE_APPRENTISSAGE", 0.25), ("RECHERCHE_EMPLOI", 0.25))


def apprentice(case: Case, what: Apprenticeship, on: date) -> date | None:
    """Every contract from the signature of ``on``; after a last rupture, the day on which the person turns to a mission
    locale, if any.
    """
    cfa = case.chance.choice(case.region.cfas[what.sector])
    coordinator = case.follower(cfa)
    signed, start = on, workday(on + case.between(0, 60))
    end = add_months(start, case.chance.choice(p.APPRENTICE_MONTHS[what.diploma])) - timedelta(1)
    step = case.journal.step("APPRENTISSAGE", cfa, operator=cfa)
    case.link(step, cfa, coordinator, "operator", min(signed, start))
    if case.happens(p.WITHOUT_EMPLOYER):
        begun = _without_employer(case, step, cfa, coordinator, on)
        if begun is None:
            return None
        signed, start = begun
    while True:
        life = _contract(case, step, what, cfa, coordinator, signed, start, end)
        broken = life.formal_on
        if broken is None:
            return None
        if not case.happens(p.BACK_IN_SIX_MONTHS):
            _leave_for_good(case, step, cfa, coordinator, broken)
            return broken + case.between(10, 60) if case.happens(p.TO_MISSION_LOCALE / (1 - p.BACK_IN_SIX_MONTHS)) else None
        signed = workday(broken + timedelta(min(165, max(5, int(case.chance.gauss(60, 35))))))
        _stay_in_cfa(case, step, cfa, coordinator, broken, signed)
        start = workday(signed + case.between(0, 12))
        if start > case.foreseen:
            return None
        end = max(end, add_months(start, 6))
        step = case.journal.step("APPRENTISSAGE", cfa, operator=cfa)
        case.link(step, cfa, coordinator, "operator", signed)


def _without_employer(case: Case, step: StepPlan, cfa: Body, user: int | None, on: date) -> tuple[date, date] | None:
    """Three months in the CFA to find an employer: signature and start, or None."""
    on = workday(on)
    case.journal.course("cfa_entered_without_contract", on, cfa, step, user, limit_months=3)
    if case.happens(0.72):
        signed = workday(on + case.between(10, 75))
        return signed, workday(signed + case.between(1, 10))
    if case.happens(0.5):
        case.journal.course(
            "left_without_contract", workday(on + case.between(20, 80)), cfa, step, user, outcome="SANS_EMPLOYEUR"
        )
    return None


def cfa_weeks(case: Case, start: date, end: date) -> list[date]:
    """Mondays of one week in three, neither in August nor over Christmas."""
    monday = monday_of(start) + _WEEK * case.chance.randint(0, 2)
    found = []
    while monday <= end:
        if monday >= start and not _is_holiday(monday):
            found.append(monday)
        monday += 3 * _WEEK
    return found


def _is_holiday(monday: date) -> bool:
    return monday.month == AUGUST or (monday.month, monday.day) > CHRISTMAS


def _contract(
    case: Case, step: StepPlan, what: Apprenticeship, cfa: Body, user: int | None, signed: date, start: date, end: date
) -> Life:
    """One contract from signature to its end or rupture."""
    chance, who = case.chance, case.profile
    weeks = _sign(case, step, what, cfa, user, signed, start, end)
    age = who.age_on(start)
    risk = apprentice_risk(what.diploma, what.sector, what.size, age, who.sex) + who.frailty + cfa.effect
    life = live(chance, start, (end - start).days // 7 + 1, base_of("apprenticeship"), risk)
    if life.formal_on and life.formal_on >= end:
        life.stays()
    last = life.formal_on or end
    keep_sheets(case, step, cfa, life, last, hours=None, weeks=frozenset(weeks))
    keep_in_touch(case, step, cfa, user, life, last, 75)
    watch(case, step, cfa, user, life, last)
    _check_in(case, step, cfa, user, life, last)
    episode = case.episode(
        step,
        life,
        last,
        family="apprenticeship",
        diploma=what.diploma,
        sector=what.sector,
        size=what.size,
        sex=who.sex,
        age="15-17" if age < ADULT else "18-19" if age < TWENTY else "20+",
        planned=str((end - start).days),
    )
    if life.formal_on:
        episode.declared_on = _break(case, step, cfa, life)
    else:
        _run_out(case, step, cfa, user, end)
    return life


def _sign(
    case: Case, step: StepPlan, what: Apprenticeship, cfa: Body, user: int | None, signed: date, start: date, end: date
) -> list[date]:
    """Signature and first day; returns the weeks in the CFA."""
    employer = case.chance.choice(case.region.employers[what.sector, what.size])
    weeks = cfa_weeks(case, start, end)
    contract = {"employer": employer.siret, "planned_end": end}
    terms = contract | {
        "kind": "apprentissage",
        "start": start,
        "hours_per_week": 35.0,
        "certification": p.CERTIFICATION[what.diploma],
    }
    case.journal.course("work_contract_signed", min(signed, start), cfa, step, user, details=terms)
    case.journal.course(
        "work_contract_started", start, cfa, step, user, details=contract | {"cfa_weeks": weeks, "days": "mon-fri"}
    )
    return weeks


def _run_out(case: Case, step: StepPlan, cfa: Body, user: int | None, end: date) -> None:
    """The planned end, the follow-ups, and the job found by those who found one."""
    outcome, result = pick(case.chance, AFTERWARDS), pick(case.chance, RESULTS)
    case.journal.course("work_contract_ended", end, cfa, step, user, outcome=outcome, certification=result)
    follow_up(case, step, cfa, user, end)
    if outcome.startswith("EMPLOI") and end < case.foreseen:
        work(case, cfa, user, workday(end + case.between(0, 30)))


def _check_in(case: Case, step: StepPlan, cfa: Body, user: int | None, life: Life, last: date) -> None:
    """A visit in the first weeks, then about every four months."""
    day = life.start + (case.between(20, 45) if case.happens(0.8) else case.between(60, 110))
    while day < last and day <= case.until:
        if life.state(day) != p.GONE:
            case.journal.note("contract_checkin", workday(day), cfa, step, user, present=["cfa", "employeur"])
        day += case.between(90, 150)


def _break(case: Case, step: StepPlan, cfa: Body, life: Life) -> date | None:
    """The rupture, declared by the CFA; known some days after."""
    assert life.formal_on is not None
    months = (life.formal_on - life.start).days / p.MONTH
    reason = pick(case.chance, IN_PROBATION if months < PROBATION_MONTHS else AFTER_PROBATION)
    if reason == "LIQUIDATION_EMPLOYEUR":
        told = workday(max(life.start, life.formal_on - case.between(3, 40)))
        case.journal.note("employer_insolvency", min(told, life.formal_on), cfa, step, kind="liquidation")
    by = {
        "ESSAI_SALARIE": "apprenti",
        "INITIATIVE_APPRENTI": "apprenti",
        "ACCORD_COMMUN": "commun accord",
        "LIQUIDATION_EMPLOYEUR": "liquidateur",
    }.get(reason, "employeur")
    return case.journal.course(
        "contract_broken", life.formal_on, cfa, step, delay=p.DECLARATION, broken_on=life.formal_on, reason=reason, initiative=by
    )


def _stay_in_cfa(case: Case, step: StepPlan, cfa: Body, user: int | None, broken: date, until: date) -> None:
    """The CFA keeps the apprentice and goes on looking for an employer with them."""
    life = Life(broken, [p.FRAGILE])
    keep_in_touch(case, step, cfa, user, life, until, 25)


def _leave_for_good(case: Case, step: StepPlan, cfa: Body, user: int | None, broken: date) -> None:
    """No new contract: some stay a while in the CFA, some are declared gone, the others leave by the clock after six months."""
    away = Life(broken, [p.DISENGAGED])
    left = broken + case.between(15, 170)
    keep_in_touch(case, step, cfa, user, away, left, 35)
    if case.happens(0.4):
        case.journal.course(
            "dropped", workday(left), cfa, step, user, delay=p.DECLARATION, reason="PROJET_CHANGE", outcome="ABANDON"
        )
