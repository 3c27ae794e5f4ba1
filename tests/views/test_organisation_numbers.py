"""The page of an organisation's numbers."""

from __future__ import annotations

import pytest

from pathways.models import Role
from pathways.queries.partners import own_card
from tests.factories import OrganisationFactory
from tests.scene import account
from tests.views.conftest import submit


@pytest.fixture
def ml(client):
    return OrganisationFactory(siret=None, town="Mission locale de Nantes")


@pytest.fixture
def administrator(ml, sign_in):
    return sign_in(account(ml, "Yann", "yann@exemple.fr", Role.ADMINISTRATEUR))


def url(organisation) -> str:
    return f"/partenaires/{organisation.public_id}/numeros"


def test_an_administrator_gives_the_numbers_of_the_organisation(administrator, ml):
    assert url(ml) in administrator.get("/partenaires/notre-organisme").text

    answer = submit(administrator, url(ml), siret="732 829 320 00074", code="44109S00")

    assert answer.location == "/partenaires/notre-organisme"
    assert (own_card(ml.id).siret, own_card(ml.id).code) == ("73282932000074", "44109S00")


def test_those_of_a_partner_are_shown_in_the_list(administrator):
    centre = OrganisationFactory(cfa=True, siret=None, has_account=False)

    answer = submit(administrator, url(centre), siret="", uai="0442286W", nda="52 44 01234 44")

    assert "NDA 52440123444" in administrator.get(answer.location).text


def test_what_is_wrong_is_said_beside_its_field(administrator, ml):
    page = submit(administrator, url(ml), siret="12", code="44109")

    assert page.status_code == 422
    assert "Un SIRET compte quatorze chiffres" in page.text
    assert 'id="code-error"' in page.text


def test_a_number_of_another_organisation_is_refused_with_its_name(administrator, ml):
    OrganisationFactory(town="Mission locale du Pays de Retz", code="44087S00")

    page = submit(administrator, url(ml), siret="", code="44087S00")

    assert page.status_code == 422
    assert "Mission locale du Pays de Retz" in page.text


def test_those_of_an_organisation_with_an_account_are_its_own_business(administrator):
    other = OrganisationFactory()

    assert administrator.get(url(other)).location == f"/partenaires/{other.public_id}"


@pytest.mark.parametrize("role", [Role.CONSEILLER, Role.CHEF_SERVICE, Role.RESPONSABLE_STRUCTURE, Role.DPO])
def test_only_an_administrator_opens_it(sign_in, ml, role):
    assert sign_in(account(ml, "Claire", "claire@exemple.fr", role)).get(url(ml)).status_code == 403
