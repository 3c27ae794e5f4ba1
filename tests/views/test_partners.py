"""The pages of the partners without account, and of one's own contact card."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from pathways import db
from pathways.models import Organisation, Role
from tests.factories import OrganisationFactory, siret
from tests.scene import account
from tests.views.conftest import submit

NEW = {"kind": "employeur", "name": "Boulangerie Martin"}


@pytest.fixture
def ml(client):
    return OrganisationFactory(town="Mission locale du Pays de Retz")


@pytest.fixture
def open_as_administrator(sign_in, ml):
    return sign_in(account(ml, "Yann Le Goff", "yann@exemple.fr", Role.ADMINISTRATEUR))


def named(name):
    return db.session().scalars(sa.select(Organisation).where(Organisation.name == name)).all()


def test_a_partner_is_added_and_found(open_as_administrator):
    client = open_as_administrator
    given = NEW | {"siret": siret(3), "town": "Nantes (44109)", "phone": "02 61 91 00 01"}

    assert submit(client, "/partenaires/ajouter", **given).status_code == 303

    page = client.get("/partenaires/?q=martin&commune=nantes&type=employeur")
    assert "Boulangerie Martin" in page.text
    assert "Nantes" in page.text
    assert "02 61 91 00 01" in page.text.replace("\u00a0", " ")


def test_those_that_look_alike_are_shown_before_anything_is_added(open_as_administrator):
    client = open_as_administrator
    OrganisationFactory(employer=True, town="Boulangerie Martin", commune="44109")

    first = submit(client, "/partenaires/ajouter", **NEW)
    assert first.status_code == 422
    assert "Il existe peut-être déjà" in first.text
    assert len(named("Boulangerie Martin")) == 1

    assert submit(client, "/partenaires/ajouter", **NEW, another="y").status_code == 303
    assert len(named("Boulangerie Martin")) == 2


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"siret": "123"}, "quatorze chiffres"),
        ({"siret": "73282932000075"}, "sa clé ne correspond pas"),
        ({"uai": "0442286X"}, "sa lettre ne correspond pas"),
        ({"phone": "poste 12"}, "n’en est pas un"),
        ({"email": "pas une adresse"}, "n’en est pas une"),
        ({"town": "Nulle-Part-sur-Loire"}, "Cette commune n’est pas connue"),
        ({"kind": ""}, "Choisissez un type"),
        ({"name": ""}, "Indiquez le nom"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(open_as_administrator, given, sentence):
    answer = submit(open_as_administrator, "/partenaires/ajouter", **(NEW | given))

    assert answer.status_code == 422
    assert sentence in answer.text
    assert named("Boulangerie Martin") == []


def test_a_partner_s_contact_is_corrected(open_as_administrator):
    bakery = OrganisationFactory(employer=True, town="Boulangerie Martin")

    answer = submit(open_as_administrator, f"/partenaires/{bakery.public_id}", name="Boulangerie Durand", phone="02 61 91 00 02")

    assert answer.status_code == 303
    assert named("Boulangerie Durand")[0].phone == "+33261910002"


def test_an_organisation_with_an_account_is_read_and_not_edited(open_as_administrator):
    other = OrganisationFactory(town="CFA de Nantes", cfa=True)
    page = open_as_administrator.get(f"/partenaires/{other.public_id}")

    assert "seul son administrateur" in page.text
    assert '<form method="post" novalidate' not in page.text


def test_one_s_own_card_is_edited_and_its_name_is_not(open_as_administrator, ml):
    client = open_as_administrator
    assert client.get(f"/partenaires/{ml.public_id}").location == "/partenaires/notre-organisme"

    given = {"name": "Un autre nom", "email": "accueil@exemple.fr", "town": "44109"}
    assert submit(client, "/partenaires/notre-organisme", **given).status_code == 303

    stored = db.session().get(Organisation, ml.id, populate_existing=True)
    assert (stored.name, stored.email, stored.commune) == (ml.name, "accueil@exemple.fr", "44109")


def test_the_list_costs_the_same_for_many_and_goes_on(open_as_administrator, counting):
    client = open_as_administrator
    OrganisationFactory(employer=True, name="Atelier")
    client.get("/partenaires/")
    with counting() as few:
        client.get("/partenaires/")
    for number in range(60):
        OrganisationFactory(employer=True, name=f"Atelier {number:02d}")
    with counting() as many:
        page = client.get("/partenaires/")

    assert many.cost_as_much_as(few)
    assert "Suite de la liste" in page.text


def test_filters_that_do_not_exist_are_ignored(open_as_administrator):
    OrganisationFactory(employer=True, name="Atelier")

    assert "Atelier" in open_as_administrator.get("/partenaires/?type=rien&apres=rien").text


def test_an_empty_list_says_what_to_do(open_as_administrator):
    assert "Ajoutez les employeurs" in open_as_administrator.get("/partenaires/").text
    assert "Effacer la recherche" in open_as_administrator.get("/partenaires/?q=rien").text
