"""The filters that are on, each in a few words with the way to take it off."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pathways.forms.filters import IDLE_FOR, ORDER_LABELS, ORDERS, WITHIN
from pathways.queries.caseload import Choice
from pathways.queries.caseload_criteria import GROUPS, OVER, RUNNING, WAITING
from pathways.sharing import naming
from pathways.sharing.language import N_, _, ngettext
from pathways.sharing.territories import Named
from pathways.workflows.schemes import SCHEMES
from pathways.workflows.states import State

Offers = list[tuple[str, str]]
STATE_GROUPS = {RUNNING: N_("En cours"), WAITING: N_("En attente"), OVER: N_("Terminé")}


@dataclass(frozen=True, slots=True)
class Choices:
    """Who and what one may filter by."""

    referents: list[Choice]
    operators: list[Choice]
    territories: list[Named]


@dataclass(frozen=True, slots=True)
class Active:
    """One filter that is on. ``rest``: the address's query without it."""

    name: str
    label: str
    rest: dict[str, str]


def offers(choices: Choices, scheme: str) -> dict[str, Offers]:
    """What the panel of filters offers: value and words of each choice. The states are those of the scheme once it is chosen."""
    states = [str(state) for state in State if scheme in SCHEMES and state in SCHEMES[scheme].workflow.states]
    days = [(str(n), ngettext("{n} jour", "{n} jours", n).format(n=n)) for n in sorted({*IDLE_FOR, *WITHIN})]
    return {
        "schemes": [(code, naming.scheme(code)) for code in SCHEMES],
        "states": [(code, state_label(code)) for code in (*GROUPS, *states)],
        "referents": [(each.public_id, each.name) for each in choices.referents],
        "territories": [(each.code, each.name) for each in choices.territories],
        "operators": [(each.public_id, each.name) for each in choices.operators],
        "idle": [each for each in days if int(each[0]) in IDLE_FOR],
        "soon": [each for each in days if int(each[0]) in WITHIN],
        "orders": [(ORDERS[order], _(label)) for order, label in ORDER_LABELS.items()],
    }


def active_filters(query: Mapping[str, str], choices: Choices) -> list[Active]:
    """In the order of the address; the order of the list is not one of them."""
    say = _sentences(choices)
    return [
        Active(name, say[name](value), {key: kept for key, kept in query.items() if key != name})
        for name, value in query.items()
        if name in say
    ]


def state_label(code: str) -> str:
    return _(STATE_GROUPS[code]) if code in STATE_GROUPS else naming.state(code)


def _sentences(choices: Choices) -> Mapping[str, Callable[[str], str]]:
    return {
        "q": lambda text: f"« {text} »",
        "niveau": naming.level,
        "dispositif": naming.scheme,
        "etat": state_label,
        "referent": lambda chosen: _named(choices.referents, chosen, _("Référent")),
        "organisme": lambda chosen: _named(choices.operators, chosen, _("Organisme")),
        "sans-action": lambda days: _("Sans action depuis {days} jours").format(days=days),
        "echeance": lambda days: _("Une date dans les {days} jours").format(days=days),
        "sans-rdv": lambda _yes: _("Sans rendez-vous"),
        "rqth": lambda _yes: _("RQTH"),
        "mineur": lambda _yes: _("Mineurs"),
        "territoire": lambda code: next((each.name for each in choices.territories if each.code == code), code),
    }


def _named(among: list[Choice], chosen: str, otherwise: str) -> str:
    return next((each.name for each in among if each.public_id == chosen), otherwise)
