"""The pages of incidents: whom they show to whom, and declaring one from a screen."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from pathways import clock, db
from pathways.models import Incident, IncidentStatement, JournalEntry, Role
from pathways.operations.incidents import About, When, declare_incident
from tests.factories import OrganisationFactory, UserFactory, days_ago
from tests.operations.test_incidents import SIRET, hired, received
from tests.scene import account
from tests.views.conftest import token

NEW = f"/incidents/nouveau?type=employer_insolvency&qui={SIRET}"


@pytest.fixture(autouse=True)
def _no_queue(asked_jobs):
    """What is asked for later is done by hand."""


@pytest.fixture
def ml(client):
    return OrganisationFactory()


@pytest.fixture
def cfa(client):
    return OrganisationFactory(cfa=True)


@pytest.fixture
def claire(ml):
    return account(ml, "Claire Moreau", "claire@exemple.fr")


@pytest.fixture
def coordinator(cfa):
    return account(cfa, "Karim Benali", "karim@exemple.fr", Role.COORDINATEUR_CFA)


def reported(cfa, user, about=None, **when):
    with db.acting_for(cfa.id, user.id):
        return declare_incident(
            "employer_insolvency", about or About(named=SIRET), When(clock.today(), procedure="liquidation", **when),
            organisation_id=cfa.id, user_id=user.id,
        )


def send(client, url, action=None, **fields):
    page = client.get(url)
    assert page.status_code == 200, page.text
    return client.post(action or url, data=fields | {"csrf_token": token(page)})


def test_the_list_says_what_to_do_when_there_is_nothing(claire, sign_in):
    page = sign_in(claire).get("/incidents")

    assert "Aucun incident" in page.text
    assert "Signaler un incident" in page.text


def test_employers_of_running_contracts_are_offered_with_how_many_they_concern(cfa, ml, claire, coordinator, sign_in):
    for _ in range(2):
        hired(cfa, ml, claire)
    hired(cfa, ml, claire, employer="50123456700012")

    page = sign_in(coordinator).get("/incidents/nouveau")

    assert re.findall(r'class="count">(\d+)', page.text) == ["2", "1"]
    assert SIRET not in sign_in(coordinator).get("/incidents/nouveau?q=501").text


def test_who_is_concerned_is_shown_before_confirming_and_nothing_is_written(cfa, ml, claire, coordinator, sign_in, session):
    person = hired(cfa, ml, claire)

    page = sign_in(coordinator).get(NEW)

    assert "1 personne que vous suivez est concernée" in page.text
    assert person.family_name in page.text
    assert session.scalar(sa.select(sa.func.count()).select_from(Incident)) == 0


def test_declaring_leads_to_its_page_and_may_be_undone_as_a_whole(cfa, ml, claire, coordinator, sign_in, session):
    person = hired(cfa, ml, claire)
    client = sign_in(coordinator)

    answer = send(client, NEW, procedure="liquidation", starts_on=clock.today().isoformat())
    page = client.get(answer.location)

    assert answer.status_code == 303
    assert person.family_name in page.text
    assert "Liquidation judiciaire" in page.text
    undo = re.search(r'name="token" value="([^"]+)"', page.text).group(1)
    client.post("/annuler/", data={"csrf_token": token(page), "token": undo})
    assert session.scalars(sa.select(IncidentStatement.withdrawn).order_by(IncidentStatement.id)).all() == [False, True]
    kept = sa.select(sa.func.count()).where(JournalEntry.type == "retracted")
    assert session.scalar(kept) == 1


def test_without_a_procedure_nothing_is_declared(cfa, ml, claire, coordinator, sign_in):
    hired(cfa, ml, claire)

    answer = send(sign_in(coordinator), NEW, procedure="", starts_on=clock.today().isoformat())

    assert answer.status_code == 422
    assert "Choisissez la procédure" in answer.text


def test_an_incident_that_concerns_nobody_one_sees_is_not_found(cfa, ml, claire, coordinator, sign_in):
    hired(cfa, ml, claire)
    told = reported(cfa, coordinator)
    stranger = account(OrganisationFactory(), "Zoé", "zoe@exemple.fr")

    client = sign_in(stranger)

    assert client.get(f"/incidents/{told.public_id}").status_code == 404
    assert "Aucun incident" in client.get("/incidents").text


def test_the_referent_sees_their_people_and_not_those_of_others(cfa, ml, claire, coordinator, sign_in):
    mine = hired(cfa, ml, claire)
    other_ml = OrganisationFactory()
    theirs = hired(cfa, other_ml, UserFactory())
    told = reported(cfa, coordinator)

    page = sign_in(claire).get(f"/incidents/{told.public_id}")

    assert str(mine.public_id) in page.text
    assert str(theirs.public_id) not in page.text
    assert "Corriger ou terminer" not in page.text


def test_a_contact_noted_since_moves_the_progress_on(cfa, ml, claire, coordinator, sign_in):
    person = hired(cfa, ml, claire)
    told = reported(cfa, coordinator)
    client = sign_in(claire)
    assert "0 contactée" in client.get(f"/incidents/{told.public_id}").text

    with db.acting_for(ml.id, claire.id), db.atomic() as session:
        step = session.scalar(sa.text("select id from enrolment where person_id = :id and scheme = 'PACEA'"), {"id": person.id})
        session.add(
            JournalEntry(person_id=person.id, enrolment_id=step, type="contact", occurred_on=clock.today(),
                         organisation_id=ml.id, user_id=claire.id, source="screen", payload={})
        )

    assert "1 contactée" in client.get(f"/incidents/{told.public_id}").text


def test_an_alert_to_treat_names_its_incident_and_how_many_others(cfa, ml, claire, coordinator, sign_in):
    for _ in range(3):
        hired(cfa, ml, claire)
    told = reported(cfa, coordinator)

    page = sign_in(claire).get("/a-traiter?vue=toutes")

    assert page.text.count(f"/incidents/{told.public_id}") == 3
    assert "2 autres personnes concernées" in page.text


def test_it_is_ended_and_withdrawn_from_its_page(cfa, ml, claire, coordinator, sign_in):
    hired(cfa, ml, claire)
    told = reported(cfa, coordinator)
    client, url = sign_in(coordinator), f"/incidents/{told.public_id}"
    today = clock.today().isoformat()

    answer = send(client, url, f"{url}/dire", procedure="liquidation", starts_on=today, ends_on=days_ago(2).isoformat())
    assert answer.status_code == 422
    assert send(client, url, f"{url}/dire", procedure="redressement", starts_on=today, ends_on=today).status_code == 303
    assert "Redressement" in client.get(url).text
    assert send(client, url, f"{url}/retrait").status_code == 303
    assert "retiré" in client.get(url).text


def test_the_pages_ask_no_more_for_many_than_for_one(cfa, ml, claire, coordinator, sign_in, counting):
    client, numbers = sign_in(coordinator), []
    for employer, persons in (("60000000000012", 1), ("61000000000012", 12)):
        for _ in range(persons):
            hired(cfa, ml, claire, employer=employer)
        told = reported(cfa, coordinator, About(named=employer))
        asked = []
        for url in (f"/incidents/{told.public_id}", "/incidents", f"/incidents/nouveau?qui={employer}", "/incidents/nouveau"):
            with counting() as queries:
                assert client.get(url).status_code == 200
            asked.append(len(queries))
        numbers.append(asked)

    assert numbers[0] == numbers[1]


def test_a_silent_feed_is_one_line_for_the_body_and_for_the_team(cfa, ml, claire, coordinator, sign_in):
    hired(cfa, ml, claire)
    received(cfa, 20)
    chief = account(ml, "Anne", "anne@exemple.fr", Role.CHEF_SERVICE)

    assert "plus de nouvelles depuis" in sign_in(coordinator).get("/fichiers-recus/").text
    page = sign_in(chief).get("/equipe/attendus")
    assert cfa.name in page.text
    assert re.search(r"suspendus pour\s+1\s+personne\.", page.text)


def test_a_body_reports_the_outage_of_its_own_feed_and_a_counsellor_is_not_offered_it(cfa, ml, claire, coordinator, sign_in):
    client = sign_in(coordinator)
    answer = send(client, "/incidents/nouveau?type=feed_outage", starts_on=clock.today().isoformat())

    assert answer.status_code == 303
    assert "suspendus" in client.get(answer.location).text
    assert sign_in(claire).get("/incidents/nouveau?type=feed_outage").status_code == 404


def test_a_body_that_closes_is_found_among_the_open_steps(cfa, ml, claire, coordinator, sign_in):
    person = hired(cfa, ml, claire)
    client = sign_in(claire)
    page = client.get("/incidents/nouveau?type=body_closed")
    (link,) = re.findall(r'class="incident-subject" href="([^"]+)"', page.text)

    answer = send(client, link.replace("&amp;", "&"), starts_on=clock.today().isoformat())

    assert answer.status_code == 303
    assert str(person.public_id) in client.get(answer.location).text


@pytest.mark.parametrize("role", [Role.ADMINISTRATEUR, Role.OBSERVATEUR_AGREGATS, Role.DPO])
def test_those_who_read_no_record_read_no_incident(ml, sign_in, role):
    client = sign_in(account(ml, "Sans dossier", "sans@exemple.fr", role))

    assert client.get("/incidents").status_code == 403


def test_a_reader_of_records_who_declares_nothing_reads_and_is_offered_nothing(ml, sign_in):
    region = account(ml, "Région", "region@exemple.fr", Role.GESTIONNAIRE_REGION)
    client = sign_in(region)

    assert "Signaler un incident" not in client.get("/incidents").text
    assert client.get("/incidents/nouveau").status_code == 403
