"""One's own account: name, telephone, language, password."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from pathways import db
from pathways.models import Locale, Role, User
from tests.factories import OrganisationFactory
from tests.scene import PASSWORD, account
from tests.views.conftest import submit

NEW = "quatre mots sans suite"


@pytest.fixture
def claire(client):
    return account(OrganisationFactory(), "Claire Moreau", "claire@exemple.fr")


def stored(user):
    return db.session().scalars(sa.select(User).where(User.id == user.id)).one()


@pytest.mark.parametrize("role", list(Role))
def test_everybody_opens_their_own_account(sign_in, role):
    client = sign_in(account(OrganisationFactory(), "Quelqu’un", f"{role}@exemple.fr", role))

    assert client.get("/compte/").status_code == client.get("/compte/mot-de-passe").status_code == 200


def test_somebody_without_any_role_does_too(sign_in, claire):
    db.session().execute(sa.text("update membership set ended_on = started_on"))

    assert sign_in(claire).get("/compte/").status_code == 200


def test_the_menu_leads_there(sign_in, claire):
    assert 'href="/compte/"' in sign_in(claire).get("/accompagnements").text


def test_name_and_telephone_are_changed(sign_in, claire):
    answer = submit(sign_in(claire), "/compte/", name="  Claire   Moreau-Petit ", phone="06 39 98 01 02", locale="fr")

    assert answer.status_code == 303
    assert (stored(claire).name, stored(claire).phone) == ("Claire Moreau-Petit", "+33639980102")


def test_a_telephone_that_rings_nowhere_is_refused_and_stays_on_the_page(sign_in, claire):
    answer = submit(sign_in(claire), "/compte/", name="Claire", phone="poste 12", locale="fr")

    assert answer.status_code == 422
    assert "n’en est pas un" in answer.text
    assert "poste 12" in answer.text
    assert stored(claire).phone is None


def test_the_language_is_that_of_the_account_at_each_request(sign_in, claire):
    client = sign_in(claire)
    submit(client, "/compte/", name="Claire", phone="", locale="en")

    assert stored(claire).locale is Locale.EN
    assert '<html lang="en">' in client.get("/compte/").text
    assert '<html lang="en">' in client.get("/accompagnements").text


def test_a_language_that_is_not_offered_is_refused(sign_in, claire):
    assert submit(sign_in(claire), "/compte/", name="Claire", phone="", locale="de").status_code == 422


def test_a_new_password_needs_the_old_one_and_ends_the_other_sessions(app, sign_in, claire):
    elsewhere = app.test_client()
    submit(elsewhere, "/connexion", email=claire.email, password=PASSWORD)
    client = sign_in(claire)

    wrong = submit(client, "/compte/mot-de-passe", old="pas-celui-la", new=NEW, again=NEW)
    assert wrong.status_code == 422
    assert elsewhere.get("/accompagnements").status_code == 200

    assert submit(client, "/compte/mot-de-passe", old=PASSWORD, new=NEW, again=NEW).status_code == 303
    assert client.get("/accompagnements").status_code == 200
    assert elsewhere.get("/accompagnements").status_code == 302
    assert submit(elsewhere, "/connexion", email=claire.email, password=NEW).status_code == 303


@pytest.mark.parametrize(
    ("new", "again", "sentence"),
    [
        ("court", "court", "trop court"),
        (NEW, "autre chose de long", "Les deux saisies"),
        (PASSWORD, PASSWORD, "le même que l’ancien"),
        ("claire-moreau", "claire-moreau", "fait de votre nom"),
    ],
)
def test_a_new_password_that_is_none_is_refused_with_its_reason(sign_in, claire, new, again, sentence):
    before = stored(claire).password_hash
    answer = submit(sign_in(claire), "/compte/mot-de-passe", old=PASSWORD, new=new, again=again)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert stored(claire).password_hash == before


def test_guessing_the_old_password_is_slowed_down(sign_in, claire):
    client = sign_in(claire)
    for _ in range(10):
        submit(client, "/compte/mot-de-passe", old="non", new=NEW, again=NEW)

    assert submit(client, "/compte/mot-de-passe", old=PASSWORD, new=NEW, again=NEW).status_code == 429


def test_before_signing_in_the_browser_says_the_language(client):
    assert "Sign in" in client.get("/connexion", headers={"Accept-Language": "en-GB,en;q=0.9"}).text
    assert "Se connecter" in client.get("/connexion", headers={"Accept-Language": "de"}).text
