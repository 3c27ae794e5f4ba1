"""A trainee whom a Mission locale and a training body accompany, and what each of the two asks and reads."""

from __future__ import annotations

import uuid

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.models import Kind, Request, Role
from pathways.operations.requests import Addressee, ask
from pathways.queries import requests as queries
from pathways.sharing.disclosure import disclose
from pathways.sharing.visibility import Reader
from tests.factories import LinkFactory, OrganisationFactory
from tests.scene import account
from tests.school import School
from tests.views.conftest import app, client, sign_in

__all__ = ["app", "client", "sign_in"]


class Asking:
    """Léa, the Mission locale that asks, the body that is asked, and an agency that has no part in it."""

    def __init__(self) -> None:
        self.school = School()
        self.ml, self.body = self.school.ml, self.school.body
        self.claire, self.karim = self.school.counsellor, self.school.trainer
        self.pupil = self.school.pupil("Léa", family_name="Diallo")
        self.person = self.pupil.person
        self.agency = OrganisationFactory(france_travail=True)
        self.lou = account(self.agency, "Lou Martin", "lou@exemple.fr")

    def ask(self, question: str = "present", *, person=None, **more) -> int:
        """Claire asks the body; returns the number of the request."""
        with db.acting_for(self.ml.id, self.claire.id):
            made = ask(
                (person or self.person).id, Addressee(self.body.public_id, more.pop("user", None)), question,
                organisation_id=self.ml.id, user_id=self.claire.id, **more,
            )  # fmt: skip
        return self.row(made).id

    def row(self, which: uuid.UUID | int) -> Request:
        by = Request.public_id == which if isinstance(which, uuid.UUID) else Request.id == which
        with db.as_system():
            return db.session().scalars(sa.select(Request).where(by).execution_options(populate_existing=True)).one()

    def reader(self, organisation, user) -> Reader:
        return Reader(organisation.id, clock.today(), user.id, organisation.kind)

    def read_by(self, organisation, user, request_id: int):
        """The request as that side reads it."""
        with db.acting_for(organisation.id, user.id):
            return queries.one(self.row(request_id).public_id, self.reader(organisation, user))

    def look(self, organisation, user, what: str) -> None:
        """Somebody opens a page that names Léa, which is logged."""
        with db.acting_for(organisation.id, user.id):
            disclose([self.person.id], what, ["I"])

    @property
    def by_ml(self):
        return {"organisation_id": self.ml.id, "user_id": self.claire.id}

    @property
    def by_body(self):
        return {"organisation_id": self.body.id, "user_id": self.karim.id}

    def another_body(self):
        """A second body that trains Léa, with somebody in it."""
        other = OrganisationFactory(kind=Kind.CFA)
        user = account(other, "Ana Roux", "ana@exemple.fr", Role.FORMATEUR_REFERENT)
        LinkFactory(person=self.person, organisation=other, user=user, role="operator", enrolment_id=self.pupil.step.id)
        return other, user


@pytest.fixture
def asking(session, frozen_clock):
    return Asking()
