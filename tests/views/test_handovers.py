"""The pages of passages, as the sender, the receiver and others see them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.models import Disclosure, HandOver, Kind, Role
from tests.factories import EnrolmentFactory, JournalEntryFactory, LinkFactory, OrganisationFactory, PersonFactory
from tests.scene import account, build
from tests.views.conftest import submit, token


@pytest.fixture
def scene(session):
    with db.as_system():
        return build("Fatou")


@pytest.fixture
def there(scene):
    """A France Travail agency with somebody in it."""
    agency = OrganisationFactory(france_travail=True, town="France Travail Rezé", phone="+33240555555")
    agency.somebody = account(agency, "Lou Martin", "lou@exemple.fr")
    return agency


@pytest.fixture
def fatou(scene):
    return scene.persons["Fatou"]


def hand_over(client, scene, person, to):
    """As somebody does it: the form, its effect, and yes."""
    step = scene.steps[person.given_name, "PACEA"]
    with db.as_system():
        public = db.session().scalar(sa.text("select public_id from enrolment where id = :id"), {"id": step})
    url = f"/personnes/{person.public_id}/declarer/handed_over?etape={public}"
    fields = {"occurred_on": clock.today().isoformat(), "d_to": str(to.public_id)}
    page = submit(client, url, **fields)
    version = re.search(r'name="version" value="(\d+)"', page.text)[1]
    return client.post(url, data=fields | {"version": version, "csrf_token": token(page)})


def passage() -> HandOver:
    with db.as_system():
        return db.session().scalars(sa.select(HandOver).execution_options(populate_existing=True)).one()


def test_the_form_says_what_goes_along_and_what_is_missing(scene, fatou, sign_in):
    step = scene.steps["Fatou", "PACEA"]
    with db.as_system():
        public = db.session().scalar(sa.text("select public_id from enrolment where id = :id"), {"id": step})

    text = sign_in(scene.counsellor).get(f"/personnes/{fatou.public_id}/declarer/handed_over?etape={public}").text

    assert "À transmettre avec la fiche" in text
    assert "à dire de vive voix" in text


def test_a_hand_over_is_seen_received_and_accepted_and_the_sender_reads_it(scene, fatou, there, sign_in):
    client = sign_in(scene.counsellor)
    assert hand_over(client, scene, fatou, there).status_code == 303
    assert "Transmission en cours" in client.get(f"/personnes/{fatou.public_id}").text
    assert "Diallo" in client.get("/passages-de-relais?onglet=envoyes").text

    client = sign_in(there.somebody)
    assert "1 passage de relais attend votre réponse" in client.get("/a-traiter").text
    received = client.get("/passages-de-relais")
    assert "Confirmer la réception" in received.text
    assert "Claire Moreau" in received.text
    at = f"/passages-de-relais/{passage().public_id}"
    assert client.post(f"{at}/accuser-reception", data={"csrf_token": token(received)}).status_code == 303
    assert passage().stage == "acknowledged"
    again = client.get("/passages-de-relais")
    assert "Réception confirmée" in again.text
    assert "Annuler" in again.text

    refused = submit(client, f"{at}/accepter", referent="")
    assert refused.status_code == 422
    accepted = submit(client, f"{at}/accepter", referent=str(there.somebody.public_id))
    assert accepted.headers["location"] == f"/personnes/{fatou.public_id}"
    assert passage().stage == "accepted"
    assert "passage de relais" not in client.get("/a-traiter").text

    client = sign_in(scene.counsellor)
    assert "Acceptée le" in client.get("/passages-de-relais?onglet=envoyes").text
    assert "Transmission en cours" not in client.get(f"/personnes/{fatou.public_id}").text


def test_a_refusal_asks_for_a_reason_and_tells_it_to_the_sender(scene, fatou, there, sign_in):
    hand_over(sign_in(scene.counsellor), scene, fatou, there)
    client, at = sign_in(there.somebody), f"/passages-de-relais/{passage().public_id}"
    assert submit(client, f"{at}/refuser").status_code == 422
    assert submit(client, f"{at}/refuser", reason="HORS_SECTEUR").status_code == 303

    text = sign_in(scene.counsellor).get(f"/personnes/{fatou.public_id}").text
    assert "Transmission refusée" in text
    assert "Hors du secteur" in text


def test_an_acknowledgement_is_undone_from_the_message(scene, fatou, there, sign_in):
    hand_over(sign_in(scene.counsellor), scene, fatou, there)
    client = sign_in(there.somebody)
    page = client.get("/passages-de-relais")
    client.post(f"/passages-de-relais/{passage().public_id}/accuser-reception", data={"csrf_token": token(page)})
    page = client.get("/passages-de-relais")

    undo = re.search(r'name="token" value="([^"]+)"', page.text)[1]
    client.post("/annuler/", data={"csrf_token": token(page), "token": undo})

    assert passage().stage == "sent"


def test_the_sender_takes_it_back_and_nobody_else_does(scene, fatou, there, sign_in):
    client = sign_in(scene.counsellor)
    hand_over(client, scene, fatou, there)
    at = f"/passages-de-relais/{passage().public_id}"

    other = sign_in(there.somebody)
    page = other.get("/passages-de-relais")
    other.post(f"{at}/retirer", data={"csrf_token": token(page)})
    assert passage().stage == "sent"
    assert "rien n’est à retirer" in other.get("/passages-de-relais").text.lower()

    client = sign_in(scene.counsellor)
    page = client.get("/passages-de-relais?onglet=envoyes")
    client.post(f"{at}/retirer", data={"csrf_token": token(page)})
    assert passage().stage == "withdrawn"


@pytest.mark.parametrize("act", ["accepter", "refuser"])
def test_a_third_organisation_finds_nothing_and_the_sender_does_not_answer_itself(scene, fatou, there, sign_in, act):
    hand_over(sign_in(scene.counsellor), scene, fatou, there)
    at = f"/passages-de-relais/{passage().public_id}/{act}"
    stranger = account(OrganisationFactory(), "Sam Leroy", "sam@exemple.fr")

    assert sign_in(scene.counsellor).get(at).status_code == 404
    assert sign_in(stranger).get(at).status_code == 404
    assert "Diallo" not in sign_in(stranger).get("/passages-de-relais").text


def test_an_observer_of_figures_opens_no_page_of_names(scene, sign_in):
    observer = account(OrganisationFactory(kind=Kind.CREFOP), "Ona Figures", "ona@exemple.fr", Role.OBSERVATEUR_AGREGATS)

    assert sign_in(observer).get("/passages-de-relais").status_code == 403


def test_an_empty_page_says_what_to_do(scene, sign_in):
    client = sign_in(scene.counsellor)

    assert "Aucun relais à prendre" in client.get("/passages-de-relais").text
    assert "Rien n’a été transmis" in client.get("/passages-de-relais?onglet=envoyes").text


def test_the_page_logs_whom_it_showed_and_costs_the_same_for_many(scene, there, sign_in, counting):
    client = sign_in(there.somebody)

    def handed(count: int) -> None:
        for place in range(count):
            person = PersonFactory(given_name=f"Nom{place}")
            _passed(person, EnrolmentFactory(person=person, lead=scene.ml).id, scene, there)

    with db.as_system():
        handed(1)
    client.get("/passages-de-relais")
    with counting() as few:
        client.get("/passages-de-relais")
    with db.as_system():
        handed(20)
    with counting() as many:
        assert client.get("/passages-de-relais").text.count('class="relay ') == 21
    assert len(many) == len(few)
    with db.as_system():
        seen = sa.select(sa.func.count(sa.distinct(Disclosure.person_id))).where(Disclosure.what == "handovers.index")
        assert db.session().scalar(seen) == 21


def _passed(person, step, scene, there) -> None:
    """A stored passage and the link it opens, without the whole story."""
    entry = JournalEntryFactory(
        person=person, organisation=scene.ml, enrolment_id=step, type="handed_over", occurred_on=clock.today() - timedelta(days=1)
    )
    LinkFactory(person=person, organisation=there, role="partner")
    db.session().add(HandOver(
        entry_id=entry.id, person_id=person.id, enrolment_id=step, kind="hand_over", stage="sent", sender_id=scene.ml.id,
        receiver_id=there.id, asked_by_id=scene.ml.id, awaits_id=there.id, sent_on=entry.occurred_on))
    db.session().flush()


def test_the_lead_accompaniment_bears_its_badge_and_a_death_is_said_soberly(scene, fatou, sign_in):
    client = sign_in(scene.counsellor)
    assert "Accompagnement principal" in client.get(f"/personnes/{fatou.public_id}").text
    url = f"/personnes/{fatou.public_id}/declarer/deceased"
    page = submit(client, url, occurred_on=clock.today().isoformat())
    version = re.search(r'name="version" value="(\d+)"', page.text)[1]
    fields = {"occurred_on": clock.today().isoformat(), "version": version, "csrf_token": token(page)}
    assert client.post(url, data=fields).status_code == 303

    text = client.get(f"/personnes/{fatou.public_id}").text
    assert "Décès déclaré le" in text
    assert "Accompagnement principal" not in text
    assert "Rien à signaler aujourd’hui." in text
