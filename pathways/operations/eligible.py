"""Which schemes a person may enter on a day, for what the organisation that asks may know; and the facts still to ask for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pathways.operations.dossier import Opened, open_dossier
from pathways.operations.recording import Draft, record_entries
from pathways.sharing.groups import Bond, Standing, shown_details
from pathways.workflows.actors import Kind
from pathways.workflows.conditions import CONDITIONS
from pathways.workflows.eligibility import Answer, Eligibility, eligibility
from pathways.workflows.entry import Entry
from pathways.workflows.fold import pathway
from pathways.workflows.predicates import BORN, LEVEL, RQTH
from pathways.workflows.schemes import SCHEMES

IDENTITY = {BORN: "born", LEVEL: "level", RQTH: "rqth_until"}
"""Facts of the identity that may be missing, and the detail of `identity_stated` that gives them."""


@dataclass(frozen=True, slots=True)
class Answers:
    """``found``: every scheme of the catalogue, in its order. ``asked``: each missing fact with how many schemes wait for it, the
    most useful first. ``stated``: the conditions known, each with the day it was last stated and the answer.
    """

    found: tuple[Eligibility, ...]
    asked: tuple[tuple[str, int], ...]
    stated: Mapping[str, tuple[date, bool]]

    def of(self, answer: Answer) -> list[Eligibility]:
        return [each for each in self.found if each.answer is answer]


def eligible(person_id: int, organisation_id: int, on: date, *, leads: bool) -> Answers:
    """The answers for somebody the caller sees; ``leads``: the organisation is a referent of the person.

    What was said of somebody's social situation or health counts only for whom may read it: the others are told to ask.
    `NotVisible` when the caller may not see the person.
    """
    dossier = open_dossier(person_id, organisation_id, on, lock="none")
    return answers(_readable(dossier, leads=leads), on)


def opening(person_id: int, organisation_id: int, scheme: str, on: date, *, leads: bool) -> Eligibility:
    """The answer for one scheme somebody is about to open, for what they may read."""
    dossier = open_dossier(person_id, organisation_id, on, lock="none")
    return eligibility(SCHEMES[scheme], pathway(_readable(dossier, leads=leads), on, date.max), on)


def answers(entries: Iterable[Entry], on: date) -> Answers:
    """The same from entries, for somebody who needs not be in the database."""
    known = [replace(entry, occurred_on=min(entry.occurred_on, on)) if entry.type == "identity_stated" else entry
             for entry in entries]
    folded = pathway(known, on, date.max)
    found = tuple(eligibility(scheme, folded, on) for scheme in SCHEMES.values())
    waiting: Counter[str] = Counter()
    for each in found:
        if each.answer is Answer.UNKNOWN:
            waiting.update({ask for predicate in each.unknown for ask in predicate.asks})
    said = {
        entry.data["condition"]: (entry.occurred_on, bool(entry.data.get("holds")))
        for entry in folded.person.get("condition_stated", ())
    }
    return Answers(found, tuple(waiting.most_common()), said)


def state_conditions(
    person_id: int, holds: Mapping[str, bool], *, organisation_id: int, user_id: int, on: date
) -> list[int]:
    """Records what was answered, one entry a condition, all or none; their ids. KeyError for an unknown condition.

    `Refused` and `NotVisible` as when an entry is recorded.
    """
    drafts = [
        Draft("condition_stated", on, {"condition": CONDITIONS[code].code, "holds": answer}, None, None)
        for code, answer in holds.items()
    ]
    return record_entries(drafts, person_id=person_id, organisation_id=organisation_id, user_id=user_id) if drafts else []


def _readable(dossier: Opened, *, leads: bool) -> Sequence[Entry]:
    """The entries, without the conditions the organisation that asks may not read."""
    mine = dossier.acting.organisation
    bond = Bond(Kind(dossier.acting.kind), leads)

    def kept(entry: Entry) -> bool:
        if entry.type != "condition_stated":
            return True
        standing = Standing(bond, author=entry.organisation == mine, own_step=False)
        return "condition" in shown_details(entry.type, entry.data, standing)

    return [entry for entry in dossier.entries if kept(entry)]


def invented(identity: Mapping[str, Any], holds: Mapping[str, bool], on: date) -> list[Entry]:
    """Entries of somebody described in words: identity details, and conditions said to hold or not."""
    stated = [
        Entry(f"said:{code}", "condition_stated", on, on, data={"condition": code, "holds": answer})
        for code, answer in holds.items()
    ]
    return [Entry("said", "identity_stated", on, on, data=dict(identity)), *stated]
