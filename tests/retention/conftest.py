"""Lives told over years, and the runs of the purge on the days between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.models import Organisation, Person, RetentionNotice, User
from pathways.operations.recording import record_event
from pathways.operations.retention import Report, run
from tests.factories import (
    LinkFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    UserFactory,
)


@dataclass
class Years:
    """A mission locale, its persons by given name, and a clock that goes from one day to another."""

    eraser_url: str
    start: date
    ml: Organisation
    counsellor: User
    body: Organisation
    persons: dict[str, Person] = field(default_factory=dict)
    steps: dict[tuple[str, str], int] = field(default_factory=dict)
    happened: dict[str, dict[str, date]] = field(default_factory=dict)

    def person(self, name: str, family: str = "Zorglubesque", **identity: Any) -> Person:
        with clock.at(self.start):
            person = PersonFactory(given_name=name, family_name=family, email=f"{name.lower()}@{family.lower()}.fr", **identity)
            LinkFactory(person=person, organisation=self.ml, user=self.counsellor, started_on=self.start)
        self.persons[name] = person
        told = {"family_name": family, "given_name": name}
        return self.tell(name, self.start, "identity_stated", told, step=None) or person

    def tell(self, name: str, day: date, event: str, data: dict[str, Any] | None = None, *, step: str | None = "PACEA",
             opens: bool = False, by: Organisation | None = None) -> None:  # fmt: skip
        person, organisation = self.persons[name], by or self.ml
        with clock.at(day), db.atomic() as session:
            record_event(
                person_id=person.id, type=event, occurred_on=day, data=data or {}, organisation_id=organisation.id,
                user_id=self.counsellor.id if organisation is self.ml else None,
                enrolment_id=None if opens or step is None else self.steps[name, step], scheme=step if opens else None,
            )  # fmt: skip
            if opens and step is not None:
                newest = sa.text("SELECT max(id) FROM enrolment WHERE person_id = :id")
                self.steps[name, step] = session.scalar(newest, {"id": person.id})

    def purge(self, day: date) -> Report:
        """One run, with what it did noted by person."""
        names = {str(person.public_id): name for name, person in self.persons.items()}

        def note(decision: Any) -> None:
            key = f"{decision.rule}:{'held' if decision.held else decision.act}"
            self.happened.setdefault(names[decision.facts.public_id], {}).setdefault(key, day)

        with clock.at(day):
            return run(day, self.eraser_url, note)

    def purge_from(self, first: date, last: date, *, every: int = 1) -> None:
        day = first
        while day <= last:
            self.purge(day)
            day += timedelta(days=every)

    def stored(self, name: str) -> Person:
        with db.as_system(), db.atomic() as session:
            found = session.get(Person, self.persons[name].id, populate_existing=True)
            assert found is not None
            session.expunge(found)
        return found

    def notices(self, name: str) -> list[tuple[date, date, str | None]]:
        query = sa.select(RetentionNotice.announced_on, RetentionNotice.due_on, RetentionNotice.close_reason)
        with db.as_system(), db.atomic() as session:
            rows = session.execute(query.where(RetentionNotice.person_id == self.persons[name].id).order_by(RetentionNotice.id))
            return [tuple(row) for row in rows]

    def member(self, role: Any) -> User:
        with clock.at(self.start):
            user = UserFactory()
            MembershipFactory(user=user, organisation=self.ml, role=role, started_on=self.start)
        return user


@pytest.fixture
def years(own_database) -> Callable[..., Years]:
    """``years(date(2020, 1, 6))``: begins on that day, in a database of its own."""

    def begin(start: date = date(2020, 1, 6)) -> Years:
        with clock.at(start):
            ml, body = OrganisationFactory(), OrganisationFactory(training_body=True)
            counsellor = UserFactory()
            MembershipFactory(user=counsellor, organisation=ml, started_on=start)
        return Years(own_database.eraser_url, start, ml, counsellor, body)

    return begin


def anywhere(database_url: str, *needles: str) -> list[str]:
    """Every text, array or JSON column of every table in which one of these words is found, behind the policies' back."""
    engine = sa.create_engine(database_url)
    found = []
    with engine.connect() as connection:
        columns = connection.execute(
            sa.text("""
                SELECT c.table_name, c.column_name FROM information_schema.columns AS c
                JOIN information_schema.tables AS t USING (table_schema, table_name)
                WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
                    AND c.data_type IN ('text', 'character varying', 'jsonb', 'json', 'ARRAY', 'bytea', 'character', 'uuid')
            """)
        ).all()
        for table, column in columns:
            for needle in needles:
                query = f'SELECT count(*) FROM "{table}" WHERE "{column}"::text ILIKE :needle'
                if connection.scalar(sa.text(query), {"needle": f"%{needle}%"}):
                    found.append(f"{table}.{column}: {needle}")
    engine.dispose()
    return found


