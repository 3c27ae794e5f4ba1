"""What makes two records alike, and which pairs are proposed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from pathways import db
from pathways.models import DuplicateProposal, ExternalId, Person
from pathways.models.likeness import Facts, Strength, digest, likeness, swapped_day
from pathways.operations.likeness import propose, propose_many
from pathways.operations.merging import tell_apart
from tests.factories import LinkFactory, MembershipFactory, OrganisationFactory, PersonFactory

BORN = date(2006, 5, 3)
MAELYS = Facts("Guérin", "Maëlys", BORN, "F", "+33611111111", "m@exemple.fr")
TWINS = [
    ("Léa", "Léo"), ("Emma", "Emmy"), ("Marie", "Maria"), ("Julien", "Julie"), ("Louis", "Louise"), ("Martin", "Martine"),
    ("Lucas", "Lucie"), ("Inès", "Agnès"), ("Chloé", "Zoé"), ("Yanis", "Anis"), ("Hugo", "Ugo"), ("Adam", "Adem"),
    ("Noah", "Noam"), ("Hassan", "Hussein"), ("Camille", "Clémence"), ("Sarah", "Sara"), ("Mohamed", "Hamed"),
]  # fmt: skip

NAMES = ["Guérin", "Guerin", "Guéri", "Le Goff", "Legoff", "Goff Le", "Martin", "Marie", "Jean-Pierre", "Jean", "李"]
names = st.sampled_from(NAMES)
people = st.builds(
    Facts,
    names,
    names,
    st.none() | st.sampled_from([BORN, date(2006, 3, 5), date(2006, 5, 30)]),
    st.none() | st.sampled_from(["F", "M"]),
    st.none() | st.sampled_from(["+33611111111", "+33622222222"]),
    st.none() | st.sampled_from(["m@exemple.fr", "M@exemple.fr", "n@exemple.fr"]),
    st.frozensets(st.sampled_from(["1234567A", "12345678901"]), max_size=1),
)


@given(people, people)
def test_the_order_of_the_pair_does_not_matter(one, other):
    there, back = likeness(one, other), likeness(other, one)

    assert (there and (there.strength, sorted(there.same), sorted(there.differs))) == (
        back and (back.strength, sorted(back.same), sorted(back.differs))
    )


@given(people)
def test_everybody_resembles_themselves_and_differs_in_nothing(one):
    alike = likeness(one, one)

    assert alike is not None
    assert alike.differs == ()


@given(people, st.sampled_from(TWINS), st.booleans())
@settings(max_examples=300)
def test_twins_are_two_people(one, twins, shared):
    born = one.birth_date or BORN
    first = replace(one, given_name=twins[0], birth_date=born, france_travail=frozenset())
    second = replace(first, given_name=twins[1], phone=one.phone if shared else None)

    assert likeness(first, second) is None


@pytest.mark.parametrize(
    ("other", "strength", "same", "differs"),
    [
        (replace(MAELYS, family_name="GUERIN", phone="+33622222222"), Strength.CERTAIN, "names birth_date email", "phone"),
        (replace(MAELYS, family_name="Maëlys", given_name="Guérin", phone=None, email=None), Strength.LIKELY,
         "names_swapped birth_date", ""),
        (replace(MAELYS, given_name="Maëlys Louane", email=None), Strength.LIKELY, "family_name given_first birth_date phone",
         "given_name"),
        (replace(MAELYS, family_name="Guéirn", phone=None, email=None), Strength.LIKELY, "family_typo given_name birth_date",
         "family_name"),
        (replace(MAELYS, given_name="Mayëlys", phone=None, email=None), Strength.LIKELY, "family_name given_typo birth_date",
         "given_name"),
        (replace(MAELYS, birth_date=date(2006, 3, 5), phone=None, email=None), Strength.LIKELY, "names birth_swapped",
         "birth_date"),
        (replace(MAELYS, family_name="Diallo", given_name="Fatou", email=None), Strength.POSSIBLE, "birth_date phone",
         "family_name given_name"),
        (replace(MAELYS, family_name="Diallo", birth_date=date(2001, 1, 1), phone=None), Strength.POSSIBLE, "given_name email",
         "family_name birth_date"),
        (replace(MAELYS, birth_date=None, phone=None, email=None), Strength.POSSIBLE, "names", ""),
    ],
)  # fmt: skip
def test_what_resembles(other, strength, same, differs):
    alike = likeness(MAELYS, other)

    assert (alike.strength, alike.same, alike.differs) == (strength, tuple(same.split()), tuple(differs.split()))


@pytest.mark.parametrize(
    "other",
    [
        replace(MAELYS, birth_date=date(2006, 5, 4), phone=None, email=None),
        replace(MAELYS, family_name="Guérau", given_name="Maëlle", phone=None, email=None),
        replace(MAELYS, family_name="Guéirn", given_name="Mayëlys", phone=None, email=None),
        Facts("Diallo", "Fatou", date(2001, 1, 1), phone=MAELYS.phone),
    ],
)
def test_what_does_not(other):
    assert likeness(MAELYS, other) is None


def test_a_number_makes_one_person_of_two_identities():
    one, other = Facts("Guérin", "Maëlys", BORN, ine=frozenset({"1"})), Facts("Diallo", "Fatou", None, ine=frozenset({"1"}))

    assert likeness(one, other).strength is Strength.CERTAIN


def test_the_digest_changes_with_an_identity_and_not_with_a_telephone():
    assert digest([MAELYS]) == digest([replace(MAELYS, phone=None, family_name="guerin")])
    assert digest([MAELYS]) != digest([replace(MAELYS, birth_date=date(2006, 5, 4))])


def test_a_day_that_cannot_be_swapped_is_not():
    assert swapped_day(date(2006, 5, 13)) is None
    assert swapped_day(BORN) == date(2006, 3, 5)


# --- proposing ---------------------------------------------------------------------------------------------------------


def known(**more) -> Person:
    identity = {"family_name": "Guérin", "given_name": "Maëlys", "birth_date": BORN, "phone": None}
    return PersonFactory(**(identity | more))


def pairs(session) -> set[tuple[int, int]]:
    rows = session.execute(sa.select(DuplicateProposal.first_id, DuplicateProposal.second_id))
    return {tuple(row) for row in rows}


@pytest.mark.usefixtures("session")
def test_a_pair_is_proposed_once_whichever_is_asked_about(session):
    one, other = known(), known(family_name="Guerin")

    assert propose(other.id) == 1
    assert propose_many([one.id, other.id, one.id]) == 0
    assert pairs(session) == {(one.id, other.id)}


@pytest.mark.parametrize(
    "other",
    [
        {"family_name": "Maëlys", "given_name": "Guérin"},
        {"given_name": "Maëlys Louane"},
        {"family_name": "Guéirn"},
        {"birth_date": date(2006, 3, 5)},
        {"birth_date": None},
        {"family_name": "Diallo", "given_name": "Fatou", "phone": "+33611111111"},
        {"family_name": "Diallo", "birth_date": date(2001, 1, 1), "email": "m@exemple.fr"},
    ],
)
def test_every_way_of_resembling_is_found(session, other):
    mine, theirs = known(phone="+33611111111", email="m@exemple.fr"), known(**other)
    for _stranger in range(3):
        known(family_name="Nguyen", given_name="Chloé")

    assert propose(mine.id) == 1
    assert pairs(session) == {(mine.id, theirs.id)}


def test_numbers_that_differ_by_their_case_meet(session):
    one, other = known(), known(family_name="Diallo", given_name="Fatou", birth_date=None)
    session.add_all([
        ExternalId(person_id=one.id, system="ine", value="123456789ab"),
        ExternalId(person_id=other.id, system="ine", value="123456789AB"),
    ])  # fmt: skip

    assert propose(one.id) == 1


def test_twins_are_not_proposed(session):
    one = known(given_name="Léa", phone="+33611111111")
    known(given_name="Léo", phone="+33611111111")

    assert propose(one.id) == 0


def test_a_joined_record_is_proposed_no_more(session):
    one, other = known(), known()
    propose(one.id)
    session.execute(sa.update(Person).where(Person.id == other.id).values(merged_into=one.id))

    assert propose_many([one.id, other.id]) == 0
    assert pairs(session) == set()


def test_what_was_judged_apart_comes_back_only_when_an_identity_changes(session, frozen_clock):
    ml = OrganisationFactory()
    user = MembershipFactory(organisation=ml).user_id
    one, other = known(), known()
    for person in (one, other):
        LinkFactory(person=person, organisation=ml)
    propose(one.id)
    with db.acting_for(ml.id, user):
        tell_apart(session.scalar(sa.select(DuplicateProposal.id)), user_id=user, organisation_id=ml.id)

    session.execute(sa.update(Person).where(Person.id == one.id).values(phone="+33612345678"))
    assert propose(one.id) == 0
    assert session.scalars(sa.select(DuplicateProposal.state)).all() == ["apart"]
    session.execute(sa.update(Person).where(Person.id == one.id).values(family_name="Guérin-Roy", sort_key="guerin roy maelys"))
    propose(one.id)
    assert session.scalars(sa.select(DuplicateProposal.state)).all() == ["apart"]
    session.execute(sa.update(Person).where(Person.id == one.id).values(family_name="Guérim", sort_key="guerim maelys"))
    assert propose(one.id) == 1
    session.expire_all()
    assert session.execute(sa.select(DuplicateProposal.state, DuplicateProposal.decided_by)).all() == [("open", None)]


def test_an_identity_that_was_corrected_withdraws_what_rested_on_it(session):
    one, _other = known(), known()
    propose(one.id)
    session.execute(sa.update(Person).where(Person.id == one.id).values(birth_date=date(2004, 1, 1)))

    propose(one.id)

    assert pairs(session) == set()


def test_proposing_for_many_costs_as_many_queries_as_for_one(session, counting):
    first = known()
    known()
    with counting() as for_one:
        propose(first.id)
    everybody = [PersonFactory(birth_date=BORN).id for _number in range(50)]
    with counting() as for_many:
        propose_many(everybody)

    assert for_many.cost_as_much_as(for_one)
