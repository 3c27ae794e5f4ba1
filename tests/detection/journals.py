"""Journals of every kind for the property tests: likely lives, and bodies that contradict each other."""

from datetime import date, timedelta

from hypothesis import strategies as st

from pathways.workflows.events import ABOUT_THE_PERSON, EVENTS
from pathways.workflows.schemes import SCHEMES
from pathways.workflows.states import NOT_STARTED
from tests.journal import Journal

STEPS = {
    "pacea": "PACEA", "csp": "CSP", "visa": "PRF_VISA_METIERS", "prepa": "PREPA_APPRENTISSAGE", "app": "APPRENTISSAGE",
    "app2": "APPRENTISSAGE", "job": "EMPLOI", "pro": "CONTRAT_PRO", "cej": "CEJ", "gj": "GJ", "ce": "CE_FT", "imm": "PMSMP",
    "psad": "PSAD",
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


def days_from(offset, low, high):
    return st.integers(low, high).map(lambda more: FIRST + timedelta(days=max(0, offset) + more))


def mondays(offset):
    return st.integers(-4, 8).map(lambda week: FIRST + timedelta(days=7 * (offset // 7 + week)))


def detail(name, field, offset):
    """A value for one detail of an event that happens ``offset`` days after the first."""
    if name in INTEGERS:
        return st.integers(*INTEGERS[name])
    if name == "monday":
        return mondays(offset)
    if name == "cfa_weeks":
        return st.lists(mondays(offset), max_size=4, unique=True)
    if name == "from":
        return days_from(offset, -7, 7)
    if name == "broken_on":
        return days_from(offset, -10, 20)
    if name == "born":
        return st.integers(0, 3700).map(lambda more: date(1999, 1, 1) + timedelta(days=more))
    if field.choices:
        return st.sampled_from(sorted(field.choices))
    return {
        "date": days_from(offset, -20, 200),
        "dates": st.lists(days_from(offset, 0, 60), max_size=3),
        "int": st.integers(0, 40),
        "float": st.sampled_from([0.0, 7.0, 14.5, 15.0, 35.0]),
        "flag": st.booleans(),
        "code": st.sampled_from(["A", "B"]),
        "codes": st.just(["training_risk_flag"]),
        "halves": st.text("PPUUUUJC-", min_size=2, max_size=14).map(lambda text: text[: len(text) // 2 * 2]),
        "data": st.just({"kind": "cdd", "months": 6}),
        "text": st.just("mot"),
    }[field.kind]


@st.composite
def details(draw, event, offset):
    wanted = {}
    for name, field in EVENTS[event].fields.items():
        if field.required or draw(st.integers(0, 2)):
            wanted[name] = draw(detail(name, field, offset))
    return wanted


@st.composite
def knowledge(draw, offset):
    """The day it is recorded: mostly the same, sometimes weeks later, sometimes announced ahead."""
    shift = draw(st.sampled_from([0, 0, 0, 0, 0, 1, 3, 20, 70, -5, -30]))
    return (FIRST + timedelta(days=max(0, offset + shift))).isoformat()


def tell(draw, journal, event, step, offset):
    body = draw(st.sampled_from([None, None, None, *BODIES]))
    journal.on(FIRST + timedelta(days=offset), event, step, known=draw(knowledge(offset)), by=body, **draw(details(event, offset)))


def live(draw, journal, step):
    """A step that follows its page: moves from one state to the next, and what happens meanwhile."""
    workflow = SCHEMES[STEPS[step]].workflow
    state, offset = NOT_STARTED, draw(st.integers(0, 120))
    for _ in range(draw(st.integers(1, 5))):
        ways = sorted(event for event, source in workflow.moves if source == state)
        if not ways or offset > SPAN:
            return
        event = draw(st.sampled_from(ways))
        tell(draw, journal, event, step, offset)
        state = workflow.moves[event, state][0].target
        meanwhile = [event for event in LIVELY if event in workflow.notes]
        for _ in range(draw(st.integers(0, 3))):
            tell(draw, journal, draw(st.sampled_from(meanwhile)), step, min(SPAN, offset + draw(st.integers(0, 45))))
        offset += draw(st.integers(0, 75))


def contradict(draw, journal, step):
    """Anything the page knows, on any day."""
    events = SCHEMES[STEPS[step]].workflow.events
    for _ in range(draw(st.integers(1, 7))):
        tell(draw, journal, draw(st.sampled_from(events)), step, draw(st.integers(0, SPAN)))


@st.composite
def journals(draw, *, retractions=True, sheets=True):
    """A person of 15 to 26 with one to four steps; ``retractions``: some entries are taken back later."""
    journal = Journal(**STEPS)
    if draw(st.integers(0, 5)):
        journal.on("2015-01-01", "identity_stated", born=draw(detail("born", None, 0)))
    names = draw(st.lists(st.sampled_from([*MAIN, *MAIN, *STEPS]), min_size=1, max_size=4, unique=True))
    for step in names:
        (live if draw(st.integers(0, 2)) else contradict)(draw, journal, step)
    for _ in range(draw(st.integers(0, 2))):
        tell(draw, journal, draw(st.sampled_from(PERSONAL)), None, draw(st.integers(0, SPAN)))
    if not sheets:
        journal.entries = [entry for entry in journal.entries if entry.type != "attendance"]
    if retractions:
        told = list(journal.entries)
        for entry in draw(st.lists(st.sampled_from(told), max_size=2, unique_by=lambda entry: entry.id)):
            journal.retract(entry, (entry.known_on + timedelta(days=draw(st.integers(0, 60)))).isoformat())
    return journal
