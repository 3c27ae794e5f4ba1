"""The stock of an organisation that begins with a caseload: passed in review, at once or as the week has room."""

import pytest

from pathways.models import Alert, Role
from tests.factories import AlertFactory, LinkFactory, OrganisationFactory, PersonFactory
from tests.scene import account
from tests.views.conftest import submit

URL = "/equipe/revue-du-stock"


def held(organisation, name, owner=None, rule="no_sign_of_life"):
    person = PersonFactory(family_name=name)
    LinkFactory(person=person, organisation=organisation, user=owner)
    return AlertFactory(
        person=person, organisation=organisation, owner=owner, rule=rule, level="watch", state="proposed", held_for="review",
        shown_on=None, due_on=None,
    )


@pytest.fixture
def office(session, sign_in):
    ml = OrganisationFactory()
    return ml, sign_in(account(ml, "Hélène Gautier", "helene@exemple.fr", Role.CHEF_SERVICE))


def test_the_stock_without_a_file_is_listed_and_counted_apart_from_the_day(office):
    ml, client = office
    held(ml, "Arnaud")
    held(OrganisationFactory(), "Zola")
    page = client.get(URL).text
    assert "ARNAUD" in page.upper()
    assert "ZOLA" not in page.upper()
    assert "ARNAUD" not in client.get("/equipe/alertes").text.upper()


def test_what_is_taken_up_at_once_is_due_and_what_is_spread_waits_for_the_budget(office, session):
    ml, client = office
    owner = account(ml, "Claire Moreau", "claire@exemple.fr")
    now, later = held(ml, "Arnaud"), [held(ml, f"Nom{n}", owner) for n in range(3)]
    submit(client, URL, alerts=str(now.public_id), act="take_up")
    submit(client, URL, alerts=[str(each.public_id) for each in later], act="spread")
    session.expire_all()
    now = session.get(Alert, now.id)
    assert (now.state, now.held_for, now.due_on is None) == ("new", None, False)
    # A counsellor who follows three is never brought more than two in a week.
    assert sorted(str(session.get(Alert, each.id).held_for) for each in later) == ["None", "None", "budget"]


def test_putting_away_asks_what_it_is(office, session):
    ml, client = office
    alert = held(ml, "Arnaud")
    assert submit(client, URL, alerts=str(alert.public_id), act="put_away").status_code == 422
    submit(client, URL, alerts=str(alert.public_id), act="put_away", outcome="already_handled")
    session.expire_all()
    assert session.get(Alert, alert.id).state == "dismissed"


def test_the_page_asks_as_many_queries_for_many_as_for_one(office, counting):
    ml, client = office
    held(ml, "Arnaud")
    client.get(URL)
    with counting() as one:
        client.get(URL)
    for n in range(20):
        held(ml, f"Nom{n}")
    with counting() as many:
        client.get(URL)
    assert len(many) == len(one)
