"""The catalogue of signals: what each says, of what, how it ends, who is shown it, and its thresholds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pathways.detection.rules  # noqa: F401 -- registers every rule
from pathways.detection.budget import DUE_IN
from pathways.detection.finding import Level
from pathways.detection.rule import RULES, Family, Rule
from pathways.queries.schemes import settings_of
from pathways.queries.thresholds import Row, thresholds
from pathways.sharing.audience import Audience, audience
from pathways.workflows.schemes import SCHEMES


@dataclass(frozen=True, slots=True)
class Reference:
    """One signal of the catalogue. ``schemes``: codes of those it looks at, none when it looks at every one.

    ``due``: working days to act, by level; a signal to know has none. ``thresholds``: for the reader's organisation, where one
    was given.
    """

    rule: Rule
    schemes: tuple[str, ...]
    audience: tuple[Audience, ...]
    due: Mapping[Level, int]
    thresholds: tuple[Row, ...] = ()

    @property
    def needs_somebody(self) -> bool:
        return bool(self.due)


def references(organisation_id: int | None = None) -> list[tuple[Family, list[Reference]]]:
    """Every signal by family, the most serious first. A fixed number of statements, none without an organisation."""
    rows = {row.name: row for block in thresholds(organisation_id) for row in block.rows} if organisation_id is not None else {}
    found: dict[Family, list[Reference]] = {family: [] for family in Family}
    for rule in sorted(RULES.values(), key=lambda each: (-max(each.levels, default=0), each.id)):
        found[rule.family].append(reference(rule, rows))
    return [(family, told) for family, told in found.items() if told]


def reference(rule: Rule, rows: Mapping[str, Row] | None = None) -> Reference:
    known = rows or {}
    return Reference(
        rule,
        looked_at(rule),
        audience(about_the_person=rule.about_the_person),
        {level: DUE_IN[level] for level in sorted(rule.levels, reverse=True) if level in DUE_IN},
        tuple(known[name] for name in settings_of(rule) if name in known),
    )


def looked_at(rule: Rule) -> tuple[str, ...]:
    """Codes of the schemes whose steps a rule looks at; empty for a rule about the person, and for one about every scheme."""
    if rule.about_the_person:
        return ()
    codes = [code for code, scheme in SCHEMES.items() if any(rule.concerns(code, state) for state in scheme.workflow.states)]
    return () if len(codes) == len(SCHEMES) else tuple(codes)


def families_of(codes: Sequence[str]) -> list[str]:
    """The names of families all of whose schemes are among these, then the codes of the other ones."""
    left, found = list(codes), []
    for family in dict.fromkeys(scheme.family for scheme in SCHEMES.values()):
        whole = [code for code, scheme in SCHEMES.items() if scheme.family is family]
        if len(whole) > 1 and set(whole) <= set(left):
            found.append(family.label)
            left = [code for code in left if code not in whole]
    return [*found, *left]
