"""Members and invitations as the administrator sees them, and the page a link opens."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.models import Invitation, Role
from pathways.sharing.permissions import PERMISSIONS, Permission
from tests.factories import AlertFactory, LinkFactory, MembershipFactory, OrganisationFactory, PersonFactory, UserFactory
from tests.scene import PASSWORD, account, second_mandate
from tests.views.conftest import submit, token

NEW_PASSWORD = "quatre mots sans suite"


@pytest.fixture
def ml(client):
    return OrganisationFactory(town="Mission locale du Pays de Retz")


@pytest.fixture
def yann(ml):
    return account(ml, "Yann Le Goff", "yann@exemple.fr", Role.ADMINISTRATEUR)


@pytest.fixture
def claire(ml):
    return account(ml, "Claire Moreau", "claire@exemple.fr")


@pytest.fixture
def visitor(app, client):
    """Another browser, on which nobody is signed in."""
    return app.test_client()


def press(client, page, url, **fields):
    """Presses a button of a page that is already open."""
    return client.post(url, data=fields | {"csrf_token": token(page)})


def invite(client, email="nadia@exemple.fr", roles=("conseiller",)) -> str:
    """Invites, and returns the link as it is shown."""
    answer = submit(client, "/membres/inviter", email=email, roles=list(roles))
    assert answer.status_code == 303, answer.text
    return re.search(r'value="http://localhost(/invitation\?jeton=[^"]+)"', client.get(answer.location).text)[1]


@pytest.mark.parametrize("role", list(Role))
def test_only_an_administrator_opens_the_members(sign_in, ml, role):
    client = sign_in(account(ml, "Quelqu’un", f"{role}@exemple.fr", role))
    expected = 200 if Permission.ACCOUNT_ADMINISTER in PERMISSIONS[role] else 403

    assert {client.get(url).status_code for url in ("/membres/", "/membres/inviter", "/partenaires/")} == {expected}
    assert (expected == 200) is (role is Role.ADMINISTRATEUR)


def test_the_list_says_who_has_which_role_since_when(sign_in, yann, claire):
    page = sign_in(yann).get("/membres/")

    assert "Claire Moreau" in page.text
    assert "Conseiller" in page.text
    assert "jamais connecté ici" in page.text
    assert "aujourd’hui" in page.text  # Yann, just now


def test_the_members_of_another_organisation_are_not_here(sign_in, yann):
    theirs = account(OrganisationFactory(), "Karim Benali", "karim@exemple.fr")
    client = sign_in(yann)

    assert "Karim Benali" not in client.get("/membres/").text
    for url in (f"/membres/{theirs.public_id}", f"/membres/{theirs.public_id}/roles", f"/membres/{uuid.uuid4()}"):
        assert client.get(url).status_code == 404


def test_no_page_of_the_administrator_names_a_person_accompanied(sign_in, ml, yann, claire):
    person = PersonFactory(family_name="Guérin-Test", given_name="Maëlys")
    LinkFactory(person=person, organisation=ml, user=claire)
    AlertFactory(person=person, organisation=ml, owner=claire)
    client = sign_in(yann)
    urls = ["/membres/", f"/membres/{claire.public_id}", f"/membres/{claire.public_id}/roles/conseiller/fin", "/seuils/"]

    for url in [*urls, "/partenaires/", "/seuils/historique"]:
        page = client.get(url)
        assert page.status_code == 200, url
        assert "Guérin-Test" not in page.text
        assert str(person.public_id) not in page.text
    assert client.get(f"/personnes/{person.public_id}").status_code == 403


def test_a_role_is_given_and_ended_on_the_pages(sign_in, yann, claire):
    client, url = sign_in(yann), f"/membres/{claire.public_id}"
    day = clock.today().isoformat()
    assert submit(client, f"{url}/roles", role="chef_service", from_day=day).location.endswith(url)
    assert "Chef de service" in client.get(url).text

    later = (clock.today() + timedelta(days=10)).isoformat()
    assert submit(client, f"{url}/roles/chef_service/fin", when="later", last_day=later).status_code == 303
    page = client.get(url)
    assert "dernier jour" in page.text
    assert press(client, page, f"{url}/roles/chef_service/garder").status_code == 303
    assert "dernier jour" not in client.get(url).text


def test_a_refusal_is_said_beside_the_form(sign_in, yann):
    client = sign_in(yann)

    own = submit(client, f"/membres/{yann.public_id}/roles", role="conseiller", from_day=clock.today().isoformat())
    last = submit(client, f"/membres/{yann.public_id}/roles/administrateur/fin", when="now")

    assert own.status_code == last.status_code == 422
    assert "on ne se le donne pas à soi-même" in own.text
    assert "C’est le dernier administrateur" in last.text


def test_an_end_to_come_needs_its_day(sign_in, yann, claire):
    answer = submit(sign_in(yann), f"/membres/{claire.public_id}/roles/conseiller/fin", when="later")

    assert answer.status_code == 422
    assert "Indiquez le dernier jour" in answer.text


def test_ending_a_role_ends_what_is_open_elsewhere_at_once(app, sign_in, yann, claire, visitor):
    submit(visitor, "/connexion", email=claire.email, password=PASSWORD)
    assert visitor.get("/accompagnements").status_code == 200

    submit(sign_in(yann), f"/membres/{claire.public_id}/roles/conseiller/fin", when="now")

    assert visitor.get("/accompagnements").location.startswith("/organisme")


def test_what_is_left_at_the_name_of_somebody_is_said_before_they_go(sign_in, ml, yann, claire):
    for _ in range(2):
        person = PersonFactory()
        LinkFactory(person=person, organisation=ml, user=claire)
        AlertFactory(person=person, organisation=ml, owner=claire)

    page = sign_in(yann).get(f"/membres/{claire.public_id}/roles/conseiller/fin")

    assert "2 alertes ouvertes" in page.text
    assert "2 personnes accompagnées" in page.text


def test_the_list_costs_the_same_for_many(sign_in, ml, yann, counting):
    client = sign_in(yann)
    client.get("/membres/")
    with counting() as few:
        client.get("/membres/")
    for number in range(50):
        MembershipFactory(user=UserFactory(name=f"Agent {number}"), organisation=ml)
    with counting() as many:
        page = client.get("/membres/")

    assert "Agent 49" in page.text
    assert many.cost_as_much_as(few)


def test_a_long_list_says_what_it_leaves_out(sign_in, ml, yann):
    for number in range(105):
        MembershipFactory(user=UserFactory(name=f"Agent {number:03d}"), organisation=ml)

    page = sign_in(yann).get("/membres/")

    assert "106 affichés" in page.text.replace("\u00a0", " ")


# --- invitations ---------------------------------------------------------------------------------------------------------


def test_from_an_invitation_to_the_first_page(sign_in, yann, visitor):
    link = invite(sign_in(yann), roles=("conseiller", "dpo"))
    page = visitor.get(link)
    assert "Mission locale du Pays de Retz" in page.text
    assert "noindex" in page.text

    given = {"name": "Nadia Haddad", "phone": "06 39 98 01 02", "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    answer = submit(visitor, link, **given)

    assert (answer.status_code, answer.location) == (303, "/")
    assert "Bienvenue" in visitor.get("/", follow_redirects=True).text
    assert "déjà servi" in visitor.get(link).text


def test_the_link_is_shown_once(sign_in, yann):
    client = sign_in(yann)
    submit(client, "/membres/inviter", email="nadia@exemple.fr", roles=["conseiller"])
    url = f"/membres/invitations/{db.session().scalars(sa.select(Invitation.public_id)).one()}"

    assert "jeton=" in client.get(url).text
    again = client.get(url)
    assert "jeton=" not in again.text
    assert "jeton=" in client.get(press(client, again, f"{url}/renouveler").location).text


def test_a_revoked_an_expired_and_an_unknown_link_say_what_to_do(sign_in, yann, visitor, frozen_clock):
    client = sign_in(yann)
    revoked, expired = invite(client), invite(client, "karim@exemple.fr")
    first = db.session().scalars(sa.select(Invitation.public_id).order_by(Invitation.id)).first()
    press(client, client.get("/membres/"), f"/membres/invitations/{first}/annuler")
    frozen_clock.advance(days=15)

    pages = [visitor.get(url) for url in (revoked, expired, "/invitation?jeton=rien", "/invitation")]

    assert {page.status_code for page in pages} == {410}
    assert "Invitation annulée" in pages[0].text
    assert "Lien expiré" in pages[1].text
    assert "Lien inconnu" in pages[2].text
    assert all("demande" in page.text.lower() for page in pages)


def test_inviting_a_known_address_reads_the_same_as_an_unknown_one(sign_in, yann):
    account(OrganisationFactory(), "Karim Benali", "connu@exemple.fr")
    client = sign_in(yann)

    def shown(email):
        answer = submit(client, "/membres/inviter", email=email, roles=["conseiller"])
        page = client.get(answer.location).text.replace(email, "")
        return re.sub(r"jeton=[\w-]+|[0-9a-f-]{36}|value=\"[^\"]{60,}\"", "", page)

    assert shown("connu@exemple.fr") == shown("inconnu@exemple.fr")


def test_somebody_known_signs_in_to_accept_and_acts_for_the_new_organisation(sign_in, yann, ml, visitor):
    karim = account(OrganisationFactory(), "Karim Benali", "karim@exemple.fr")
    link = invite(sign_in(yann), karim.email)
    assert "Un compte existe à votre adresse" in visitor.get(link).text

    assert submit(visitor, link, password="pas-celui-la").status_code == 422
    assert submit(visitor, link, password=PASSWORD).status_code == 303

    assert ml.name in visitor.get("/compte/").text
    assert visitor.get("/accompagnements").status_code == 200


def test_somebody_signed_in_accepts_with_one_button_and_nobody_else_does(sign_in, yann, ml, visitor, claire):
    karim = account(OrganisationFactory(), "Karim Benali", "karim@exemple.fr")
    client = sign_in(yann)
    link = invite(client, karim.email)
    assert "une autre adresse" in client.get(link).text
    assert press(client, client.get("/membres/"), link).status_code == 200
    assert ml.name not in {each.name for each in mandates(karim)}

    submit(visitor, "/connexion", email=karim.email, password=PASSWORD)
    assert submit(visitor, link).status_code == 303
    assert ml.name in {each.name for each in mandates(karim)}


def mandates(user):
    from pathways.queries.accounts import account as read

    return read(user.id, clock.today()).mandates


def test_two_passwords_that_differ_and_one_that_is_guessed_are_refused(sign_in, yann, visitor):
    link = invite(sign_in(yann))

    differ = submit(visitor, link, name="Nadia Haddad", password=NEW_PASSWORD, again="autre chose de long")
    guessed = submit(visitor, link, name="Nadia Haddad", password="motdepasse12", again="motdepasse12")

    assert differ.status_code == guessed.status_code == 422
    assert "Les deux saisies" in differ.text
    assert "se devine" in guessed.text
    assert NEW_PASSWORD not in differ.text


def test_guessing_the_password_behind_a_link_is_slowed_down(sign_in, yann, visitor):
    karim = account(OrganisationFactory(), "Karim Benali", "karim@exemple.fr")
    link = invite(sign_in(yann), karim.email)
    statuses = [submit(visitor, link, password="non").status_code for _ in range(10)]

    assert statuses == [422] * 10
    assert submit(visitor, link, password=PASSWORD).status_code == 429


def test_an_invitation_of_another_organisation_does_not_exist(sign_in, yann):
    other = account(OrganisationFactory(), "Autre", "autre@exemple.fr", Role.ADMINISTRATEUR)
    invite(sign_in(yann))
    public_id = db.session().scalars(sa.select(Invitation.public_id)).one()
    client = sign_in(other)
    page = client.get("/membres/inviter")

    assert client.get(f"/membres/invitations/{public_id}").status_code == 404
    for act in ("renouveler", "annuler"):
        assert press(client, page, f"/membres/invitations/{public_id}/{act}").status_code == 404


def test_an_administrator_of_two_organisations_administers_the_one_acted_for(sign_in, yann, client):
    other = OrganisationFactory(town="Observatoire")
    second_mandate(yann, other, Role.DPO)
    sign_in(yann)
    submit(client, "/organisme", organisation=str(other.public_id))

    assert client.get("/membres/").status_code == 403
