"""A collective session logged once for everybody who was expected."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from pathways import clock
from pathways.models import Disclosure, JournalEntry
from tests.factories import EnrolmentFactory, LinkFactory, OrganisationFactory, PersonFactory, days_ago
from tests.scene import account
from tests.views.conftest import token

URL = "/seance-collective"


@pytest.fixture
def ml(client):
    return OrganisationFactory()


@pytest.fixture
def claire(ml, sign_in):
    user = account(ml, "Claire Moreau", "claire@exemple.fr")
    sign_in(user)
    return user


def expected(ml, claire, **identity):
    person = PersonFactory(**identity)
    step = EnrolmentFactory(person=person, lead=ml)
    LinkFactory(person=person, organisation=ml, user=claire, enrolment_id=step.id)
    return person


def send(client, persons, *, do="enregistrer", value="1", presence=(), **fields):
    page = client.get(URL)
    data = {"csrf_token": token(page), "kind": "atelier_cv", "day": clock.today().isoformat(), do: value}
    data |= {"personne": [str(person.public_id) for person in persons]}
    data |= {f"presence-{person.public_id}": status for person, status in presence}
    return client.post(URL, data=data | fields)


def noted(session):
    rows = session.execute(sa.select(JournalEntry.person_id, JournalEntry.payload).where(JournalEntry.type == "appointment"))
    return {row[0]: row[1] for row in rows}


def shown(page) -> list[str]:
    return re.findall(r'<li class="attendant">.*?<span class="family">([^<]+)</span>', page.text, re.DOTALL)


def test_one_gesture_notes_everybody_with_what_became_of_them(ml, claire, client, session):
    came, missed, excused = (expected(ml, claire) for _ in range(3))

    answer = send(client, [came, missed, excused], presence=[(missed, "noshow"), (excused, "excused")])

    assert (answer.status_code, answer.location) == (303, URL)
    found = noted(session)
    assert [found[each.id]["status"] for each in (came, missed, excused)] == ["seen", "noshow", "excused"]
    assert {data["session"] for data in found.values()} == {"atelier_cv"}
    assert len({tuple(data["session_ref"]) for data in found.values()}) == 1
    assert "est enregistrée pour 3 personnes" in client.get(URL).text


def test_undoing_takes_the_whole_session_back(ml, claire, client, session):
    send(client, [expected(ml, claire) for _ in range(12)])
    page = client.get(URL)
    key = re.search(r'name="token" value="([^"]+)"', page.text).group(1)

    client.post("/annuler/", data={"csrf_token": token(page), "token": key})

    assert session.scalar(sa.select(sa.func.count()).where(JournalEntry.type == "retracted")) == 12


def test_who_cannot_be_noted_stays_with_the_reason_and_the_others_are_noted(ml, claire, client, session):
    good, bad = expected(ml, claire, family_name="Aubin"), PersonFactory(family_name="Benali")
    LinkFactory(person=bad, organisation=ml, user=claire)

    answer = send(client, [good, bad])

    assert answer.status_code == 422
    assert list(noted(session)) == [good.id]
    assert shown(answer) == ["Benali"]
    assert "n’a pas d’étape ouverte" in answer.text
    assert "est enregistrée pour une personne" in answer.text


def test_a_day_to_come_is_refused_for_everybody_and_nothing_is_noted(ml, claire, client, session):
    answer = send(client, [expected(ml, claire)], day=days_ago(-1).isoformat())

    assert answer.status_code == 422
    assert "La date est à venir" in answer.text
    assert noted(session) == {}


@pytest.mark.parametrize(("fields", "said"), [({"kind": ""}, "Choisissez la séance."), ({"day": ""}, "Indiquez la date.")])
def test_what_is_missing_is_asked_for(ml, claire, client, session, fields, said):
    answer = send(client, [expected(ml, claire)], **fields)

    assert answer.status_code == 422
    assert said in answer.text
    assert noted(session) == {}


def test_nobody_expected_is_no_session(ml, claire, client):
    answer = send(client, [])

    assert answer.status_code == 422
    assert "Une séance se note pour une personne au moins" in answer.text


def test_those_chosen_in_a_list_are_there_already(ml, claire, client):
    chosen = [expected(ml, claire, family_name=name) for name in ("Aubin", "Benali")]

    page = client.get(URL, query_string={"personne": [str(person.public_id) for person in chosen] + ["x"]})

    assert shown(page) == ["Aubin", "Benali"]


def test_somebody_is_searched_added_and_taken_away_without_recording(ml, claire, client, session):
    there, other = expected(ml, claire, family_name="Aubin"), expected(ml, claire, family_name="Œuvrard")

    found = send(client, [there], do="chercher", q="oeuv", presence=[(there, "excused")])
    assert f'name="ajouter" value="{other.public_id}"' in found.text
    assert re.search(r'value="excused" checked', found.text)
    added = send(client, [there], do="ajouter", value=str(other.public_id))
    assert shown(added) == ["Aubin", "Œuvrard"]
    left = send(client, [there, other], do="retirer", value=str(there.public_id))

    assert shown(left) == ["Œuvrard"]
    assert noted(session) == {}


def test_a_person_of_another_organisation_is_neither_found_nor_added(ml, claire, client, session):
    foreign = PersonFactory(family_name="Ailleurs")
    step = EnrolmentFactory(person=foreign, lead=OrganisationFactory())
    LinkFactory(person=foreign, organisation_id=step.lead_organisation_id, organisation=None, enrolment_id=step.id)

    assert "Ailleurs" not in client.get(URL, query_string={"personne": str(foreign.public_id)}).text
    assert str(foreign.public_id) not in send(client, [], do="chercher", q="ailleurs").text
    send(client, [foreign])
    assert noted(session) == {}


def test_everybody_shown_is_logged(ml, claire, client, session):
    person = expected(ml, claire)

    client.get(URL, query_string={"personne": str(person.public_id)})

    assert session.execute(sa.select(Disclosure.person_id, Disclosure.what)).all() == [(person.id, "collective.new")]


def test_thirty_at_most(ml, claire, client):
    persons = [expected(ml, claire) for _ in range(31)]

    page = client.get(URL, query_string={"personne": [str(person.public_id) for person in persons]})

    assert len(shown(page)) == 30


def test_showing_thirty_costs_as_many_queries_as_one(ml, claire, client, counting):
    persons = [expected(ml, claire) for _ in range(30)]
    url = {"query_string": {"personne": [str(person.public_id) for person in persons[:1]]}}
    client.get(URL, **url)
    with counting() as for_one:
        client.get(URL, **url)
    with counting() as for_thirty:
        client.get(URL, query_string={"personne": [str(person.public_id) for person in persons]})

    assert for_thirty.cost_as_much_as(for_one)
