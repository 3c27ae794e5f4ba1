"""Journals of every kind for the property tests: likely lives, and bodies that contradict each other."""

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from hypothesis import strategies as st

from pathways.detection.circumstances import Circumstances, Incident, Told, silences
from pathways.detection.settings import Setting, Settings
from pathways.workflows.events import ABOUT_THE_PERSON, EVENTS
from pathways.workflows.incidents import CLOSED, INSOLVENCY, OUTAGE
from pathways.workflows.schemes import SCHEMES
from pathways.workflows.states import NOT_STARTED
from tests.journal import Journal

STEPS = {
    "pacea": "PACEA", "csp": "CSP", "visa": "PRF_VISA_METIERS", "prepa": "PREPA_APPRENTISSAGE", "app": "APPRENTISSAGE",
    "app2": "APPRENTISSAGE", "job": "EMPLOI", "pro": "CONTRAT_PRO", "cej": "CEJ", "gj": "GJ", "ce": "CE_FT", "imm": "PMSMP",
    "psad": "PSAD", "iae": "IAE", "cddi": "CDDI", "cui": "CUI_CAE", "mission": "SERVICE_CIVIQUE",
    "vae": "VAE", "crea": "CREATION", "cep": "CEP", "aij": "AIJ",
}
MAIN = ("pacea", "csp", "visa", "app", "app2", "job")
FIRST, LAST = date(2024, 6, 3), date(2025, 9, 30)
SPAN = (LAST - FIRST).days
BODIES = ("ml", "ml2", "ft", "of", "cfa", "emp")
INTEGERS = {"n": (1, 3), "cap_months": (3, 14), "months": (1, 4), "level": (0, 6), "month": (1, 6), "days": (0, 60),
            "limit_months": (2, 5)}
PERSONAL = sorted(ABOUT_THE_PERSON - {"retracted", "identity_stated"})
LIVELY = ("contact", "appointment", "attendance", "obstacle", "obstacle_action", "risk_flag", "weekly_hours", "contract_checkin",
          "followup", "contact_attempt", "company_days_total")


@cache
def between(low, high):
    return st.integers(low, high)


@cache
def one_of(*values):
    return st.sampled_from(values)


def day_from(draw, offset, low, high):
    return FIRST + timedelta(days=max(0, offset) + draw(between(low, high)))


def monday(draw, offset):
    return FIRST + timedelta(days=7 * (offset // 7 + draw(between(-4, 8))))


def halves(draw):
    return "".join(draw(one_of("PP", "UU", "UU", "UP", "JJ", "CC", "--", "PU")) for _ in range(draw(between(1, 7))))


BY_NAME = {
    "monday": monday,
    "cfa_weeks": lambda draw, offset: [monday(draw, offset) for _ in range(draw(between(0, 3)))],
    "from": lambda draw, offset: day_from(draw, offset, -7, 7),
    "broken_on": lambda draw, offset: day_from(draw, offset, -10, 20),
    "born": lambda draw, _offset: date(1999, 1, 1) + timedelta(days=draw(between(0, 3700))),
}
BY_KIND = {
    "date": lambda draw, offset: day_from(draw, offset, -20, 200),
    "dates": lambda draw, offset: [day_from(draw, offset, 0, 60) for _ in range(draw(between(0, 2)))],
    "float": lambda draw, _offset: draw(one_of(0.0, 7.0, 14.5, 15.0, 35.0)),
    "flag": lambda draw, _offset: draw(one_of(False, True)),
    "code": lambda draw, _offset: draw(one_of("A", "B")),
    "codes": lambda _draw, _offset: ["training_risk_flag"],
    "halves": lambda draw, _offset: halves(draw),
    "data": lambda _draw, _offset: {"kind": "cdd", "months": 6},
    "text": lambda _draw, _offset: "mot",
    "organisation": lambda draw, _offset: draw(one_of("ml2", "of")),
    "colleague": lambda draw, _offset: draw(one_of("A", "B")),
    "entry": lambda draw, _offset: draw(one_of(1, 2)),
}


def detail(draw, name, field, offset):
    """A value for one detail of an event that happens ``offset`` days after the first."""
    if field.choices:
        return draw(one_of(*field.choices))
    if field.kind == "int":
        return draw(between(*INTEGERS.get(name, (0, 40))))
    return (BY_NAME.get(name) or BY_KIND[field.kind])(draw, offset)


def details(draw, event, offset):
    fields = EVENTS[event].fields
    return {name: detail(draw, name, field, offset) for name, field in fields.items() if field.required or draw(between(0, 2))}


def knowledge(draw, offset):
    """The day it is recorded: mostly the same, sometimes weeks later, sometimes announced ahead."""
    shift = draw(one_of(0, 0, 0, 0, 0, 1, 3, 20, 70, -5, -30))
    return (FIRST + timedelta(days=max(0, offset + shift))).isoformat()


def tell(draw, journal, event, step, offset):
    body = draw(one_of(None, None, None, *BODIES))
    known = knowledge(draw, offset)
    journal.on(FIRST + timedelta(days=offset), event, step, known=known, by=body, **details(draw, event, offset))


def live(draw, journal, step):
    """A step that follows its page: moves from one state to the next, and what happens meanwhile."""
    workflow = SCHEMES[journal.steps[step]].workflow
    state, offset = NOT_STARTED, draw(between(0, 120))
    for _ in range(draw(between(1, 5))):
        ways = sorted(event for event, source in workflow.moves if source == state)
        if not ways or offset > SPAN:
            return
        event = draw(one_of(*ways))
        tell(draw, journal, event, step, offset)
        state = workflow.moves[event, state][0].target
        meanwhile = [event for event in LIVELY if event in workflow.notes]
        for _ in range(draw(between(0, 3))):
            tell(draw, journal, draw(one_of(*meanwhile)), step, min(SPAN, offset + draw(between(0, 45))))
        if not draw(between(0, 3)):
            repeat(draw, journal, step, offset)
        offset += draw(between(0, 75))


REPEATED = {
    "attendance": (7, lambda draw, _start: {"halves": draw(one_of("UUUUUUUUUU", "PPPPUUPPPP", "PPPPPPPPPP"))}),
    "weekly_hours": (7, lambda _draw, _start: {"validated": 7.0}),
    "appointment": (9, lambda _draw, _start: {"status": "noshow"}),
    "contact_attempt": (3, lambda draw, _start: {"channel": draw(one_of("phone", "sms")), "result": "failed"}),
    "csp_prebilan_done": (30, lambda _draw, _start: {}),
}
"""What comes again and again: every so many days, with these details."""


def repeat(draw, journal, step, offset):
    """The same event several times in a row, as sheets, hours, no-shows and attempts come."""
    event = draw(one_of(*(event for event in REPEATED if event in SCHEMES[journal.steps[step]].workflow.events)))
    every, more = REPEATED[event]
    start = FIRST + timedelta(days=offset - (FIRST + timedelta(days=offset)).weekday())
    for number in range(draw(between(2, 5))):
        when = start + timedelta(days=every * number)
        anchor = {"attendance": {"from": when}, "weekly_hours": {"monday": when}}.get(event, {})
        known = when + timedelta(days=draw(one_of(0, 4, 6, 6, 20)))
        journal.on(when, event, step, known=known, **anchor, **more(draw, when))


def contradict(draw, journal, step):
    """Anything the page knows, on any day."""
    events = SCHEMES[journal.steps[step]].workflow.events
    for _ in range(draw(between(1, 7))):
        tell(draw, journal, draw(one_of(*events)), step, draw(between(0, SPAN)))


@st.composite
def choices(draw):
    """The thresholds of a region: mostly the usual ones, sometimes another from some day on."""
    usual = {"contact_silence.days": 20, "entry_no_show.days": 10, "no_solution_gap.watch": 15, "unjustified_absence.days": 3,
             "repeated_no_show.alert": (2, 15), "cap_approaching.cap_days": 30, "weekly_hours_low.followed": True}
    rows = []
    for name in draw(st.lists(one_of(*usual), max_size=2)):
        scheme, by = draw(one_of(None, "PACEA", "CEJ")), draw(one_of(None, "ml", "of"))
        since, known = (FIRST + timedelta(days=draw(between(0, SPAN))) for _ in range(2))
        rows.append(Setting(name, usual[name], since, known, scheme, by))
    return replace(Settings.of(rows), circumstances=draw(circumstances()))


@st.composite
def circumstances(draw):
    """What is told of the bodies and employers: mostly nothing, sometimes incidents, corrected or withdrawn, and silences."""
    if draw(between(0, 2)):
        return Circumstances()
    incidents = []
    for number in range(draw(between(0, 3))):
        known, told = draw(between(0, SPAN)), []
        for _ in range(draw(between(1, 3))):
            starts = known + draw(between(-30, 20))
            ends = draw(one_of(None, starts, starts + 5, starts + 60))
            days = [None if day is None else FIRST + timedelta(days=day) for day in (known, starts, ends)]
            told.append(Told(*days, withdrawn=not draw(between(0, 4))))
            known += draw(between(0, 40))
        kind, body = draw(one_of(OUTAGE, OUTAGE, CLOSED, INSOLVENCY)), draw(one_of("of", "cfa", "ml2"))
        incidents.append(Incident(f"{number}", kind, frozenset({body}), tuple(told)))
    heard = draw(st.lists(between(0, SPAN), max_size=12))
    spans = silences([FIRST + timedelta(days=offset) for offset in heard], lambda _day: 7) if heard else ()
    return Circumstances(incidents, {draw(one_of("of", "cfa")): spans})


@st.composite
def journals(draw, *, retractions=True, sheets=True, scheme=None):
    """A person of 15 to 26 with one to four steps; ``retractions``: some entries are taken back later.

    ``scheme``: one of the steps is of that scheme, beside one other at most.
    """
    journal = Journal(**STEPS, **({"own": scheme} if scheme else {}))
    if draw(between(0, 5)):
        journal.on("2015-01-01", "identity_stated", born=BY_NAME["born"](draw, 0))
    names = draw(st.lists(st.sampled_from([*MAIN, *MAIN, *STEPS]), min_size=0 if scheme else 1, max_size=1 if scheme else 4,
                          unique=True))
    for step in ["own", *names] if scheme else names:
        (live if draw(between(0, 2)) else contradict)(draw, journal, step)
    for _ in range(draw(between(0, 2))):
        tell(draw, journal, draw(one_of(*PERSONAL)), None, draw(between(0, SPAN)))
    if not sheets:
        # Of two sheets, or of two calendars of one day, the last recorded counts.
        journal.entries = [entry for entry in journal.entries if entry.type not in {"attendance", "calendar_stated"}]
    if retractions:
        told = list(journal.entries)
        for entry in draw(st.lists(st.sampled_from(told), max_size=2, unique_by=lambda entry: entry.id)):
            journal.retract(entry, (entry.known_on + timedelta(days=draw(between(0, 60)))).isoformat())
    return journal
