"""Declaring for several persons at once: one lock, one insert, one evaluation, whatever their number.

Each step stands alone: the rules may refuse it, with every reason, while the others are recorded.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from pathways import clock, db
from pathways.detection.sweep import evaluate_persons, read_reference
from pathways.errors import NotVisible, Reason, Refused
from pathways.models import JournalEntry, Link
from pathways.operations.acting import note_acts
from pathways.operations.dossier import Opened, open_dossiers
from pathways.operations.linking import Linking
from pathways.operations.recording import Draft, journal_rows, prepare
from pathways.workflows.entry import Entry

RETRACTED = "retracted"


@dataclass(frozen=True, slots=True)
class Asked:
    """One declaration on one step of one person; ``retracts``: the entry it takes back, also one about no step."""

    person_id: int
    enrolment_id: int | None
    type: str
    occurred_on: date
    data: Mapping[str, Any] = field(default_factory=dict)
    retracts: int | None = None


@dataclass(slots=True)
class Declared:
    """What became of a batch. ``entries``: the ids recorded, in the order asked; ``refused``: the reasons, by enrolment,
    0 for what is about no step.
    """

    entries: list[int] = field(default_factory=list)
    refused: dict[int, tuple[Reason, ...]] = field(default_factory=dict)
    steps: set[int] = field(default_factory=set)
    """The enrolments something was recorded on."""


def declare_together(
    asked: Sequence[Asked], *, organisation_id: int, user_id: int | None, linking: bool = True
) -> Declared:
    """Records every declaration the rules allow; all those of one step, or none of them.

    ``linking``: links follow what is declared; False for a caller that moves them itself, set by set.
    `NotVisible` when the organisation may not see one of the persons: a batch is made from a page that showed them all.
    """
    done = Declared()
    if not asked:
        return done
    today = clock.today()
    with db.atomic() as session:
        persons = sorted({each.person_id for each in asked})
        dossiers = open_dossiers(persons, organisation_id, today)
        kept: list[JournalEntry] = []
        said: list[tuple[int, list[Entry]]] = []
        for person_id, enrolment_id in dict.fromkeys((each.person_id, each.enrolment_id) for each in asked):
            of_step = [each for each in asked if (each.person_id, each.enrolment_id) == (person_id, enrolment_id)]
            dossier = dossiers[person_id]
            drafts = [_draft(each, dossier) for each in of_step]
            try:
                entries = prepare(dossier, drafts, today)
            except Refused as refusal:
                done.refused[enrolment_id or 0] = refusal.reasons
                continue
            kept += journal_rows(drafts, entries, person_id=person_id, organisation_id=organisation_id, user_id=user_id)
            said.append((person_id, entries))
            done.steps.add(enrolment_id or 0)
        session.add_all(kept)
        session.flush()  # the evaluation reads the entries back, and the caller needs their ids
        done.entries = [entry.id for entry in kept]
        linked = _linked(done.steps, organisation_id) if linking else set()
        for person_id, entries in said if linking else ():
            Linking(person_id, user_id, dossiers[person_id], today, linked).follow(entries)
        note_acts(kept, organisation_id=organisation_id, user_id=user_id)
        with db.as_system():
            evaluate_persons(session, persons, today, read_reference(session), lock="wait")
    return done


def _draft(asked: Asked, dossier: Opened) -> Draft:
    """What is taken back needs no step; anything else is about one of the person's."""
    if asked.type == RETRACTED:
        return Draft(RETRACTED, asked.occurred_on, asked.data, retracts=asked.retracts)
    if asked.enrolment_id not in dossier.stored.steps:
        raise NotVisible(f"enrolment {asked.enrolment_id}")
    return Draft(asked.type, asked.occurred_on, asked.data, asked.enrolment_id)


def _linked(enrolments: Collection[int], organisation_id: int) -> set[int | None]:
    """The steps the organisation accompanies already: looked up once for the whole batch."""
    query = sa.select(Link.enrolment_id).where(
        Link.enrolment_id.in_(enrolments), Link.organisation_id == organisation_id, Link.ended_on.is_(None)
    )
    return set(db.session().scalars(query))
