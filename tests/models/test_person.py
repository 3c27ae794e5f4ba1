"""The folded keys of names, and lost updates."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from pathways import db
from pathways.errors import Stale
from pathways.models import Person
from pathways.models.person import fold, search_key, sort_key
from tests.factories import OrganisationFactory, PersonFactory


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Le Goff", "le goff"),
        ("ROUSSEAU-PETIT", "rousseau petit"),
        ("Œuvrard", "oeuvrard"),
        ("D’Hervé", "d herve"),
        ("  Nuñez  ", "nunez"),
        ("Łukasz Straße", "lukasz strasse"),
    ],
)
def test_names_are_folded_to_what_people_agree_on(written, folded):
    assert fold(written) == folded


def test_the_two_keys_differ_by_what_comes_first():
    assert search_key("Œuvrard", "Inès") == "ines oeuvrard"
    assert sort_key("Œuvrard", "Inès") == "oeuvrard ines"


def test_the_keys_follow_a_change_of_name(session):
    person = session.get(Person, PersonFactory(family_name="Guérin", given_name="Chloé").id)

    with db.atomic():
        person.family_name = "Bréhier"

    assert (person.search_key, person.sort_key) == ("chloe brehier", "brehier chloe")


NAMED = sa.text("select person_id from persons_named(:needle, 20)")


def named(session, text: str) -> list[int]:
    return list(session.scalars(NAMED, {"needle": fold(text)}))


@pytest.fixture
def maelys(session):
    PersonFactory(family_name="Diallo", given_name="Fatou")
    return PersonFactory(family_name="Bréhier", given_name="Maëlys")


@pytest.mark.parametrize("typed", ["BREHIER", "maëlys bré", "Maelis Breier", "Bréhier Maëlys"])
def test_a_person_is_found_however_the_name_is_spelled(session, maelys, typed):
    assert named(session, typed) == [maelys.id]


def test_search_looks_for_resemblance_only_when_nobody_bears_the_name(session, maelys):
    PersonFactory(family_name="Bréhie", given_name="Maëlys")

    assert named(session, "Bréhier") == [maelys.id]


def test_search_finds_whom_the_organisation_accompanies_and_nobody_else(session, maelys, acting_for):
    mission = OrganisationFactory()
    ours = PersonFactory(family_name="Bréhier", given_name="Chloé", followed_by=mission)

    with acting_for(mission):
        assert named(session, "brehier") == [ours.id]
        assert named(session, "brejier") == [ours.id]
    with acting_for(OrganisationFactory()):
        assert named(session, "brehier") == []


def test_search_without_a_context_finds_nobody(session, maelys):
    session.execute(sa.text("select set_config('app.scope', '', true)"))

    assert named(session, "brehier") == []


def test_a_lost_update_is_told(session):
    person = session.get(Person, PersonFactory().id)
    session.execute(sa.text("update person set version = version + 1 where id = :id"), {"id": person.id})

    with pytest.raises(Stale), db.atomic():
        person.phone = "+33240000000"
