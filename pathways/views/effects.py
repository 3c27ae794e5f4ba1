"""« Voici ce que cela change »: the effect of entries not yet recorded, as far as the reader may see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import request

from pathways.detection.rule import Family
from pathways.operations.preview import Effect, SignalChange
from pathways.operations.recording import OPENS
from pathways.queries.organisations import names_of
from pathways.queries.person import Identity
from pathways.queries.signals import standing
from pathways.queries.steps import StepRow
from pathways.sharing import naming
from pathways.sharing.groups import told
from pathways.sharing.language import _
from pathways.views.gate import reader

NOT_SENT_AGAIN = frozenset({"csrf_token", "version", "change", "look"})
"""What the page of confirmation gives anew."""
LOOK = "look"
"""Name of the buttons that look for an organisation and show the form again."""
DATE_LABELS = {
    "planned_start": "Début prévu",
    "planned_end": "Fin prévue",
    "cap_on": "Durée maximale",
    "closed_on": "Fin",
    "opened_on": "Ouverture",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """An effect, its steps by name, and the organisations it names."""

    effect: Effect
    schemes: dict[Any, str]
    organisations: dict[Any, str]
    changed: bool
    """Somebody declared something since the effect was first shown."""

    def scheme(self, step: Any) -> str:
        return naming.scheme(self.schemes[step]) if step in self.schemes else ""

    def family(self, code: str) -> str:
        return _(Family(code).label)

    def date_label(self, name: str) -> str:
        return _(DATE_LABELS[name])


def shown(effect: Effect, who: Identity, steps: Sequence[StepRow], *, changed: bool = False, opens: str = "") -> Shown:
    """What the reader may see of it: every step they see, the signals of their own steps, of the person when they lead."""
    schemes = {step.id: step.scheme for step in steps} | ({OPENS: opens} if opens else {})
    own = {step.id for step in steps if step.own or who.led} | {OPENS}
    known = own | ({None} if who.led else set())
    seen = replace(
        effect,
        steps=tuple(each for each in effect.steps if each.step in schemes),
        signals=tuple(_told(each, who) for each in effect.signals if each.step in known),
        alerts=tuple(each for each in effect.alerts if each.step in known),
    )
    leads = {reference for each in seen.steps if each.lead for reference in each.lead if reference is not None}
    return Shown(seen, schemes, dict(names_of(leads)) if leads else {}, changed)


def _told(each: SignalChange, who: Identity) -> SignalChange:
    said = told(each.rule, {**each.values, "about": each.about}, standing(each.declared_by, reader(), who.bond))
    return replace(each, rule=said.rule, values=said.values)


def sent() -> list[tuple[str, str]]:
    """What the form held, to be sent again as it was."""
    pairs = request.form.items(multi=True)
    return [(name, value) for name, value in pairs if name not in NOT_SENT_AGAIN and value != ""]


def version() -> int | None:
    """The version of the dossier whose effect was confirmed; None when nothing was shown yet."""
    given = request.form.get("version", "")
    return int(given) if given.isdecimal() else None


def is_only_asking() -> bool:
    """A search, or going back from the effect to the form: nothing is to be recorded."""
    return request.method == "POST" and bool({"change", LOOK} & set(request.form))
