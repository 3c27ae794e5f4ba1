"""What may be chosen of a setting: for which schemes, and against which default."""

from collections.abc import Sequence
from typing import Any

import pathways.detection.rules  # noqa: F401 -- registers every rule
from pathways.detection.rule import RULES, Rule
from pathways.detection.settings import BY_SCHEME, DEFAULTS, EVERY_RULE, SWITCH, switch_of
from pathways.workflows.schemes import SCHEMES

ACCOMPANIMENT = "accompaniment"
"""A rule about the person is asked with the thresholds of the lead accompaniment."""


SWITCHES = tuple(switch_of(each) for each in (EVERY_RULE, *RULES))
"""The settings that switch every rule, and each of them."""


def is_switch(name: str) -> bool:
    return name.rpartition(".")[2] == SWITCH


def required_by(name: str) -> str:
    """The text or the practice for which a rule is never switched off; empty for every other setting."""
    rule = RULES.get(name.partition(".")[0]) if is_switch(name) else None
    return rule.source if rule is not None and rule.is_required else ""


def rule_of(name: str) -> Rule:
    """The rule a setting belongs to. KeyError when there is none."""
    return RULES[name.partition(".")[0]]


def rules_reading(name: str) -> frozenset[str]:
    """Ids of the rules whose answer the setting may change: its own, and those built on it (``…_repeat``)."""
    if name == switch_of(EVERY_RULE):
        return frozenset(RULES)
    return frozenset(rule for rule in RULES if rule.startswith(name.partition(".")[0]))


def depends_on_scheme(name: str) -> bool:
    """Whether the default itself differs by scheme: one value for all would erase these differences, and is not offered."""
    return any(setting == name for setting, _scheme in BY_SCHEME)


def schemes_of(name: str) -> Sequence[str]:
    """Codes of the schemes the setting concerns, in the order of the catalogue."""
    if name == switch_of(EVERY_RULE):
        return list(SCHEMES)
    rule, has_defaults = rule_of(name), {scheme for setting, scheme in BY_SCHEME if setting == name}
    return [
        code
        for code, scheme in SCHEMES.items()
        if code in has_defaults
        or ((code in rule.schemes if rule.schemes else scheme.family.code in (rule.kinds or {scheme.family.code}))
        and (not rule.about_the_person or scheme.family.code == ACCOMPANIMENT)
        and not (has_defaults and default_of(name, None) is None))
    ]


def default_of(name: str, scheme: str | None) -> Any:
    if is_switch(name):
        return True
    return BY_SCHEME.get((name, scheme or ""), DEFAULTS[name])
