"""Organisations named without an account: their numbers, their twins, who corrects them."""

from __future__ import annotations

import uuid

import pytest

from pathways import db
from pathways.errors import NotVisible, Refused
from pathways.models import Kind, Organisation
from pathways.operations.partners import Contact, add_partner, edit_contact
from pathways.queries.partners import Wanted, lookalikes, partner, partners
from pathways.sharing.identifiers import email_address, phone_number
from tests.factories import OrganisationFactory, siret

pytestmark = pytest.mark.usefixtures("session")


def add(name="Boulangerie Martin", kind=Kind.EMPLOYEUR, number=None, uai=None, **contact):
    return add_partner(kind, name, siret=number, uai=uai, contact=Contact(**contact))


def test_a_partner_is_named_with_its_numbers_and_its_contact():
    number = siret(77)
    spaced = f"{number[:3]} {number[3:6]} {number[6:9]} {number[9:]}"
    public_id = add(number=spaced, phone="02 61 91 00 01", email="Contact@Exemple.FR", commune="44109")

    found = partner(public_id)

    assert (found.siret, found.phone, found.email, found.commune) == (number, "+33261910001", "contact@exemple.fr", "44109")
    assert not found.has_account


@pytest.mark.parametrize(
    ("typed", "stored"), [("", None), ("02.61.91.00.01", "+33261910001"), ("+32 2 123 45 67", "+3221234567")]
)
def test_a_telephone_is_kept_in_its_international_form(typed, stored):
    assert phone_number(typed) == stored


@pytest.mark.parametrize("typed", ["12", "poste 12", "06 39 98"])
def test_what_no_telephone_rings_on_is_refused(typed):
    with pytest.raises(ValueError, match=typed):
        phone_number(typed)


@pytest.mark.parametrize("typed", ["pas une adresse", "a@b", "a@@exemple.fr", "é" * 300 + "@exemple.fr"])
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(ValueError):  # noqa: PT011 -- the message repeats what was typed
        email_address(typed)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"number": "73282932000075"}, "siret_key"),
        ({"uai": "0442286X"}, "uai_key"),
        ({"name": "  "}, "name_missing"),
        ({"phone": "12"}, "phone_invalid"),
        ({"email": "a@b"}, "email_invalid"),
        ({"commune": "Nantes"}, "commune_unknown"),
    ],
)
def test_what_is_wrong_is_refused_with_its_reason(given, code):
    with pytest.raises(Refused, match=code):
        add(**given)


def test_the_same_numbers_and_kind_are_one_organisation():
    add(number=siret(1))
    with pytest.raises(Refused, match="partner_known"):
        add("Un autre nom", number=siret(1))

    add("Le CFA de la boulangerie", Kind.CFA, number=siret(1), uai="0442286W")


def test_those_that_look_alike_are_found_and_never_merged():
    martin = OrganisationFactory(employer=True, town="Boulangerie Martin", siret=siret(1))
    school = OrganisationFactory(cfa=True, town="CFA de Nantes", siret=None, uai="0442286W")
    OrganisationFactory(employer=True, town="Garage du Port")

    assert [each.name for each in lookalikes("boulangerie s. Martin", None, None)] == ["Boulangerie Martin"]
    assert [each.name for each in lookalikes("Autre nom", martin.siret, None)] == ["Boulangerie Martin"]
    assert [each.name for each in lookalikes("Autre nom", None, "0442286w")] == [school.name]
    assert lookalikes("Coiffure Léa", None, None) == []
    assert lookalikes("", None, None) == []


def test_anybody_corrects_a_partner_and_only_its_own_people_an_organisation_with_account():
    ours, theirs = OrganisationFactory(), OrganisationFactory()
    bakery = OrganisationFactory(employer=True)

    edit_contact(bakery.public_id, name="Boulangerie Durand", contact=Contact(phone="0261910002"), organisation_id=ours.id)
    edit_contact(ours.public_id, name="Un nom usurpé", contact=Contact(email="accueil@exemple.fr"), organisation_id=ours.id)
    with pytest.raises(Refused, match="partner_has_account"):
        edit_contact(theirs.public_id, name=None, contact=Contact(), organisation_id=ours.id)
    with pytest.raises(NotVisible):
        edit_contact(uuid.uuid4(), name=None, contact=Contact(), organisation_id=ours.id)

    stored = db.session().get(Organisation, bakery.id)
    assert (stored.name, stored.phone) == ("Boulangerie Durand", "+33261910002")
    assert db.session().get(Organisation, ours.id).name == ours.name


def test_partners_are_listed_by_name_page_after_page():
    OrganisationFactory(name="Mission locale avec compte")
    for number in range(120):
        OrganisationFactory(employer=True, name=f"Atelier {number:03d}")
    names, after = [], None
    while True:
        page = partners(Wanted(after=uuid.UUID(after) if after else None))
        names += [each.name for each in page.rows]
        after = page.after
        if after is None:
            break

    assert names == [f"Atelier {number:03d}" for number in range(120)]
    assert page.total == 120


def test_partners_are_found_by_name_number_kind_and_commune():
    OrganisationFactory(employer=True, name="Crêperie d’Hélène", siret=siret(5), commune="44109")
    OrganisationFactory(employer=True, name="Garage du Port", commune="49007")

    def found(**wanted):
        return [each.name for each in partners(Wanted(**wanted)).rows]

    assert found(search="helene") == ["Crêperie d’Hélène"]
    assert found(search=siret(5)) == ["Crêperie d’Hélène"]
    assert found(kind=Kind.CFA) == []
    assert found(communes=("49007",)) == ["Garage du Port"]
    assert found(communes=()) == []
    assert found(search="100%") == []
