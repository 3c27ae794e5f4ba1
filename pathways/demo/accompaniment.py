"""A PACEA: diagnosis, contract, phases, interviews, the steps taken inside it, and its end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from pathways.demo import intensive
from pathways.demo import parameters as p
from pathways.demo.apprenticeship import apprentice
from pathways.demo.case import Case, Episode, workday
from pathways.demo.contacts import attempt, keep_in_touch, name_obstacles
from pathways.demo.engagement import Life, days_later, live
from pathways.demo.hazards import base_of
from pathways.demo.jobs import work
from pathways.demo.journal import CALLED, StepPlan
from pathways.demo.profile import Apprenticeship, general_risk, pick
from pathways.demo.region import Body
from pathways.demo.training import take_course
from pathways.workflows.dates import add_months

_ONE = timedelta(1)
AGE_LIMIT, CAP_MONTHS = 26, 24
OTHER_ENDS = (
    ("DEMENAGEMENT", 0.25),
    ("DEMANDE_DU_BENEFICIAIRE", 0.25),
    ("RETOUR_SCOLARITE", 0.2),
    ("CHANGEMENT_ACCOMPAGNEMENT", 0.2),
    ("SANTE_LONGUE", 0.1),
)
RUPTURES = (("INJOIGNABLE", 0.6), ("ABANDON", 0.4))
EVERY, EVERY_WHILE_BUSY = 24, 45
"""Days between contacts, alone and while in a step."""


@dataclass(slots=True)
class Closing:
    """How it ends, to be written after everything that came before."""

    on: date
    outcome: str
    delay: p.Delay
    episode: Episode


@dataclass(slots=True)
class Pacea:
    """One accompaniment under way. ``lives``: stretches of the person's engagement, in order of days."""

    step: StepPlan
    body: Body
    user: int | None
    signed: date
    limit: date
    """The day the clock ends it: 26th birthday, or the day after the 24th month."""
    lives: list[Life] = field(default_factory=list)
    closing: Closing | None = None

    def state(self, day: date) -> int:
        life = next((life for life in reversed(self.lives) if life.start <= day), None)
        return life.state(day) if life else p.ENGAGED


def accompany(case: Case, mission: Body, on: date, *, first: bool = True, further: bool = True) -> None:
    """From the first interview of ``on`` to the end; ``first``: the person is new to the region; ``further``: there is a
    second interview.
    """
    user = case.follower(mission)
    on = workday(on)
    if first:
        case.state_identity(on, mission, user)
    step = case.journal.step("PACEA", mission)
    case.link(step, mission, user, "referent", on)
    case.journal.course("orientation_notified", on, mission, step, user)
    case.journal.note("appointment", on, mission, step, user, status="seen")
    if not further:
        _nothing_further(case, step, mission, user, on)
        return
    assessed = workday(on + case.between(2, 18))
    case.journal.course("assessment", assessed, mission, step, user)
    name_obstacles(case, step, mission, user, assessed)
    signed = workday(assessed + timedelta(min(50, days_later(case.chance, p.Delay(9, 0.7)))))
    limit = min(_birthday(case), add_months(signed, CAP_MONTHS))
    if signed >= limit:
        return
    minor = {"legal_representative_signed": True} if case.profile.is_minor(signed) else {}
    case.journal.course("engagement_signed", signed, mission, step, user, details=minor | {"cap_months": CAP_MONTHS})
    _live_through(case, Pacea(step, mission, user, signed, limit))


def _birthday(case: Case) -> date:
    return add_months(case.profile.born, 12 * AGE_LIMIT)


def _nothing_further(case: Case, step: StepPlan, mission: Body, user: int | None, on: date) -> None:
    """A second appointment missed, a few calls, and the file is closed."""
    gone = Life(on, [p.DISENGAGED], last_day=on)
    missed = workday(on + case.between(10, 25))
    case.journal.note("appointment", missed, mission, step, user, status="noshow")
    attempt(case, step, mission, user, gone, workday(missed + case.between(2, 10)))
    closed = workday(missed + case.between(6, 35))
    if closed < _birthday(case):
        case.journal.course("declined", closed, mission, step, user, reason="SANS_SUITE")


def _live_through(case: Case, pacea: Pacea) -> None:
    """Free stretches and steps, one after the other, until something ends it."""
    day, fragile = pacea.signed, False
    end: date | None = None
    while end is None and day < min(pacea.limit, case.foreseen):
        if day > pacea.signed and case.happens(p.CHANGED_MISSION_LOCALE):
            _move_away(case, pacea, workday(day))
        weeks = (pacea.limit - day).days // 7 + 1
        life = live(
            case.chance,
            day,
            weeks,
            base_of("pacea"),
            general_risk(case.profile) + case.profile.frailty,
            since_week=(day - pacea.signed).days // 7,
            away=p.SILENCE_TO_CLOSING,
            fragile=fragile,
        )
        pacea.lives.append(life)
        other = day + _wait(case, p.PACEA_OTHER_EXIT)
        step = workday(day + _wait(case, p.PACEA_STEP))
        stop = min(life.formal_on or pacea.limit, other, pacea.limit)
        if (life.formal_on and life.formal_on < min(other, step, pacea.limit)) or (life.last_day and life.last_day < step < stop):
            end = _rupture(case, pacea, life)
        elif other < min(step, pacea.limit):
            end = _leave(case, pacea, life, workday(other))
        elif step >= pacea.limit:
            _in_touch(case, pacea, life, pacea.limit)
            break
        else:
            day, end, fragile = _take_step(case, pacea, life, step)
    _keep_phases(case, pacea, end or pacea.limit)
    _hand_over(case, pacea, end or pacea.limit)
    if pacea.closing:
        _write_closing(case, pacea, pacea.closing)
    else:
        until = min(pacea.limit, max(day, case.foreseen))
        episode = case.episode(pacea.step, Life(pacea.signed, []), until, family="pacea")
        episode.how, episode.is_cut = "limit", until < pacea.limit


def _move_away(case: Case, pacea: Pacea, on: date) -> None:
    """To another mission locale of the region, which says yes some days later."""
    others = [mission for mission in case.region.missions if mission[0] is not pacea.body]
    accepted = workday(on + case.between(3, 22))
    if not others or accepted >= pacea.limit:
        return
    body, territory = case.chance.choice(others)
    user = case.follower(body)
    case.journal.course("transfer_requested", on, pacea.body, pacea.step, pacea.user, to=body.number, reason="DEMENAGEMENT")
    known = case.journal.course("transfer_accepted", accepted, body, pacea.step, user, referent=case.region.user(user).public_id)
    if known is None:
        case.link(pacea.step, body, user, CALLED, on)
        return
    case.journal.note("identity_stated", known, body, None, user, commune=territory.commune(case.chance))
    pacea.step.followers[0].until = accepted
    case.link(pacea.step, body, user, "referent", accepted)
    pacea.body, pacea.user = body, user


def _hand_over(case: Case, pacea: Pacea, end: date) -> None:
    """The counsellor left the mission locale: a colleague is named, not always at once."""
    left = case.region.departures.get(pacea.user or 0)
    if left is None or not pacea.signed < left.on < end:
        return
    gone, successor = case.region.user(pacea.user), case.region.user(left.successor)
    named = workday(left.on + case.between(1, 20))
    case.journal.course("referent_left", left.on, pacea.body, pacea.step, None, referent=gone.public_id)
    if named < end:
        case.journal.course("referent_named", named, pacea.body, pacea.step, successor.number, referent=successor.public_id)


def _wait(case: Case, monthly: float) -> timedelta:
    return timedelta(int(case.chance.expovariate(monthly) * p.MONTH) + 7)


def _in_touch(case: Case, pacea: Pacea, life: Life, until: date, every: int = EVERY) -> None:
    keep_in_touch(case, pacea.step, pacea.body, pacea.user, life, until - _ONE, every)


def _rupture(case: Case, pacea: Pacea, life: Life) -> date:
    """No news: attempts that fail, then the closing."""
    assert life.formal_on is not None
    end = min(workday(life.formal_on), pacea.limit)
    _in_touch(case, pacea, life, end, 20)
    life.formal_on = end
    episode = case.episode(pacea.step, life, end, family="pacea")
    episode.started_on = pacea.signed
    pacea.closing = Closing(end, pick(case.chance, RUPTURES), p.DECLARATION, episode)
    return end


def _close(case: Case, pacea: Pacea, life: Life, on: date, outcome: str) -> date:
    """Closed with an outcome, unless the clock comes first."""
    on = min(on, pacea.limit)
    _in_touch(case, pacea, life, on)
    pacea.closing = Closing(on, outcome, p.NOTE, case.episode(pacea.step, Life(pacea.signed, []), on, family="pacea"))
    return on


def _leave(case: Case, pacea: Pacea, life: Life, on: date) -> date:
    """For reasons of the person's own; a change of accompaniment is a CEJ, where there is one."""
    outcome = pick(case.chance, OTHER_ENDS)
    end = _close(case, pacea, life, on, outcome)
    if outcome == "CHANGEMENT_ACCOMPAGNEMENT" and intensive.is_offered() and on < min(pacea.limit, case.foreseen):
        intensive.engage(case, pacea.body, on + _ONE, first=False)
    return end


def _write_closing(case: Case, pacea: Pacea, closing: Closing) -> None:
    """Nothing is declared once the clock has ended it."""
    closing.episode.how = closing.outcome
    if closing.on < pacea.limit:
        closing.episode.declared_on = case.journal.course(
            "closed",
            closing.on,
            pacea.body,
            pacea.step,
            _acting(case, pacea, closing.on),
            delay=closing.delay,
            outcome=closing.outcome,
        )


def _acting(case: Case, pacea: Pacea, on: date) -> int | None:
    return case.region.acting(pacea.user, on) if pacea.user else None


def _take_step(case: Case, pacea: Pacea, life: Life, on: date, kind: str | None = None) -> tuple[date, date | None, bool]:
    """A course, a job or an apprenticeship begun inside: (free again on, ended on, fragile)."""
    life.stays()
    _in_touch(case, pacea, life, on)
    kind = kind or pick(case.chance, p.PACEA_NEXT)
    if kind == "training":
        return _course(case, pacea, on)
    if kind == "job":
        job = work(case, pacea.body, _acting(case, pacea, on), on)
        if job.lasts:
            return on, _close(case, pacea, Life(on, [p.ENGAGED]), workday(job.start + case.between(10, 45)), job.outcome), False
        assert job.end is not None
        return _busy(case, pacea, Life(on, [p.ENGAGED]), on, job.end), None, False
    diploma = "CAP" if case.profile.level in {"infra3", "3"} else "higher"
    what = Apprenticeship(diploma, pick(case.chance, p.SECTOR_MIX[diploma]), pick(case.chance, p.SIZE_MIX[diploma]))
    case.profile.apprenticeship = what
    closed = workday(on + case.between(20, 80))
    apprentice(case, what, on)
    return on, _close(case, pacea, Life(on, [p.ENGAGED]), closed, "ALTERNANCE_APPRENTISSAGE"), False


def _course(case: Case, pacea: Pacea, on: date) -> tuple[date, date | None, bool]:
    taken = take_course(case, pacea.body, _acting(case, pacea, on), on)
    free = _busy(case, pacea, taken.life or Life(on, [p.ENGAGED]), on, taken.on)
    if not taken.entered or taken.left or free >= min(pacea.limit, case.foreseen):
        return free, None, taken.left
    after = pick(case.chance, p.AFTER_TRAINING)
    if after in {"job", "training"}:
        return _take_step(case, pacea, Life(free, [p.ENGAGED]), workday(free + case.between(5, 40)), after)
    return free, None, False


def _busy(case: Case, pacea: Pacea, life: Life, first: date, last: date) -> date:
    """Contacts, fewer, while something else fills the weeks; returns the first free day."""
    pacea.lives.append(Life(first, life.states, None, life.last_day))
    keep_in_touch(
        case,
        pacea.step,
        pacea.body,
        pacea.user,
        Life(first, life.states, None, life.last_day),
        min(last, pacea.limit - _ONE),
        EVERY_WHILE_BUSY,
    )
    return last + _ONE


def _keep_phases(case: Case, pacea: Pacea, end: date) -> None:
    """Phases of three to five months, each reviewed before the next; nobody reviews what nobody comes to."""
    number, start = 1, workday(pacea.signed + (case.between(1, 25) if case.happens(0.9) else case.between(32, 55)))
    while start < end and start <= case.until:
        planned = start + case.between(85, 150)
        if pacea.state(start) == p.GONE:
            return
        kind = case.chance.choice(("projet", "formation", "emploi", "social"))
        user = _acting(case, pacea, start)
        case.journal.course("phase_started", start, pacea.body, pacea.step, user, n=number, kind=kind, planned_end=planned)
        reviewed = workday(planned + (case.between(-10, 5) if case.happens(0.85) else case.between(8, 40)))
        if reviewed >= end or pacea.state(reviewed) == p.GONE:
            return
        case.journal.course("phase_reviewed", reviewed, pacea.body, pacea.step, _acting(case, pacea, reviewed), n=number)
        number, start = number + 1, workday(reviewed + case.between(0, 10))
