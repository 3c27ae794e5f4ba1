"""The organisations, users and identifiers of the synthetic region."""

from collections import Counter
from datetime import date

import pytest
from stdnum.fr import siret

from pathways.demo.accounts import ACCOUNTS
from pathways.demo.numbers import mobile, office_phone, uai
from pathways.demo.population import Cohort
from pathways.demo.region import found
from pathways.demo.territory import MISSIONS_LOCALES, territories
from pathways.models import Role
from pathways.workflows.fold import pathway

AS_OF = date(2026, 3, 2)


@pytest.fixture(scope="module")
def region():
    return found(2_000, 1, AS_OF)


def test_the_twenty_one_missions_locales_are_there_each_with_counsellors_and_a_manager(region):
    missions = [body for body in region.bodies if body.kind == "mission_locale"]
    assert {body.code for body in missions} == {code for code, _, _ in MISSIONS_LOCALES}
    assert len(missions) == 21
    for mission in missions:
        roles = Counter(user.role for user in region.users if user.organisation == mission.number)
        assert roles["conseiller"] >= 2
        assert roles["chef_service"] == roles["administrateur"] == 1


def test_training_bodies_and_cfa_have_trainers_and_coordinators(region):
    bodies = [body for body in region.bodies if body.kind in {"organisme_formation", "cfa"}]
    assert len(bodies) == 25
    assert all(body.staff for body in bodies)


def test_every_role_exists(region):
    assert {user.role for user in region.users} <= set(Role)


def test_identifiers_pass_every_check_and_belong_to_nobody(region):
    assert all(siret.is_valid(body.siret) and body.siret.startswith("000") for body in region.bodies)
    assert len({body.siret for body in region.bodies}) == len(region.bodies)
    assert uai(1) == "0449901Y"
    assert mobile(7) == "+33639980007"
    assert office_phone(7).startswith("+3326191")


def test_the_demo_accounts_are_users_of_the_right_organisations(region):
    kinds = {body.number: str(body.kind) for body in region.bodies}
    found_kinds = {user.email: (kinds[user.organisation], user.role) for user in region.users if user.signs_in}
    assert set(found_kinds) == {account.email for account in ACCOUNTS}
    assert [found_kinds[account.email] for account in ACCOUNTS] == [
        ("mission_locale", "conseiller"), ("france_travail", "conseiller"), ("organisme_formation", "formateur_referent"),
        ("cfa", "coordinateur_cfa"), ("mission_locale", "chef_service"), ("mission_locale", "administrateur"),
        ("region", "gestionnaire_region"),
    ]  # fmt: skip


def test_communes_are_drawn_by_population():
    nantes = territories()["44109S00"]
    assert nantes.population > 600_000
    assert "44109" in nantes.communes


def test_counsellors_follow_sixty_to_a_hundred_persons():
    made = Cohort(2_000, 1, AS_OF)
    followed = Counter()
    for person in made:
        states = pathway(person.entries, made.until, made.until).steps
        for plan in person.steps:
            if plan.scheme in {"PACEA", "CEJ"} and plan.key in states and states[plan.key].is_open:
                followed[made.region.acting(plan.followers[-1].user, made.until)] += 1
    active = sum(len(body.staff) for body, _ in made.region.missions) - len(made.region.departures)
    assert 55 <= sum(followed.values()) / active <= 105
