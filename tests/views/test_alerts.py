"""Acting on an alert from a person's page."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from pathways.models import Alert, AlertAction, Disclosure, Role, RuleRecord
from tests.factories import (
    AlertFactory,
    EnrolmentFactory,
    JournalEntryFactory,
    LinkFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    SignalFactory,
    UserFactory,
    days_ago,
)
from tests.scene import account
from tests.views.conftest import submit, token


@pytest.fixture
def asked(client, sign_in):
    """A counsellor of the organisation that is asked to act, signed in on the person's page."""

    class Asked:
        def __init__(self):
            self.ml = OrganisationFactory()
            self.person = PersonFactory(family_name="Benali", given_name="Yanis")
            step = EnrolmentFactory(person=self.person, lead=self.ml)
            self.claire = account(self.ml, "Claire Moreau", "claire@exemple.fr")
            LinkFactory(person=self.person, organisation=self.ml, user=self.claire, enrolment_id=step.id)
            SignalFactory(person=self.person, enrolment_id=step.id, level="watch", about="x",
                          details={"since": "2026-01-02", "allowed": 45, "spoken": True})  # fmt: skip
            self.alert = AlertFactory(person=self.person, organisation=self.ml, enrolment_id=step.id, family="contact")
            self.client = sign_in(self.claire)
            self.page = f"/personnes/{self.person.public_id}"
            self.url = f"{self.page}/alertes/{self.alert.public_id}"

    return Asked()


def stored(session, asked):
    session.expire_all()
    return session.get(Alert, asked.alert.id)


def test_the_page_offers_to_take_the_alert_and_taking_it_names_me(asked, session):
    page = asked.client.get(asked.page)
    assert "Je m’en charge" in page.text
    version = re.search(r'name="version" value="(\d+)"', page.text).group(1)

    answer = asked.client.post(f"{asked.url}/prendre", data={"csrf_token": token(page), "version": version})

    assert (answer.status_code, answer.location) == (303, asked.page)
    assert stored(session, asked).owner_id == asked.claire.id
    assert "Je m’en charge" not in asked.client.get(asked.page).text


def test_an_alert_is_closed_with_what_came_of_it(asked, session):
    answer = submit(asked.client, f"{asked.url}/clore", outcome="appointment_made", version="1")

    assert (answer.status_code, answer.location) == (303, asked.page)
    assert (stored(session, asked).state, stored(session, asked).outcome) == ("resolved", "appointment_made")
    assert session.scalars(sa.select(AlertAction.kind)).all() == ["closed"]


def test_calling_an_alert_irrelevant_takes_a_reason(asked, session):
    answer = submit(asked.client, f"{asked.url}/clore", outcome="not_relevant", version="1", reason=" ")

    assert answer.status_code == 422
    assert "Indiquez un motif." in answer.text
    assert stored(session, asked).closed_on is None


def test_an_outcome_is_chosen(asked):
    answer = submit(asked.client, f"{asked.url}/clore", version="1")

    assert answer.status_code == 422
    assert "Choisissez ce qu’il en est." in answer.text


def test_a_colleague_who_was_quicker_is_not_written_over(asked, session):
    page = asked.client.get(f"{asked.url}/clore")
    asked.client.post(f"{asked.url}/prendre", data={"csrf_token": token(page), "version": "1"})

    answer = asked.client.post(
        f"{asked.url}/clore", data={"csrf_token": token(page), "version": "1", "outcome": "appointment_made"}
    )

    assert answer.status_code == 409
    assert stored(session, asked).closed_on is None


def test_an_alert_of_another_organisation_does_not_exist(asked, sign_in):
    partner = OrganisationFactory(training_body=True)
    LinkFactory(person_id=asked.person.id, person=None, organisation=partner, enrolment=None)
    client = sign_in(account(partner, "Karim Benali", "karim@exemple.fr"))

    assert client.get(f"{asked.url}/clore").status_code == 404
    assert client.get(f"{asked.url}/confier").status_code == 404
    assert "Je m’en charge" not in client.get(asked.page).text


def test_an_alert_is_handed_to_a_colleague(asked, session):
    karim = account(asked.ml, "Karim Haddad", "karim.haddad@exemple.fr")

    answer = submit(asked.client, f"{asked.url}/confier", colleague=str(karim.id), version="1")

    assert (answer.status_code, answer.location) == (303, asked.page)
    assert stored(session, asked).owner_id == karim.id
    text = asked.client.get(asked.page).text
    assert "L’alerte est confiée à Karim Haddad." in text
    assert "Je m’en charge" in text


@pytest.mark.parametrize("act", ["clore", "confier"])
def test_giving_up_leads_back_where_one_came_from(asked, act):
    account(asked.ml, "Karim Haddad", "karim.haddad@exemple.fr")

    assert f'href="{asked.page}">Renoncer' in asked.client.get(f"{asked.url}/{act}").text
    assert 'href="/a-traiter?q=ben">Renoncer' in asked.client.get(f"{asked.url}/{act}?retour=/a-traiter%3Fq%3Dben").text
    assert "ailleurs.fr" not in asked.client.get(f"{asked.url}/{act}?retour=https://ailleurs.fr/").text


def test_only_colleagues_who_may_act_are_offered(asked):
    account(asked.ml, "Karim Haddad", "karim.haddad@exemple.fr")
    account(asked.ml, "Paul Secret", "dpo@exemple.fr", Role.DPO)
    account(OrganisationFactory(), "Lina Ailleurs", "lina@exemple.fr")
    MembershipFactory(organisation=asked.ml, user=UserFactory(name="Omar Parti"), left=True)

    offered = re.findall(r'<option[^>]*value="\d+"[^>]*>([^<]+)', asked.client.get(f"{asked.url}/confier").text)

    assert offered == ["Karim Haddad"]


@pytest.mark.parametrize(("chosen", "said"), [("", "Choisissez un collègue."), ("999999", "n’est pas de votre organisme")])
def test_an_alert_is_not_handed_to_nobody_nor_to_a_stranger(asked, session, chosen, said):
    account(asked.ml, "Karim Haddad", "karim.haddad@exemple.fr")

    answer = submit(asked.client, f"{asked.url}/confier", colleague=chosen, version="1")

    assert answer.status_code == 422
    assert said in answer.text
    assert stored(session, asked).owner_id is None


def test_somebody_alone_is_told_so(asked):
    assert "Personne d’autre ne peut s’en charger" in asked.client.get(f"{asked.url}/confier").text


def test_what_another_tab_closed_is_neither_taken_nor_handed(asked, session):
    karim = account(asked.ml, "Karim Haddad", "karim.haddad@exemple.fr")
    page = asked.client.get(f"{asked.url}/confier")
    submit(asked.client, f"{asked.url}/clore", outcome="appointment_made", version="1")
    late = {"csrf_token": token(page), "version": "1"}

    taken = asked.client.post(f"{asked.url}/prendre", data=late)
    handed = asked.client.post(f"{asked.url}/confier", data=late | {"colleague": str(karim.id)})

    assert (taken.status_code, handed.status_code) == (409, 409)
    assert "Cette alerte est déjà close" in handed.text
    assert stored(session, asked).owner_id is None


def test_acting_on_an_alert_logs_whose_data_was_shown(asked, session):
    asked.client.get(f"{asked.url}/confier")

    rows = session.execute(sa.select(Disclosure.person_id, Disclosure.user_id, Disclosure.what)).all()
    assert rows == [(asked.person.id, asked.claire.id, "alerts.act")]


# --- the card ----------------------------------------------------------------------------------------------------------


def told(person, by, **more):
    JournalEntryFactory(person=person, organisation=by, **{"type": "contact", "payload": {"channel": "phone"}, **more})


def test_the_card_says_what_was_tried_and_what_is_usual(asked):
    for ago in (200, 170, 140, 110):
        told(asked.person, asked.ml, occurred_on=days_ago(ago))
    told(asked.person, asked.ml, type="contact_attempt", payload={"channel": "sms", "result": "failed"}, occurred_on=days_ago(3))

    page = asked.client.get(asked.url).text

    assert "Un échange tous les 30 jours sur un an." in page.replace("\u00a0", " ")
    assert "Contact tenté" in page or "Tentative" in page
    assert "SMS" in page
    assert asked.client.get(asked.url.replace(str(asked.alert.public_id), str(asked.person.public_id))).status_code == 404


def test_what_helped_is_told_from_five_alerts_of_the_family_that_came_to_something(asked, session):
    def settled(many):
        for _alert in range(many):
            person = PersonFactory()
            LinkFactory(person=person, organisation=asked.ml, enrolment=None)
            entry = JournalEntryFactory(person=person, organisation=asked.ml, type="contact", payload={"channel": "visit"})
            alert = AlertFactory(person=person, organisation=asked.ml, closed_today=True)
            session.add(AlertAction(alert_id=alert.id, kind="acted", data={"entry": entry.id}))
        session.flush()

    settled(4)
    assert "se sont dénouées après" not in asked.client.get(asked.url).text
    settled(1)
    assert "5 des 5 dernières alertes" in asked.client.get(asked.url).text.replace("\u00a0", " ")


def test_how_often_a_rule_is_right_is_told_from_twenty_closings(asked, session):
    session.add(RuleRecord(rule="contact_silence", alerts=20, justified=5, useful=0.3, measured_on=days_ago(0)))
    session.get(Alert, asked.alert.id).rule = "contact_silence"
    session.flush()

    assert "5 fois sur 20" in asked.client.get(asked.url).text.replace("\u00a0", " ")


def test_an_alert_waits_until_a_day_and_comes_back_when_one_wants(asked, session):
    until = days_ago(-7).isoformat()
    assert submit(asked.client, f"{asked.url}/pause", reason="", until=until).status_code == 422
    assert submit(asked.client, f"{asked.url}/pause", reason="waiting_reply", until=days_ago(-40).isoformat()).status_code == 422
    assert submit(asked.client, f"{asked.url}/pause", reason="waiting_reply", until=until).status_code == 303
    assert stored(session, asked).state == "paused"

    card = asked.client.get(asked.url)
    assert "Réponse d’un partenaire attendue" in card.text
    asked.client.post(f"{asked.url}/reprendre", data={"csrf_token": token(card)})

    assert (stored(session, asked).state, stored(session, asked).paused_until) == ("acknowledged", None)


def test_closing_is_undone_from_the_message(asked, session):
    submit(asked.client, f"{asked.url}/clore", outcome="appointment_made", version="1")
    page = asked.client.get(asked.page).text
    undo = re.search(r'name="token" value="([^"]+)"', page).group(1)
    asked.client.post("/annuler/", data={"csrf_token": token(asked.client.get(asked.page)), "token": undo})

    assert stored(session, asked).closed_on is None


def test_why_there_is_no_alert_names_what_waits_and_what_would_speak_first(asked, session):
    session.get(Alert, asked.alert.id).held_for = "budget"
    alert = session.get(Alert, asked.alert.id)
    alert.state, alert.shown_on = "proposed", None
    session.flush()

    page = asked.client.get(f"{asked.page}/pourquoi-pas-d-alerte").text

    assert "Au-delà de ce qu’une semaine permet" in page
    assert "Ce qui parlerait d’abord" in page
