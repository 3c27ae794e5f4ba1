"""The territories on screen: everybody signed in reads them, the administrator of the Région draws them."""

from __future__ import annotations

import re

import pytest

from pathways import clock, db
from pathways.models import Kind, Role
from pathways.operations.territories import Drawing, draw
from pathways.sharing.permissions import PERMISSIONS, Permission
from pathways.sharing.roles import fits
from pathways.sharing.territories import Drawn, in_force, territory_of
from pathways.workflows.reference import places
from tests.factories import OrganisationFactory
from tests.scene import account
from tests.views.conftest import submit, token

URL = "/territoires/"
DRAW = "/territoires/nouveau-decoupage"
NANTES, METROPOLE = "44109", "244400404"


@pytest.fixture(autouse=True)
def monday(frozen_clock):
    """2 March 2026."""


@pytest.fixture
def region():
    return OrganisationFactory(kind=Kind.REGION, town="Région Pays de la Loire")


@pytest.fixture
def admin(region):
    return account(region, "Yann Le Goff", "yann@exemple.fr", Role.ADMINISTRATEUR)


def as_shown(page) -> dict[str, str]:
    """What the page of drawing would send as it stands."""
    fields = dict(re.findall(r'name="((?:code|name)-\d+)" value="([^"]*)"', page.text))
    for name, options in re.findall(r'<select[^>]*name="(epci-\d+)"(.*?)</select>', page.text, re.DOTALL):
        chosen = re.search(r'value="(\d+)" selected', options)
        fields[name] = chosen[1] if chosen else ""
    fields["seen"] = re.search(r'name="seen"[^>]*value="([^"]*)"', page.text)[1]
    fields["valid_from"] = re.search(r'name="valid_from"[^>]*value="([^"]*)"', page.text)[1]
    return fields | {"csrf_token": token(page)}


def code_of(commune: str, day) -> str:
    return territory_of([(commune, day)])[commune, day].code


# --- reading -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role)
def test_everybody_who_is_signed_in_reads_the_territories(sign_in, role):
    kind = next((kind for kind in Kind if kind is not Kind.REGION and fits(role, kind)), Kind.REGION)
    page = sign_in(account(OrganisationFactory(kind=kind), "Claire", "claire@exemple.fr", role)).get(URL)

    assert page.status_code == 200
    assert all(name in page.text for name in places.DEPARTEMENTS.values())
    assert "Nantes Métropole" in page.text
    draws = kind is Kind.REGION and Permission.TERRITORY_MANAGE in PERMISSIONS[role]
    assert ("Changer le découpage" in page.text) is draws


def test_the_page_costs_the_same_whatever_the_number_of_territories(sign_in, admin, region, counting):
    client = sign_in(admin)
    with counting() as few:
        client.get(URL)
    many = [Drawn(f"T{n}", f"Territoire {n}", (epci,)) for n, epci in enumerate(places.epcis())]
    with db.as_system():
        draw(Drawing(many, clock.today()), organisation_id=region.id, user_id=admin.id)

    with counting() as lots:
        page = client.get(URL)

    assert page.text.count('class="territory"') == len(places.epcis())
    assert lots.cost_as_much_as(few)


def test_a_day_before_the_first_zoning_says_so(sign_in, admin):
    assert "Aucun découpage ce jour-là" in sign_in(admin).get(f"{URL}?le=1999-01-01").text


def test_a_day_that_is_none_is_today(sign_in, admin):
    assert "Loire-Atlantique" in sign_in(admin).get(f"{URL}?le=demain").text


# --- drawing -----------------------------------------------------------------------------------------------------------


def test_a_territory_is_added_and_given_its_epci(sign_in, admin):
    client = sign_in(admin)
    page = client.get(DRAW)
    fields = as_shown(page) | {"valid_from": "12/03/2026", "code-6": "nantes", "name-6": "Métropole nantaise"}
    more = client.post(DRAW, data=fields | {"act": "more"})
    assert '<option value="6">Métropole nantaise</option>' in more.text
    assert in_force(clock.today()).valid_from.year == 2000

    saved = client.post(DRAW, data=as_shown(more) | {f"epci-{METROPOLE}": "6", "act": "save"})

    assert saved.location == "/territoires/?le=2026-03-12"
    assert "1 EPCI change de territoire" in client.get(saved.location).text
    assert code_of(NANTES, clock.today()) == "44"
    assert code_of(NANTES, clock.today().replace(day=12)) == "NANTES"


def test_an_epci_left_out_is_said_and_marked_and_what_was_typed_stays(sign_in, admin):
    client = sign_in(admin)
    fields = as_shown(client.get(DRAW)) | {f"epci-{METROPOLE}": "", "reason": "Nouvelle carte", "act": "save"}

    page = client.post(DRAW, data=fields)

    assert page.status_code == 422
    assert "Nantes Métropole ne serait dans aucun territoire" in page.text
    assert re.search(rf'id="epci-{METROPOLE}"[^>]*aria-invalid="true"', page.text)
    assert 'value="Nouvelle carte"' in page.text


def test_an_epci_sent_twice_is_refused(sign_in, admin):
    client = sign_in(admin)
    fields = as_shown(client.get(DRAW)) | {f"epci-{METROPOLE}": ["1", "2"], "act": "save"}

    page = client.post(DRAW, data=fields)

    assert "dans plusieurs territoires" in page.text


def test_a_territory_is_removed_by_emptying_its_line(sign_in, admin):
    client = sign_in(admin)
    fields = as_shown(client.get(DRAW)) | {"code-5": "", "name-5": "", "act": "save"}
    fields = {name: "1" if value == "5" and name.startswith("epci-") else value for name, value in fields.items()}

    client.post(DRAW, data=fields)

    assert [each.code for each in in_force(clock.today()).territories] == ["44", "49", "53", "72"]


def test_a_day_gone_asks_to_tick_the_box(sign_in, admin):
    client = sign_in(admin)
    fields = as_shown(client.get(DRAW)) | {"name-1": "Loire-Océan", "valid_from": "2020-01-01", "act": "save"}

    assert "cochez la case" in client.post(DRAW, data=fields).text
    assert client.post(DRAW, data=fields | {"correcting": "y"}).status_code == 303
    assert in_force(clock.today().replace(year=2021)).territories[0].name == "Loire-Océan"


def test_one_just_drawn_is_taken_back_from_the_history(sign_in, admin):
    client = sign_in(admin)
    client.post(DRAW, data=as_shown(client.get(DRAW)) | {"name-1": "Loire-Océan", "act": "save"})
    page = client.get(URL)
    address = re.search(r'action="(/territoires/[^"]+/annuler)"', page.text)[1]

    answer = client.post(address, data={"csrf_token": token(page)}, follow_redirects=True)

    assert "le précédent reste en vigueur" in answer.text
    assert in_force(clock.today()).territories[0].name == "Loire-Atlantique"


# --- rights ------------------------------------------------------------------------------------------------------------


KEEPS = [role for role in Role if Permission.TERRITORY_MANAGE in PERMISSIONS[role]]


@pytest.mark.parametrize("role", [role for role in Role if fits(role, Kind.REGION) and role not in KEEPS])
def test_of_the_region_only_those_who_keep_its_territories_draw(sign_in, region, role):
    client = sign_in(account(region, "Claire", "claire@exemple.fr", role))

    assert client.get(DRAW).status_code == 403


def test_who_manages_the_region_s_programmes_draws(sign_in, region):
    client = sign_in(account(region, "Claire", "claire@exemple.fr", Role.GESTIONNAIRE_REGION))

    assert client.get(DRAW).status_code == 200
    assert "Changer le découpage" in client.get(URL).text


@pytest.mark.parametrize("kind", [Kind.MISSION_LOCALE, Kind.CFA, Kind.DREETS, Kind.CREFOP])
def test_the_administrator_of_another_body_does_not_draw(sign_in, admin, kind):
    client = sign_in(account(OrganisationFactory(kind=kind), "Alex", "alex@exemple.fr", Role.ADMINISTRATEUR))
    page = client.get(URL)

    assert client.get(DRAW).status_code == 403
    assert client.post(DRAW, data={"csrf_token": token(page)}).status_code == 403
    assert client.post(f"{URL}{in_force(clock.today()).public_id}/annuler", data={"csrf_token": token(page)}).status_code == 403


def test_nobody_draws_without_a_form_of_ours(sign_in, admin):
    client = sign_in(admin)
    fields = as_shown(client.get(DRAW)) | {"name-1": "Autre", "act": "save"}
    fields.pop("csrf_token")

    assert client.post(DRAW, data=fields).status_code == 400
    assert submit(client, DRAW, act="more").status_code == 200
