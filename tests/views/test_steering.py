"""The pages of a chief: the board, the list behind each number, giving work away, what is missing."""

import re

import pytest
import sqlalchemy as sa

from pathways.models import Alert, AlertAction, Disclosure, Link, Role
from tests.factories import AlertFactory, EnrolmentFactory, LinkFactory, OrganisationFactory, PersonFactory, days_ago
from tests.scene import account
from tests.views.conftest import token


class Office:
    """A head signed in, two counsellors, and three alerts in the name of the first."""

    def __init__(self, sign_in):
        self.ml = OrganisationFactory()
        self.head = account(self.ml, "Hélène Gautier", "helene@exemple.fr", Role.CHEF_SERVICE)
        self.claire = account(self.ml, "Claire Moreau", "claire@exemple.fr")
        self.hugo = account(self.ml, "Hugo Petit", "hugo@exemple.fr")
        self.persons = [PersonFactory(family_name=name) for name in ("Arnaud", "Benali", "Zola")]
        for person in self.persons:
            LinkFactory(person=person, organisation=self.ml, user=self.claire)
        self.alerts = [
            AlertFactory(person=person, organisation=self.ml, owner=self.claire, due_on=days_ago(late))
            for person, late in zip(self.persons, (2, -3, -30), strict=True)
        ]
        self.client = sign_in(self.head)

    def give(self, url="/equipe/alertes", **fields):
        page = self.client.get(url)
        ticks = re.findall(r'name="ticked" value="([^"]+)"', page.text)
        shown = re.search(r'name="shown" value="(\d+)"', page.text)
        wanted = {"ticked": ticks, "shown": shown.group(1) if shown else "", "colleague": str(self.hugo.id), "reason": "conge"}
        return self.client.post(url, data=wanted | fields | {"csrf_token": page_token(page)})

    def undo(self, page):
        """The button beside the word that work changed hands."""
        signed = re.search(r'name="token" value="([^"]+)"', page.text).group(1)
        return self.client.post("/annuler/", data={"token": signed, "csrf_token": token(page)})


def page_token(page):
    """The token of the form that gives away."""
    form = page.text[page.text.index("data-ticks"):]
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form).group(1)


@pytest.fixture
def office(client, sign_in, frozen_clock):
    return Office(sign_in)


def owners(session, office):
    session.expire_all()
    return [session.get(Alert, alert.id).owner_id for alert in office.alerts]


def test_each_number_of_the_board_opens_its_list(office):
    board = office.client.get("/equipe")
    assert board.status_code == 200
    link = re.search(rf'href="(/equipe/alertes\?responsable={office.claire.public_id}&amp;echeance=retard)"[^>]*>1<', board.text)

    page = office.client.get(link.group(1).replace("&amp;", "&"))
    assert "Arnaud" in page.text
    assert "Benali" not in page.text


def test_a_counsellor_does_not_steer(office, sign_in):
    office.client.get("/equipe")
    office.client.post("/deconnexion", data={"csrf_token": token(office.client.get("/equipe"))})

    assert sign_in(office.claire).get("/equipe").status_code == 403


def test_ticked_alerts_go_to_a_colleague_and_come_back(office, session):
    answer = office.give()
    assert (answer.status_code, owners(session, office)) == (303, [office.hugo.id] * 3)

    page = office.client.get(answer.location)
    assert "3 alertes ont changé de mains." in page.text
    office.undo(page)
    assert owners(session, office) == [office.claire.id] * 3
    page = office.client.get("/equipe/alertes").text.split("<main")[1].split("data-filters")[0]
    assert "3 alertes sont rendues." in page
    assert "Annuler" not in page


def test_ten_minutes_later_nothing_is_given_back(office, session, frozen_clock):
    page = office.client.get(office.give().location)
    frozen_clock.advance(minutes=11)
    office.undo(page)

    assert owners(session, office) == [office.hugo.id] * 3


def test_all_of_the_filter_means_those_that_were_counted(office, session):
    answer = office.give(ticked=[], all="y", shown="2")
    assert answer.status_code == 422
    assert "Ce filtre compte maintenant 3 alertes" in answer.text
    assert owners(session, office) == [office.claire.id] * 3

    assert office.give(ticked=[], all="y").status_code == 303
    assert owners(session, office) == [office.hugo.id] * 3


def test_all_of_a_filter_leaves_the_others(office, session):
    office.give("/equipe/alertes?echeance=retard", ticked=[], all="y", colleague="0", reason="depart")

    assert owners(session, office) == [None, office.claire.id, office.claire.id]


@pytest.mark.parametrize(("fields", "said"), [
    ({"ticked": []}, "Cochez au moins une alerte."), ({"reason": ""}, "Choisissez un motif."),
    ({"colleague": ""}, "Choisissez un collègue."), ({"colleague": "999999"}, "n’est pas de votre organisme"),
])  # fmt: skip
def test_what_is_missing_is_said_and_nothing_changes(office, session, fields, said):
    answer = office.give(**fields)

    assert answer.status_code == 422
    assert said in answer.text
    assert session.scalar(sa.select(sa.func.count()).select_from(AlertAction)) == 0


def test_an_alert_somebody_took_meanwhile_is_left_and_said(office, session):
    page = office.client.get("/equipe/alertes")
    session.execute(sa.update(Alert).where(Alert.id == office.alerts[0].id).values(version=5))
    ticks = re.findall(r'name="ticked" value="([^"]+)"', page.text)
    office.client.post("/equipe/alertes", data={"ticked": ticks, "colleague": str(office.hugo.id), "reason": "conge",
                                                "csrf_token": page_token(page)})  # fmt: skip

    assert "1 a changé entre-temps" in office.client.get("/equipe/alertes").text
    assert owners(session, office) == [office.claire.id, office.hugo.id, office.hugo.id]


def test_persons_get_another_referent(office, session):
    url = f"/equipe/collegues/{office.claire.public_id}"
    answer = office.give(url, reason="depart", with_alerts="y")

    assert answer.status_code == 303
    assert "3 personnes ont changé de référent." in office.client.get(url).text
    followers = sa.select(Link.user_id).where(Link.ended_on.is_(None), Link.organisation_id == office.ml.id)
    assert set(session.scalars(followers)) == {office.hugo.id}
    assert owners(session, office) == [office.hugo.id] * 3


def followed(session):
    """Who follows whom, since and until when."""
    links = sa.select(Link.person_id, Link.user_id, Link.started_on, Link.ended_on)
    return session.execute(links.order_by(Link.person_id)).all()


def test_a_change_of_referent_is_taken_back(office, session):
    url = f"/equipe/collegues/{office.claire.public_id}"
    before = followed(session)
    page = office.client.get(office.give(url, reason="depart", with_alerts="y").location)
    office.undo(page)

    assert "3 personnes retrouvent leur référent." in office.client.get(url).text
    session.expire_all()
    after = followed(session)
    assert after == before
    assert owners(session, office) == [office.claire.id] * 3


def test_a_colleague_of_another_organisation_is_not_found(office):
    stranger = account(OrganisationFactory(), "Zoé Ailleurs", "zoe@exemple.fr")

    assert office.client.get(f"/equipe/collegues/{stranger.public_id}").status_code == 404


def test_what_is_missing_says_who_owes_it_and_their_phone(office):
    body = OrganisationFactory(training_body=True, phone="+33240111111")
    step = EnrolmentFactory(person=office.persons[0], lead=body, operator_id=body.id, in_training=True, opened_on=days_ago(40),
                            state_since=days_ago(40))  # fmt: skip
    page = office.client.get("/equipe/attendus?quoi=feuilles")

    assert step.id
    assert body.name in page.text
    assert "tel:+33240111111" in page.text


def test_names_shown_are_logged(office, session):
    for url in ("/equipe", "/equipe/alertes", f"/equipe/collegues/{office.claire.public_id}"):
        office.client.get(url)

    what = sa.select(Disclosure.what, sa.func.count()).where(Disclosure.what.like("steering.%")).group_by(Disclosure.what)
    assert {row[0]: row[1] for row in session.execute(what)} == {"steering.board": 1, "steering.alerts": 3, "steering.persons": 3}


@pytest.mark.parametrize("query", ["?responsable=x", "?anciennete=-3", "?niveau=toto&echeance=hier", "?page=abc"])
def test_a_made_up_address_is_only_ignored(office, query):
    assert "Zola" in office.client.get(f"/equipe/alertes{query}").text
