"""A journal entry as the core reads it: one dated fact, who declared it, and the day it became known."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pathways.workflows.events import EVENTS

Ref = int | str
"""What identifies an entry, an enrolment or an organisation: a row's id, or a name in a story."""
DEATH, DECEASED = "deceased", "DECES"
"""The event that closes every open step, and the outcome it leaves."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One declared fact.

    ``occurred_on``: the day it happened. ``known_on``: the Europe/Paris day it was recorded. ``number``: the order of
    recording, used only where the latest recorded value wins (half-days). ``enrolment`` is None for facts about the
    person. ``content`` is a canonical text of the details: it breaks ties within a day, so that arrival never does.
    """

    id: Ref
    type: str
    occurred_on: date
    known_on: date
    organisation: Ref | None = None
    kind: str | None = None
    enrolment: Ref | None = None
    scheme: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    retracts: Ref | None = None
    number: int = 0
    content: str = ""
    effective_on: date = field(init=False, repr=False, compare=False)
    """The day it acts: a break announced in advance on the first day without contract, a sheet from its first day on."""
    order: tuple[Any, ...] | None = field(default=None, init=False, repr=False, compare=False)
    """Its place in a fold, once worked out (`pathways.workflows.fold`)."""

    def __post_init__(self) -> None:
        # Asked for at every evening of every fold: worked out once.
        object.__setattr__(self, "effective_on", self._acts_on())

    def _acts_on(self) -> date:
        if self.type == "attendance":
            return self.data.get("from") or self.occurred_on
        detail = EVENTS[self.type].effective
        return max(self.occurred_on, self.data.get(detail) or self.occurred_on) if detail else self.occurred_on


_SPOKE = {"contact": None, "appointment": ("status", "seen"), "contact_attempt": ("result", "reached")}
"""The events of an exchange, and the detail by which it took place."""


def is_two_way_contact(entry: Entry) -> bool:
    """Somebody spoke with the person: a contact, an appointment they came to, an attempt that reached them."""
    if entry.type not in _SPOKE:
        return False
    by = _SPOKE[entry.type]
    return by is None or entry.data.get(by[0]) == by[1]


def is_death(entry: Entry) -> bool:
    """Somebody says that the person died: of the person, or as the way a step ended."""
    return entry.type == DEATH or entry.data.get("outcome") == DECEASED


def standing(entries: Iterable[Entry], known_at: date) -> list[Entry]:
    """The entries known at the end of ``known_at`` and not retracted by then, retractions left out.

    A retraction may itself be retracted: the entry then stands again.
    """
    known = [entry for entry in entries if entry.known_on <= known_at]
    retractions = {entry.retracts: entry for entry in known if entry.retracts is not None}
    if not retractions:
        return known

    def is_retracted(entry: Entry) -> bool:
        by = retractions.get(entry.id)
        return by is not None and not is_retracted(by)

    return [entry for entry in known if entry.retracts is None and not is_retracted(entry)]
