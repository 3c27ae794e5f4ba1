"""The record of one person, as one organisation may read it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from pathways import db
from pathways.errors import NotVisible
from pathways.models import Enrolment, JournalEntry, Link, LinkRole, Organisation, Person, User
from pathways.queries.agreements import agreed_groups, as_groups
from pathways.queries.alerts import AlertRow, open_alerts
from pathways.queries.annotations import Annotations, annotations_of
from pathways.queries.entries import stands
from pathways.queries.feeds import statuses
from pathways.queries.organisations import names_of, user_names
from pathways.queries.own_page import locked_at
from pathways.queries.signals import SignalRow, open_signals
from pathways.queries.steps import StepRow, lead_among, steps_of
from pathways.queries.timeline import TimelineEntry, named, references, timeline
from pathways.sharing.groups import Access, Bond, Group, Standing, access_to
from pathways.sharing.visibility import Reader, leads, readable, visible_to
from pathways.workflows.actors import Kind
from pathways.workflows.apprentice_status import Since
from pathways.workflows.entry import DEATH, DECEASED


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the person is. ``led``: the reader's organisation is the referent now; ``died_on``: a declared death that stands."""

    id: int
    public_id: str
    family_name: str
    given_name: str
    birth_date: date | None
    sex: str | None
    commune: str | None
    phone: str | None
    email: str | None
    level: str | None
    rqth_until: date | None
    led: bool
    died_on: date | None
    locked_at: datetime | None
    """When wrong birth dates locked the link to their own page that the reader's organisation gave."""
    kind: Kind
    """Of the reader's organisation."""
    agreed: frozenset[Group]
    """What the person agreed to share with it."""

    @property
    def bond(self) -> Bond:
        """What the reader's organisation is to the person."""
        return Bond(self.kind, self.led, self.agreed)


@dataclass(frozen=True, slots=True)
class Companion:
    """An organisation, and possibly one of its people, that accompanies the person now."""

    organisation_id: int
    organisation: str
    kind: str
    phone: str | None
    email: str | None
    name: str | None
    role: str
    scheme: str | None
    started_on: date


@dataclass(frozen=True, slots=True)
class Evidence:
    """One dated fact a signal rests on."""

    on: str
    event: str
    organisation: str


@dataclass(frozen=True, slots=True)
class ShownSignal:
    """A signal with its evidence, as far as the reader may see it, and the alert it belongs to."""

    signal: SignalRow
    evidence: list[Evidence]
    alert: AlertRow | None


@dataclass(frozen=True, slots=True)
class Record:
    """Everything the page of a person shows, but for what may be declared and what is to come."""

    identity: Identity
    steps: list[StepRow]
    signals: list[ShownSignal]
    companions: list[Companion]
    entries: list[TimelineEntry]
    older: str
    """Cursor of the older part of the timeline; empty when all is shown."""
    notes: Annotations
    feed: Mapping[int, Since]
    """Enrolment → the status of the public apprenticeship dashboard, where a centre's software sends one."""

    @property
    def lead(self) -> StepRow | None:
        """The accompaniment whose referent answers for the person, among the steps the reader sees."""
        return lead_among(self.steps)

    def step(self, enrolment_id: int | None) -> StepRow | None:
        return next((step for step in self.steps if step.id == enrolment_id), None)


def identity(public_id: uuid.UUID, reader: Reader) -> Identity:
    """Who that is; NotVisible for somebody the reader's organisation does not accompany, or who does not exist."""
    row = (
        db.session()
        .execute(
            sa.select(
                Person.id,
                Person.public_id,
                Person.family_name,
                Person.given_name,
                Person.birth_date,
                Person.sex,
                Person.commune,
                readable(reader, Group.CONTACT, Person.phone),
                readable(reader, Group.CONTACT, Person.email),
                Person.level,
                readable(reader, Group.HEALTH, Person.rqth_until),
                leads(reader, Person.id),
                _death(),
                locked_at(reader, Person.id),
                agreed_groups(reader, Person.id),
            ).where(Person.public_id == public_id, Person.merged_into.is_(None), visible_to(reader, Person.id))
        )
        .first()
    )
    if row is None:
        raise NotVisible(f"person {public_id}")
    id_, shown_id, *rest, agreed = row
    return Identity(*(id_, str(shown_id), *rest, reader.kind, as_groups(agreed)))


def record(public_id: uuid.UUID, reader: Reader, before: str = "") -> Record:
    """The whole record; NotVisible as for ``identity``. ``before``: cursor into the older part of the timeline."""
    who = identity(public_id, reader)
    steps = steps_of([who.id], reader).get(who.id, [])
    signals = open_signals([who.id], reader).get(who.id, [])
    notes = annotations_of(who.id, reader)
    entries, older = timeline(who.id, steps, reader, who.bond, before=before, notes=notes)
    organisations, users = references(entries)
    declared_by: set[int | str] = {item["organisation"] for signal in signals for item in signal.evidence}
    names, people = names_of(organisations | declared_by), user_names(users)
    return Record(
        who,
        steps,
        _with_evidence(signals, steps, reader, who, names),
        companions(who.id, reader),
        [named(entry, names, people) for entry in entries],
        older,
        notes,
        statuses(who.id, [step.id for step in steps], reader),
    )


def _death() -> sa.ScalarSelect[date]:
    """The day the person died, as declared by anybody and not taken back; None while no death is declared."""
    says_so = sa.or_(JournalEntry.type == DEATH, JournalEntry.payload["outcome"].astext == DECEASED)
    declared = (JournalEntry.person_id == Person.id, says_so, stands())
    return sa.select(sa.func.max(JournalEntry.occurred_on)).where(*declared).correlate(Person).scalar_subquery()


def companions(person_id: int, reader: Reader) -> list[Companion]:
    """Who accompanies the person now: referents first, each organisation and person once."""
    rows = (
        db.session()
        .execute(
            sa.select(
                Organisation.id,
                Organisation.name,
                Organisation.kind,
                Organisation.phone,
                Organisation.email,
                User.name,
                Link.role,
                Enrolment.scheme,
                Link.started_on,
            )
            .join(Organisation, Organisation.id == Link.organisation_id)
            .outerjoin(User, User.id == Link.user_id)
            .outerjoin(Enrolment, Enrolment.id == Link.enrolment_id)
            .where(
                Link.person_id == person_id,
                visible_to(reader, Link.person_id),
                sa.or_(Link.ended_on.is_(None), Link.ended_on >= reader.today),
            )
            .order_by(Link.role != LinkRole.REFERENT, User.name.is_(None), Link.started_on, Link.id)
        )
        .all()
    )
    once: dict[tuple[int, str | None], Companion] = {}
    for row in rows:
        companion = Companion(*row)
        once.setdefault((companion.organisation_id, companion.name), companion)
    named = {companion.organisation_id for companion in once.values() if companion.name}
    return [each for each in once.values() if each.name or each.organisation_id not in named]


def _with_evidence(
    signals: Sequence[SignalRow], steps: Sequence[StepRow], reader: Reader, who: Identity, names: Mapping[int | str, str]
) -> list[ShownSignal]:
    """Evidence of another organisation is shown where its kind of entry may be read."""
    own = {step.id for step in steps if step.own}
    alerts = _alerts(who.id, reader)
    shown = []
    for signal in signals:
        evidence = [
            Evidence(item["on"], item["type"], names.get(item["organisation"], ""))
            for item in signal.evidence
            if access_to(
                item["type"],
                Standing(
                    who.bond,
                    author=item["organisation"] == reader.organisation_id,
                    own_step=signal.enrolment_id in own,
                ),
            )
            is not Access.NONE
        ]
        shown.append(ShownSignal(signal, evidence, alerts.get((signal.enrolment_id, signal.family))))
    return shown


def _alerts(person_id: int, reader: Reader) -> dict[tuple[int | None, str], AlertRow]:
    return {(alert.enrolment_id, alert.family): alert for alert in open_alerts(person_id, reader)}
