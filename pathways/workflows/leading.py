"""Which organisations stand around a step, as its entries say: who answers for it, who prescribed it, who runs it."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pathways.workflows.actors import TRAINING_BODIES
from pathways.workflows.definition import Clock
from pathways.workflows.entry import Entry, Ref
from pathways.workflows.events import called
from pathways.workflows.passages import PASSAGE_EVENTS, returns_to_the_asker
from pathways.workflows.states import State

if TYPE_CHECKING:
    from pathways.workflows.fold import Step

GOES_BACK = Clock("transfer_over", lambda _step, _pathway: None, frozenset(), State.ACTIVE)
"""The clock of a temporary transfer: it moves who answers for the step, never the step itself."""


@dataclass(frozen=True, slots=True)
class Lent:
    """A step entrusted for a time: until which day (included), and to whom it goes back."""

    until: date
    back_to: Ref


def name_the_bodies(step: "Step", entry: Entry) -> None:
    """Who answers for the step: the first body of the right kind, then whoever accepts a transfer.

    Sending somebody on, or answering, makes nobody answerable for the step of another.
    """
    if entry.type == "prescribed":
        step.prescriber = step.prescriber or entry.organisation
        step.prescribed_to = step.prescribed_to or called(entry.type, entry.data)
    if entry.type == "transfer_accepted":
        _transfer(step, entry)
    elif step.lead is None and entry.kind in step.scheme.led_by:
        step.entrust(entry.organisation, entry.effective_on)
    if entry.kind in TRAINING_BODIES and entry.type not in PASSAGE_EVENTS:
        step.operator = step.operator or entry.organisation


def would_name_a_body(step: "Step", entry: Entry) -> bool:
    """Had it been known on its day, the entry might have made another body answerable for the step."""
    leads = entry.kind in step.scheme.led_by and entry.organisation != step.lead
    return leads or (entry.kind in TRAINING_BODIES and entry.organisation != step.operator)


def whom_it_names(step: "Step", entry: Entry) -> Ref | None:
    """The organisation an entry makes referent: its author, but where the former one says yes to whoever asked."""
    if entry.type != "transfer_accepted":
        return entry.organisation
    asked = [each for each in step.all("transfer_requested") if each.occurred_on <= entry.occurred_on]
    return asked[-1].organisation if asked and returns_to_the_asker(asked[-1], entry) else entry.organisation


def _transfer(step: "Step", accepted: Entry) -> None:
    """Only who answers for the step changes: its contract, its cap and its phases go on. A loan ends by itself."""
    asked, former, taker = step.last("transfer_requested"), step.lead, whom_it_names(step, accepted)
    until = accepted.data.get("until") or (asked.data.get("until") if asked is not None else None)
    home = step.lent.back_to if step.lent is not None else former
    step.entrust(taker, accepted.effective_on)
    step.lent = None
    if until is not None and until >= accepted.effective_on and home is not None and home != taker:
        step.lent = Lent(until, home)
