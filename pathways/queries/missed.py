"""A rupture nobody was warned of, as the reader may see it: what was known when, and which rule came closest."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from pathways import db
from pathways.backtest.looking_back import LookedBack, Near, look_back
from pathways.detection.finding import Finding
from pathways.detection.reading import read_dossiers, read_kinds, read_settings
from pathways.errors import NotVisible
from pathways.models import Alert, MissedRupture, Person, User
from pathways.queries.person import Identity
from pathways.queries.signals import standing
from pathways.queries.steps import StepRow
from pathways.queries.timeline import TimelineEntry, timeline
from pathways.sharing.groups import told
from pathways.sharing.visibility import Reader, visible_to
from pathways.workflows.alert_life import Held
from pathways.workflows.dates import days
from pathways.workflows.hindsight import Conclusion

SEEN_BEFORE = days(60)
"""How far before the last sign of life the facts are told."""
NEAREST = 3
"""Rules told of those that would have spoken next."""


@dataclass(frozen=True, slots=True)
class Missed:
    """The entry opened for it."""

    public_id: uuid.UUID
    person_id: int
    person: uuid.UUID
    enrolment_id: int
    found_on: date
    conclusion: Conclusion | None
    concluded_at: datetime | None
    who: str | None


@dataclass(frozen=True, slots=True)
class Replayed:
    """``facts``: newest first; ``entered_late``: those entered after the last sign of life though they had happened before.

    ``held``: why alerts of those days were computed and not shown. None of it when the rupture was taken back since.
    """

    back: LookedBack | None
    facts: list[TimelineEntry]
    before: list[Near]
    on_time: list[Near]
    after: list[Near]
    held: list[Held]


def missed_rupture(public_id: uuid.UUID, reader: Reader) -> Missed:
    """`NotVisible` unless it is the reader's organisation's, about somebody it still sees."""
    row = db.session().execute(
        sa.select(
            MissedRupture.public_id, MissedRupture.person_id, Person.public_id, MissedRupture.enrolment_id,
            MissedRupture.found_on, MissedRupture.conclusion, MissedRupture.concluded_at, User.name,
        )
        .join(Person, Person.id == MissedRupture.person_id)
        .outerjoin(User, User.id == MissedRupture.concluded_by)
        .where(
            MissedRupture.public_id == public_id,
            MissedRupture.organisation_id == reader.organisation_id,
            visible_to(reader, MissedRupture.person_id),
        )
    ).first()  # fmt: skip
    if row is None:
        raise NotVisible(f"missed rupture {public_id}")
    return Missed(*row)


def replayed(missed: Missed, who: Identity, steps: list[StepRow], reader: Reader) -> Replayed:
    """The pathway replayed to that day, told as far as the reader may read it."""
    session = db.session()
    with db.as_system():
        of = [missed.person_id]
        (dossier,) = read_dossiers(session, of, read_kinds(session, of), reader.today, lock="none")
        settings = read_settings(session, of)
    back = look_back(dossier.entries, settings, missed.enrolment_id, reader.today)
    if back is None:
        return Replayed(None, [], [], [], [], [])
    first, last = back.rupture.effective_on - SEEN_BEFORE, max(back.rupture.formal_on, back.told_on)
    entries, _older = timeline(missed.person_id, steps, reader, who.bond)
    return Replayed(
        back,
        [entry for entry in entries if first <= entry.on <= last],
        [_told(near, who, reader) for near in back.before],
        [_told(near, who, reader) for near in back.on_time],
        [_told(near, who, reader) for near in back.after[:NEAREST]],
        _held(missed, back, reader),
    )


def _told(near: Near, who: Identity, reader: Reader) -> Near:
    """As the matrix lets it be said to this reader."""
    finding = near.finding
    by = {entry.organisation for entry in finding.evidence}
    said = told(near.rule, {**finding.values, "about": finding.about}, standing(by, reader, who.bond))
    return Near(said.rule, near.on, near.late, Finding(finding.about, finding.level, values=said.values), near.enrolment)


def _held(missed: Missed, back: LookedBack, reader: Reader) -> list[Held]:
    """Why what was computed before the last sign of life was not shown."""
    query = (
        sa.select(Alert.held_for)
        .distinct()
        .where(
            Alert.person_id == missed.person_id,
            Alert.organisation_id == reader.organisation_id,
            Alert.opened_on <= back.rupture.effective_on,
            sa.or_(Alert.shown_on.is_(None), Alert.shown_on >= back.rupture.effective_on),
            sa.or_(Alert.closed_on.is_(None), Alert.closed_on >= back.rupture.effective_on),
            Alert.held_for.is_not(None),
        )
    )
    return [Held(why) for why in db.session().scalars(query) if why]
