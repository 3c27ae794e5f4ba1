"""What a counsellor opens every morning: what asks to be dealt with, in order of urgency."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.models import Disclosure, LinkRole, Role, SignalLevel
from tests.factories import (
    AlertFactory,
    EnrolmentFactory,
    JournalEntryFactory,
    LinkFactory,
    OrganisationFactory,
    PersonFactory,
    SignalFactory,
    UserFactory,
    days_ago,
)
from tests.scene import account
from tests.views.conftest import submit, token

SILENCE = {"since": "2026-01-05", "allowed": 45, "spoken": True}


@pytest.fixture
def ml(client):
    return OrganisationFactory(town="Mission locale de Nantes")


@pytest.fixture
def claire(ml):
    return account(ml, "Claire Moreau", "claire@exemple.fr")


def asked(ml, owner=None, *, level=SignalLevel.ALERT, rule="contact_silence", family="contact", due=3, body=None, **identity):
    """Somebody with an open alert; about their course at ``body`` when there is one."""
    person = PersonFactory(**identity)
    pacea = EnrolmentFactory(person=person, lead=ml)
    LinkFactory(person=person, organisation=ml, user=owner, enrolment_id=pacea.id)
    step = EnrolmentFactory(person=person, lead=body, in_training=True) if body else pacea
    details = SILENCE | {"dimension": "mobilite", "on": days_ago(2).isoformat()}
    SignalFactory(person=person, enrolment_id=step.id, rule=rule, family=family, level=level, about="x", details=details)
    due_on, said = days_ago(-due), int(rule == "training_risk_flag")
    about = {"person": person, "organisation": ml, "enrolment_id": step.id, "family": family}
    AlertFactory(owner=owner, level=level, due_on=due_on, raised_by=said, **about)
    person.step = step
    return person


def names(page) -> list[str]:
    return re.findall(r'<h2><a class="person-link"[^>]*><span class="family">([^<]+)</span>', page.text)


def text_of(page) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).replace("\u00a0", " ").split())


def test_mine_then_nobodys_then_everybodys(ml, claire, sign_in):
    asked(ml, claire, family_name="Aubin")
    asked(ml, family_name="Benali")
    asked(ml, UserFactory(), family_name="Chauvin")
    client = sign_in(claire)

    assert names(client.get("/a-traiter")) == ["Aubin"]
    assert names(client.get("/a-traiter?vue=sans-responsable")) == ["Benali"]
    assert names(client.get("/a-traiter?vue=tous")) == ["Aubin", "Benali", "Chauvin"]
    assert "Les miens 1 Sans responsable 1 Toute la structure 3" in text_of(client.get("/a-traiter"))


def test_what_somebody_raised_comes_first_then_the_level_then_the_day_it_is_due(ml, claire, sign_in):
    body = OrganisationFactory(training_body=True)
    asked(ml, claire, family_name="Tard", due=9)
    asked(ml, claire, family_name="Tot", due=1)
    asked(ml, claire, family_name="Urgent", level=SignalLevel.CRITICAL, due=9)
    flag = {"rule": "training_risk_flag", "family": "training_risk"}
    asked(ml, claire, family_name="Signale", level=SignalLevel.WATCH, body=body, **flag)

    assert names(sign_in(claire).get("/a-traiter")) == ["Signale", "Urgent", "Tot", "Tard"]


def test_a_person_is_there_once_with_every_open_alert(ml, claire, sign_in):
    person = asked(ml, claire, family_name="Aubin")
    SignalFactory(person=person, rule="no_solution_gap", family="gap", level="watch", about="g",
                  details={"since": days_ago(60).isoformat()})  # fmt: skip
    AlertFactory(person=person, organisation=ml, owner=claire, family="gap")

    page = sign_in(claire).get("/a-traiter")

    assert names(page) == ["Aubin"]
    assert "Aucun contact depuis le" in page.text
    assert "Aucune formation, aucun contrat ni immersion" in page.text


def test_each_says_why_on_which_facts_whom_to_call_and_by_when(ml, claire, sign_in):
    body = OrganisationFactory(training_body=True, town="Formation et Avenir", phone="+33240111213")
    trainer = UserFactory(name="Karim Haddad")
    person = asked(ml, claire, body=body, family_name="Aubin", phone="+33639980123", due=-3)
    LinkFactory(person=person, organisation=body, user=trainer, enrolment_id=person.step.id, role=LinkRole.OPERATOR)
    JournalEntryFactory(person=person, organisation=body, enrolment_id=person.step.id, type="attendance", occurred_on=days_ago(4))
    SignalFactory(
        person=person, enrolment_id=person.step.id, rule="missed_appointment", level="watch", about="y",
        details={"on": days_ago(5).isoformat()},
        evidence=[{"entry": 1, "type": "appointment", "on": days_ago(5).isoformat(), "organisation": body.id}],
    )  # fmt: skip

    said = text_of(sign_in(claire).get("/a-traiter"))

    for words in (
        "À traiter en retard de 3 jours",
        "Aucun contact depuis le",
        "Appeler ou écrire",
        "Rendez-vous (Formation et Avenir)",
        "Karim Haddad",
        "02 40 11 12 13",
        "06 39 98 01 23",
        "données de l’organisme au",
        "Noter un contact",
        "Clore…",
    ):
        assert words in said, f"{words} not in {said}"


def test_the_phone_of_the_person_to_call_comes_before_the_switchboard(ml, claire, sign_in):
    body = OrganisationFactory(training_body=True, phone="+33240111213")
    trainer = UserFactory(name="Karim Haddad", phone="+33639980456")
    person = asked(ml, claire, body=body)
    LinkFactory(person=person, organisation=body, user=trainer, enrolment_id=person.step.id, role=LinkRole.OPERATOR)

    assert 'href="tel:+33639980456"' in sign_in(claire).get("/a-traiter").text


def test_alerts_that_were_there_before_detection_began_are_not_for_today(ml, claire, sign_in, session):
    person = asked(ml, claire)
    held = "UPDATE alert SET state = 'proposed', held_for = 'review', due_on = NULL, shown_on = NULL WHERE person_id = :id"
    session.execute(sa.text(held), {"id": person.id})

    assert names(sign_in(claire).get("/a-traiter?vue=tous")) == []


def test_the_alerts_of_another_organisation_are_not_ours(ml, claire, sign_in):
    asked(OrganisationFactory(), family_name="Ailleurs")

    assert names(sign_in(claire).get("/a-traiter?vue=tous")) == []


def test_pages_follow_each_other_in_both_directions_and_keep_the_filters(ml, claire, sign_in):
    for number in range(60):
        level = SignalLevel.CRITICAL if number % 3 == 0 else SignalLevel.ALERT
        asked(ml, family_name=f"Nom{number:02d}", level=level, due=number % 5)
    client, url, pages = sign_in(claire), "/a-traiter?vue=tous&q=nom", []

    def step(page, rel):
        found = re.search(rf'rel="{rel}" href="([^"]+)"', page.text)
        return found.group(1).replace("&amp;", "&") if found else None

    while url:
        page = client.get(url)
        pages.append(names(page))
        url = step(page, "next")
    back = []
    url = step(page, "prev")
    while url:
        page = client.get(url)
        back.insert(0, names(page))
        url = step(page, "prev")

    seen = [name for page in pages for name in page]
    assert len(seen) == len(set(seen)) == 60
    assert back == pages[:-1]
    assert client.get("/a-traiter?page=nimportequoi").status_code == 200


def test_a_search_looks_among_those_who_have_an_alert(ml, claire, sign_in):
    asked(ml, claire, family_name="Œuvrard")
    asked(ml, claire, family_name="Aubin")

    assert names(sign_in(claire).get("/a-traiter?q=oeuv")) == ["Œuvrard"]


def test_nothing_to_treat_says_what_to_do_next(ml, claire, sign_in):
    client = sign_in(claire)
    assert "Voir qui attend un contact" in client.get("/a-traiter").text

    asked(ml)
    assert "une personne attend que quelqu’un s’en charge" in client.get("/a-traiter").text


def test_everybody_shown_is_logged_once(ml, claire, sign_in):
    person = asked(ml, claire)
    asked(ml)

    sign_in(claire).get("/a-traiter")

    assert db.session().execute(sa.select(Disclosure.person_id, Disclosure.what)).all() == [(person.id, "worklist.show")]


def test_taking_an_alert_comes_back_to_the_list(ml, claire, sign_in):
    person = asked(ml)
    client = sign_in(claire)
    page = client.get("/a-traiter?vue=sans-responsable")
    action = re.search(r'class="asked-acts" method="post" action="([^"]+)"', page.text).group(1).replace("&amp;", "&")

    answer = client.post(action, data={"csrf_token": token(page), "version": "1"})

    assert answer.location == "/a-traiter?vue=sans-responsable"
    assert person.family_name in names(client.get("/a-traiter"))


def test_fifty_persons_cost_as_many_queries_as_one(ml, claire, sign_in, counting, monkeypatch):
    monkeypatch.setattr("pathways.queries.worklist.PAGE", 50)
    body = OrganisationFactory(training_body=True)
    client = sign_in(claire)
    asked(ml, claire, body=body)
    client.get("/a-traiter")
    with counting() as for_one:
        client.get("/a-traiter")
    for number in range(49):
        asked(ml, claire, body=body if number % 2 else None)
    with counting() as for_fifty:
        assert len(names(client.get("/a-traiter"))) == 50

    assert for_fifty.cost_as_much_as(for_one)
    assert len(for_one) <= 15


# --- appointments whose result is not known ---------------------------------------------------------------------------


def planned(ml, claire, *, days=2):
    person = PersonFactory(family_name="Diallo", given_name="Fatou")
    with_ml = EnrolmentFactory(person=person, lead=ml)
    LinkFactory(person=person, organisation=ml, user=claire, enrolment_id=with_ml.id)
    entry = JournalEntryFactory(
        person=person, organisation=ml, enrolment_id=with_ml.id, type="appointment", occurred_on=days_ago(days),
        payload={"status": "planned"}, recorded_at=clock.noon(days_ago(days + 5)),
    )  # fmt: skip
    return person, entry


def answer_with(client, person, entry, key, status):
    url = f"/personnes/{person.public_id}/rendez-vous/{entry.id}?retour=/a-traiter"
    return client.post(url, data={"csrf_token": key, "status": status})


def test_an_appointment_whose_day_has_passed_waits_for_its_result_in_one_click(ml, claire, sign_in):
    person, entry = planned(ml, claire)
    client = sign_in(claire)
    page = client.get("/a-traiter")
    assert "Rendez-vous à renseigner" in page.text
    assert page.text.count('name="status"') == 5

    answer = answer_with(client, person, entry, token(page), "noshow")

    assert (answer.status_code, answer.location) == (303, "/a-traiter")
    after = client.get("/a-traiter")
    assert "Rendez-vous à renseigner" not in after.text
    assert "Rendez-vous : absent" in text_of(after)
    key = re.search(r'name="token" value="([^"]+)"', after.text).group(1)

    client.post("/annuler/", data={"csrf_token": token(after), "token": key})

    assert "Rendez-vous à renseigner" in client.get("/a-traiter").text


@pytest.mark.parametrize("days", [0, -3])
def test_an_appointment_of_today_or_to_come_is_not_waited_for_yet(ml, claire, sign_in, days):
    planned(ml, claire, days=days)

    assert "Rendez-vous à renseigner" not in sign_in(claire).get("/a-traiter").text


def test_an_entry_that_is_no_planned_appointment_has_no_result_to_give(ml, claire, sign_in):
    person, _entry = planned(ml, claire)
    other = JournalEntryFactory(person=person, organisation=ml)
    client = sign_in(claire)
    key = token(client.get("/a-traiter"))

    answer = answer_with(client, person, other, key, "seen")

    assert answer.status_code == 404


def test_a_made_up_result_is_not_recorded(ml, claire, sign_in):
    person, entry = planned(ml, claire)
    client = sign_in(claire)
    key = token(client.get("/a-traiter"))

    answer_with(client, person, entry, key, "x")

    assert "Rendez-vous à renseigner" in client.get("/a-traiter").text


# --- where one begins ----------------------------------------------------------------------------------------------------


def test_one_begins_with_what_is_to_be_treated(ml, claire, sign_in):
    client = sign_in(claire)
    asked(ml, claire)

    assert client.get("/").location == "/a-traiter"


def test_signing_in_leads_there_too(ml, claire, client):
    asked(ml)

    answer = submit(client, "/connexion", email=claire.email, password="correct-horse-battery")

    assert client.get(answer.location).location == "/a-traiter"


@pytest.mark.parametrize(
    ("kind", "role", "first"),
    [
        ({}, Role.CHEF_SERVICE, "/equipe"),
        ({"training_body": True}, Role.FORMATEUR_REFERENT, "/groupes"),
        ({"cfa": True}, Role.CHEF_SERVICE, "/groupes"),
        ({}, Role.ADMINISTRATEUR, "/membres"),
    ],
)
def test_everybody_begins_with_their_own_work(client, sign_in, kind, role, first):
    user = account(OrganisationFactory(**kind), "Dominique Petit", "dominique@exemple.fr", role)

    assert sign_in(user).get("/").location.startswith(first)
