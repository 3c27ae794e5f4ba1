"""Declaring work from a page: an immersion too many, a PASS IAE, an aided contract."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pathways import clock
from pathways.models import Role
from tests.factories import OrganisationFactory
from tests.scene import Scene, Told, account
from tests.views.conftest import submit


@pytest.fixture
def scene(client):
    ml = OrganisationFactory(town="Mission locale de Nantes", commune="44109")
    body = OrganisationFactory(training_body=True, town="Formation et Avenir", commune="44109")
    return Scene(
        ml,
        body,
        account(ml, "Claire Moreau", "claire@exemple.fr"),
        account(body, "Karim Benali", "karim@exemple.fr", Role.FORMATEUR_REFERENT),
    )


@pytest.fixture
def lea(scene):
    return Told(scene, "Léa", "Martin", date(2004, 5, 3)).pacea(60)


def address(told, rest: str) -> str:
    return f"/personnes/{told.person.public_id}/{rest}"


def day(ahead: int) -> str:
    return (clock.today() + timedelta(days=ahead)).isoformat()


def agree(client, told, start: int, end: int, about: str):
    url = address(told, "declarer/immersion_agreed?dispositif=PMSMP")
    period = {"d_start": day(start), "d_end": day(end)}
    return submit(client, url, occurred_on=day(0), d_host="Le Fournil", d_object=about, **period)


def test_an_immersion_that_passes_the_limits_says_every_reason_and_what_to_do(scene, lea, sign_in):
    client = sign_in(scene.counsellor)
    assert agree(client, lea, 1, 10, "decouvrir_metier").status_code == 303
    assert agree(client, lea, 60, 70, "confirmer_projet").status_code == 303

    answer = agree(client, lea, 120, 160, "initier_recrutement")

    assert answer.status_code == 422
    assert "La durée maximale s’arrête au" in answer.text
    assert "deux fois au plus en douze mois" in answer.text
    assert "proposez une autre structure" in answer.text
    assert "CT D5135-1 à D5135-8" in answer.text


def test_eligibility_is_declared_by_ticking_criteria_and_the_pass_follows(scene, lea, sign_in):
    client = sign_in(scene.counsellor)
    url = address(lea, "declarer/eligibility_declared?dispositif=IAE")
    page = client.get(url).text
    assert "Niveau 3 ou moins" in page
    assert 'type="checkbox"' in page

    assert submit(client, url, occurred_on=day(0), d_criteria=["low_level", "young"]).status_code == 303
    record = client.get(f"/personnes/{lea.person.public_id}").text
    assert "Éligible" in record
    assert "PASS IAE délivré" in record


def test_too_few_hours_refuse_an_aided_contract(scene, lea, sign_in):
    url = address(lea, "declarer/work_contract_signed?dispositif=CUI_CAE")

    answer = submit(sign_in(scene.counsellor), url, occurred_on=day(0), d_start=day(7), d_hours_per_week="15")

    assert answer.status_code == 422
    assert "15\u00a0h par semaine" in answer.text
