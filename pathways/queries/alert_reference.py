"""docs/alerts.md: the life of an alert, from the table of its moves: states, actors, reasons, deadlines and the budget."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pathways.detection.alerting import MUTE
from pathways.detection.asking import LONG_SILENCE, QUIET, QUIET_AFTER_CONTACT
from pathways.detection.budget import DUE_IN, ELSEWHERE, IN_A_CEJ, LEAST, MOST
from pathways.queries.reference import GENERATED, table
from pathways.workflows.alert_life import (
    AFTER_DUE,
    CLOSED,
    CLOSINGS,
    EXPLAINED,
    JUSTIFIED,
    LONGEST_PAUSE,
    MOVES,
    OPEN,
    OUTCOMES,
    PAUSES,
    WORKED,
    Actor,
    AlertState,
    Escalation,
    Held,
    Move,
    Reserve,
    Says,
)
from pathways.workflows.labels import Labelled

INTRODUCTION = """\
A signal of level `watch` and above opens one alert for each person, step (or none) and family, or joins the open one. An alert
asks a human to look, and keeps what came of it: it never changes a state of a step, a right or an allowance. Closing it never
closes a signal: the facts do. Every move leaves one line in an append-only log, with who made it and when.
"""
ACTORS: Mapping[Actor, str] = {
    Actor.MEMBER: "any member, by role, of the organisation that is asked and that still sees the person",
    Actor.CLOSER: "the same member who closed it or gave it away, while nothing followed and no other alert of the family opened",
    Actor.CLOCK: "the clock of the night, without anybody",
    Actor.FACTS: "what was declared, at the moment it is evaluated",
}
SAYS: Mapping[Says, str] = {
    Says.NOTHING: "",
    Says.OUTCOME: "an outcome of the list",
    Says.DISMISSAL: "a reason of the list",
    Says.COLLEAGUE: "a colleague of the organisation",
    Says.PAUSE: f"a reason of the list and a day, at most {LONGEST_PAUSE} days away",
    Says.ACT: "the entry of the journal",
}
TOLD = {Escalation.OWNER: "its owner", Escalation.TEAM: "the team", Escalation.MANAGER: "the manager"}


def alerts_page(operated: Iterable[tuple[str, str]]) -> str:
    """The whole page. ``operated``: what the operations add to the table of figures, as (what, how much)."""
    parts = [
        "# The life of an alert\n", GENERATED, INTRODUCTION,
        "## States\n", "\n".join(_states()),
        "## Moves\n", "\n".join(_moves()),
        "## Who may do what\n", "\n".join(_who()),
        "## What a move has to say\n", "\n".join(_reasons()),
        "## What is shown, and when\n", "\n".join(_shown(operated)),
    ]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def _states() -> Iterator[str]:
    kinds = dict.fromkeys(OPEN, "open") | dict.fromkeys(WORKED, "open, in front of somebody") | dict.fromkeys(CLOSED, "closed")
    yield from table(
        ("state", "on screen", "", "leads to"),
        ((f"`{state}`", state.label, kinds[state], ", ".join(_after(state)) or "nothing") for state in AlertState),
    )


def _after(state: AlertState) -> list[str]:
    return [f"`{move.to}` ({move.kind})" for move in MOVES if state in move.sources and move.to not in (None, state)]


def _moves() -> Iterator[str]:
    yield from table(
        ("move", "on screen", "from", "to", "by", "says"),
        (
            (f"`{move.kind}`", move.label, _sources(move), _target(move), str(move.actor), SAYS[move.says]) for move in MOVES
        ),
    )


def _sources(move: Move) -> str:
    return ", ".join(f"`{state}`" for state in move.sources) or "(none yet)"


def _target(move: Move) -> str:
    return f"`{move.to}`" if move.to else "where it stood"


def _who() -> Iterator[str]:
    yield from table(("actor", "who", "moves"), (
        (str(actor), ACTORS[actor], ", ".join(f"`{move.kind}`" for move in MOVES if move.actor is actor)) for actor in Actor
    ))  # fmt: skip
    human = [move for move in MOVES if move.actor in (Actor.MEMBER, Actor.CLOSER)]
    yield "What a member may do, state by state:\n"
    yield from table(
        ("", *(f"`{state}`" for state in AlertState)),
        ((f"`{move.kind}`", *("yes" if state in move.sources else "" for state in AlertState)) for move in human),
    )
    yield (
        "Another organisation that sees the person may make none of these moves (« cette alerte n’est pas la vôtre »); whoever "
        "does not see the person is told that there is no such alert."
    )


def _reasons() -> Iterator[str]:
    yield from table(
        ("code", "on screen", "state", "counts as"),
        (
            (f"`{code}`{' (and a few words)' if code in EXPLAINED else ''}", label, f"`{_state_of(code)}`",
             "worth somebody's time" if code in JUSTIFIED else "not")
            for code, label in CLOSINGS.items()
        ),
    )  # fmt: skip
    yield from table(("why it waits", "on screen"), ((f"`{code}`", label) for code, label in PAUSES.items()))


def _state_of(code: str) -> AlertState:
    return AlertState.RESOLVED if code in OUTCOMES else AlertState.DISMISSED


def _shown(operated: Iterable[tuple[str, str]]) -> Iterator[str]:
    yield from _named("shown whatever the budget", Reserve)
    yield from _named("computed and not shown yet", Held)
    yield from table(("what", "how much"), [*_figures(), *operated])


def _named(heading: str, words: type[Labelled]) -> Iterator[str]:
    yield from table((heading, "on screen"), ((f"`{each}`", each.label) for each in words))


def _figures() -> Iterator[tuple[str, str]]:
    for level, due in sorted(DUE_IN.items(), reverse=True):
        yield f"to act on `{level.code}`, from the day it is shown", f"{due} working days"
    for escalation, after in AFTER_DUE.items():
        yield f"told to {TOLD[escalation]}", f"{after} working days after it was due"
    yield "persons brought to a counsellor in seven days, for each followed in a CEJ", f"{IN_A_CEJ:.3f}"
    yield "the same for each followed elsewhere", f"{ELSEWHERE:.3f}"
    yield "never below, never above", f"{LEAST}, {MOST} persons in seven days"
    yield "after a closing, what says nothing new waits", f"{MUTE} days"
    yield "after an exchange, what came before it waits", f"{QUIET} days"
    for scheme, quiet in QUIET_AFTER_CONTACT.items():
        yield f"the same in {scheme}", f"{quiet} days"
    yield "long silence", f"more than {LONG_SILENCE} days, or {LONG_SILENCE} beyond what a scheme allows that allows as many"
    yield "beginning of a contract", "while the state of the step is its trial period"
    yield "the longest pause", f"{LONGEST_PAUSE} days"
