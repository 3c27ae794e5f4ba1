"""The page of a person's numbers."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from pathways.models import Disclosure, ExternalId, Kind, LinkRole, Role
from pathways.operations.merging import join
from pathways.sharing.permissions import PERMISSIONS, Permission
from pathways.sharing.roles import fits
from tests.factories import LinkFactory, OrganisationFactory, PersonFactory, UserFactory
from tests.scene import account
from tests.views.conftest import submit

FT = "12345678901"


@pytest.fixture(autouse=True)
def monday(frozen_clock):
    """2 March 2026."""


@pytest.fixture
def ml():
    return OrganisationFactory()


@pytest.fixture
def person(ml):
    found = PersonFactory(given_name="Inès")
    LinkFactory(person=found, organisation=ml)
    return found


@pytest.fixture
def client(client, sign_in, ml):
    return sign_in(account(ml, "Claire", "claire@exemple.fr"))


def url(person) -> str:
    return f"/personnes/{person.public_id}/identifiants/"


def give(session, person, system, value):
    session.add(ExternalId(person_id=person.id, system=system, value=value))
    session.flush()


def test_the_numbers_are_reached_from_the_record_and_saved(client, person):
    assert url(person) in client.get(f"/personnes/{person.public_id}").text

    answer = submit(client, url(person), france_travail="123 456 789 01", i_milo="", ine="", pass_iae="")

    assert answer.location == f"/personnes/{person.public_id}"
    assert f"Identifiant France Travail\u00a0: {FT}." in client.get(answer.location).text
    assert f'value="{FT}"' in client.get(url(person)).text


def test_what_is_wrong_is_said_beside_its_field(client, person):
    page = submit(client, url(person), france_travail="12", ine="2 03 05 44 109 012 34")

    assert page.status_code == 422
    assert 'id="france_travail-error"' in page.text
    assert "11 chiffres (12345678901)" in page.text
    assert "la forme d’un numéro de sécurité sociale" in page.text


def test_the_number_of_somebody_one_follows_leads_to_the_comparison(client, ml, person, session):
    twin = PersonFactory()
    LinkFactory(person=twin, organisation=ml)
    give(session, twin, "france_travail", FT)

    page = submit(client, url(person), france_travail=FT)

    assert page.status_code == 422
    compare = page.text.split('href="/doublons/')[1].split('"')[0]
    compared = client.get(f"/doublons/{compare}")
    assert compared.status_code == 200
    assert "même identifiant France Travail" in compared.text


def test_the_number_of_somebody_elsewhere_names_nobody(client, person, session):
    stranger = PersonFactory(family_name="Introuvable")
    LinkFactory(person=stranger, organisation=OrganisationFactory())
    give(session, stranger, "france_travail", FT)

    page = submit(client, url(person), france_travail=FT)

    assert "déjà celui d’une autre fiche" in page.text
    assert "Introuvable" not in page.text
    assert "/doublons/" not in page.text.split("<main")[1]


def test_further_numbers_of_joined_records_are_told(client, person, session):
    give(session, person, "france_travail", FT)
    give(session, person, "france_travail", "1234567A")

    assert "1234567A (fiches réunies)" in client.get(url(person)).text


def test_looking_is_logged(client, person, session):
    client.get(url(person))

    seen = session.execute(sa.select(Disclosure.person_id, Disclosure.groups).where(Disclosure.what == "identifiers.edit")).all()
    assert seen == [(person.id, ["A", "I"])]


@pytest.mark.parametrize(
    ("kind", "role", "link", "fields"),
    [
        (Kind.CFA, Role.COORDINATEUR_CFA, LinkRole.OPERATOR, {"ine"}),
        (Kind.SIAE, Role.CONSEILLER, LinkRole.OPERATOR, {"pass_iae"}),
        (Kind.FRANCE_TRAVAIL, Role.CONSEILLER, LinkRole.CO_REFERENT, {"france_travail"}),
        (Kind.FRANCE_TRAVAIL, Role.CONSEILLER, LinkRole.REFERENT, {"france_travail", "i_milo", "ine", "pass_iae"}),
    ],
)
def test_each_body_sees_the_numbers_it_needs(client, sign_in, person, session, kind, role, link, fields):
    for system, number in {"france_travail": FT, "i_milo": "778899", "ine": "123456789AB", "pass_iae": "999992312345"}.items():
        give(session, person, system, number)
    body = OrganisationFactory(kind=kind)
    LinkFactory(person=person, organisation=body, role=link)
    client.delete_cookie("session")

    page = sign_in(account(body, "Alex", "alex@exemple.fr", role)).get(url(person))

    assert {name for name in ("france_travail", "i_milo", "ine", "pass_iae") if f'name="{name}"' in page.text} == fields
    assert (FT in page.text) == ("france_travail" in fields)
    assert ("778899" in page.text) == ("i_milo" in fields)


def test_a_training_body_keeps_none_and_is_shown_no_way_there(client, sign_in, person):
    body = OrganisationFactory(training_body=True)
    LinkFactory(person=person, organisation=body, role=LinkRole.OPERATOR)
    client.delete_cookie("session")
    sign_in(account(body, "Alex", "alex@exemple.fr", Role.FORMATEUR_REFERENT))

    assert url(person) not in client.get(f"/personnes/{person.public_id}").text
    assert client.get(url(person)).status_code == 404


@pytest.mark.parametrize("role", Role)
def test_only_roles_that_declare_open_the_page(client, sign_in, ml, person, role):
    client.delete_cookie("session")
    kind = ml.kind if fits(role, ml.kind) else next(kind for kind in Kind if fits(role, kind))
    body = ml if kind is ml.kind else OrganisationFactory(kind=kind)
    if body is not ml:
        LinkFactory(person=person, organisation=body)
    status = sign_in(account(body, "Alex", "alex@exemple.fr", role)).get(url(person)).status_code

    if Permission.ENTRY_RECORD not in PERMISSIONS[role]:
        assert status == 403
    else:
        assert status == (404 if kind is Kind.ORGANISME_FORMATION else 200)


def test_a_joined_record_leads_to_the_kept_one(client, ml, person, acting_for):
    former, claire = PersonFactory(birth_date=person.birth_date, sex=person.sex), UserFactory()
    LinkFactory(person=former, organisation=ml)
    with acting_for(ml, claire):
        join(person.id, former.id, user_id=claire.id, organisation_id=ml.id, confirmed=True)

    assert client.get(url(former)).location == f"/personnes/{person.public_id}"
