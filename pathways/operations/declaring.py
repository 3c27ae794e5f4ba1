"""Declaring for several persons at once: one lock, one insert, one evaluation, whatever their number.

Each step stands alone: the rules may refuse it, with every reason, while the others are recorded.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from pathways import clock, db
from pathways.detection.reading import Dossier, read_dossiers
from pathways.detection.sweep import evaluate_persons, read_reference
from pathways.errors import NotVisible, Reason, Refused
from pathways.models import JournalEntry, Link, LinkRole, Person, Source
from pathways.schemas.entries import keep_details, read_details
from pathways.workflows.entry import Entry
from pathways.workflows.fold import Step, pathway
from pathways.workflows.objections import Acting, objections
from pathways.workflows.schemes import SCHEMES

RETRACTED = "retracted"


@dataclass(frozen=True, slots=True)
class Asked:
    """One declaration on one step of one person; ``retracts``: the entry it takes back."""

    person_id: int
    enrolment_id: int
    type: str
    occurred_on: date
    data: Mapping[str, Any] = field(default_factory=dict)
    retracts: int | None = None


@dataclass(slots=True)
class Declared:
    """What became of a batch. ``entries``: the ids recorded, in the order asked; ``refused``: the reasons, by enrolment."""

    entries: list[int] = field(default_factory=list)
    refused: dict[int, tuple[Reason, ...]] = field(default_factory=dict)
    steps: set[int] = field(default_factory=set)
    """The enrolments something was recorded on."""


def declare_together(asked: Sequence[Asked], *, organisation_id: int, user_id: int | None) -> Declared:
    """Records every declaration the rules allow; all those of one step, or none of them.

    `NotVisible` when the organisation may not see one of the persons: a batch is made from a page that showed them all.
    """
    done = Declared()
    if not asked:
        return done
    today = clock.today()
    with db.atomic() as session:
        persons = _visible({each.person_id for each in asked})
        with db.as_system():
            reference = read_reference(session)
            dossiers = {each.person_id: each for each in read_dossiers(session, persons, reference.kinds, today, lock="wait")}
        acting = Acting(organisation_id, reference.kinds[organisation_id])
        kept: list[JournalEntry] = []
        for enrolment_id in dict.fromkeys(each.enrolment_id for each in asked):
            of_step = [each for each in asked if each.enrolment_id == enrolment_id]
            try:
                kept += [_checked(each, dossiers[each.person_id], acting, user_id, today) for each in of_step]
            except Refused as refusal:
                done.refused[enrolment_id] = refusal.reasons
            else:
                done.steps.add(enrolment_id)
        session.add_all(kept)
        session.flush()  # the evaluation reads the entries back, and the caller needs their ids
        done.entries = [entry.id for entry in kept]
        _link(kept, organisation_id, user_id, today)
        with db.as_system():
            evaluate_persons(session, sorted({entry.person_id for entry in kept}), today, reference, lock="wait")
    return done


def _visible(persons: Iterable[int]) -> list[int]:
    """The same persons, sorted so that two batches lock them in one order; `NotVisible` when one of them does not show."""
    wanted = sorted(persons)
    seen = db.session().scalars(sa.select(Person.id).where(Person.id.in_(wanted), Person.merged_into.is_(None)))
    if len(seen.all()) != len(wanted):
        raise NotVisible("one of the persons of a batch")
    return wanted


def _checked(asked: Asked, dossier: Dossier, acting: Acting, user_id: int | None, today: date) -> JournalEntry:
    """The row to insert; `Refused` with every reason against it."""
    details = read_details(asked.type, asked.data)
    content = keep_details(asked.type, details)
    stored = dossier.steps.get(asked.enrolment_id)
    if stored is None:
        raise NotVisible(f"enrolment {asked.enrolment_id}")
    entry = Entry(
        "new",
        asked.type,
        asked.occurred_on,
        today,
        acting.organisation,
        acting.kind,
        asked.enrolment_id,
        stored.scheme,
        details,
        asked.retracts,
        max((each.number for each in dossier.entries), default=0) + 1,
        json.dumps(content, sort_keys=True, ensure_ascii=False),
    )
    reasons = _against_retracting(entry, dossier) if asked.type == RETRACTED else _against(entry, dossier, acting, today)
    if reasons:
        raise Refused(*reasons)
    return JournalEntry(
        person_id=asked.person_id,
        enrolment_id=None if asked.type == RETRACTED else asked.enrolment_id,
        type=asked.type,
        occurred_on=asked.occurred_on,
        organisation_id=acting.organisation,
        user_id=user_id,
        source=Source.SCREEN,
        payload=content,
        retracts=asked.retracts,
    )


def _against(entry: Entry, dossier: Dossier, acting: Acting, today: date) -> list[Reason]:
    """Every reason the calendar and the workflow give, as for a single declaration."""
    found = [Reason("day_to_come", {"today": today})] if entry.occurred_on > today else []
    folded = pathway(dossier.entries, min(entry.occurred_on, today), today)
    step = folded.steps.get(entry.enrolment or 0) or Step(entry.enrolment or 0, SCHEMES[entry.scheme or ""])
    late = entry.occurred_on < today and step.state != ""
    return [*found, *objections(step, folded, entry, acting, late=late)]


def _against_retracting(entry: Entry, dossier: Dossier) -> list[Reason]:
    """Only what one's own organisation declared, and only once."""
    target = next((each for each in dossier.entries if each.id == entry.retracts), None)
    if target is None:
        return [Reason("nothing_to_retract")]
    if target.organisation != entry.organisation:
        return [Reason("not_your_entry", {"event": target.type})]
    if any(each.retracts == target.id for each in dossier.entries):
        return [Reason("already_retracted", {"event": target.type})]
    return []


def _link(kept: Sequence[JournalEntry], organisation_id: int, user_id: int | None, today: date) -> None:
    """The body accompanies the person from its first declaration on: its access opens with its part."""
    of_step = {entry.enrolment_id: entry for entry in kept if entry.enrolment_id is not None}
    session = db.session()
    known = set(
        session.scalars(
            sa.select(Link.enrolment_id).where(
                Link.enrolment_id.in_(of_step), Link.organisation_id == organisation_id, Link.ended_on.is_(None)
            )
        )
    )
    session.add_all(
        Link(
            person_id=entry.person_id,
            enrolment_id=enrolment_id,
            organisation_id=organisation_id,
            user_id=user_id,
            role=LinkRole.OPERATOR,
            started_on=min(entry.occurred_on, today),
        )
        for enrolment_id, entry in of_step.items()
        if enrolment_id not in known
    )
    session.flush()  # row-level security reads links: the answer page must see the steps
