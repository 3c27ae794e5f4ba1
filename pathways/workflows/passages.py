"""Passages of a person from one organisation to another: hand-overs and transfers, each with what was answered.

Until the answer is yes, whoever was responsible stays so. An organisation that acts for the person without a word has received
the hand-over; one that opens a step of its own has accepted it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING

from pathways.workflows.entry import Entry, Ref
from pathways.workflows.labels import Labelled

if TYPE_CHECKING:
    from pathways.workflows.fold import Pathway, Step

SENT_BY = {"handed_over": "hand_over", "transfer_requested": "transfer"}
"""The event that sends, and what it sends."""
ACKNOWLEDGED, ACCEPTED = "hand_over_acknowledged", "hand_over_accepted"
_ANSWERS = {
    "hand_over_acknowledged": ("hand_over", "acknowledged"),
    "hand_over_accepted": ("hand_over", "accepted"),
    "hand_over_refused": ("hand_over", "refused"),
    "hand_over_withdrawn": ("hand_over", "withdrawn"),
    "transfer_accepted": ("transfer", "accepted"),
    "transfer_refused": ("transfer", "refused"),
    "transfer_withdrawn": ("transfer", "withdrawn"),
}
PASSAGE_EVENTS = frozenset({*SENT_BY, *_ANSWERS})
"""Every event of a passage. None of them makes its author answerable for the step, but a transfer accepted."""


class Kind(Labelled):
    """A hand-over passes the person on; a transfer passes the accompaniment itself on, its contract unchanged."""

    HAND_OVER = "hand_over", "Transmission"
    TRANSFER = "transfer", "Transfert"


class Stage(Labelled):
    """Where a passage is. ``WITHDRAWN``: taken back, replaced, or without object since a death or the end of the step."""

    SENT = "sent", "Envoyé"
    ACKNOWLEDGED = "acknowledged", "Reçu, réponse attendue"
    ACCEPTED = "accepted", "Accepté"
    REFUSED = "refused", "Refusé"
    WITHDRAWN = "withdrawn", "Sans suite"


PENDING = frozenset({Stage.SENT, Stage.ACKNOWLEDGED})


@dataclass(slots=True, eq=False)
class Passage:
    """One passage. ``sender``: who was responsible when it was asked; ``receiver``: who is to take over; ``answerer``: who of
    the two did not ask, and answers. ``until``: the last day of a temporary transfer.
    """

    kind: Kind
    step: "Step"
    sent: Entry
    sender: Ref | None
    receiver: Ref
    stage: Stage = Stage.SENT
    acknowledged_on: date | None = None
    answered_on: date | None = None
    answer: Entry | None = None
    until: date | None = None

    @property
    def is_pending(self) -> bool:
        return self.stage in PENDING

    @property
    def answerer(self) -> Ref | None:
        return self.sender if self.sent.organisation == self.receiver else self.receiver


def passages(step: "Step", pathway: "Pathway") -> list[Passage]:
    """The passages of a step, in the order of their sending, as they are on the evening of the pathway.

    One sent to somebody known by a name alone is none: nobody can answer it here.
    """
    if not any(step.entries.get(event) for event in SENT_BY):
        return []
    found: list[Passage] = []
    former: Ref | None = None
    for entry in _told(step):
        if entry.type in SENT_BY:
            former = former or _leads_before(step)
            passage = _sent(entry, step, former)
            if passage is not None:
                _replace(found, passage, entry)
                found.append(passage)
        elif (passage := answered_by(found, entry)) is not None:
            _answer(passage, entry)
            if entry.type == "transfer_accepted" and passage.until is None:
                former = passage.receiver
    for passage in found:
        if passage.kind is Kind.HAND_OVER and passage.is_pending:
            _answer_by_acting(passage, pathway)
        if passage.is_pending and (over := _over_on(passage, pathway)) is not None:
            passage.stage, passage.answered_on = Stage.WITHDRAWN, over
    return found


def _over_on(passage: Passage, pathway: "Pathway") -> date | None:
    """The day nothing was left to pass on: a death, or the end of the accompaniment to be transferred."""
    death, closed = pathway.last("deceased"), passage.step.closed_on
    if death is not None:
        return max(death.occurred_on, passage.sent.occurred_on)
    return closed if passage.kind is Kind.TRANSFER else None


def all_passages(pathway: "Pathway") -> Iterator[Passage]:
    """Those of every step of the person."""
    for step in pathway.steps.values():
        yield from passages(step, pathway)


def answered_by(found: Iterable[Passage], entry: Entry) -> Passage | None:
    """The pending passage that ``entry`` answers, or takes back; None when there is none."""
    kind, stage = _ANSWERS[entry.type]
    for passage in reversed(list(found)):
        if passage.kind != kind or not passage.is_pending or entry.occurred_on < passage.sent.occurred_on:
            continue
        if stage == Stage.WITHDRAWN:
            named = entry.data.get("to")
            if entry.organisation == passage.sent.organisation and named in (None, passage.receiver):
                return passage
        elif entry.organisation == passage.answerer or passage.sender is None:
            return passage
    return None


def holder(pathway: "Pathway") -> Ref | None:
    """Who answers for the person while no accompaniment is open: the receiver of the last hand-over once it has accepted, its
    sender until then.
    """
    sent = [each for each in all_passages(pathway) if each.kind is Kind.HAND_OVER and each.stage is not Stage.WITHDRAWN]
    last = max(sent, key=lambda each: (each.answered_on or each.sent.effective_on, str(each.sent.id)), default=None)
    if last is None:
        return None
    return last.receiver if last.stage is Stage.ACCEPTED else last.sender


def returns_to_the_asker(asked: Entry | None, accepted: Entry) -> bool:
    """The organisation that asked is the one that takes over: the former one said yes."""
    return asked is not None and asked.data.get("to") == asked.organisation and accepted.organisation != asked.organisation


def _told(step: "Step") -> list[Entry]:
    """What was declared of the passages of a step, in the order of the days and, within one, of the page."""
    rank = step.scheme.workflow.rank
    entries = chain.from_iterable(step.all(event) for event in PASSAGE_EVENTS)
    return sorted(entries, key=lambda each: (each.effective_on, rank.get(each.type, 0), each.content, str(each.id)))


def _leads_before(step: "Step") -> Ref | None:
    """Who answered for the step before anything was passed on."""
    return step.leads[0][1] if step.leads else step.lead


def _sent(entry: Entry, step: "Step", former: Ref | None) -> Passage | None:
    to = entry.data.get("to")
    if entry.organisation is None or not isinstance(to, type(entry.organisation)):
        return None
    kind = Kind(SENT_BY[entry.type])
    asks_for_itself = kind is Kind.TRANSFER and to == entry.organisation
    sender = step.lead_on(entry.occurred_on) or former if asks_for_itself else entry.organisation
    return Passage(kind, step, entry, sender, to, until=entry.data.get("until"))


def _replace(found: Iterable[Passage], by: Passage, entry: Entry) -> None:
    """A step is passed on once at a time; somebody is handed over once at a time to one organisation."""
    for each in found:
        same = each.kind is by.kind and (by.kind is Kind.TRANSFER or each.receiver == by.receiver)
        if same and each.is_pending:
            each.stage, each.answer, each.answered_on = Stage.WITHDRAWN, entry, entry.occurred_on


def _answer(passage: Passage, entry: Entry) -> None:
    passage.stage = Stage(_ANSWERS[entry.type][1])
    if passage.stage is Stage.ACKNOWLEDGED:
        passage.acknowledged_on = entry.occurred_on
        return
    if passage.stage is Stage.ACCEPTED:
        passage.until = entry.data.get("until") or passage.until
    if passage.stage is not Stage.WITHDRAWN:
        passage.acknowledged_on = passage.acknowledged_on or entry.occurred_on
    passage.answer, passage.answered_on = entry, entry.occurred_on


def _answer_by_acting(passage: Passage, pathway: "Pathway") -> None:
    """What the receiver declared since, and the step of its own it opened, speak for it."""
    sent, receiver = passage.sent.occurred_on, passage.receiver
    began = [
        step.opened_on
        for step in pathway.steps.values()
        if step is not passage.step and step.lead == receiver and step.opened_on is not None and step.opened_on >= sent
    ]
    if began:
        passage.stage, passage.answered_on = Stage.ACCEPTED, min(began)
    acted = [
        entry.occurred_on
        for step in pathway.steps.values()
        for entries in step.entries.values()
        for entry in entries
        if entry.organisation == receiver and sent <= entry.occurred_on <= pathway.day and entry is not passage.sent
    ]
    if acted and passage.acknowledged_on is None:
        passage.acknowledged_on = min(acted)
        if passage.stage is Stage.SENT:
            passage.stage = Stage.ACKNOWLEDGED
