"""If nobody acts: what the clock alone will show or move in the coming weeks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from pathways import db
from pathways.detection.reading import read_dossiers, read_kinds, read_settings
from pathways.detection.timeline import Timeline, Visit
from pathways.errors import NotVisible
from pathways.queries.person import Identity
from pathways.queries.signals import standing
from pathways.queries.steps import StepRow
from pathways.sharing.groups import told
from pathways.sharing.visibility import Reader
from pathways.workflows.dates import days
from pathways.workflows.fold import Pathway
from pathways.workflows.leading import GOES_BACK

HORIZON = 90
CLOCK = "clock:"
"""What marks a move of the clock, against a signal."""


@dataclass(frozen=True, slots=True)
class Coming:
    """One thing to come: a signal (``rule`` is its id) or a move of the clock (``rule`` is ``clock:<name>``)."""

    on: date
    rule: str
    level: str
    enrolment_id: int | None
    values: Mapping[str, Any]
    about: str
    declared_by: Collection[Any] = field(default=(), compare=False)
    """The organisations whose entries it rests on."""


def outlook_for(who: Identity, steps: Sequence[StepRow], reader: Reader) -> list[Coming]:
    """The same as the reader is told of it: their own steps, and everything where they are the referent."""
    open_to = {step.id for step in steps if step.own or who.led}
    return [
        _told(each, who, reader)
        for each in outlook(who.id, reader.today)
        if each.enrolment_id in open_to or (each.enrolment_id is None and who.led)
    ]


def _told(each: Coming, who: Identity, reader: Reader) -> Coming:
    if each.rule.startswith(CLOCK):
        return each
    said = told(each.rule, {**each.values, "about": each.about}, standing(each.declared_by, reader, who.bond))
    return replace(each, rule=said.rule, values=said.values)


def outlook(person_id: int, on: date, horizon: int = HORIZON) -> list[Coming]:
    """What happens until ``on + horizon`` days if nothing more is declared, earliest first. `NotVisible` for a stranger."""
    session = db.session()
    if session.scalar(sa.text("SELECT id FROM person WHERE id = :id"), {"id": person_id}) is None:
        raise NotVisible(f"person {person_id}")
    with db.as_system():
        (dossier,) = read_dossiers(session, [person_id], read_kinds(session, [person_id]), on, lock="none")
        settings = read_settings(session, [person_id])
    walk = Timeline(dossier.entries, settings).resume(on - days(1), (), on)
    walk.visit(on)
    already = len(walk.runs)
    # What a signal says moves on with the days: it is told as it will be on the day it shows.
    said: dict[int, Coming] = {}

    def note(visit: Visit) -> None:
        for position in range(already, len(walk.runs)):
            run = walk.runs[position]
            if run.shown_on == visit.day:
                level, enrolment = run.finding.level.code, _id(run.key.enrolment)
                said[position] = Coming(
                    visit.day, run.key.rule, level, enrolment, run.finding.values, run.key.about,
                    {entry.organisation for entry in run.finding.evidence},
                )

    walk.run_to(on + days(horizon), every=note)
    coming = list(said.values())
    if walk.current is not None:
        coming += _moves(walk.current.pathway, on)
    return sorted(coming, key=lambda each: (each.on, each.rule))


def _moves(pathway: Pathway, on: date) -> list[Coming]:
    return [
        Coming(
            change.on,
            f"{CLOCK}{change.clock}",
            "info",
            _id(step.key),
            {"state": str(change.target), "scheme": step.scheme.code},
            str(change.target),
        )
        for step in pathway.steps.values()
        for change in step.history
        if change.clock and change.on > on
    ] + [
        Coming(since, f"{CLOCK}{GOES_BACK.name}", "info", _id(step.key), {"state": "", "scheme": step.scheme.code}, str(lead))
        for step in pathway.steps.values()
        for since, lead in step.leads
        if since > on
    ]


def _id(key: object) -> int | None:
    return key if isinstance(key, int) else None
