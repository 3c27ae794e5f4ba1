"""The application, a client, signing in, and somebody a Mission locale accompanies."""

from __future__ import annotations

from datetime import date

import pytest

from pathways.models import Kind, LinkRole
from tests.factories import EnrolmentFactory, LinkFactory, OrganisationFactory, PersonFactory
from tests.scene import account
from tests.views.conftest import app, client, sign_in

__all__ = ["app", "client", "sign_in"]


class Followed:
    """Fatou, her counsellor at the Mission locale, and a CFA that trains her."""

    def __init__(self) -> None:
        self.ml = OrganisationFactory(town="Mission locale du Pays de Retz", phone="+33240020202")
        self.cfa = OrganisationFactory(kind=Kind.CFA, town="CFA de Rezé")
        self.claire = account(self.ml, "Claire Moreau", "claire@exemple.fr")
        self.person = PersonFactory(given_name="Fatou", family_name="Diallo", birth_date=date(2006, 5, 14))
        self.pacea = EnrolmentFactory(person=self.person, lead=self.ml)
        self.course = EnrolmentFactory(person=self.person, lead=self.cfa, apprentice=True)
        LinkFactory(person=self.person, organisation=self.ml, user=self.claire, enrolment_id=self.pacea.id)
        LinkFactory(person=self.person, organisation=self.cfa, role=LinkRole.OPERATOR, enrolment_id=self.course.id)
        self.by = {"organisation_id": self.ml.id, "user_id": self.claire.id}


@pytest.fixture
def fatou(session, frozen_clock):
    return Followed()
