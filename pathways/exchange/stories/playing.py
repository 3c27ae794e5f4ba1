"""Plays a story in a database: what each evening makes known is recorded, the person evaluated, and what shows is read back."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pathways import clock, db
from pathways.detection.sweep import evaluate_now
from pathways.detection.writing import as_text
from pathways.exchange.stories.checking import Shown
from pathways.exchange.stories.reading import Story
from pathways.models import Enrolment, JournalEntry, Kind, Organisation, Person, Signal
from pathways.operations.projection import open_enrolment
from pathways.workflows.actors import ANYBODY
from pathways.workflows.entry import Entry
from pathways.workflows.events import EVENTS
from pathways.workflows.fold import Step, pathway
from pathways.workflows.schemes import SCHEMES


@dataclass(slots=True)
class Played:
    """What a story showed: its signals, and the stored state and referent of each scheme after each evening that mattered."""

    signals: Sequence[Shown] = ()
    states: dict[str, list[tuple[date, str, str]]] = field(default_factory=lambda: defaultdict(list))

    def state(self, scheme: str, day: date) -> str | None:
        found = self._on(scheme, day)
        return found[1] if found else None

    def referent(self, scheme: str, day: date) -> str | None:
        found = self._on(scheme, day)
        return found[2] if found else None

    def _on(self, scheme: str, day: date) -> tuple[date, str, str] | None:
        return next((seen for seen in reversed(self.states.get(scheme, [])) if seen[0] <= day), None)


class Player:
    """One story in a database of its own kind: nothing is cleaned up, the database is thrown away."""

    def __init__(self, story: Story, session: Session) -> None:
        self.story, self.session = story, session
        self.played = Played()
        self.organisations = {name: self._organisation(name, spec.get("kind")) for name, spec in story.organisations.items()}
        self.names = {id_: name for name, id_ in self.organisations.items()}
        person = Person(family_name="Récit", given_name=story.id)
        session.add(person)
        session.flush()  # entries refer to it
        self.person_id = person.id
        self.enrolments: dict[str, int] = {}
        self.entries: dict[object, int] = {}
        self.known: list[Entry] = []

    def play(self) -> Played:
        """Evening after evening, skipping those on which nothing can change, up to the horizon."""
        for day in self._evenings():
            with clock.at(day), db.atomic():
                for entry in self.story.entries:
                    if entry.known_on == day:
                        self._record(entry)
                evaluate_now(self.person_id, day)
                self._look(day)
        self.played.signals = list(self._shown())
        return self.played

    def _evenings(self) -> Iterable[date]:
        """Each day with news, each day the stored ``next_on`` asks for, and the horizon."""
        news = sorted({entry.known_on for entry in self.story.entries if entry.known_on <= self.story.horizon})
        last: date | None = None
        while True:
            asked = self.session.scalar(sa.select(Person.next_on).where(Person.id == self.person_id))
            ahead = [day for day in (*news, *([asked] if asked else [])) if last is None or day > last]
            last = min([*ahead, self.story.horizon])
            yield last
            if last >= self.story.horizon:
                return

    def _record(self, entry: Entry) -> None:
        self.known.append(entry)
        enrolment = None
        if entry.enrolment is not None:
            enrolment = self.enrolments.get(str(entry.enrolment)) or self._open(entry)
        kept = JournalEntry(
            person_id=self.person_id,
            enrolment_id=enrolment,
            type=entry.type,
            occurred_on=entry.occurred_on,
            organisation_id=self._by(entry),
            source="replay",
            payload=as_text(self._with_numbers(entry)),
            retracts=self.entries.get(entry.retracts) if entry.retracts is not None else None,
        )
        self.session.add(kept)
        self.session.flush()  # a retraction may refer to it the same evening
        self.entries[entry.id] = kept.id

    def _with_numbers(self, entry: Entry) -> dict[str, Any]:
        """The details, organisations of the story by their numbers; one it does not list stays a name."""
        fields = EVENTS[entry.type].fields
        return {
            name: self.organisations.get(value, value) if name in fields and fields[name].kind == "organisation" else value
            for name, value in entry.data.items()
        }

    def _by(self, entry: Entry) -> int:
        if entry.organisation is None:
            return next(iter(self.organisations.values()))
        return self.organisations[str(entry.organisation)]

    def _open(self, entry: Entry) -> int:
        """The stored step of a scheme of the story, opened by the first entry that names it."""
        id_ = int(self.session.scalar(sa.text("SELECT nextval(pg_get_serial_sequence('enrolment', 'id'))")) or 0)
        folded = pathway([entry], entry.known_on, entry.known_on)
        step = folded.steps.get(str(entry.enrolment)) or Step(id_, SCHEMES[entry.scheme or ""])
        step.key, step.lead, step.prescriber, step.operator = id_, None, None, None
        opening = Entry(id_, entry.type, entry.occurred_on, entry.known_on, self._by(entry), entry.kind, id_, entry.scheme)
        open_enrolment(self.person_id, opening, (step, folded))
        self.enrolments[str(entry.enrolment)] = id_
        return id_

    def _look(self, day: date) -> None:
        rows = self.session.execute(
            sa.select(Enrolment.id, Enrolment.state, Enrolment.lead_organisation_id).where(Enrolment.person_id == self.person_id)
        )
        schemes = {id_: name for name, id_ in self.enrolments.items()}
        for id_, state, lead in rows:
            self.played.states[schemes[id_]].append((day, state, self.names.get(lead, "")))

    def _shown(self) -> Iterable[Shown]:
        schemes = {id_: name for name, id_ in self.enrolments.items()}
        for signal in self.session.scalars(sa.select(Signal).where(Signal.person_id == self.person_id).order_by(Signal.id)):
            scheme = schemes.get(signal.enrolment_id) if signal.enrolment_id else None
            yield Shown(
                signal.rule, scheme, str(signal.level), signal.shown_on, signal.closed_on, signal.since_on, signal.details
            )

    def _organisation(self, name: str, kind: str | None) -> int:
        made = Organisation(name=f"{self.story.id} {name}", kind=Kind(kind) if kind in ANYBODY else Kind.ASSOCIATION_RELAIS)
        self.session.add(made)
        self.session.flush()  # the journal names it by its id
        return made.id


def play(story: Story) -> Played:
    """Plays one story as the system, in the configured database."""
    with db.as_system():
        return Player(story, db.session()).play()
