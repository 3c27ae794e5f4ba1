"""The schemes and the signals in words, from the pages and the rules themselves: what docs/ and the application show."""

from collections.abc import Iterator

import pathways.detection.rules  # noqa: F401 -- registers every rule
from pathways.detection.rule import RULES, Rule
from pathways.detection.settings import BY_SCHEME, DEFAULTS
from pathways.workflows.actors import Kind
from pathways.workflows.definition import Clock, Line, Move, Note, Reaction
from pathways.workflows.events import EVENTS
from pathways.workflows.scheme import Scheme
from pathways.workflows.schemes import SCHEMES
from pathways.workflows.states import NOT_STARTED, State

_GENERATED = "<!-- Written by `./run docs` from the code. Do not edit. -->\n"


def workflows_page() -> str:
    """Every scheme: its dated rules, its states, its moves."""
    parts = ["# Schemes and their workflows\n", _GENERATED]
    drawn: set[str] = set()
    for scheme in SCHEMES.values():
        parts.append("\n".join(_scheme(scheme)))
        if scheme.workflow.code in drawn:
            parts.append(f"Workflow: *{scheme.workflow.code}*, above.\n")
            continue
        drawn.add(scheme.workflow.code)
        parts.append("\n".join(_workflow(scheme)))
    return "\n".join(parts)


def signals_page() -> str:
    """Every signal: what it looks at, its thresholds, its source."""
    parts = ["# Signals\n", _GENERATED, "A signal asks a human to act. None changes a state, a right or an allowance.\n"]
    rules = sorted(RULES.values(), key=lambda each: (each.family, each.id))
    return "\n".join([*parts, *("\n".join(_signal(rule)) for rule in rules)])


def _scheme(scheme: Scheme) -> Iterator[str]:
    yield f"## {scheme.code} — {scheme.label}\n"
    yield f"{scheme.family.label}. {scheme.sources}.\n"
    yield "| from | to | longest | conditions of entry | signature runs from | source |"
    yield "|---|---|---|---|---|---|"
    for version in scheme.versions:
        cells = (
            version.valid_from,
            version.valid_to or "",
            f"{version.cap_months} months" if version.cap_months else "",
            "; ".join(each.label for each in version.entry),
            version.sign_within or "",
            version.source,
        )
        yield f"| {' | '.join(map(str, cells))} |"
    yield ""


def _workflow(scheme: Scheme) -> Iterator[str]:
    workflow = scheme.workflow
    yield "```mermaid"
    yield "stateDiagram-v2"
    for line in workflow.lines:
        if not isinstance(line, Note):
            for source in sorted(line.sources):
                yield f"    {source if source != NOT_STARTED else '[*]'} --> {line.target}: {_cause(line)}"
    for state in sorted(workflow.final):
        yield f"    {state} --> [*]"
    yield "```\n"
    yield "| event | from | to | declared by |"
    yield "|---|---|---|---|"
    for line in workflow.lines:
        yield f"| {_cause(line)} | {_states(line)} | {_target(line)} | {_by(line)} |"
    yield ""


def _cause(line: Line) -> str:
    if isinstance(line, Clock):
        return f"clock: {line.name}"
    label = EVENTS[line.event].label
    return f"{label} (autre contrat)" if isinstance(line, Reaction) else label


def _states(line: Line) -> str:
    places = line.during if isinstance(line, Note) else line.sources
    return ", ".join(sorted(State(place).label if place else "—" for place in places)) or "any"


def _target(line: Line) -> str:
    return "recorded" if isinstance(line, Note) else line.target.label


def _by(line: Line) -> str:
    if not isinstance(line, Move | Note):
        return "the clock" if isinstance(line, Clock) else "another step"
    return ", ".join(sorted(actor.label if isinstance(actor, Kind) else "organisme référent" for actor in line.by))


def _signal(rule: Rule) -> Iterator[str]:
    yield f"## `{rule.id}` — {rule.label}\n"
    where = sorted(rule.schemes) or sorted(rule.kinds) or ["the person" if rule.about_the_person else "every scheme"]
    yield f"{rule.family.label}; looks at {', '.join(where)}; version {rule.version}.\n"
    yield "\n".join(line.strip() for line in (rule.answer.__doc__ or "").strip().splitlines()) + "\n"
    settings = [(name, value) for name, value in DEFAULTS.items() if name.startswith(f"{rule.id}.")]
    if settings:
        yield "| threshold | default | by scheme |"
        yield "|---|---|---|"
        for name, value in settings:
            own = ", ".join(f"{code} {each}" for (setting, code), each in BY_SCHEME.items() if setting == name)
            yield f"| `{name}` | {'' if value is None else value} | {own} |"
        yield ""
