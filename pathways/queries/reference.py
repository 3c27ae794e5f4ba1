"""The pages of docs/ on schemes and signals, from the schemes and the rules themselves: English, with the words on screen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pathways.detection.rules  # noqa: F401 -- registers every rule
from pathways.detection.rule import Family, Rule
from pathways.detection.settings import BY_SCHEME, DEFAULTS
from pathways.queries.schemes import held_groups, held_with, rules_of, settings_of
from pathways.queries.signal_reference import Reference, families_of, references
from pathways.sharing import naming, scheme_words
from pathways.sharing.audience import Audience
from pathways.sharing.sentences import signal_action, signal_title
from pathways.sharing.thresholds import THRESHOLDS, value_sentence
from pathways.workflows.actors import Actor, Kind
from pathways.workflows.definition import Clock, Line, Move, Note, Reaction, Workflow
from pathways.workflows.events import EVENTS
from pathways.workflows.graph import Passage, arrows, passages
from pathways.workflows.scheme import Prolongation, Scheme, Version
from pathways.workflows.schemes import SCHEMES
from pathways.workflows.states import NOT_STARTED, State

GENERATED = "<!-- Written by `./run docs` from the code. Do not edit. -->\n"
AUDIENCES = {
    Audience.LEAD: "the person's referent organisation",
    Audience.CO_REFERENT: "its co-referents",
    Audience.BODY: "the bodies with a part in the step",
}
SIGNALS_INTRODUCTION = """\
A signal asks a human to act. None changes a state, a right or an allowance.

**Levels.** From `watch` up a signal opens an alert, one for each person, step and family, due in working days:
{due}. A signal to know (`info`) is only shown. A worse signal of the same family brings the day forward.

**Audience.** The person's referent organisation sees every signal. One about a step is also seen by the bodies that lead, run,
prescribe or follow that step; one about the person by the co-referents. Employers see none. Of a difficulty of health the
dimension is shown, never the reason.

**Suppression.** A closed alert opens again only for a signal that shows or worsens afterwards; a signal is never closed by hand.
Rules marked *stands still* conclude from what a body has not declared: while its feed is silent, or an outage is declared, they
keep the answer they had. After a declared death nothing but discordances is asked.
"""


def workflows_page() -> str:
    """Every scheme: its dated rules, its signals, its states and moves; a workflow shared by several is drawn once."""
    parts = [
        "# Schemes and their workflows\n", GENERATED,
        "One section a scheme, in the order of the catalogue. Dashed numbers below a drawing are the arrows' labels.\n",
        "\n".join(_contents()),
    ]
    drawn: dict[str, str] = {}
    for scheme in SCHEMES.values():
        parts.append("\n".join(_scheme(scheme)))
        workflow = scheme.workflow
        if workflow.code in drawn:
            parts.append(f"Workflow: that of [{drawn[workflow.code]}](#{_anchor(drawn[workflow.code])}).\n")
            continue
        drawn[workflow.code] = scheme.code
        parts.append("\n".join(_workflow(workflow)))
    return "\n".join(parts)


def signals_page() -> str:
    """Every signal by family: what it looks at, levels, thresholds, closing, audience, days to act, suppression, source."""
    found = references()
    due = {level: days for _family, told in found for each in told for level, days in each.due.items()}
    days = ", ".join(f"`{level.code}` {due[level]}" for level in sorted(due, reverse=True))
    parts = ["# Signals\n", GENERATED, SIGNALS_INTRODUCTION.format(due=days), "\n".join(_overview(found))]
    for family, told in found:
        parts.append(f"## {family.label} (`{family}`)\n")
        parts += ["\n".join(_signal(each)) for each in told]
    return "\n".join(parts)


def table(heading: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """A Markdown table; a bar inside a cell would end it."""
    heading = list(heading)
    yield f"| {' | '.join(heading)} |"
    yield f"|{'---|' * len(heading)}"
    for row in rows:
        yield f"| {' | '.join(str(cell).replace('|', '/') for cell in row)} |"
    yield ""


# schemes


def _contents() -> Iterator[str]:
    yield from table(
        ("scheme", "family", "entries", "led by", "replaced by"),
        (
            (
                f"[{scheme.code}](#{_anchor(scheme.code)}) {scheme.label}",
                scheme.family.label,
                f"{scheme.versions[0].valid_from} – {scheme.versions[-1].valid_to or ''}",
                _kinds(scheme.led_by),
                f"`{scheme.successor}`" if scheme.successor else "",
            )
            for scheme in SCHEMES.values()
        ),
    )


def _anchor(code: str) -> str:
    return code.lower()


def _scheme(scheme: Scheme) -> Iterator[str]:
    yield f'<a id="{_anchor(scheme.code)}"></a>\n'
    yield f"## {scheme.code} — {scheme.label}\n"
    yield f"{scheme.purpose} {scheme.family.label}, led by {_kinds(scheme.led_by)}. {scheme.sources}.\n"
    if facts := list(_facts(scheme)):
        yield " ".join(facts) + "\n"
    yield from table(
        ("from", "to", "to enter", "to stay", "longest", "prolongations", "duties", "source"),
        (_version(version) for version in scheme.versions),
    )
    if held := list(_held(scheme)):
        yield from held
        yield ""
    signals = ", ".join(f"[`{rule.id}`](signals.md#{rule.id}){_own(rule, scheme)}" for rule in rules_of(scheme))
    yield f"Signals: {signals or 'none'}.\n"


def _facts(scheme: Scheme) -> Iterator[str]:
    if scheme.lead_rank is not None:
        yield f"Place among open accompaniments: {scheme.lead_rank} (the smallest leads)."
    if scheme.age_limit is not None:
        rqth = f", {scheme.age_limit_rqth} for a recognised disabled worker" if scheme.age_limit_rqth else ""
        yield f"Age limit: {scheme.age_limit}{rqth}."
    if scheme.phase_of:
        yield f"A phase of {scheme.phase_of}."
    if scheme.successor:
        yield f"Replaced by {scheme.successor}."
    if scheme.intensive:
        yield "Whoever is in it is not without a solution."


def _version(version: Version) -> tuple[object, ...]:
    longest = (scheme_words.cap(version), scheme_words.to_sign(version))
    return (
        version.valid_from,
        version.valid_to or "",
        _lines(each.label for each in version.entry),
        _lines(each.label for each in version.stays),
        _lines(each for each in longest if each),
        _lines(_prolongation(each) for each in version.prolongations),
        _lines(version.duties),
        version.source,
    )


def _prolongation(each: Prolongation) -> str:
    far, whom = scheme_words.prolonged(each), ", ".join(one.label for one in each.entry)
    return f"{each.label}{f' : {far}' if far else ''}{f' [{whom}]' if whom else ''} ({each.source})"


def _held(scheme: Scheme) -> Iterator[str]:
    """With which schemes it may be held, under the rules of its latest version."""
    last = scheme.versions[-1]
    for group, found in held_groups(held_with(scheme, last.valid_to or last.valid_from)):
        for each in found:
            codes = ", ".join(each.schemes)
            told = f"{each.verdict.value}: {codes}" + (f" (*{each.proposal}*)" if each.proposal else "") + f". {each.source}."
            yield f"- Held together, {group}, {told}"


def _own(rule: Rule, scheme: Scheme) -> str:
    own = [value_sentence(name, BY_SCHEME[name, scheme.code]) for name in settings_of(rule) if (name, scheme.code) in BY_SCHEME]
    return f" ({', '.join(own)})" if own else ""


def _workflow(workflow: Workflow) -> Iterator[str]:
    numbers = {(source, each.target): each.number for each in passages(workflow) for source in each.sources}
    yield "```mermaid"
    yield "stateDiagram-v2"
    for state in sorted(workflow.states):
        yield f"    {state}: {State(state).label}"
    for arrow in arrows(workflow):
        source = arrow.source if arrow.source != NOT_STARTED else "[*]"
        yield f"    {source} --> {arrow.target}: {numbers[arrow.source, arrow.target]}"
    for state in sorted(workflow.final):
        yield f"    {state} --> [*]"
    yield "```\n"
    yield from table(("", "from", "to", "by what", "declared by"), (_passage(each) for each in passages(workflow)))
    notes = [line for line in workflow.lines if isinstance(line, Note)]
    yield "Recorded without moving the step:\n"
    yield from table(
        ("event", "identifier", "during", "declared by"),
        ((EVENTS[line.event].label, f"`{line.event}`", _during(line), _by(line)) for line in notes),
    )


def _passage(passage: Passage) -> tuple[object, ...]:
    return (
        passage.number,
        ", ".join(scheme_words.place(source) for source in passage.sources),
        scheme_words.place(passage.target),
        _lines(_cause(move) for move in passage.moves),
        _lines(_by(move) for move in passage.moves),
    )


def _cause(line: Line) -> str:
    if isinstance(line, Clock):
        return f"{naming.clock_step(line.name)} (clock `{line.name}`)"
    where = " of another step" if isinstance(line, Reaction) else ""
    given = " (by its content)" if isinstance(line, Move) and line.given else ""
    return f"{EVENTS[line.event].label} (`{line.event}`{where}){given}"


def _during(line: Note) -> str:
    return ", ".join(scheme_words.place(place) for place in sorted(line.during)) or "any"


def _by(line: Line) -> str:
    if isinstance(line, Clock):
        return "the clock"
    return scheme_words.actors(line.by) if isinstance(line, Move | Note) else f"another step ({', '.join(sorted(line.of))})"


def _kinds(actors: Iterable[Actor]) -> str:
    return ", ".join(sorted(actor.label for actor in actors if isinstance(actor, Kind)))


def _lines(told: Iterable[str]) -> str:
    return "<br>".join(told)


# signals


def _overview(found: Iterable[tuple[Family, list[Reference]]]) -> Iterator[str]:
    yield from table(
        ("signal", "on screen", "family", "levels", "seen by"),
        (
            (
                f"[`{each.rule.id}`](#{each.rule.id})",
                signal_title(each.rule.id),
                each.rule.family.label,
                _levels(each.rule),
                ", ".join(str(place) for place in each.audience),
            )
            for _family, told in found
            for each in told
        ),
    )


def _signal(each: Reference) -> Iterator[str]:
    rule = each.rule
    yield f'<a id="{rule.id}"></a>\n'
    yield f"### `{rule.id}` — {signal_title(rule.id)}\n"
    yield "\n".join(line.strip() for line in (rule.answer.__doc__ or "").strip().splitlines()) + "\n"
    yield f"- Looks at: {_where(each)}."
    yield f"- Levels: {_levels(rule)}; to act within {_due(each)}."
    yield f"- What to do: {signal_action(rule.id)}"
    yield f"- Closed by: {rule.closes or 'what no longer holds'}"
    yield f"- Seen by: {', '.join(AUDIENCES[place] for place in each.audience)}."
    if rule.fed or rule.after_death or rule.outlives:
        yield f"- Suppression: {', '.join(_habits(rule))}."
    yield f"- Source: {rule.source}. Version {rule.version}.\n"
    if names := settings_of(rule):
        yield from table(("threshold", "what it is", "default", "by scheme"), (_threshold(name) for name in names))


def _where(each: Reference) -> str:
    if each.rule.about_the_person:
        return "the person"
    codes = ", ".join(families_of(each.schemes)) or "every scheme"
    states = ", ".join(sorted(State(state).label for state in each.rule.states))
    return f"{codes}{f', while {states}' if states else ''}"


def _levels(rule: Rule) -> str:
    return ", ".join(f"`{level.code}`" for level in rule.levels)


def _due(each: Reference) -> str:
    return ", ".join(f"{days} working days (`{level.code}`)" for level, days in each.due.items()) or "no time: it is only shown"


def _habits(rule: Rule) -> Iterator[str]:
    if rule.fed:
        yield "stands still while the body's feed is silent"
    if rule.outlives:
        yield "still speaks once the step has ended"
    if rule.after_death:
        yield "still speaks after a declared death"


def _threshold(name: str) -> tuple[object, ...]:
    own = ", ".join(f"{code} {value_sentence(name, each)}" for (setting, code), each in BY_SCHEME.items() if setting == name)
    known, default = THRESHOLDS[name], DEFAULTS[name]
    told = known.label + (f" (fixed: {known.source})" if known.is_locked else "")
    return f"`{name}`", told, "" if default is None else value_sentence(name, default), own
