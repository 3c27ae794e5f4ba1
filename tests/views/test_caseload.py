"""The list a counsellor starts the day with."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.models import Disclosure, SignalLevel
from tests.factories import (
    EnrolmentFactory,
    JournalEntryFactory,
    LinkFactory,
    OrganisationFactory,
    PersonFactory,
    SignalFactory,
    days_ago,
)
from tests.scene import account


@pytest.fixture
def ml(client):
    return OrganisationFactory(town="Mission locale de Nantes")


@pytest.fixture
def claire(ml):
    return account(ml, "Claire Moreau", "claire@exemple.fr")


def accompanied(ml, user=None, *, level=None, **identity):
    person = PersonFactory(**identity)
    enrolment = EnrolmentFactory(person=person, lead=ml)
    LinkFactory(person=person, organisation=ml, user=user, enrolment_id=enrolment.id)
    if level:
        details = {"since": days_ago(60).isoformat(), "allowed": 45, "spoken": True}
        SignalFactory(person=person, enrolment_id=enrolment.id, level=level, about="x", details=details)
    return person


def names(page) -> list[str]:
    return re.findall(r'<span class="family">([^<]+)</span>', page.text)


def test_my_list_has_mine_and_the_structures_has_everybodys(ml, claire, sign_in):
    accompanied(ml, claire, family_name="Guérin")
    accompanied(ml, family_name="Diallo")
    client = sign_in(claire)

    assert names(client.get("/accompagnements")) == ["Guérin"]
    assert sorted(names(client.get("/structure"))) == ["Diallo", "Guérin"]


def test_a_row_says_who_where_since_when_and_what_to_look_at(ml, claire, sign_in):
    person = accompanied(ml, claire, level=SignalLevel.ALERT, commune="44109")
    JournalEntryFactory(person=person, organisation=ml, occurred_on=days_ago(12))

    text = sign_in(claire).get("/accompagnements").text

    for said in ("19 ans", "Nantes", "PACEA", "Actif", "il y a 12 jours", "À traiter", "Aucun contact depuis le"):
        assert said in text, said


def test_the_most_serious_comes_first_and_the_order_may_be_by_name(ml, claire, sign_in):
    accompanied(ml, claire, family_name="Aubin")
    accompanied(ml, claire, family_name="Zidane", level=SignalLevel.CRITICAL)
    accompanied(ml, claire, family_name="Morin", level=SignalLevel.WATCH)
    client = sign_in(claire)

    assert names(client.get("/accompagnements")) == ["Zidane", "Morin", "Aubin"]
    assert names(client.get("/accompagnements?tri=nom")) == ["Aubin", "Morin", "Zidane"]
    assert names(client.get("/accompagnements?niveau=watch")) == ["Morin"]
    assert names(client.get("/accompagnements?niveau=n-importe-quoi")) == ["Zidane", "Morin", "Aubin"]


@pytest.mark.parametrize("typed", ["oeuvrard", "ŒUVRARD", "noel", "Noël œuv", "uvrar"])
def test_a_name_is_found_however_it_is_spelled(ml, claire, sign_in, typed):
    accompanied(ml, claire, given_name="Noël", family_name="Œuvrard")
    accompanied(ml, claire, given_name="Inès", family_name="Lemoine")

    assert names(sign_in(claire).get("/accompagnements", query_string={"q": typed})) == ["Œuvrard"]


def test_a_search_without_result_proposes_the_structure(ml, claire, sign_in):
    text = sign_in(claire).get("/accompagnements?q=<script>").text

    assert "Chercher dans toute la structure" in text
    assert "&lt;script&gt;" in text


def test_an_empty_list_says_why(ml, claire, sign_in):
    assert "Aucun accompagnement à votre nom" in sign_in(claire).get("/accompagnements").text


def test_pages_follow_each_other_without_missing_or_repeating_anybody(ml, claire, sign_in):
    for number in range(60):
        level = SignalLevel.ALERT if number % 3 == 0 else None
        accompanied(ml, claire, family_name=f"Nom{number:02d}", level=level)
    client, url, seen = sign_in(claire), "/accompagnements", []
    while url:
        page = client.get(url)
        seen += names(page)
        found = re.search(r'rel="next" href="([^"]+)"', page.text)
        url = found.group(1).replace("&amp;", "&") if found else None

    assert len(seen) == len(set(seen)) == 60
    assert client.get("/accompagnements?apres=nimportequoi").status_code == 200


def test_a_person_of_another_organisation_is_in_no_list(ml, claire, sign_in):
    accompanied(OrganisationFactory(), family_name="Ailleurs")

    assert names(sign_in(claire).get("/structure")) == []


def test_what_was_taken_back_is_no_longer_a_contact(ml, claire, sign_in):
    person = accompanied(ml, claire)
    wrong = JournalEntryFactory(person=person, organisation=ml, occurred_on=days_ago(3))
    JournalEntryFactory(retracting=wrong, organisation=ml, occurred_on=days_ago(2), payload={"reason": "erreur"})

    assert "il y a 3 jours" not in sign_in(claire).get("/accompagnements").text


def test_everybody_shown_is_logged_and_nobody_else(ml, claire, sign_in):
    shown = [accompanied(ml, claire), accompanied(ml, claire)]
    accompanied(ml)

    sign_in(claire).get("/accompagnements")

    rows = (
        db.session()
        .execute(sa.select(Disclosure.person_id, Disclosure.user_id, Disclosure.organisation_id, Disclosure.what))
        .all()
    )
    assert sorted(rows) == sorted((person.id, claire.id, ml.id, "caseload.mine") for person in shown)
    assert db.session().scalar(sa.select(sa.func.count()).where(Disclosure.at > clock.now())) == 0


def test_fifty_persons_cost_as_many_queries_as_one(ml, claire, sign_in, counting, monkeypatch):
    monkeypatch.setattr("pathways.queries.caseload.PAGE", 50)
    client = sign_in(claire)
    accompanied(ml, claire, level=SignalLevel.ALERT)
    client.get("/accompagnements")
    with counting() as for_one:
        client.get("/accompagnements")
    for _ in range(49):
        accompanied(ml, claire, level=SignalLevel.WATCH)
    with counting() as for_fifty:
        assert len(names(client.get("/accompagnements"))) == 50

    assert for_fifty.cost_as_much_as(for_one)
    assert len(for_one) <= 10


def test_somebody_without_persons_of_their_own_starts_with_the_team(ml, claire, sign_in):
    accompanied(ml)
    assert sign_in(claire).get("/").location == "/structure"

    accompanied(ml, claire)
    assert sign_in(claire).get("/").location == "/accompagnements"
