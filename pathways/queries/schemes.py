"""The catalogue of schemes as pages show it: what is open on a day, and everything the rules say of one scheme."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pathways.detection.rules  # noqa: F401 -- registers every rule
from pathways import db
from pathways.detection.reading import read_settings
from pathways.detection.rule import RULES, Rule
from pathways.detection.rule import Family as RuleFamily
from pathways.detection.settings import Settings
from pathways.sharing import naming
from pathways.sharing.language import _
from pathways.sharing.thresholds import THRESHOLDS
from pathways.workflows.actors import Kind
from pathways.workflows.scheme import Family, Scheme, Version
from pathways.workflows.schemes import SCHEMES
from pathways.workflows.together import Verdict, together

ALL, OPEN, CLOSED = "", "ouverts", "fermes"
"""What the catalogue may be narrowed to."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One scheme in the catalogue on a day. ``since``: when it opened, or will; ``closed``: its last day of entries."""

    scheme: Scheme
    is_open: bool
    since: date
    closed: date | None

    @property
    def is_to_come(self) -> bool:
        return not self.is_open and self.closed is None


@dataclass(frozen=True, slots=True)
class Held:
    """Schemes that may, or may not, be held beside the one shown, for the same reason. ``proposal`` is a code."""

    verdict: Verdict
    proposal: str
    source: str
    schemes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownThreshold:
    """A threshold in force. ``own``: not the value of everybody."""

    name: str
    value: Any
    own: bool


@dataclass(frozen=True, slots=True)
class SchemeSignal:
    """A signal a scheme may show, with its thresholds in force."""

    rule: Rule
    thresholds: tuple[ShownThreshold, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything the page of one scheme says. ``others``: its versions of other days, the latest first."""

    listed: Listed
    current: Version | None
    others: tuple[Version, ...]
    held: dict[Verdict, list[Held]]
    replaces: tuple[str, ...]
    phases: tuple[str, ...]
    signals: tuple[SchemeSignal, ...]

    @property
    def scheme(self) -> Scheme:
        return self.listed.scheme

    @property
    def led_by(self) -> list[Kind]:
        return sorted(self.scheme.led_by, key=lambda kind: kind.label)


def listed(scheme: Scheme, day: date) -> Listed:
    """Whether the scheme takes entries on ``day``."""
    version = scheme.version(day)
    past = [each.valid_to for each in scheme.versions if each.valid_to is not None and each.valid_to < day]
    to_come = any(each.valid_from > day for each in scheme.versions)
    closed = max(past) if past and version is None and not to_come else None
    return Listed(scheme, version is not None, scheme.versions[0].valid_from, closed)


def catalogue(day: date, search: str = "", only: str = ALL) -> list[tuple[Family, list[Listed]]]:
    """The schemes that match, by family, in the order of the catalogue."""
    wanted = plain(search).split()
    families: dict[str, tuple[Family, list[Listed]]] = {}
    for scheme in SCHEMES.values():
        found = listed(scheme, day)
        if (only == OPEN and not found.is_open) or (only == CLOSED and found.is_open):
            continue
        if all(word in words_of(scheme) for word in wanted):
            families.setdefault(scheme.family.code, (scheme.family, []))[1].append(found)
    return list(families.values())


def words_of(scheme: Scheme) -> str:
    """What a search looks into: code, names, purpose, family, without accents."""
    return plain(" ".join((
        scheme.code, naming.scheme(scheme.code), scheme.label, _(scheme.purpose), _(scheme.family.label),
        *(_(kind.label) for kind in scheme.led_by),
    )))


def sheet(code: str, day: date, organisation_id: int | None) -> Sheet:
    """The page of a scheme; thresholds are those in force for that organisation. KeyError for an unknown code."""
    scheme = SCHEMES[code]
    current = scheme.version(day)
    others = sorted((each for each in scheme.versions if each is not current), key=lambda each: each.valid_from, reverse=True)
    return Sheet(
        listed(scheme, day),
        current,
        tuple(others),
        held_with(scheme, day),
        tuple(each.code for each in SCHEMES.values() if each.successor == code),
        tuple(each.code for each in SCHEMES.values() if each.phase_of == code),
        tuple(_signals(scheme, day, organisation_id)),
    )


def rules_of(scheme: Scheme) -> list[Rule]:
    """The rules about a step that have something to say of this scheme, in the order of the families."""
    states = scheme.workflow.states
    about_steps = [rule for rule in RULES.values() if not rule.about_the_person]
    found = [rule for rule in about_steps if any(rule.concerns(scheme.code, at) for at in states)]
    order = {family: position for position, family in enumerate(RuleFamily)}
    return sorted(found, key=lambda rule: (order[rule.family], -max(rule.levels, default=0), rule.id))


def settings_of(rule: Rule) -> list[str]:
    """Names of the settings a rule answers with that have words: its own, and those of the rule it is built on (``…_repeat``)."""
    return [name for name in THRESHOLDS if rule.id == (base := name.partition(".")[0]) or rule.id == f"{base}_repeat"]


def _signals(scheme: Scheme, day: date, organisation_id: int | None) -> list[SchemeSignal]:
    settings = read_settings(db.session()) if organisation_id is not None else Settings()
    everybody = Settings.of(row for row in settings.rows if row.organisation is None).values(scheme.code, None, day, day)
    values = settings.values(scheme.code, organisation_id, day, day)
    return [
        SchemeSignal(
            rule,
            tuple(ShownThreshold(name, values[name], values[name] != everybody[name]) for name in settings_of(rule)),
        )
        for rule in rules_of(scheme)
    ]


def held_with(scheme: Scheme, day: date) -> dict[Verdict, list[Held]]:
    """The table's row of the scheme, the schemes of the same answer together."""
    alike: dict[tuple[Verdict, str, str], list[str]] = {}
    for other in SCHEMES.values():
        told = together(scheme.held_as, other.held_as, day)
        if told is not None and listed(other, day).is_open:
            alike.setdefault((told.verdict, told.proposal, told.source), []).append(other.code)
    found: dict[Verdict, list[Held]] = {}
    for (verdict, proposal, source), codes in alike.items():
        found.setdefault(verdict, []).append(Held(verdict, proposal, source, tuple(codes)))
    return {verdict: found[verdict] for verdict in Verdict if verdict in found}


def held_groups(held: dict[Verdict, list[Held]]) -> Sequence[tuple[str, list[Held]]]:
    """Yes, with care, no: the three groups of the page."""
    groups = (
        ("yes", (Verdict.ALLOWED, Verdict.FRAME)),
        ("care", (Verdict.WARNING,)),
        ("no", (Verdict.REFUSED,)),
    )
    return [(name, [each for verdict in verdicts for each in held.get(verdict, ())]) for name, verdicts in groups]


def plain(text: str) -> str:
    """Without capitals nor accents, as a search compares."""
    apart = unicodedata.normalize("NFD", text.casefold().replace("’", "'"))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
