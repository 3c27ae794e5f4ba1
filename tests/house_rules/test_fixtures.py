"""What the suite's own fixtures promise."""

from __future__ import annotations

import socket

import pytest
import sqlalchemy as sa

from pathways import db
from pathways.models import Organisation
from tests.factories import EnrolmentFactory, LinkFactory, OrganisationFactory, PersonFactory


def test_no_test_talks_to_the_world():
    with socket.socket() as closed, pytest.raises(PermissionError, match="tests do not talk"):
        closed.connect(("192.0.2.1", 80))


@pytest.mark.parametrize("_time", ["first", "second"])
def test_each_test_finds_the_database_empty(session, _time):
    assert session.scalars(sa.select(Organisation.id)).all() == []
    OrganisationFactory()


def test_a_rollback_of_the_application_keeps_what_the_test_prepared(session):
    organisation = OrganisationFactory()
    with pytest.raises(ZeroDivisionError), db.atomic():
        session.get(Organisation, organisation.id).name = 1 / 0
    db.remove()

    assert db.session().get(Organisation, organisation.id).name == organisation.name


@pytest.mark.parametrize("factory", [PersonFactory, OrganisationFactory, EnrolmentFactory, LinkFactory])
def test_a_factory_refuses_a_word_it_does_not_know(session, factory):
    with pytest.raises(TypeError, match="nickname"):
        factory(nickname="Lou")


def test_what_a_factory_made_stays_readable_whoever_looks(session, acting_for):
    person = PersonFactory()
    with acting_for(OrganisationFactory()):
        assert person.family_name
