"""The numbers of a person: kept by those who need them, one person's each, never a social security number."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from pathways import clock
from pathways.errors import NotVisible, Refused
from pathways.models import DuplicateProposal, ExternalId, Kind, LinkRole, ProposalState
from pathways.operations.identifiers import keep_numbers
from pathways.operations.merging import tell_apart
from pathways.queries.identifiers import numbers_of
from pathways.sharing.visibility import Reader
from tests.factories import LinkFactory, OrganisationFactory, PersonFactory, UserFactory

FT, OTHER_FT, INE = "12345678901", "1234567A", "123456789AB"


@pytest.fixture(autouse=True)
def monday(session, frozen_clock):
    """2 March 2026."""


@pytest.fixture
def ml():
    return OrganisationFactory()


@pytest.fixture
def claire():
    return UserFactory()


@pytest.fixture
def person(ml):
    found = PersonFactory()
    LinkFactory(person=found, organisation=ml)
    return found


@pytest.fixture
def keep(ml, claire, acting_for):
    """``keep(person, france_travail=…)``: for the Mission locale, or another organisation ``by``."""

    def go(person, by=None, **numbers):
        body = by or ml
        reader = Reader(body.id, clock.today(), claire.id, Kind(body.kind))
        with acting_for(body, claire):
            return keep_numbers(person.id, numbers, reader).changed

    return go


def test_numbers_are_kept_as_they_are_written_officially(keep, person):
    changed = keep(person, france_travail="123 456 789 01", ine="123456789ab", i_milo="", pass_iae="")

    assert changed == {"france_travail": ("", FT), "ine": ("", INE)}
    assert numbers_of(person.id) == {"france_travail": [FT], "ine": [INE]}


def test_a_number_is_replaced_then_forgotten(keep, person):
    keep(person, france_travail=OTHER_FT)

    assert keep(person, france_travail=FT) == {"france_travail": (OTHER_FT, FT)}
    assert keep(person, france_travail=FT.lower()) == {}
    assert keep(person, france_travail="") == {"france_travail": (FT, "")}
    assert numbers_of(person.id) == {}


def test_of_several_numbers_the_oldest_is_replaced_and_the_others_stay(keep, person, session):
    session.add_all([ExternalId(person_id=person.id, system="france_travail", value=value) for value in (OTHER_FT, "7654321Z")])
    session.flush()

    keep(person, france_travail=FT)

    assert numbers_of(person.id) == {"france_travail": [FT, "7654321Z"]}


@pytest.mark.parametrize(
    ("numbers", "codes"),
    [
        ({"france_travail": "12"}, ("france_travail_unreadable",)),
        ({"ine": "12", "pass_iae": "12"}, ("ine_unreadable", "pass_iae_shape")),
        ({"i_milo": "2 03 05 44 109 012 34"}, ("nir_as_number",)),
    ],
)
def test_what_is_no_number_is_refused(keep, person, numbers, codes):
    with pytest.raises(Refused) as refusal:
        keep(person, **numbers)

    assert refusal.value.codes == codes
    assert numbers_of(person.id) == {}


# --- a number that is somebody else's ----------------------------------------------------------------------------------


def test_the_number_of_a_record_one_does_not_see_names_nobody(keep, person, session):
    stranger = PersonFactory()
    LinkFactory(person=stranger, organisation=OrganisationFactory())
    session.add(ExternalId(person_id=stranger.id, system="france_travail", value=FT))
    session.flush()

    with pytest.raises(Refused) as refusal:
        keep(person, france_travail=FT)

    assert refusal.value.codes == ("france_travail_known",)
    assert dict(refusal.value.reasons[0].values) == {}
    assert session.scalars(sa.select(DuplicateProposal)).all() == []


@pytest.mark.parametrize("system", ["france_travail", "i_milo", "pass_iae"])
def test_the_number_of_a_record_one_sees_proposes_to_compare_them(keep, ml, person, session, system):
    number = {"france_travail": OTHER_FT, "i_milo": "100", "pass_iae": "999992312345"}[system]
    twin = PersonFactory()
    LinkFactory(person=twin, organisation=ml)
    keep(twin, **{system: number})

    with pytest.raises(Refused) as refusal:
        keep(person, **{system: number})

    proposal = session.scalars(sa.select(DuplicateProposal)).one()
    assert refusal.value.reasons[0].values["pair"] == str(proposal.public_id)
    assert {proposal.first_id, proposal.second_id} == {person.id, twin.id}
    assert proposal.matches["same"][0] == system
    assert numbers_of(person.id) == {}


def test_two_that_were_judged_apart_are_proposed_again_once_for_a_number(keep, ml, person, claire, session):
    twin = PersonFactory()
    LinkFactory(person=twin, organisation=ml)
    keep(twin, ine=INE)
    for _time in range(2):
        with pytest.raises(Refused):
            keep(person, ine=INE)
    proposal = session.scalars(sa.select(DuplicateProposal)).one()
    tell_apart(proposal.id, user_id=claire.id, organisation_id=ml.id, reason="Homonymes")

    with pytest.raises(Refused):
        keep(person, ine=INE)

    session.refresh(proposal)
    assert proposal.state is ProposalState.APART


# --- who keeps what ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "role", "kept"),
    [
        (Kind.MISSION_LOCALE, LinkRole.REFERENT, {"france_travail", "i_milo", "ine", "pass_iae"}),
        (Kind.MISSION_LOCALE, LinkRole.CO_REFERENT, {"i_milo"}),
        (Kind.FRANCE_TRAVAIL, LinkRole.CO_REFERENT, {"france_travail"}),
        (Kind.CFA, LinkRole.OPERATOR, {"ine"}),
        (Kind.SIAE, LinkRole.OPERATOR, {"pass_iae"}),
        (Kind.ORGANISME_FORMATION, LinkRole.OPERATOR, set()),
        (Kind.EMPLOYEUR, LinkRole.PARTNER, set()),
        (Kind.REGION, LinkRole.FUNDER, set()),
    ],
)
def test_the_referent_keeps_every_number_the_others_that_of_their_own_system(keep, kind, role, kept):
    body, person = OrganisationFactory(kind=kind), PersonFactory()
    LinkFactory(person=person, organisation=body, role=role)
    right = {"france_travail": FT, "i_milo": "100", "ine": INE, "pass_iae": "999992312345"}
    done = set()
    for system, number in right.items():
        try:
            keep(person, by=body, **{system: number})
        except NotVisible:
            continue
        done.add(system)

    assert done == kept


def test_nobody_keeps_numbers_of_a_person_they_do_not_see(keep, person):
    with pytest.raises(NotVisible):
        keep(person, by=OrganisationFactory(), france_travail=FT)
