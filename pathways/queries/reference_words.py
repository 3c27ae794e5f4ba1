"""The generated part of docs/glossary.md: every code of the field, with the word on screen and what it is."""

from __future__ import annotations

from collections.abc import Iterator

from pathways.detection.budget import DUE_IN
from pathways.detection.finding import Level
from pathways.detection.rule import Family
from pathways.queries.reference import table
from pathways.queries.signal_reference import families_of, references
from pathways.sharing import naming
from pathways.sharing.sentences import signal_title
from pathways.workflows.actors import Kind
from pathways.workflows.conditions import CONDITIONS
from pathways.workflows.events import ABOUT_THE_PERSON, EVENTS, EventType
from pathways.workflows.outcomes import OUTCOMES
from pathways.workflows.schemes import SCHEMES
from pathways.workflows.states import State

BELOW = "<!-- Below: written by `./run docs` from the code. Above: written by hand. -->\n"
"""What stands above this line is kept as it is."""


def glossary_page(written: str) -> str:
    """The page whose hand-written part is in ``written``, which may be the whole former page."""
    by_hand = written.partition(BELOW)[0].rstrip("\n")
    return "\n".join([by_hand, "", BELOW, *(line for part in PARTS for line in (f"## {part[0]}\n", *part[1]()))])


def _schemes() -> Iterator[str]:
    yield from table(
        ("on screen", "in code", "what it is"),
        ((naming.scheme_in_full(code), f"`{code}`", scheme.purpose) for code, scheme in SCHEMES.items()),
    )


def _families() -> Iterator[str]:
    families = dict.fromkeys(scheme.family for scheme in SCHEMES.values())
    yield from table(
        ("on screen", "in code", "what it is"),
        (
            (
                family.label,
                f"`{family.code}`",
                ("a situation of its own" if family.structuring else "no situation of its own")
                + (f"; in it while {_states(family.active)}" if family.active else ""),
            )
            for family in families
        ),
    )


def _states(states: frozenset[State]) -> str:
    return ", ".join(sorted(state.label for state in states))


def _all_states() -> Iterator[str]:
    rows = []
    for state in State:
        codes = [code for code, scheme in SCHEMES.items() if state in scheme.workflow.states]
        final = codes and all(state in SCHEMES[code].workflow.final for code in codes)
        where = ", ".join(families_of(codes)) or "a step that nothing declared has begun"
        rows.append((state.label, f"`{state}`", f"{'end of' if final else 'in'} {where}" if codes else where))
    yield from table(("on screen", "in code", "where"), rows)


def _events() -> Iterator[str]:
    yield from table(
        ("on screen", "in code", "about", "details"),
        ((each.label, f"`{name}`", _about(name), _details(each)) for name, each in EVENTS.items()),
    )


def _about(name: str) -> str:
    return "the person" if name in ABOUT_THE_PERSON else "a step"


def _details(event: EventType) -> str:
    return ", ".join(f"{each.label} `{name}`{'' if not each.required else ' (required)'}" for name, each in event.fields.items())


def _conditions() -> Iterator[str]:
    yield from table(
        ("on screen", "in code", "what is asked"),
        ((each.label, f"`{code}`", each.question) for code, each in CONDITIONS.items()),
    )


def _signal_families() -> Iterator[str]:
    yield from table(("on screen", "in code"), ((family.label, f"`{family}`") for family in Family))


def _signals() -> Iterator[str]:
    yield from table(
        ("on screen", "in code", "what it is"),
        (
            (signal_title(each.rule.id), f"`{each.rule.id}`", _first_sentence(each.rule.answer.__doc__ or ""))
            for _family, told in references()
            for each in told
        ),
    )


def _first_sentence(told: str) -> str:
    return told.strip().splitlines()[0].strip() if told.strip() else ""


def _levels() -> Iterator[str]:
    yield from table(
        ("on screen", "in code", "what it is"),
        (
            (
                naming.LEVELS[level.code],
                f"`{level.code}`",
                f"opens an alert, due in {DUE_IN[level]} working days" if level in DUE_IN else "only shown",
            )
            for level in Level
        ),
    )


def _outcomes() -> Iterator[str]:
    yield from table(
        ("on screen", "in code", "counts as"),
        ((label, f"`{code}`", f"`{category}`") for code, (category, label) in OUTCOMES.items()),
    )


def _kinds() -> Iterator[str]:
    yield from table(
        ("on screen", "in code", "leads"),
        (
            (kind.label, f"`{kind}`", ", ".join(families_of([code for code, each in SCHEMES.items() if kind in each.led_by])))
            for kind in Kind
        ),
    )


def _clocks() -> Iterator[str]:
    yield from table(("on screen", "in code"), ((label, f"`{name}`") for name, label in naming.CLOCKS.items()))


PARTS = (
    ("Schemes", _schemes),
    ("Families of schemes", _families),
    ("States", _all_states),
    ("What may be declared", _events),
    ("Moves of the clock", _clocks),
    ("Conditions one asks about", _conditions),
    ("Families of signals", _signal_families),
    ("Signals", _signals),
    ("Levels", _levels),
    ("Outcomes", _outcomes),
    ("Kinds of organisation", _kinds),
)
