"""How a sentence is put together: a template in the reader's language, and typed values it knows how to say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pathways.sharing import naming
from pathways.sharing.language import _, ago, duration, long_day, ngettext
from pathways.workflows import outcomes


class Said:
    """A value inside a template. ``{since:day}``, ``{since:ago}``, ``{days:length}``, ``{rate:percent}``, ``{scheme:scheme}``,
    ``{theme:obstacle}``…; without a format it is shown as it is."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __format__(self, how: str) -> str:
        return FORMATS[how](self.value) if how else str(self.value)


def _of(labels: Mapping[str, str]) -> Any:
    return lambda code: _(labels.get(code, str(code))).lower()


FORMATS: Mapping[str, Any] = {
    "day": long_day,
    "ago": ago,
    "length": lambda days: duration(int(days)),
    "days": lambda days: ngettext("{n} jour", "{n} jours", days).format(n=days),
    "half_days": lambda count: ngettext("{n} demi-journée", "{n} demi-journées", count).format(n=count),
    "months": lambda count: ngettext("{n} mois", "{n} mois", count).format(n=count),
    "years": lambda age: ngettext("{n} an", "{n} ans", age).format(n=age),
    "percent": lambda rate: f"{100 * rate:.0f}".replace(".", ",") + "\u00a0%",
    "scheme": naming.scheme,
    "obstacle": _of(outcomes.OBSTACLE_THEMES),
    "dimension": _of(outcomes.RISK_DIMENSIONS),
    "break_reason": _of(outcomes.BREAK_REASONS),
    "interruption": _of(outcomes.INTERRUPTION_REASONS),
}


def say(template: str, values: Mapping[str, Any]) -> str:
    """The template in the reader's language with its values. KeyError when one it needs is missing."""
    return _(template).format_map({name: Said(value) for name, value in values.items()})


def known(values: Mapping[str, Any], *names: str) -> bool:
    """Whether all of these values are given."""
    return all(values.get(name) is not None for name in names)


