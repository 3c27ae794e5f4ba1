"""How a sentence is put together: a template in the reader's language, and typed values it knows how to say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pathways.sharing import naming
from pathways.sharing.groups import UNSAID
from pathways.sharing.language import _, ago, duration, ngettext, number, said_day
from pathways.workflows import outcomes
from pathways.workflows.actors import Kind, Relative

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wording:
    """``title``: the signal in three words. ``fact``: template, or a function choosing one by the values.

    ``act``: what settles it, as something one can do.
    """

    title: str
    fact: str | Callable[[Values], str]
    act: str


class Said:
    """A value inside a template: ``{since:day}``, ``{since:ago}``, ``{days:length}``, ``{rate:percent}``, ``{scheme:scheme}``…

    Without a format it is shown as it is.
    """

    def __init__(self, value: Any) -> None:
        self.value = value

    def __format__(self, how: str) -> str:
        if self.value == UNSAID:
            return _("motif protégé")
        return FORMATS[how](self.value) if how else str(self.value)


def _of(labels: Mapping[str, str]) -> Any:
    return lambda code: _(labels.get(code, str(code))).lower()


def _listed(names: Iterable[str]) -> str:
    """« un, deux ou trois »; a long list ends with « … »."""
    said = list(dict.fromkeys(names))
    if len(said) > LONGEST_LIST:
        return ", ".join(said[:LONGEST_LIST]) + "…"
    return said[0] if len(said) == 1 else _("{some} ou {last}").format(some=", ".join(said[:-1]), last=said[-1])


def _actors(actors: Iterable[str]) -> str:
    """Kinds of organisation in words, the referent organisation first."""
    found = sorted(actors, key=lambda actor: (actor != Relative.REFERENT, actor))
    return _listed(_("l’organisme référent") if actor == Relative.REFERENT else _(Kind(actor).label) for actor in found)


def _states(states: Iterable[str]) -> str:
    return _listed(f"« {naming.state(state)} »" for state in states)


def _events(events: Iterable[str]) -> str:
    return _listed(f"« {naming.event(event)} »" for event in events)


LONGEST_LIST = 4

FORMATS: Mapping[str, Any] = {
    "day": said_day,
    "ago": ago,
    "length": lambda days: duration(int(days)),
    "days": lambda days: ngettext("{n} jour", "{n} jours", days).format(n=days),
    "half_days": lambda count: ngettext("{n} demi-journée", "{n} demi-journées", count).format(n=count),
    "months": lambda count: ngettext("{n} mois", "{n} mois", count).format(n=count),
    "years": lambda age: ngettext("{n} an", "{n} ans", age).format(n=age),
    "hours": lambda count: _("{n}\u00a0h").format(n=number(count)),
    "percent": lambda rate: _("{n}\u00a0%").format(n=round(100 * rate)),
    "scheme": naming.scheme,
    "schemes": lambda codes: _("{one} et {other}").format(one=naming.scheme(codes[0]), other=naming.scheme(codes[1])),
    "said": _,
    "role": lambda code: _(naming.ROLES.get(code, code)),
    "kind": lambda code: _(Kind(code).label),
    "state": naming.state,
    "event": naming.event,
    "actors": _actors,
    "states": _states,
    "events": _events,
    "help_topic": _of(outcomes.HELP_TOPICS),
    "appointment_answer": _of(outcomes.APPOINTMENT_ANSWERS),
    "obstacle": _of(outcomes.OBSTACLE_THEMES),
    "dimension": _of(outcomes.RISK_DIMENSIONS),
    "break_reason": _of(outcomes.BREAK_REASONS),
    "interruption": _of(outcomes.INTERRUPTION_REASONS),
    "refusal": _of(outcomes.HAND_OVER_REFUSALS),
}


def say(template: str, values: Mapping[str, Any]) -> str:
    """The template in the reader's language with its values. KeyError when one it needs is missing."""
    return _(template).format_map({name: Said(value) for name, value in values.items()})


def known(values: Mapping[str, Any], *names: str) -> bool:
    """Whether all of these values are given."""
    return all(values.get(name) is not None for name in names)
