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
    assert len(for_one) <= 11


def test_somebody_without_persons_of_their_own_starts_with_the_team(ml, claire, sign_in):
    accompanied(ml)
    assert sign_in(claire).get("/").location == "/structure"

    accompanied(ml, claire)
    assert sign_in(claire).get("/").location == "/accompagnements"


# --- filters -----------------------------------------------------------------------------------------------------------


def test_the_list_is_asked_for_one_territory(ml, claire, sign_in):
    accompanied(ml, claire, family_name="Guérin", commune="44109")
    accompanied(ml, claire, family_name="Diallo", commune="49007")
    accompanied(ml, claire, family_name="Benali", commune=None)
    client = sign_in(claire)

    page = client.get("/accompagnements?territoire=44")
    assert names(page) == ["Guérin"]
    assert '<option value="44" selected>Loire-Atlantique</option>' in page.text
    assert "Retirer ce filtre" in page.text
    assert names(client.get("/accompagnements?territoire=ZZ")) == []
    assert len(names(client.get("/accompagnements?territoire=44'--"))) == 3


def found(client, **query) -> list[str]:
    return names(client.get("/structure", query_string=query | {"tri": "nom"}))


def test_by_scheme_and_state_of_one_and_the_same_step(ml, claire, sign_in):
    active = accompanied(ml, family_name="Aubin")
    accompanied(ml, family_name="Benali")
    EnrolmentFactory(person=active, lead=OrganisationFactory(training_body=True), scheme="PRF_VISA_METIERS", state="admitted")
    over = PersonFactory(family_name="Chauvin")
    LinkFactory(person=over, organisation=ml)
    EnrolmentFactory(person=over, lead=ml, closed_today=True)
    client = sign_in(claire)

    assert found(client, dispositif="PACEA") == ["Aubin", "Benali"]
    assert found(client, dispositif="PRF_VISA_METIERS", etat="en-attente") == ["Aubin"]
    assert found(client, dispositif="PRF_VISA_METIERS", etat="en-cours") == []
    assert found(client, dispositif="PRF_VISA_METIERS", etat="admitted") == ["Aubin"]
    assert found(client, etat="en-cours") == ["Aubin", "Benali"]
    assert found(client, etat="termine") == ["Chauvin"]


def test_by_referent_and_by_the_organisation_of_a_step(ml, claire, sign_in):
    body = OrganisationFactory(training_body=True)
    trained = accompanied(ml, claire, family_name="Aubin")
    accompanied(ml, family_name="Benali")
    EnrolmentFactory(person=trained, lead=body, in_training=True)
    client = sign_in(claire)

    assert found(client, referent=str(claire.public_id)) == ["Aubin"]
    assert found(client, organisme=str(body.public_id)) == ["Aubin"]
    assert found(client, organisme="pas-un-identifiant") == ["Aubin", "Benali"]


def test_by_days_without_action_a_date_ahead_and_no_appointment(ml, claire, sign_in):
    called, forgotten = accompanied(ml, family_name="Aubin"), accompanied(ml, family_name="Benali")
    JournalEntryFactory(person=called, organisation=ml, type="contact_attempt", occurred_on=days_ago(5))
    JournalEntryFactory(person=forgotten, organisation=ml, occurred_on=days_ago(50))
    planned = {"type": "appointment", "payload": {"status": "planned"}, "recorded_at": clock.now()}
    JournalEntryFactory(person=called, organisation=ml, occurred_on=days_ago(-4), **planned)
    client = sign_in(claire)

    assert found(client, **{"sans-action": "30"}) == ["Benali"]
    assert found(client, echeance="7") == ["Aubin"]
    assert found(client, **{"sans-rdv": "oui"}) == ["Benali"]
    assert found(client, **{"sans-action": "31"}) == ["Aubin", "Benali"], "not a number one may ask for"


def test_by_age_and_recognition(ml, claire, sign_in):
    accompanied(ml, family_name="Aubin", minor=True)
    accompanied(ml, family_name="Benali", disabled=True)
    client = sign_in(claire)

    assert found(client, mineur="oui") == ["Aubin"]
    assert found(client, rqth="oui") == ["Benali"]


def test_a_body_that_trains_does_not_filter_by_recognition(sign_in, client):
    body = OrganisationFactory(training_body=True)
    accompanied(body, family_name="Aubin", disabled=True)
    accompanied(body, family_name="Benali")

    assert found(sign_in(account(body, "Karim", "karim@exemple.fr")), rqth="oui") == ["Aubin", "Benali"]


def test_each_filter_that_is_on_can_be_taken_off_alone(ml, claire, sign_in):
    accompanied(ml, family_name="Aubin")
    text = sign_in(claire).get("/structure?dispositif=CEJ&mineur=oui").text

    assert "Personne avec ces filtres" in text
    assert re.search(r'class="chip chip-on" href="/structure\?mineur=oui">', text)
    assert re.search(r'class="chip chip-on" href="/structure\?dispositif=CEJ">', text)
    assert 'class="reset" href="/structure"' in text


def test_how_many_are_found_is_said(ml, claire, sign_in):
    for _ in range(3):
        accompanied(ml, level=SignalLevel.WATCH)
    accompanied(ml)
    client = sign_in(claire)

    assert "4 personnes" in client.get("/structure").text
    assert "3 personnes" in client.get("/structure?niveau=watch").text


def test_the_longest_without_contact_and_the_next_date_may_come_first(ml, claire, sign_in):
    recent, old = accompanied(ml, family_name="Aubin"), accompanied(ml, family_name="Benali")
    accompanied(ml, family_name="Chauvin")
    JournalEntryFactory(person=recent, organisation=ml, occurred_on=days_ago(2))
    JournalEntryFactory(person=old, organisation=ml, occurred_on=days_ago(90))
    EnrolmentFactory(person=old, lead=ml, scheme="EMPLOI", state="in_contract", planned_end=days_ago(-9))
    client = sign_in(claire)

    assert names(client.get("/structure?tri=contact")) == ["Chauvin", "Benali", "Aubin"]
    assert names(client.get("/structure?tri=date"))[0] == "Benali"


@pytest.mark.parametrize("order", ["", "nom", "contact", "date"])
def test_pages_follow_each_other_in_every_order_and_in_both_directions(ml, claire, sign_in, order):
    for number in range(55):
        person = accompanied(ml, family_name=f"Nom{number % 40:02d}", level=SignalLevel.ALERT if number % 3 else None)
        if number % 4:
            JournalEntryFactory(person=person, organisation=ml, occurred_on=days_ago(number % 7))
    client, url, ahead = sign_in(claire), f"/structure?tri={order}", []

    def links(page, rel):
        hit = re.search(rf'rel="{rel}" href="([^"]+)"', page.text)
        return hit.group(1).replace("&amp;", "&") if hit else None

    while url:
        page = client.get(url)
        ahead.append(re.findall(r'id="personne-([0-9a-f-]{36})"', page.text))
        url = links(page, "next")
    before = re.findall(r'id="personne-([0-9a-f-]{36})"', client.get(links(page, "prev")).text)

    assert [len(page) for page in ahead] == [25, 25, 5]
    assert len({person for page in ahead for person in page}) == 55
    assert before == ahead[1]


def said_last(page) -> str:
    """The cell of the last contact, as it reads."""
    cell = re.search(r'class="cell-contact">.*?</td>', page.text, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", cell.group()).replace("\u00a0", " ").split())


def test_a_row_says_what_was_done_last_and_by_which_colleague(ml, claire, sign_in):
    person, karim = accompanied(ml, claire), account(ml, "Karim Haddad", "karim.haddad@exemple.fr")
    JournalEntryFactory(person=person, organisation=ml, user_id=karim.id, type="contact_attempt", occurred_on=days_ago(3))

    assert re.search(r"Tentative de contact .* Karim Haddad", said_last(sign_in(claire).get("/accompagnements")))


def test_a_row_repeats_neither_the_contact_nor_ones_own_name(ml, claire, sign_in):
    person = accompanied(ml, claire)
    JournalEntryFactory(person=person, organisation=ml, user_id=claire.id, occurred_on=days_ago(3))

    text = said_last(sign_in(claire).get("/accompagnements"))

    assert text.endswith("il y a 3 jours")


def test_the_lists_lead_to_a_new_record_for_those_who_may_open_one(ml, claire, sign_in):
    accompanied(ml, claire)
    client = sign_in(claire)

    for address in ("/accompagnements", "/structure", "/a-traiter"):
        assert 'new-record" href="/personnes/nouvelle"' in client.get(address).text


def test_only_bodies_that_accompany_choose_several_for_a_session(ml, claire, sign_in):
    accompanied(ml, claire)
    body = OrganisationFactory(training_body=True)
    accompanied(body)

    assert "data-pick" in sign_in(claire).get("/structure").text
    assert "data-pick" not in sign_in(account(body, "Karim", "karim@exemple.fr")).get("/structure").text
