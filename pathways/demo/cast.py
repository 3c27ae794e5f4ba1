"""The written lives, played day by day through the same operations as the screens, and one employer who fails several people."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby
from typing import Any, NamedTuple

import sqlalchemy as sa

from pathways import clock, db
from pathways.demo import lives, numbers
from pathways.demo.lives import LIVES, Ago, At, Life, Said
from pathways.demo.region import Body, Region
from pathways.models import Enrolment, IncidentKind, JournalEntry, Organisation, User
from pathways.operations.incidents import About, When, declare_incident
from pathways.operations.persons import NewPerson, create_person
from pathways.operations.recording import record_event
from pathways.workflows.actors import Kind
from pathways.workflows.dates import ONE_DAY, is_working_day

LIQUIDATED_DAYS_AGO = 5
_PHONES = 9_000
"""Numbers of the written persons begin here, above those of nobody in particular."""


class Speaker(NamedTuple):
    """A body and the user who declares for it, as stored."""

    organisation: int
    user: int


def places(region: Region) -> dict[str, Body]:
    """The bodies of the written lives; those of the demo accounts come first in the region."""
    missions = [body for body, _ in region.missions] + [body for body in region.silent if body.kind is Kind.MISSION_LOCALE]
    return {body.kind.value: body for body in region.around} | {
        lives.ML: missions[0],
        lives.OTHER_ML: missions[1],
        lives.FT: region.agencies[0],
        lives.CFA: region.cfas["hotel"][0],
    }


def perform(region: Region) -> int:
    """Plays everything into a region that was just loaded; returns the number of persons. Signals follow as on any screen."""
    speakers = _speakers(region)
    for at, life in enumerate(LIVES):
        Player(life, at, speakers, region.as_of).play()
    _fail_an_employer(region, speakers[lives.CFA])
    return len(LIVES)


def _speakers(region: Region) -> dict[str, Speaker]:
    with db.as_system(), db.atomic() as session:
        organisations = dict(session.execute(sa.select(Organisation.public_id, Organisation.id)).all())
        users = dict(session.execute(sa.select(User.public_id, User.id)).all())
    by_text = {str(key): id_ for key, id_ in (organisations | users).items()}
    return {
        place: Speaker(by_text[body.public_id], by_text[region.user(body.staff[0]).public_id])
        for place, body in places(region).items()
    }


class Player:
    """One written life."""

    def __init__(self, life: Life, at: int, speakers: dict[str, Speaker], as_of: date) -> None:
        self.life, self.at, self.speakers, self.as_of = life, at, speakers, as_of
        self.steps: dict[str, int | None] = {}

    def play(self) -> None:
        """Everything in order, each declaration on its day, by its organisation and user."""
        first = max(said.ago for said in self.life.said)
        with clock.at(self.day(first)), self._as(self.life.met):
            self.person = self._meet()
        for ago, together in groupby(self.life.said, lambda said: said.ago):
            with clock.at(self.day(ago)):
                for said in together:
                    self._say(said)

    def day(self, ago: int) -> date:
        """That day, or the working day before it: nobody writes on weekends."""
        day = self.as_of - timedelta(ago)
        while ago > 0 and not is_working_day(day):
            day -= ONE_DAY
        return day

    def _as(self, place: str) -> Any:
        speaker = self.speakers[place]
        return db.acting_for(speaker.organisation, speaker.user)

    def _meet(self) -> int:
        life, speaker = self.life, self.speakers[self.life.met]
        who = NewPerson(
            family_name=life.family_name,
            given_name=life.given_name,
            birth_date=self.as_of - timedelta(int(life.age * 365.2425)),
            sex=life.sex,
            commune="44109",
            phone=numbers.mobile(_PHONES + self.at),
            level=life.level,
        )
        return create_person(who, organisation_id=speaker.organisation, user_id=speaker.user).id

    def _say(self, said: Said) -> None:
        speaker = self.speakers[said.by]
        step = self.steps.get(said.step or "")
        with self._as(said.by):
            entry = record_event(
                person_id=self.person,
                type=said.type,
                occurred_on=clock.today(),
                data={name: self._value(value) for name, value in said.data.items()},
                organisation_id=speaker.organisation,
                user_id=speaker.user,
                enrolment_id=step,
                scheme=said.step if step is None else None,
            )
            if said.step and step is None:
                self.steps[said.step] = self._step_of(entry)

    def _value(self, value: Any) -> Any:
        if isinstance(value, Ago):
            return self.day(value.days).isoformat()
        return self.speakers[value.place].organisation if isinstance(value, At) else value

    def _step_of(self, entry: int) -> int | None:
        with db.atomic() as session:
            return session.scalars(sa.select(JournalEntry.enrolment_id).where(JournalEntry.id == entry)).one()


def _fail_an_employer(region: Region, cfa: Speaker) -> None:
    """The employer with the most apprentices of the demo's own CFA is liquidated, and the CFA says so once."""
    employer = JournalEntry.payload["employer"].astext
    day = region.as_of - timedelta(LIQUIDATED_DAYS_AGO)
    while not is_working_day(day):
        day -= ONE_DAY
    with clock.at(day), db.acting_for(cfa.organisation, cfa.user), db.atomic() as session:
        most = session.scalar(
            sa.select(employer)
            .join(Enrolment, Enrolment.id == JournalEntry.enrolment_id)
            .where(
                JournalEntry.type == "work_contract_signed",
                Enrolment.operator_id == cfa.organisation,
                Enrolment.closed_on.is_(None),
                employer.is_not(None),
            )
            .group_by(employer)
            .order_by(sa.func.count().desc(), employer)
            .limit(1)
        )
        if most:
            when = When(day, procedure="liquidation")
            declare_incident(
                IncidentKind.EMPLOYER_INSOLVENCY, About(named=most), when, organisation_id=cfa.organisation, user_id=cfa.user
            )
