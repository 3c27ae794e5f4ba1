"""The folded keys of names, and lost updates."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from pathways import db
from pathways.errors import Stale
from pathways.models import Person
from pathways.models.person import fold, search_key, sort_key
from tests.factories import PersonFactory


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


def test_a_typo_is_found_by_trigrams(session):
    wanted = PersonFactory(family_name="Bréhier", given_name="Maëlys")
    PersonFactory(family_name="Diallo", given_name="Fatou")

    found = session.scalars(sa.select(Person.id).where(Person.search_key.bool_op("%")("maelis breier"))).all()

    assert found == [wanted.id]


def test_a_lost_update_is_told(session):
    person = session.get(Person, PersonFactory().id)
    session.execute(sa.text("update person set version = version + 1 where id = :id"), {"id": person.id})

    with pytest.raises(Stale), db.atomic():
        person.phone = "+33240000000"
